"""Streams kept up: put on air again, renamed, played otherwise, deleted, and what happened to them."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import Desk
from streaming.control.limits import check_encodes, check_on_air
from streaming.control.on_air import Wish
from streaming.control.status import StreamStatus, is_wanted, read_statuses
from streaming.control.streams import (
    DESCRIPTION_LIMIT,
    TITLE_LIMIT,
    Actor,
    note,
    note_in_guild,
    shortened,
    stream_meant,
    want_again,
)
from streaming.control.targets import check_are_free
from streaming.model.errors import NotFound, UsageError, WantedStateError
from streaming.model.states import EncodeMode, LogLevel
from streaming.storage.locks import Lock, exclusive
from streaming.storage.logs import LogStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream, Target
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be different about a stream; what is left out stays as it is."""

    title: str = ""
    description: str = ""
    encode: EncodeMode | None = None
    shuffle: bool | None = None
    loop: bool | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that happened, or that somebody did."""

    at: datetime
    level: LogLevel
    message: str
    actor_id: int | None = None
    stream: str = ""
    """The title of the stream it is about, in a log of several."""


class UpkeepControl(Desk):
    """What may be asked of streams that are there already."""

    async def restart(self, actor: Actor, stream: str = "") -> Wish:
        """Takes a stream off the air and puts it on again from the beginning; one that is over is put on air.

        Raises NotFound, also when its targets are gone, NeedsChoice, AlreadyOnAir when one is in use elsewhere, and
        WantedStateError where a limit is reached.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            found = await stream_meant(session, actor.guild_id, stream)
            targets = await _targets(session, found)
            if not targets:
                raise NotFound(
                    f"{found.title!r} has no target left.", hint="Start it on another one with /stream start."
                )
            if not is_wanted(found):
                await check_are_free(session, targets)
            want_again(found)
            await check_on_air(session, found, self._limits)
            session.add(found)
            await note(session, found, f"{actor.name} restarted it.", actor)
            await session.commit()
        assert found.id is not None
        _log.info("Guild %s: %s restarts %r", actor.guild_id, actor.name, found.title)
        return Wish(found.id, found.generation, found.title, tuple(target.name for target in targets))

    async def edit(self, actor: Actor, stream: str, edit: Edit) -> StreamStatus:
        """Changes a stream: its order of play at once, its picture from the next start on.

        Raises NotFound and NeedsChoice, UsageError when nothing is to change, and WantedStateError when it would be
        one encoded stream too many.
        """
        changes = _changes(edit)
        if not changes:
            raise UsageError("Nothing to change.", hint="Set at least one option, such as title or shuffle.")
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            found = await stream_meant(session, actor.guild_id, stream)
            for name, value in changes.items():
                setattr(found, name, value)
            if is_wanted(found):
                await check_encodes(session, found, self._limits)
            session.add(found)
            said = ", ".join(f"{_WORDS[name]} {_told(value)}" for name, value in changes.items())
            await note(session, found, f"{actor.name} set {said}.", actor)
            await session.commit()
            _log.info("Guild %s: %s sets %s of stream %s", actor.guild_id, actor.name, ", ".join(changes), found.id)
            return (await read_statuses(session, [found]))[0]

    async def set_order(
        self, actor: Actor, stream: str, *, shuffle: bool | None = None, loop: bool | None = None
    ) -> StreamStatus:
        """Changes the order of play, while on air as well. Raises what `edit` does."""
        return await self.edit(actor, stream, Edit(shuffle=shuffle, loop=loop))

    async def stream_named(self, guild_id: int, stream: str = "") -> StreamStatus:
        """The one stream meant. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            return (await read_statuses(session, [await stream_meant(session, guild_id, stream)]))[0]

    async def delete(self, actor: Actor, stream: str) -> str:
        """Forgets a stream and all that was recorded of it; gives its title.

        Raises NotFound and NeedsChoice, and WantedStateError while it is on air or on its way there or off it.
        """
        async with self._database.session() as session:
            found = await stream_meant(session, actor.guild_id, stream)
            if not (await read_statuses(session, [found]))[0].state.is_over:
                raise WantedStateError(f"{found.title!r} is on air.", hint="Stop it first with /stream stop.")
            await StreamStore(session).delete(found)
            await note_in_guild(session, f"{actor.name} deleted the stream {found.title!r} (#{found.id}).", actor)
            await session.commit()
        _log.info("Guild %s: %s deleted the stream %r (#%s)", actor.guild_id, actor.name, found.title, found.id)
        return found.title

    async def logs(
        self, guild_id: int, stream: str = "", limit: int = 20, only_level: LogLevel | None = None
    ) -> list[LogLine]:
        """The last lines of a stream's log, the newest last; with no stream named, of everything in the guild.

        Raises NotFound and NeedsChoice.
        """
        async with self._database.session() as session:
            meant = (await stream_meant(session, guild_id, stream)).id if stream.strip() else None
            newest = await LogStore(session).newest(guild_id, meant, limit, only_level)
        return [
            LogLine(line.created_at, line.level, line.message, line.actor_id, "" if meant else title or "")
            for line, title in reversed(newest)
        ]


_WORDS = {
    "title": "its title to",
    "description": "its description to",
    "encode": "encode to",
    "is_shuffled": "shuffle",
    "is_looped": "loop",
}


def _changes(edit: Edit) -> dict[str, str | bool]:
    """The stream's fields that are to be different."""
    wanted: dict[str, str | bool | None] = {
        "title": shortened(edit.title, TITLE_LIMIT) or None,
        "description": shortened(edit.description, DESCRIPTION_LIMIT) or None,
        "encode": edit.encode,
        "is_shuffled": edit.shuffle,
        "is_looped": edit.loop,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _told(value: str | bool) -> str:  # noqa: FBT001  (any value a stream may have)
    return ("on" if value else "off") if isinstance(value, bool) else f"“{shortened(value, TITLE_LIMIT)}”"


async def _targets(session: AsyncSession, stream: Stream) -> list[Target]:
    targets = [target for _, target in await TargetStore(session).of_streams([stream.id])]
    return sorted(targets, key=lambda target: target.name)
