"""Who may do what: everybody may look; managers of the server and holders of its operator role may run streams."""

import logging
from collections.abc import Mapping
from typing import Any

from discord import Embed, Interaction, InteractionType, Member, Permissions, Thread

from bot.cards.basic import RED
from bot.discord.actor import guild_id, is_in_served_guild
from bot.discord.bot_permissions import Postable
from bot.discord.responses import send_private
from bot.i18n.words import cards as card_words
from bot.i18n.words import discord as words
from streaming.model.errors import WantedStateError
from streaming.model.message import Message
from streaming.services.guilds import GuildService

_log = logging.getLogger(__name__)

FOR_EVERYBODY = frozenset(
    {
        "stream status",
        "stream list",
        "stream queue",
        "stream logs",
        "stream preview",
        "playlist list",
        "settings",  # checks by itself who changes something
        "help",
        "about",
    }
)
"""Commands that only look. Every other command changes something."""

_OUTSIDE_OF_SERVERS = frozenset({"help", "about"})

_SUBCOMMAND, _GROUP = 1, 2
"""Discord's option types."""


async def may_run(interaction: Interaction[Any], guilds: GuildService) -> bool:
    """Whether the user may run streams here. Raises what `guild_id` raises."""
    guild = guild_id(interaction)
    if may_manage(interaction):
        return True
    operator_role = (await guilds.settings(guild)).operator_role_id
    user = interaction.user
    return isinstance(user, Member) and any(role.id == operator_role for role in user.roles)


def may_manage(interaction: Interaction[Any]) -> bool:
    """Whether the user manages the server, which includes running its streams."""
    return interaction.permissions.manage_guild or interaction.permissions.administrator


async def admit(interaction: Interaction[Any], guilds: GuildService) -> bool:
    """Whether the user may run streams here; sends a refusal that names who may, otherwise."""
    if await may_run(interaction, guilds):
        return True
    _log.info("Guild %s: %s has no permission for this", interaction.guild_id, interaction.user.display_name)
    choice = await guilds.settings(guild_id(interaction))
    await send_private(interaction, operators_only(choice.operator_role_id))
    return False


async def admit_manager(interaction: Interaction[Any]) -> bool:
    """Whether the user manages the server; sends a refusal otherwise."""
    if may_manage(interaction):
        return True
    await send_private(interaction, managers_only())
    return False


async def admit_command(interaction: Interaction[Any], guilds: GuildService) -> bool:
    """Whether a command or completion goes on to its handler. Completions would else reveal names of targets."""
    name = command_name(interaction.data or {})
    if interaction.type is not InteractionType.autocomplete:
        return name in FOR_EVERYBODY or await admit(interaction, guilds)
    if name in _OUTSIDE_OF_SERVERS or await _may_complete(interaction, guilds, name):
        return True
    await interaction.response.autocomplete([])
    return False


def check_may_write(interaction: Interaction[Any], channel: Postable) -> None:
    """Raises WantedStateError where the user may not write: the bot posts nothing there on their behalf."""
    if not _may_write(_allowed_in(interaction, channel), channel):
        raise WantedStateError(
            Message(words.you_may_not_post(f"#{channel.name}")), hint=Message(words.YOU_MAY_NOT_POST_HINT)
        )


def command_name(data: Mapping[str, Any]) -> str:
    """The full name of a command in an interaction's data, like `stream start`."""
    names, options = [data.get("name", "")], data.get("options") or []
    while options and options[0]["type"] in (_SUBCOMMAND, _GROUP):
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(names)


def operators_only(operator_role_id: int | None) -> Embed:
    """The refusal for somebody who may not run streams."""
    role = f"<@&{operator_role_id}>" if operator_role_id else ""
    return _refusal(words.refused(role), words.REFUSED_HINT)


def managers_only() -> Embed:
    """The refusal for somebody who may not change the server's settings."""
    return _refusal(words.REFUSED_TO_CHOOSE, words.REFUSED_TO_CHOOSE_HINT)


def _refusal(reason: str, hint: str) -> Embed:
    return Embed(title=words.REFUSED_TITLE, description=f"{reason}\n\n{card_words.what_to_do(hint)}", colour=RED)


def _allowed_in(interaction: Interaction[Any], channel: Postable) -> Permissions:
    """The user's permissions in a channel: Discord's own computation where it sends one, else discord.py's."""
    if channel.id == interaction.channel_id:
        return interaction.permissions
    data: Mapping[str, Any] = interaction.data or {}
    resolved = data.get("resolved", {}).get("channels", {}).get(str(channel.id), {})
    if "permissions" in resolved:
        return Permissions(int(resolved["permissions"]))
    return channel.permissions_for(interaction.user) if isinstance(interaction.user, Member) else Permissions.none()


def _may_write(allowed: Permissions, channel: Postable) -> bool:
    may_send = allowed.send_messages_in_threads if isinstance(channel, Thread) else allowed.send_messages
    return allowed.administrator or (allowed.view_channel and may_send)


async def _may_complete(interaction: Interaction[Any], guilds: GuildService, name: str) -> bool:
    """As `may_run`, but without an error: a completion cannot show one."""
    return is_in_served_guild(interaction) and (name in FOR_EVERYBODY or await may_run(interaction, guilds))
