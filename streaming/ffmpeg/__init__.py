"""FFmpeg: the binary, the profiles, and the processes we run it in."""
