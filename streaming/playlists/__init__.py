"""Everything a stream can be told to play, as a playlist of items."""
