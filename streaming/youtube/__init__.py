"""YouTube: what people write for a playlist, its listing, and fresh media for one video, through yt-dlp."""
