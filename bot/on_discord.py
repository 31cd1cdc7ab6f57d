"""Being on Discord for as long as the process runs: what passes is waited for, and told once."""

import asyncio
import logging
import random
from collections.abc import Callable

import aiohttp
import discord

from bot.client import NonstopBot
from bot.live import LiveMessages
from streaming.control.control import Control
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.network import connectivity

_log = logging.getLogger(__name__)

_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 60.0
_JITTER = 0.25
_SERVER_ERROR = 500
_TOO_MANY = 429
_TOKEN_REFUSED = 4004
"""A gateway's close code, https://discord.com/developers/docs/topics/opcodes-and-status-codes"""
_PASSING = (aiohttp.ClientError, ConnectionError, TimeoutError, discord.GatewayNotFound, discord.ConnectionClosed)


async def stay_on_discord(create: Callable[[], NonstopBot], control: Control, token: str) -> None:
    """Logs a bot in and keeps it there until cancelled; after every outage with another one from `create`.

    Raises ConfigurationError when Discord does not take the token, ServiceUnavailable when it refuses us otherwise.
    """
    _fold_repeats()
    delay_seconds, is_told = _FIRST_DELAY_SECONDS, False
    while True:
        bot = create()
        try:
            async with bot, LiveMessages(bot, control):
                await bot.start(token)
        except (discord.DiscordException, OSError, aiohttp.ClientError) as error:
            reason = _passing_reason(error)
        else:
            reason = "the connection was closed"
        if bot.was_ready:
            delay_seconds, is_told = _FIRST_DELAY_SECONDS, False
        if not is_told:
            _log.warning("Discord cannot be reached: %s. It is tried again until it can; streams play on", reason)
            is_told = True
        await asyncio.sleep(delay_seconds * random.uniform(1 - _JITTER, 1 + _JITTER))
        delay_seconds = min(2 * delay_seconds, _LONGEST_DELAY_SECONDS)


def _passing_reason(error: Exception) -> str:
    """Why Discord cannot be reached now, in a clause. Raises what will not pass."""
    if isinstance(error, discord.LoginFailure) or getattr(error, "code", None) == _TOKEN_REFUSED:
        raise ConfigurationError("Discord does not know the token.", hint="Copy it again from the portal.") from error
    _log.debug("Discord cannot be reached", exc_info=error)
    reason = connectivity.unreachable_reason(error)
    if isinstance(error, discord.HTTPException):
        if error.status < _SERVER_ERROR and error.status != _TOO_MANY:
            raise ServiceUnavailable(f"Discord refuses what the bot asks: {reason} (code {error.code}).") from error
    elif not isinstance(error, _PASSING):
        raise error
    return reason


class _ToldOnce(logging.Filter):
    """Lets discord.py tell of each kind of trouble once until there is a session again, and without a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is told."""
        if record.levelno < logging.INFO:
            return True
        if record.name == "discord.gateway":
            if record.levelno == logging.INFO:  # a session began, or goes on
                self._told.clear()
            return True
        if record.name == "discord.client" and record.levelno > logging.INFO:  # a mistake of ours
            return True
        is_new = str(record.msg) not in self._told
        self._told.add(str(record.msg))
        record.exc_info = record.exc_text = None
        return is_new


def _fold_repeats() -> None:
    once = _ToldOnce()
    for name in ("discord.shard", "discord.client", "discord.gateway"):
        logging.getLogger(name).addFilter(once)
