"""Cards that no feature owns, and text made safe for them."""
