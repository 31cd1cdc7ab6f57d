"""The limits of each guild. Each check counts in the transaction that is about to write.

The caller takes a lock (`exclusive`) first, so that of two simultaneous requests the second counts the first.
"""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import WantedStateError
from streaming.model.states import CommandAction, EncodeMode
from streaming.process.messages import Turns
from streaming.services.messages import Limits
from streaming.settings import LimitsSettings
from streaming.storage.commands import CommandQueue
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore
from streaming.storage.playlists import PlaylistStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream
from streaming.storage.targets import TargetStore


async def check_streams(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have another stream."""
    if await StreamStore(session).count(guild_id) >= limits.streams:
        raise WantedStateError(
            Limits.STREAMS(limit=limits.streams),
            hint=Limits.DELETE_STREAM(),
        )


async def check_on_air(session: AsyncSession, stream: Stream, limits: LimitsSettings) -> None:
    """Raises WantedStateError when a stream may not be on air beside the others of its guild."""
    if await StreamStore(session).count_on_air(stream.guild_id, beside=stream.id) >= limits.streams_on_air:
        raise WantedStateError(
            Limits.ON_AIR(limit=limits.streams_on_air),
            hint=Limits.STOP_STREAM(),
        )
    await check_encodes(session, stream, limits)


async def check_encodes(session: AsyncSession, stream: Stream, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the stream is to be encoded, and its guild or this machine has too many of those.

    Which items mode `auto` has to encode only the engine finds out; it has the same limits.
    """
    if stream.encode is not EncodeMode.ALWAYS:
        return
    await exclusive(session, Lock.ENCODES)
    streams = StreamStore(session)
    if await streams.count_encoded(stream.guild_id, beside=stream.id) >= limits.encodes:
        raise WantedStateError(Limits.ENCODES(limit=limits.encodes), hint=Limits.ENCODE_LESS())
    if await streams.count_encoded(beside=stream.id) >= limits.encodes_per_engine:
        raise WantedStateError(
            Limits.MACHINE_ENCODES(limit=limits.encodes_per_engine),
            hint=Limits.ENCODE_LESS(),
        )


async def check_targets(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have another target."""
    if await TargetStore(session).count(guild_id) >= limits.targets:
        raise WantedStateError(
            Limits.TARGETS(limit=limits.targets),
            hint=Limits.REMOVE_TARGET(),
        )


async def check_playlists(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not save another playlist."""
    if await PlaylistStore(session, guild_id).count_named() >= limits.playlists:
        raise WantedStateError(
            Limits.PLAYLISTS(limit=limits.playlists),
            hint=Limits.REMOVE_PLAYLIST(),
        )


async def check_panels(session: AsyncSession, guild_id: int, stream_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild may not have another panel, for this stream."""
    if await PanelStore(session).count_others(guild_id, stream_id) >= limits.panels:
        raise WantedStateError(
            Limits.PANELS(limit=limits.panels),
            hint=Limits.REMOVE_PANEL(),
        )


async def check_target_tests(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild has tested its targets too often lately."""
    if await _requested(session, guild_id, CommandAction.TEST_TARGET) >= limits.target_tests_per_minute:
        raise WantedStateError(
            Limits.TARGET_TESTS(limit=limits.target_tests_per_minute),
            hint=Turns.TRY_LATER(),
        )


async def check_refreshes(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when the guild has refreshed playlists too often lately."""
    most = limits.playlist_refreshes_per_minute
    if await _requested(session, guild_id, CommandAction.LIST_PLAYLIST) >= most:
        raise WantedStateError(Limits.REFRESHES(limit=most), hint=Turns.TRY_LATER())


async def check_previews(session: AsyncSession, guild_id: int, limits: LimitsSettings) -> None:
    """Raises WantedStateError when people of the guild have requested too many previews lately."""
    if await _requested(session, guild_id, CommandAction.PREVIEW) >= limits.previews_per_minute:
        raise WantedStateError(Limits.PREVIEWS(limit=limits.previews_per_minute), hint=Turns.TRY_LATER())


async def _requested(session: AsyncSession, guild_id: int, action: CommandAction) -> int:
    """How often people of a guild requested an action within a minute."""
    return await CommandQueue(session).requested_within(guild_id, action, timedelta(minutes=1))
