"""Proof that a stream outlives everything but `/stream stop`: faults on purpose, judged at the ingest."""
