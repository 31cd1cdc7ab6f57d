"""Panels: one live message for a stream, kept true for as long as people want it."""
