"""What happens when a server invites the bot: it is welcomed once, or told that it is not served and left."""

import logging

import discord

from bot.cards.basic import BLUE
from bot.discord.bot_permissions import missing_in
from bot.discord.mentions import Mentions
from bot.i18n.words import setup as words
from bot.setup import welcome
from streaming.services.guilds import GuildService

_log = logging.getLogger(__name__)


async def welcome_guild(guild: discord.Guild, guilds: GuildService, mentions: Mentions) -> None:
    """Posts the welcome card, unless this server has had it."""
    channel = first_channel(guild)
    if channel is None:
        _log.info("Guild %s: there is no channel we may write in", guild.id)
        return
    if not await guilds.claim_welcome(guild.id):
        return
    try:
        await channel.send(embed=welcome.card(mentions), view=welcome.buttons())
    except discord.HTTPException as error:
        _log.warning("Guild %s: the welcome could not be posted: %s", guild.id, error)
        return
    _log.info("Guild %s: welcomed in #%s", guild.id, channel.name)


async def turn_away(guild: discord.Guild) -> None:
    """Posts that the server is not served, where the bot may, and leaves it."""
    card = discord.Embed(title=words.LEAVING_TITLE, description=words.LEAVING, colour=BLUE)
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
    """The system channel if the bot may post there, else the topmost channel where it may."""
    candidates = [guild.system_channel, *guild.text_channels]
    return next((channel for channel in candidates if channel and not missing_in(channel)), None)
