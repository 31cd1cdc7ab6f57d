"""Alembic migrations, run by `python -m bot migrate` and at start."""
