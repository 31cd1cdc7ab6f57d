"""The console: the bot's slash commands without Discord, with an engine and an ingest of its own on this machine."""
