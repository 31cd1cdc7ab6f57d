"""The bytes that FFmpeg's pipes carry: Matroska clusters and H.264 parameters."""
