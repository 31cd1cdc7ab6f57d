"""FFmpeg: the binary, its command lines, its processes, and the meaning of its output."""
