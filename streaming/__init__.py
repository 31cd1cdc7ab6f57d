"""The engine: playouts, playlists, sources and targets. It never imports discord."""

__version__ = "0.1.0"
