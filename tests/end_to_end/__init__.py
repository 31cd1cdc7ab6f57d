"""Whole playouts, engines and programs, judged at the ingest."""
