"""What commands call: people's wishes, written to the database for an engine to fulfil."""

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.commands import answer
from streaming.control.status import StreamStatus, playing_order, read_statuses
from streaming.control.streams import Actor, StartRequest, checked_playlist, note, stream_meant, stream_of, want
from streaming.control.targets import (
    TargetInfo,
    checked_key,
    checked_name,
    checked_url,
    chosen_targets,
    guild_targets,
    target_named,
    target_users,
)
from streaming.database import Database
from streaming.errors import AlreadyOnAir, NotFound, WantedStateError
from streaming.models import (
    Command,
    CommandAction,
    DesiredState,
    Stream,
    Target,
    TargetKind,
)
from streaming.secrets import Secret
from streaming.settings import EncodeMode
from streaming.vault import Vault

__all__ = ["Actor", "Control", "StartRequest", "Suggestion", "Wish"]

_log = logging.getLogger(__name__)

SUGGESTION_LIMIT = 25
_SUGGESTED_LENGTH = 100
_RECHECK_SECONDS = 2.0
"""An engine that falls silent commits nothing that could wake us."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that was written down; `wish` counts those for the stream."""

    stream_id: int
    wish: int
    title: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: what people see, and what it stands for."""

    name: str
    value: str


class Control:
    """Everything that may be asked of streams and targets; each question stays within one guild."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        profile: str = "720p30",
        encode: EncodeMode = EncodeMode.AUTO,
        command_life_seconds: float = 10.0,
    ) -> None:
        self._database = database
        self._vault = vault
        self._profile = profile
        self._encode = encode
        self._command_life_seconds = command_life_seconds

    async def start(self, actor: Actor, request: StartRequest) -> Wish:
        """Wants a playlist on air, on the stream that had it on the same targets before, or a new one.

        Raises UsageError, NotFound or NeedsChoice for what cannot be meant, AlreadyOnAir when a target is in use.
        """
        playlist = checked_playlist(request)
        async with self._database.session() as session:
            await _lock_targets(session, actor.guild_id)
            chosen = await chosen_targets(session, actor.guild_id, request.to)
            await _check_are_free(session, chosen)
            stream = await stream_of(session, actor, playlist, chosen)
            want(stream, request, self._encode)
            stream.profile = self._profile
            names = tuple(target.name for target in chosen)
            note(session, stream, f"{actor.name} wants it on air on {', '.join(names)} (wish {stream.wish}).")
            await session.commit()
        assert stream.id is not None
        _log.info("Guild %s: %s wants %r on air on %s", actor.guild_id, actor.name, stream.title, ", ".join(names))
        return Wish(stream.id, stream.wish, stream.title, names)

    async def stop(self, actor: Actor, stream: str = "") -> StreamStatus:
        """Wants a stream off the air; stopping one that is off already does no harm. Raises NotFound, NeedsChoice."""
        async with self._database.session() as session:
            found = await stream_meant(session, actor.guild_id, stream)
            found.desired_state = DesiredState.OFF_AIR
            session.add(found)
            note(session, found, f"{actor.name} wants it off the air.")
            await session.commit()
            _log.info("Guild %s: %s wants %r off the air", actor.guild_id, actor.name, found.title)
            return (await read_statuses(session, [found]))[0]

    async def skip(self, actor: Actor, stream: str = "") -> str:
        """Asks the engine for the next item and returns its answer.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air or the engine declines, and
        ServiceUnavailable when no engine takes the command in time.
        """
        async with self._database.changes() as changes:
            async with self._database.session() as session:
                found = await stream_meant(session, actor.guild_id, stream)
                if not (await read_statuses(session, [found]))[0].state.is_playing:
                    raise WantedStateError(f"{found.title!r} is not on air.", hint="Start it with /stream start.")
                assert found.id is not None
                command = Command(stream_id=found.id, action=CommandAction.SKIP, asked_by=actor.user_id)
                session.add(command)
                note(session, found, f"{actor.name} skips the present item.")
                await session.commit()
            return await answer(self._database, changes, command, life_seconds=self._command_life_seconds)

    async def status(self, guild_id: int, stream: str = "") -> list[StreamStatus]:
        """The stream meant, or all of the guild's. Raises NotFound or NeedsChoice when one is named in vain."""
        if not stream.strip():
            return await self.streams(guild_id)
        async with self._database.session() as session:
            return await read_statuses(session, [await stream_meant(session, guild_id, stream)])

    async def streams(self, guild_id: int) -> list[StreamStatus]:
        """The guild's streams, those on air first."""
        async with self._database.session() as session:
            found = (await session.exec(select(Stream).where(Stream.guild_id == guild_id))).all()
            return sorted(await read_statuses(session, found), key=playing_order)

    async def follow(self, stream_id: int, wish: int) -> AsyncGenerator[StreamStatus, None]:
        """Yields the stream's state as it changes, until the wish is on air, over, or replaced by a newer one.

        What changed while the reader was busy is yielded as one. It ends by itself only then: the reader sets a limit.
        """
        last = None
        async with self._database.changes() as changes:
            while True:
                present = await self._of(stream_id)
                if present != last:
                    yield present
                last = present
                if present.is_settled or present.wish != wish:
                    return
                await changes.wait(_RECHECK_SECONDS)

    async def add_target(self, actor: Actor, name: str, kind: TargetKind, url: str, key: Secret) -> TargetInfo:
        """Adds a target, or replaces the ingest and key of the one of that name.

        Raises UsageError for what cannot be right, AlreadyOnAir when the target is in use.
        """
        name, key = checked_name(name), checked_key(key)
        url = checked_url(kind, url, key)
        async with self._database.session() as session:
            await _lock_targets(session, actor.guild_id)
            target = await target_named(session, actor.guild_id, name)
            if target:
                await _check_are_free(session, [target])
            target = target or Target(guild_id=actor.guild_id, name=name, url=url, key_encrypted="", key_hint="")
            target.kind, target.url = kind, url
            target.key_encrypted, target.key_hint = self._vault.encrypt(key), str(key)
            session.add(target)
            await session.commit()
        _log.info("Guild %s: %s set the target %r (%s)", actor.guild_id, actor.name, name, kind)
        return TargetInfo(target.name, kind, url, target.key_hint)

    async def targets(self, guild_id: int) -> list[TargetInfo]:
        """The guild's targets by name."""
        async with self._database.session() as session:
            found = await guild_targets(session, guild_id)
            users = await target_users(session, [target.id for target in found])
        return [
            TargetInfo(t.name, t.kind, t.url, t.key_hint, tuple(s.title for target_id, s in users if target_id == t.id))
            for t in found
        ]

    async def remove_target(self, actor: Actor, name: str) -> str:
        """Forgets a target and its key; returns its name. Raises NotFound, and AlreadyOnAir when it is in use."""
        async with self._database.session() as session:
            await _lock_targets(session, actor.guild_id)
            (target,) = await chosen_targets(session, actor.guild_id, checked_name(name))
            await _check_are_free(session, [target])
            await session.exec(delete(Target).where(col(Target.id) == target.id))
            await session.commit()
        _log.info("Guild %s: %s removed the target %r", actor.guild_id, actor.name, target.name)
        return target.name

    async def suggest_streams(self, guild_id: int, text: str) -> list[Suggestion]:
        """Streams whose title holds the text; the value is what every `stream` parameter here takes."""
        found = [s for s in await self.streams(guild_id) if text.casefold() in s.title.casefold()]
        return [
            Suggestion(f"{s.title[: _SUGGESTED_LENGTH - 25]} · {s.state}", f"#{s.stream_id}")
            for s in found[:SUGGESTION_LIMIT]
        ]

    async def suggest_targets(self, guild_id: int, text: str) -> list[Suggestion]:
        """Targets to complete the last of the names in `text`, which are separated by commas."""
        *before, last = [part.strip() for part in text.split(",")]
        async with self._database.session() as session:
            found = await guild_targets(session, guild_id)
        fitting = [t.name for t in found if last.casefold() in t.name.casefold() and t.name not in before]
        values = [", ".join([*filter(None, before), name]) for name in fitting]
        return [Suggestion(value, value) for value in values if len(value) <= _SUGGESTED_LENGTH][:SUGGESTION_LIMIT]

    async def _of(self, stream_id: int) -> StreamStatus:
        async with self._database.session() as session:
            stream = await session.get(Stream, stream_id)
            if stream is None:
                raise NotFound("The stream is gone.", hint="Start it again with /stream start.")
            return (await read_statuses(session, [stream]))[0]


async def _lock_targets(session: AsyncSession, guild_id: int) -> None:
    """Has whoever comes second wait until we commit: two starts must not both find a target free."""
    await session.exec(update(Target).where(col(Target.guild_id) == guild_id).values(name=Target.name))


async def _check_are_free(session: AsyncSession, chosen: Sequence[Target]) -> None:
    users = await target_users(session, [target.id for target in chosen])
    for target_id, stream in users:
        name = next(target.name for target in chosen if target.id == target_id)
        raise AlreadyOnAir(
            f"The target {name!r} is in use by the stream {stream.title!r}.",
            hint="Take that off the air first with /stream stop, or use another target.",
        )
