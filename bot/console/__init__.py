"""The console: the bot's commands on a terminal, with an engine and an ingest on this machine."""
