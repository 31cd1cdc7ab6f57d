"""What is offered while somebody types, from the database alone."""

from collections.abc import Callable, Coroutine
from typing import Any

from discord import Interaction, app_commands

from bot.asking import guild_id
from streaming.control.control import Control, Suggestion

Completer = Callable[[Interaction[Any], str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def streams(control: Control) -> Completer:
    """Completes the titles of streams."""

    async def complete(interaction: Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return _choices(await control.suggest_streams(guild_id(interaction), current))

    return complete


def items(control: Control) -> Completer:
    """Completes the titles of items in the queue of the stream that is named beside, or meant without a name."""

    async def complete(interaction: Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        stream = getattr(interaction.namespace, "stream", None) or ""
        return _choices(await control.suggest_items(guild_id(interaction), stream, current))

    return complete


def _choices(found: list[Suggestion]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=each.name, value=each.value) for each in found]
