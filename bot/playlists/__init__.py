"""`/playlist`: playlists saved under a name."""
