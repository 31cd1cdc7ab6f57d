"""Migrations, control and secrets on a real SQLite file."""
