"""An ingest on this machine, and measurements of what it receives."""
