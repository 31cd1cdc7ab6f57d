"""Mentions of commands in texts, clickable once Discord's ids of the commands are known."""

from collections.abc import Mapping


class Mentions:
    """Mentions of commands by name."""

    def __init__(self) -> None:
        self._ids: Mapping[str, int] = {}

    def set_ids(self, ids: Mapping[str, int]) -> None:
        """Sets the id of each top-level command."""
        self._ids = ids

    def of(self, command: str) -> str:
        """A command like `stream start`, as a link or as people type it."""
        command_id = self._ids.get(command.partition(" ")[0])
        return f"</{command}:{command_id}>" if command_id else f"**/{command}**"
