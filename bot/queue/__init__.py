"""The queue of a stream: commands, cards, buttons."""
