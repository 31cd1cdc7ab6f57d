"""Media bytes from expiring URLs and from files, served to FFmpeg by one loopback server."""
