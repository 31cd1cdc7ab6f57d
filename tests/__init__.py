"""Tests, by what they need: unit, database, ffmpeg, youtube, discord, end_to_end."""
