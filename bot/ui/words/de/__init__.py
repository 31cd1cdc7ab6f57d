"""German: short, and with du."""
