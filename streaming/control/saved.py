"""Playlists a guild knows: those it has a name for, and those it played lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.streams import DEMO, shortened
from streaming.model.errors import UsageError
from streaming.model.text import is_blank
from streaming.storage.playlists import PlaylistStore
from streaming.storage.tables import SavedPlaylist
from streaming.youtube.references import parse_reference

NAME_LIMIT = 50
MOST_RECENT = 25


@dataclass(frozen=True, slots=True)
class PlaylistInfo:
    """A playlist as people see it; without a name it was only played."""

    playlist: str
    name: str
    title: str
    items_listed: int | None
    listed_at: datetime | None

    @property
    def called(self) -> str:
        """The most telling of its names."""
        return self.name or self.title or self.playlist


def checked_name(name: str) -> str:
    """The name, trimmed. Raises UsageError when it cannot be one."""
    name = " ".join(name.split())
    if is_blank(name) or len(name) > NAME_LIMIT or name.casefold() == DEMO:
        raise UsageError(
            f"A playlist's name has 1 to {NAME_LIMIT} characters and is not {DEMO!r}.", hint="Choose another name."
        )
    return name


def playlist_id(text: str) -> str:
    """What people wrote, in a form `parse_reference` reads again. Raises UsageError for what is no playlist."""
    if text.strip().casefold() == DEMO:
        return DEMO
    reference = parse_reference(text)
    # YouTube makes a mix up from the video beside it, so that one has to be kept as well.
    return reference.url if reference.is_mix else str(reference)


async def known_playlists(session: AsyncSession, guild_id: int) -> Sequence[SavedPlaylist]:
    """All that a guild knows, what was used last first."""
    return await PlaylistStore(session, guild_id).all()


async def named(session: AsyncSession, guild_id: int, text: str) -> SavedPlaylist | None:
    """The guild's playlist of that name, whatever its case."""
    wanted = " ".join(text.split()).casefold()
    return next((p for p in await known_playlists(session, guild_id) if p.name and p.name.casefold() == wanted), None)


async def of_id(session: AsyncSession, guild_id: int, playlist: str) -> SavedPlaylist | None:
    """The guild's row for a playlist."""
    return await PlaylistStore(session, guild_id).get(playlist)


async def remember(session: AsyncSession, guild_id: int, playlist: str) -> None:
    """Notes that a playlist is played now, and forgets what was only played longest ago. The demo is always known."""
    if playlist != DEMO:
        await PlaylistStore(session, guild_id).use(playlist, MOST_RECENT)


def info(row: SavedPlaylist) -> PlaylistInfo:
    """The row as people see it."""
    return PlaylistInfo(row.playlist_id, row.name, shortened(row.title, 100), row.items_listed, row.listed_at)
