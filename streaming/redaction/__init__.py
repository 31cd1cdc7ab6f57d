"""Secrets as a type, and finding them in text of others."""
