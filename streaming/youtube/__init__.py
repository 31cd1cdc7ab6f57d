"""YouTube through yt-dlp: references, listings, and fresh media for one video."""
