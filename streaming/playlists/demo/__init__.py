"""The built-in lineup: clips drawn here, served through URLs that expire like the real ones."""
