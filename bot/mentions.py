"""Commands named in texts: as something to press where Discord's number of the command is known."""

from collections.abc import Mapping


class Mentions:
    """Names commands; their numbers are known once Discord was told of them."""

    def __init__(self) -> None:
        self._ids: Mapping[str, int] = {}

    def learn(self, ids: Mapping[str, int]) -> None:
        """Takes the number of each top-level command."""
        self._ids = ids

    def of(self, command: str) -> str:
        """`stream start` as people can press it, or as they can type it."""
        command_id = self._ids.get(command.partition(" ")[0])
        return f"</{command}:{command_id}>" if command_id else f"**/{command}**"
