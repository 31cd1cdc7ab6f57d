"""Playlists a guild knows: those saved under a name, and those played lately."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.listed import Listed
from streaming.model.message import NOTHING, Message
from streaming.model.states import CommandAction
from streaming.model.text import is_blank, shortened
from streaming.services.actor import Actor, log_for_guild
from streaming.services.engine_commands import EngineCommands
from streaming.services.limits import check_playlists, check_refreshes
from streaming.services.lookup import SUGGESTION_LIMIT, Suggestion
from streaming.services.messages import Audit, Engines, Names, SavedPlaylists
from streaming.services.status import is_engine_there
from streaming.settings import LimitsSettings, YouTubeSettings
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.playlists import PlaylistStore
from streaming.storage.tables import Command, SavedPlaylist
from streaming.youtube.references import check_may_ask, parse_reference

_log = logging.getLogger(__name__)

DEMO = "demo"
"""The playlist of our own clips, which every guild knows."""
NAME_LIMIT = 50
MOST_RECENT = 25
"""How many playlists without a name a guild keeps."""
_QUOTED = 100


@dataclass(frozen=True, slots=True)
class PlaylistInfo:
    """A playlist as people see it. One without a name was played and never saved."""

    playlist: str
    name: str
    title: str
    items_listed: int | None
    listed_at: datetime | None

    @property
    def label(self) -> str:
        """The name, or else the title, or else the id."""
        return self.name or self.title or self.playlist


class PlaylistService:
    """The playlists of every guild."""

    def __init__(
        self, database: Database, commands: EngineCommands, limits: LimitsSettings, youtube: YouTubeSettings
    ) -> None:
        """`youtube` says which guilds may use the operator's account."""
        self._database = database
        self._commands = commands
        self._limits = limits
        self._youtube = youtube

    async def add(self, actor: Actor, playlist: str, name: str = "") -> PlaylistInfo:
        """Saves a playlist under a name, or renames it; without a name it gets its title or id.

        Raises UsageError for a playlist or name that is not valid, and WantedStateError for a name that is taken or
        where the limit is reached.
        """
        playlist = checked_playlist_id(playlist, actor.guild_id, self._youtube)
        async with self._database.session() as session:
            await exclusive(session, Lock.PLAYLISTS, actor.guild_id)
            row = await PlaylistStore(session, actor.guild_id).get(playlist)
            row = row or SavedPlaylist(guild_id=actor.guild_id, playlist_id=playlist)
            name = checked_name(name or row.name or shortened(row.title, 50) or shortened(playlist, 50))
            await _check_is_free(session, row, name)
            if not row.name:
                await check_playlists(session, actor.guild_id, self._limits)
            row.name = name
            session.add(row)
            line = Audit.SAVED_PLAYLIST(person=actor.name, playlist=playlist, name=name)
            await log_for_guild(session, line, actor)
            await session.commit()
        _log.info("Guild %s: %s saved the playlist %s as %r", actor.guild_id, actor.name, playlist, name)
        return _info(row)

    async def all(self, guild_id: int) -> Sequence[PlaylistInfo]:
        """Saved playlists by name, then those only played, the last played first."""
        async with self._database.session() as session:
            found = [_info(row) for row in await PlaylistStore(session, guild_id).all()]
        return sorted(found, key=lambda playlist: (not playlist.name, playlist.name.casefold()))

    async def remove(self, actor: Actor, playlist: str) -> PlaylistInfo:
        """Deletes a playlist, given by its name or id; a stream that plays it goes on. Raises NotFound."""
        async with self._database.session() as session:
            row = await _find(session, actor.guild_id, playlist)
            await session.delete(row)
            line = Audit.REMOVED_PLAYLIST(person=actor.name, playlist=_info(row).label)
            await log_for_guild(session, line, actor)
            await session.commit()
        _log.info("Guild %s: %s removed the playlist %s", actor.guild_id, actor.name, row.playlist_id)
        return _info(row)

    async def refresh(self, actor: Actor, playlist: str, *, on_progress: Callable[[Listed], Awaitable[None]]) -> Listed:
        """Has an engine list a playlist anew, saved or not, and stores its title and length if the guild knows it.

        Raises UsageError for a playlist that is not valid, WantedStateError with the engine's reason when it cannot be
        listed or where the limit is reached, and ServiceUnavailable when no engine lists it.
        """

        async def report(progress: Message) -> None:
            await on_progress(Listed.read(progress))

        async with self._database.session() as session:
            await exclusive(session, Lock.COMMANDS, actor.guild_id)
            saved = await find_named(session, actor.guild_id, playlist)
            playlist = checked_playlist_id(saved.playlist_id if saved else playlist, actor.guild_id, self._youtube)
            if not await is_engine_there(session):
                raise ServiceUnavailable(Engines.NOT_RUNNING())
            await check_refreshes(session, actor.guild_id, self._limits)
            line = Audit.REFRESHED_PLAYLIST(person=actor.name, playlist=playlist)
            await log_for_guild(session, line, actor)
            command = Command(
                guild_id=actor.guild_id,
                action=CommandAction.LIST_PLAYLIST,
                argument=playlist,
                requested_by=actor.user_id,
            )
            session.add(command)
            await session.commit()
        listed = Listed.read(await self._commands.answer(command, on_progress=report))
        await self._write_contents(actor.guild_id, playlist, listed)
        return listed

    async def _write_contents(self, guild_id: int, playlist: str, listed: Listed) -> None:
        async with self._database.session() as session:
            await PlaylistStore(session, guild_id).write_contents(playlist, listed.title, listed.items)
            await session.commit()
        _log.info("Guild %s: the playlist %s has %d items", guild_id, playlist, listed.items)

    async def suggest(self, guild_id: int, text: str) -> Sequence[Suggestion]:
        """Saved playlists, then those played lately, then the demo; those with the text in their name, title or id."""
        fitting = [p for p in await self.all(guild_id) if _fits(p, text)]
        found = [Suggestion(p.label, p.name or p.playlist, _facts(p)) for p in fitting[: SUGGESTION_LIMIT - 1]]
        return found + [Suggestion(DEMO, DEMO, (SavedPlaylists.DEMO(),))] * (text.strip().casefold() in DEMO)

    async def suggest_saved(self, guild_id: int, text: str) -> Sequence[Suggestion]:
        """Saved playlists with the text in their name, title or id."""
        fitting = [p for p in await self.all(guild_id) if p.name and _fits(p, text)]
        return [Suggestion(p.label, p.name, _facts(p)) for p in fitting[:SUGGESTION_LIMIT]]


