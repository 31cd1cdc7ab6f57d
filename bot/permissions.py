"""Who may do what: everybody may look, and who manages the server or has its operator role may run streams."""

import logging
from collections.abc import Mapping
from typing import Any

from discord import Interaction, InteractionType, Member, Permissions, Thread

from bot.answering import tell
from bot.asking import guild_id, is_in_served_guild
from bot.own_permissions import Postable
from bot.ui import guild_cards
from bot.ui.words import discord as words
from streaming.control.control import Control
from streaming.model.errors import WantedStateError

_log = logging.getLogger(__name__)

FOR_EVERYBODY = frozenset(
    {
        "stream status",
        "stream list",
        "stream queue",
        "stream logs",
        "stream preview",
        "playlist list",
        "settings",  # it checks by itself whoever changes something
        "help",
        "about",
    }
)
"""Commands that only look. A command that is not named here is one that changes something."""

_ABOUT_NO_SERVER = frozenset({"help", "about"})

_NESTED = (1, 2)
"""Subcommand and group, among Discord's option types."""


async def may_run(interaction: Interaction[Any], control: Control) -> bool:
    """Whether this person may run streams here. Raises what `guild_id` raises."""
    guild = guild_id(interaction)
    if may_manage(interaction):
        return True
    operator_role = (await control.settings(guild)).operator_role_id
    person = interaction.user
    return isinstance(person, Member) and any(role.id == operator_role for role in person.roles)


def may_manage(interaction: Interaction[Any]) -> bool:
    """Whether this person manages the server, which is more than running its streams."""
    return interaction.permissions.manage_guild or interaction.permissions.administrator


async def admit(interaction: Interaction[Any], control: Control) -> bool:
    """Whether this person may run streams here; who may not is told so, and whom to ask."""
    if await may_run(interaction, control):
        return True
    _log.info("Guild %s: %s may not do this", interaction.guild_id, interaction.user.display_name)
    choice = await control.settings(guild_id(interaction))
    await tell(interaction, guild_cards.refused(choice.operator_role_id))
    return False


async def admit_manager(interaction: Interaction[Any]) -> bool:
    """Whether this person manages the server; who does not is told so."""
    if may_manage(interaction):
        return True
    await tell(interaction, guild_cards.refused_to_choose())
    return False


def check_may_write(interaction: Interaction[Any], channel: Postable) -> None:
    """Raises WantedStateError where whoever asks may not write: what they have posted there is theirs."""
    if not _may_write(_allowed_in(interaction, channel), channel):
        raise WantedStateError(words.you_may_not_post(f"#{channel.name}"), hint=words.YOU_MAY_NOT_POST_HINT)


def _allowed_in(interaction: Interaction[Any], channel: Postable) -> Permissions:
    """What Discord says a person may do in a channel; where it does not say, what the channel's settings come to."""
    if channel.id == interaction.channel_id:
        return interaction.permissions
    data: Mapping[str, Any] = interaction.data or {}
    named = data.get("resolved", {}).get("channels", {}).get(str(channel.id), {})
    if "permissions" in named:
        return Permissions(int(named["permissions"]))
    return channel.permissions_for(interaction.user) if isinstance(interaction.user, Member) else Permissions.none()


def _may_write(allowed: Permissions, channel: Postable) -> bool:
    may_send = allowed.send_messages_in_threads if isinstance(channel, Thread) else allowed.send_messages
    return allowed.administrator or (allowed.view_channel and may_send)


async def admit_command(interaction: Interaction[Any], control: Control) -> bool:
    """Whether a command goes on to its handler, or a completion to its answer: nobody else learns targets' names."""
    name = command_name(interaction.data or {})
    if interaction.type is not InteractionType.autocomplete:
        return name in FOR_EVERYBODY or await admit(interaction, control)
    if name in _ABOUT_NO_SERVER or await _may_complete(interaction, control, name):
        return True
    await interaction.response.autocomplete([])
    return False


async def _may_complete(interaction: Interaction[Any], control: Control, name: str) -> bool:
    """Whether a completion may tell of what is in the server. It has no words to refuse with."""
    return is_in_served_guild(interaction) and (name in FOR_EVERYBODY or await may_run(interaction, control))


def command_name(data: Mapping[str, Any]) -> str:
    """The words of the command that Discord tells us of, like `stream start`."""
    words, options = [data.get("name", "")], data.get("options") or []
    while options and options[0]["type"] in _NESTED:
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(words)
