"""Commands as rows: how long one waits for an engine."""

LIFE_SECONDS = 10.0
"""How long a command waits to be taken; later nobody remembers what it was about."""
