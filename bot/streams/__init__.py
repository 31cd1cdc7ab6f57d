"""`/stream`: streams started, stopped, watched, edited and deleted."""
