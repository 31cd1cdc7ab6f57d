"""Everything a stream can play, as playlists of items."""
