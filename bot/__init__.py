"""Discord: slash commands, cards and the console. It writes what is wanted and shows what is."""
