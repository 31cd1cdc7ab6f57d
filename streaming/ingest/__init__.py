"""An ingest on this machine, and what it received."""