def checked_name(name: str) -> str:
    """The name, trimmed. Raises UsageError when it cannot be one."""
    name = " ".join(name.split())
    if is_blank(name) or len(name) > NAME_LIMIT or name.casefold() == DEMO:
        raise UsageError(Names.BAD_PLAYLIST(limit=NAME_LIMIT, reserved=DEMO), hint=Names.CHOOSE_ANOTHER())
    return name


def playlist_id(text: str) -> str:
    """The id or URL of a playlist, in a form `parse_reference` accepts. Raises UsageError for any other text."""
    if text.strip().casefold() == DEMO:
        return DEMO
    reference = parse_reference(text)
    # YouTube makes a mix up from the video beside it, so that one has to be kept as well.
    return reference.url if reference.is_mix else str(reference)


def checked_playlist_id(text: str, guild_id: int, youtube: YouTubeSettings) -> str:
    """As `playlist_id`; also raises UsageError for a playlist that the guild may not use."""
    playlist = playlist_id(text)
    if playlist != DEMO:
        with_account = youtube.has_account and youtube.may_use_account(guild_id)
        check_may_ask(parse_reference(playlist), with_account=with_account)
    return playlist


async def find_named(session: AsyncSession, guild_id: int, name: str) -> SavedPlaylist | None:
    """The guild's playlist of that name, ignoring case."""
    wanted = " ".join(name.split()).casefold()
    rows = await PlaylistStore(session, guild_id).all()
    return next((row for row in rows if row.name and row.name.casefold() == wanted), None)


async def remember_played(session: AsyncSession, guild_id: int, playlist: str) -> None:
    """Records that a playlist is played now. Of those without a name, only the last MOST_RECENT are kept."""
    if playlist != DEMO:
        await PlaylistStore(session, guild_id).use(playlist, MOST_RECENT)


async def _check_is_free(session: AsyncSession, row: SavedPlaylist, name: str) -> None:
    other = await find_named(session, row.guild_id, name)
    if other and other.playlist_id != row.playlist_id:
        raise WantedStateError(SavedPlaylists.NAME_TAKEN(name=other.name), hint=SavedPlaylists.GIVE_ANOTHER_NAME())


async def _find(session: AsyncSession, guild_id: int, text: str) -> SavedPlaylist:
    row = await find_named(session, guild_id, text)
    try:
        row = row or await PlaylistStore(session, guild_id).get(playlist_id(text))
    except UsageError:
        row = None  # neither a name nor a playlist
    if row is None:
        raise NotFound(SavedPlaylists.UNKNOWN(name=shortened(text, _QUOTED)), hint=SavedPlaylists.SEE_LIST())
    return row


def _info(row: SavedPlaylist) -> PlaylistInfo:
    return PlaylistInfo(row.playlist_id, row.name, shortened(row.title, 100), row.items_listed, row.listed_at)


def _fits(playlist: PlaylistInfo, text: str) -> bool:
    wanted = text.strip().casefold()
    return any(wanted in word.casefold() for word in (playlist.name, playlist.title, playlist.playlist))


def _facts(playlist: PlaylistInfo) -> tuple[Message, ...]:
    count = SavedPlaylists.ITEMS(count=playlist.items_listed) if playlist.items_listed is not None else NOTHING
    return tuple(filter(None, (count, NOTHING if playlist.name else SavedPlaylists.RECENT())))
