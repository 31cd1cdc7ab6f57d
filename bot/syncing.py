"""Telling Discord which commands there are, only when that changed: it counts, and limits, every telling."""

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

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Synced:
    """What Discord was told last; without a guild, the commands are everywhere."""

    application_id: int
    guild_id: int | None
    digest: str
    ids: dict[str, int] = field(compare=False)
    """Discord's numbers of the top-level commands."""


async def sync_when_changed(
    tree: app_commands.CommandTree[Any], record: Path, dev_guild_id: int | None
) -> dict[str, int]:
    """Registers the commands everywhere, or in the development guild alone, unless `record` says that is done.

    Returns Discord's number of each top-level command.

    Commands in both scopes would be shown twice, so a scope that is left is cleared. Raises ConfigurationError when
    Discord refuses the development guild.
    """
    wanted = Synced(tree.client.application_id or 0, dev_guild_id, await _digest(tree), ids={})
    known = await asyncio.to_thread(_read, record)
    if known and known == wanted:
        _log.debug("The commands are as Discord knows them")
        return known.ids
    guild = discord.Object(dev_guild_id) if dev_guild_id else None
    try:
        if guild:
            tree.copy_global_to(guild=guild)
        if known is None or known.guild_id != dev_guild_id:
            await _clear_left_scope(tree, known, dev_guild_id)
        told = await tree.sync(guild=guild)
    except discord.Forbidden as error:
        raise ConfigurationError(
            f"Discord lets us register no commands in guild {dev_guild_id}.",
            hint="Invite the bot there with the scope applications.commands, or remove [discord] dev_guild_id.",
        ) from error
    ids = {command.name: command.id for command in told}
    try:
        await asyncio.to_thread(record.write_text, json.dumps(asdict(replace(wanted, ids=ids))))
    except OSError as error:
        _log.warning("%s cannot be written: %s. Discord is told again at the next start", record, error.strerror)
    _log.info("Told Discord of %d commands", len(told))
    return ids


async def _clear_left_scope(
    tree: app_commands.CommandTree[Any], known: Synced | None, dev_guild_id: int | None
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
    """The same for commands that are the same, in every language."""
    assert tree.translator
    payload = [await command.get_translated_payload(tree, tree.translator) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _read(record: Path) -> Synced | None:
    """What was told last; a record that cannot be read counts as none, for telling twice does no harm."""
    try:
        return Synced(**json.loads(record.read_text()))
    except (OSError, ValueError, TypeError):
        return None
