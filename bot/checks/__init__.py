"""`python -m bot check`: what Nonstop needs, and whether it is there."""
