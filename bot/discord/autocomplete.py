"""Suggestions while somebody types an option, from the database alone."""

from collections.abc import Sequence
from typing import Any

from discord import Interaction, app_commands

from bot.cards import text
from bot.discord.actor import guild_id
from bot.i18n.sentences import translate
from bot.i18n.words import numbers
from streaming.control.control import Control, Suggestion
from streaming.control.desk import SUGGESTED_LENGTH
from streaming.control.streams import shortened

Typing = Interaction[Any]
"""A completion; the client is our bot."""
Choices = list[app_commands.Choice[str]]


async def streams(interaction: Typing, current: str) -> Choices:
    return _choices(await _control(interaction).suggest_streams(guild_id(interaction), current))


async def targets(interaction: Typing, current: str) -> Choices:
    return _choices(await _control(interaction).suggest_targets(guild_id(interaction), current))


async def playlists(interaction: Typing, current: str) -> Choices:
    """Saved playlists, and those played lately."""
    return _choices(await _control(interaction).suggest_playlists(guild_id(interaction), current))


async def saved_playlists(interaction: Typing, current: str) -> Choices:
    return _choices(await _control(interaction).suggest_saved_playlists(guild_id(interaction), current))


async def items(interaction: Typing, current: str) -> Choices:
    """Items in the queue of the stream in the option beside, or of the only one."""
    stream = getattr(interaction.namespace, "stream", None) or ""
    return _choices(await _control(interaction).suggest_items(guild_id(interaction), stream, current))


def _control(interaction: Typing) -> Control:
    control: Control = interaction.client.control
    return control


def _choices(found: Sequence[Suggestion]) -> Choices:
    return [app_commands.Choice(name=_label(each), value=each.value) for each in found]


def _label(found: Suggestion) -> str:
    """A name and translated facts about it, within Discord's limit; the name is shortened first."""
    about = "".join(f" · {translate(fact)}" for fact in found.facts)
    most = SUGGESTED_LENGTH - len(about)
    name = text.visible(found.name, most) or text.visible(found.value, most) or numbers.UNTITLED
    return shortened(name, most) + about
