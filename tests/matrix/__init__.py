"""The matrix of odd items: every kind is drawn, played between two ordinary neighbours, and judged at the ingest."""
