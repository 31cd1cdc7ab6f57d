"""`/target`: the ingests a server streams to."""
