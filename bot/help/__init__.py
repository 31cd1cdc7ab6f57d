"""`/help` and `/about`."""
