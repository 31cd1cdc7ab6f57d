"""Suggestions while somebody types an option, from the database alone."""

from collections.abc import Sequence
from typing import Any

from discord import Interaction, app_commands

from bot.cards import text
from bot.discord.actor import guild_id
from bot.i18n.messages import render
from bot.i18n.words import numbers
from streaming.model.text import shortened
from streaming.services.lookup import SUGGESTED_LENGTH, Suggestion
from streaming.services.services import Services

Typing = Interaction[Any]
"""A completion; the client is our bot."""
Choices = list[app_commands.Choice[str]]


async def streams(interaction: Typing, current: str) -> Choices:
    return _choices(await _services(interaction).streams.suggest(guild_id(interaction), current))


async def targets(interaction: Typing, current: str) -> Choices:
    return _choices(await _services(interaction).targets.suggest(guild_id(interaction), current))


async def playlists(interaction: Typing, current: str) -> Choices:
    """Saved playlists, and those played lately."""
    return _choices(await _services(interaction).playlists.suggest(guild_id(interaction), current))


async def saved_playlists(interaction: Typing, current: str) -> Choices:
    return _choices(await _services(interaction).playlists.suggest_saved(guild_id(interaction), current))


async def items(interaction: Typing, current: str) -> Choices:
    """Items in the queue of the stream in the option beside, or of the only one."""
    stream = getattr(interaction.namespace, "stream", None) or ""
    return _choices(await _services(interaction).queue.suggest(guild_id(interaction), stream, current))


def _services(interaction: Typing) -> Services:
    services: Services = interaction.client.services
    return services


def _choices(found: Sequence[Suggestion]) -> Choices:
    return [app_commands.Choice(name=_label(each), value=each.value) for each in found]


def _label(found: Suggestion) -> str:
    """A name and translated facts about it, within Discord's limit; the name is shortened first."""
    about = "".join(f" · {render(fact)}" for fact in found.facts)
    most = SUGGESTED_LENGTH - len(about)
    name = text.visible(found.name, most) or text.visible(found.value, most) or numbers.UNTITLED
    return shortened(name, most) + about
