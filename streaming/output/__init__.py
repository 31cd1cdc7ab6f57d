"""The program on its way out: one long-lived FFmpeg for each target."""
