"""How much one guild may have and do. Each check counts within the transaction that is about to write.

A lock (`exclusive`) comes before it, so that two people who ask at once are not both counted before either has written.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import WantedStateError
from streaming.model.states import CommandAction, EncodeMode
from streaming.settings import LimitsSettings
from streaming.storage.commands import CommandQueue
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore
from streaming.storage.playlists import PlaylistStore
from streaming.storage.streams import StreamStore, is_wanted_on_air
from streaming.storage.tables import Stream
from streaming.storage.targets import TargetStore

_LATER = "Try again in a minute."
_ENCODES_HINT = "Stop one of them, or start this one with encode:copy."


async def check_streams(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have another stream."""
    if await _count(session, col(Stream.guild_id) == guild_id) >= limits.streams:
        raise WantedStateError(
            f"This server has reached its limit of streams ({limits.streams}).",
            hint="Delete one with /stream delete.",
        )


async def check_on_air(session: AsyncSession, stream: Stream, limits: LimitsSettings) -> None:
    """Raises WantedStateError when a stream may not be on air beside those that are wanted there already."""
    here = (col(Stream.guild_id) == stream.guild_id, *_others_on_air(stream))
    if await _count(session, *here) >= limits.streams_on_air:
        raise WantedStateError(
            f"This server has reached its limit of streams on air ({limits.streams_on_air}).",
            hint="Stop one with /stream stop.",
        )
    await check_encodes(session, stream, limits)


async def check_encodes(session: AsyncSession, stream: Stream, limits: LimitsSettings) -> None:
    """Raises WantedStateError when a stream is to be encoded, and that is one too many here or on this machine.

    What `auto` has to encode only the engine finds out; it has the same limits.
    """
    if stream.encode is not EncodeMode.ALWAYS:
        return
    await exclusive(session, Lock.ENCODES)
    encoded = (*_others_on_air(stream), col(Stream.encode) == EncodeMode.ALWAYS)
    if await _count(session, *encoded, col(Stream.guild_id) == stream.guild_id) >= limits.encodes:
        raise WantedStateError(
            f"This server has reached its limit of encoded streams ({limits.encodes}).", hint=_ENCODES_HINT
        )
    if await _count(session, *encoded) >= limits.encodes_per_engine:
        raise WantedStateError(
            f"This machine has reached its limit of encoded streams ({limits.encodes_per_engine}).",
            hint=_ENCODES_HINT,
        )


async def check_targets(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have another target."""
    if await TargetStore(session).count(guild_id) >= limits.targets:
        raise WantedStateError(
            f"This server has reached its limit of targets ({limits.targets}).",
            hint="Remove one with /target remove.",
        )


async def check_playlists(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not save another playlist."""
    if await PlaylistStore(session, guild_id).count_named() >= limits.playlists:
        raise WantedStateError(
            f"This server has reached its limit of saved playlists ({limits.playlists}).",
            hint="Remove one with /playlist remove.",
        )


async def check_panels(session: AsyncSession, guild_id: int, stream_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have a panel more, of this stream."""
    if await PanelStore(session).count_others(guild_id, stream_id) >= limits.panels:
        raise WantedStateError(
            f"This server has reached its limit of panels ({limits.panels}).",
            hint="Remove one with /stream panel remove:True.",
        )


async def check_target_tests(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild has tested its targets too often lately."""
    if await _asked(session, guild_id, CommandAction.TEST_TARGET) >= limits.target_tests_per_minute:
        raise WantedStateError(
            f"This server has reached its limit of target tests ({limits.target_tests_per_minute} a minute).",
            hint=_LATER,
        )


async def check_refreshes(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild has had playlists listed too often lately."""
    most = limits.playlist_refreshes_per_minute
    if await _asked(session, guild_id, CommandAction.LIST_PLAYLIST) >= most:
        raise WantedStateError(
            f"This server has reached its limit of playlist refreshes ({most} a minute).", hint=_LATER
        )


async def check_previews(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when people of the guild have wanted to see too many pictures lately."""
    if await _asked(session, guild_id, CommandAction.PREVIEW) >= limits.previews_per_minute:
        raise WantedStateError(
            f"This server has reached its limit of previews ({limits.previews_per_minute} a minute).", hint=_LATER
        )


def _others_on_air(stream: Stream) -> Sequence[ColumnElement[bool]]:
    """The streams that are wanted on air beside one, which may be new."""
    return (is_wanted_on_air(), col(Stream.id).is_distinct_from(stream.id))


async def _count(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    return await StreamStore(session).count(*conditions)


async def _asked(session: AsyncSession, guild_id: int, action: CommandAction) -> int:
    """How often people of a guild have asked for something within a minute."""
    return await CommandQueue(session).requested_within(guild_id, action, timedelta(minutes=1))
