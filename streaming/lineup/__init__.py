"""What plays next: the list, its rotation, and the place in it."""
