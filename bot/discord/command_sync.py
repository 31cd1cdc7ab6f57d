"""Registers the commands with Discord when they have changed. Discord limits registrations per day."""

import asyncio
import hashlib
import json
import logging
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from streaming.model.errors import ConfigurationError
from streaming.model.message import Message

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """The last registration; without a guild the commands are global."""

    application_id: int
    guild_id: int | None
    digest: str
    ids: dict[str, int] = field(compare=False)
    """Discord's ids of the top-level commands."""


async def sync_commands(tree: app_commands.CommandTree[Any], record: Path, dev_guild_id: int | None) -> dict[str, int]:
    """Registers the commands globally, or in the development guild alone, unless `record` has them already.

    Returns Discord's id of each top-level command. Discord would show commands of both scopes twice, so the scope that
    is no longer used is cleared. Raises ConfigurationError when Discord refuses the development guild.
    """
    wanted = SyncRecord(tree.client.application_id or 0, dev_guild_id, await _digest(tree), ids={})
    known = await asyncio.to_thread(_read, record)
    if known and known == wanted:
        _log.debug("The registered commands are up to date")
        return known.ids
    guild = discord.Object(dev_guild_id) if dev_guild_id else None
    try:
        if guild:
            tree.copy_global_to(guild=guild)
        if known is None or known.guild_id != dev_guild_id:
            await _clear_left_scope(tree, known, dev_guild_id)
        registered = await tree.sync(guild=guild)
    except discord.Forbidden as error:
        raise ConfigurationError(
            f"Discord does not allow commands in guild {dev_guild_id}.",
            hint=Message(
                "Invite the bot there with the scope applications.commands, or remove [discord] dev_guild_id."
            ),
        ) from error
    ids = {command.name: command.id for command in registered}
    try:
        await asyncio.to_thread(record.write_text, json.dumps(asdict(replace(wanted, ids=ids))))
    except OSError as error:
        _log.warning(
            "%s cannot be written: %s. The commands are registered again at the next start", record, error.strerror
        )
    _log.info("Registered %d commands with Discord", len(registered))
    return ids


async def _clear_left_scope(
    tree: app_commands.CommandTree[Any], known: SyncRecord | None, dev_guild_id: int | None
) -> None:
    if dev_guild_id:
        tree.clear_commands(guild=None)
        await tree.sync()
    elif known and known.guild_id:
        try:
            await tree.sync(guild=discord.Object(known.guild_id))
        except discord.Forbidden:
            _log.debug("We are no longer in guild %s", known.guild_id)


async def _digest(tree: app_commands.CommandTree[Any]) -> str:
    """A digest of all commands in all languages."""
    assert tree.translator
    payload = [await command.get_translated_payload(tree, tree.translator) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _read(record: Path) -> SyncRecord | None:
    """The last registration; a file that cannot be read counts as none, as registering twice does no harm."""
    try:
        return SyncRecord(**json.loads(record.read_text()))
    except (OSError, ValueError, TypeError):
        return None
