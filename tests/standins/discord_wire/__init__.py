"""Discord as a bot process meets it: REST and gateway on a loopback port, and people who use what the bot offers."""

from tests.standins.discord_wire.actors import User
from tests.standins.discord_wire.exchange import AnswerKind, Exchange
from tests.standins.discord_wire.process import running_bot
from tests.standins.discord_wire.refusals import CommandRefusedError, ViolationsError
from tests.standins.discord_wire.server import DiscordWire
from tests.standins.discord_wire.world import Channel, Guild, Message

__all__ = [
    "AnswerKind",
    "Channel",
    "CommandRefusedError",
    "DiscordWire",
    "Exchange",
    "Guild",
    "Message",
    "User",
    "ViolationsError",
    "running_bot",
]
