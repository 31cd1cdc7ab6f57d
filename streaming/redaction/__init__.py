"""A type for secrets, and their removal from text."""
