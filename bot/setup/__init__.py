"""`/settings`, and what happens when a server invites the bot."""
