"""What the bot calls: requests written to the database, and the state of streams read from it."""
