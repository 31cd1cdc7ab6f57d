"""English, the language every other one is told from."""
