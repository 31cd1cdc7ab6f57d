"""Addresses that may be contacted, and checks that they answer."""
