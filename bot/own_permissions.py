"""What Discord has to let us do: asked for with the invitation, and looked for where something is to be posted."""

import discord

from bot.ui.words import discord as words
from streaming.model.errors import WantedStateError

NEEDED = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True)
"""All that the invitation asks for: what it takes to post a card with a picture."""

_REQUIRED_BY_OTHERS = ("read_messages", "send_messages")
"""Where one of these is missing, discord.py counts what needs it as missing, too."""

Postable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def invitation(application_id: int) -> str:
    """The address where people let us into their server."""
    return discord.utils.oauth_url(application_id, permissions=NEEDED)


def missing_in(channel: Postable) -> list[str]:
    """What keeps us from posting in a channel, in the words of Discord's own settings."""
    allowed = channel.permissions_for(channel.guild.me)
    if isinstance(channel, discord.Thread):
        allowed.send_messages = allowed.send_messages_in_threads  # the other one says nothing there
    return missing(allowed)


def missing(allowed: discord.Permissions) -> list[str]:
    """What of all we need is not allowed."""
    lacking = [name for name, is_needed in NEEDED if is_needed and not getattr(allowed, name)]
    for name in _REQUIRED_BY_OTHERS:
        if name in lacking:
            return [words.PERMISSIONS[name]]
    return [words.PERMISSIONS[name] for name in lacking]


def check_may_post(channel: Postable) -> None:
    """Raises WantedStateError that names the permissions missing in a channel."""
    if lacking := missing_in(channel):
        raise WantedStateError(words.may_not_post(f"#{channel.name}", lacking), hint=words.GIVE_PERMISSIONS)
