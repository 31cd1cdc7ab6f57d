"""Panels: one live message for a stream, updated until somebody removes it."""
