"""Migrations, services and secrets on a real SQLite file."""
