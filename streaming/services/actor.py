"""Who requests something, and the log lines that say so."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.message import Message
from streaming.model.text import clean
from streaming.storage.logs import LogStore
from streaming.storage.tables import Stream, StreamLog


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who requests something, in the guild where they do."""

    guild_id: int
    user_id: int
    name: str

    def __post_init__(self) -> None:
        # Discord allows nearly any character in a name, and names stand in logs.
        object.__setattr__(self, "name", clean(self.name))


async def log_for_stream(session: AsyncSession, stream: Stream, message: Message, actor: Actor) -> None:
    """Adds a line to the stream's log that says what the actor did."""
    assert stream.id is not None
    await LogStore(session).add(StreamLog(stream_id=stream.id, message=message, actor_id=actor.user_id))


async def log_for_guild(session: AsyncSession, message: Message, actor: Actor) -> None:
    """Adds a line to the guild's log, for actions that concern no stream, several, or one that is deleted."""
    await LogStore(session).add(StreamLog(guild_id=actor.guild_id, message=message, actor_id=actor.user_id))
