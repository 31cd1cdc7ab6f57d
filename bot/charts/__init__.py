"""Health charts of streams."""
