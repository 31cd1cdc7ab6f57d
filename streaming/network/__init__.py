"""What may be reached, and whether it can be."""
