"""The permissions the bot needs: requested with its invitation, checked before it posts."""

import discord

from bot.i18n.words import discord as words
from streaming.model.errors import WantedStateError
from streaming.model.message import Message

NEEDED = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True)
"""What posting a card with a picture takes."""

_REQUIRED_BY_OTHERS = ("read_messages", "send_messages")
"""Where one of these is missing, discord.py also reports the permissions that depend on it as missing."""

Postable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def invite_url(application_id: int) -> str:
    return discord.utils.oauth_url(application_id, permissions=NEEDED)


def missing_in(channel: Postable) -> list[str]:
    """Required permissions the bot lacks in a channel, named as in Discord's settings."""
    allowed = channel.permissions_for(channel.guild.me)
    if isinstance(channel, discord.Thread):
        allowed.send_messages = allowed.send_messages_in_threads  # `send_messages` does not count in threads
    return missing(allowed)


def missing(allowed: discord.Permissions) -> list[str]:
    """Required permissions the bot lacks."""
    lacking = [name for name, is_needed in NEEDED if is_needed and not getattr(allowed, name)]
    for name in _REQUIRED_BY_OTHERS:
        if name in lacking:
            return [words.PERMISSIONS[name]]
    return [words.PERMISSIONS[name] for name in lacking]


def check_may_post(channel: Postable) -> None:
    """Raises WantedStateError naming the permissions the bot lacks in a channel."""
    if lacking := missing_in(channel):
        raise WantedStateError(
            Message(words.may_not_post(f"#{channel.name}", lacking)), hint=Message(words.GIVE_PERMISSIONS)
        )
