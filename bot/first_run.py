"""A server that lets us in is shown the way, once, or told that it is none of those we serve.

Either is told in its system channel, or the first we may write in.
"""

import logging

import discord

from bot import welcome
from bot.mentions import Mentions
from bot.own_permissions import missing_in
from bot.ui import cards
from bot.ui.words import first_run as words
from streaming.control.control import Control

_log = logging.getLogger(__name__)


async def welcome_guild(guild: discord.Guild, control: Control, mentions: Mentions) -> None:
    """Posts the card that begins it all, unless this server has had it."""
    channel = first_channel(guild)
    if channel is None:
        _log.info("Guild %s: there is no channel we may write in", guild.id)
        return
    if not await control.claim_welcome(guild.id):
        return
    try:
        await channel.send(embed=welcome.card(mentions), view=welcome.buttons())
    except discord.HTTPException as error:
        _log.warning("Guild %s: the welcome could not be posted: %s", guild.id, error)
        return
    _log.info("Guild %s: welcomed in #%s", guild.id, channel.name)


async def turn_away(guild: discord.Guild) -> None:
    """Tells a server that it is not served, where that can be told, and leaves it."""
    card = discord.Embed(title=words.NOT_SERVED_TITLE, description=words.NOT_SERVED, colour=cards.BLUE)
    channel = first_channel(guild)
    try:
        if channel:
            await channel.send(embed=card)
    except discord.HTTPException as error:
        _log.info("Guild %s could not be told that it is not served: %s", guild.id, error)
    try:
        await guild.leave()
    except discord.HTTPException as error:
        _log.warning("Guild %s is not served and could not be left: %s", guild.id, error)
        return
    _log.info("Left guild %s: it is not one of [discord] guilds", guild.id)


def first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """The system channel, or else the topmost one, where we may post."""
    candidates = [guild.system_channel, *guild.text_channels]
    return next((channel for channel in candidates if channel and not missing_in(channel)), None)
