"""Keeps the bot connected to Discord: waits out outages and logs each once."""

import asyncio
import logging
import random
from collections.abc import Callable

import aiohttp
import discord

from bot.client import NonstopBot
from bot.live_messages import LiveMessages
from streaming.model.backoff import Backoff
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.model.message import Message
from streaming.network import connectivity
from streaming.services.services import Services

_log = logging.getLogger(__name__)

_BACKOFF = Backoff(first_seconds=1.0, cap_seconds=60.0)
_SERVER_ERROR = 500
_TOO_MANY = 429
_TOKEN_REFUSED = 4004
"""A gateway's close code, https://discord.com/developers/docs/topics/opcodes-and-status-codes"""
_OUTAGES = (aiohttp.ClientError, ConnectionError, TimeoutError, discord.GatewayNotFound, discord.ConnectionClosed)


async def stay_connected(create: Callable[[], NonstopBot], services: Services, token: str) -> None:
    """Logs a bot in and keeps it connected until cancelled; after every outage with a new one from `create`.

    Raises ConfigurationError when Discord rejects the token, ServiceUnavailable when it rejects the bot otherwise.
    """
    _fold_repeats()
    failures, is_logged = 0, False
    while True:
        bot = create()
        try:
            async with bot, LiveMessages(bot, services):
                await bot.start(token)
        except (discord.DiscordException, OSError, aiohttp.ClientError) as error:
            reason = _outage_reason(error)
        else:
            reason = "the connection was closed"
        if bot.was_ready:
            failures, is_logged = 0, False
        if not is_logged:
            _log.warning("Discord cannot be reached: %s. Retrying until it can; streams play on", reason)
            is_logged = True
        failures += 1
        await asyncio.sleep(_BACKOFF.delay_seconds(failures, random.random()))


def _outage_reason(error: Exception) -> str:
    """Why Discord cannot be reached, as a clause. Raises errors that no waiting cures."""
    if isinstance(error, discord.LoginFailure) or getattr(error, "code", None) == _TOKEN_REFUSED:
        raise ConfigurationError(
            "Discord does not know the token.", hint=Message("Copy it again from the portal.")
        ) from error
    _log.debug("Discord cannot be reached", exc_info=error)
    reason = connectivity.unreachable_reason(error)
    if isinstance(error, discord.HTTPException):
        if error.status < _SERVER_ERROR and error.status != _TOO_MANY:
            raise ServiceUnavailable(
                Message(f"Discord refuses the connection: {reason} (code {error.code}).")
            ) from error
    elif not isinstance(error, _OUTAGES):
        raise error
    return reason


class _OnceFilter(logging.Filter):
    """Passes each warning of discord.py once until there is a session again, without its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.INFO:
            return True
        if record.name == "discord.gateway":
            if record.levelno == logging.INFO:  # a session began, or goes on
                self._seen.clear()
            return True
        if record.name == "discord.client" and record.levelno > logging.INFO:  # a mistake of ours
            return True
        is_new = str(record.msg) not in self._seen
        self._seen.add(str(record.msg))
        record.exc_info = record.exc_text = None
        return is_new


def _fold_repeats() -> None:
    once = _OnceFilter()
    for name in ("discord.shard", "discord.client", "discord.gateway"):
        logging.getLogger(name).addFilter(once)
