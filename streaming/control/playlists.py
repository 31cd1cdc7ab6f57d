"""Playlists saved under a name, and looked at through an engine."""

import logging
from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.commands import answer
from streaming.control.desk import SUGGESTION_LIMIT, Desk, Suggestion
from streaming.control.limits import check_playlists, check_refreshes
from streaming.control.saved import PlaylistInfo, checked_name, info, known_playlists, named, of_id, playlist_id
from streaming.control.status import NO_ENGINE, is_engine_there
from streaming.control.streams import DEMO, Actor, note_in_guild, shortened
from streaming.model.errors import NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.listed import Listed
from streaming.model.states import CommandAction
from streaming.storage.locks import Lock, exclusive
from streaming.storage.playlists import PlaylistStore
from streaming.storage.tables import Command, SavedPlaylist

_log = logging.getLogger(__name__)

_QUOTED = 100


class PlaylistControl(Desk):
    """What may be asked of playlists."""

    async def add_playlist(self, actor: Actor, playlist: str, name: str = "") -> PlaylistInfo:
        """Gives a playlist a name in the guild, or another one; without a name it is called by its title or id.

        Raises UsageError for what is no playlist or name, WantedStateError for a name that is taken and for too many.
        """
        playlist = self._playlist_id(actor.guild_id, playlist)
        async with self._database.session() as session:
            await exclusive(session, Lock.PLAYLISTS, actor.guild_id)
            row = await of_id(session, actor.guild_id, playlist)
            row = row or SavedPlaylist(guild_id=actor.guild_id, playlist_id=playlist)
            name = checked_name(name or row.name or shortened(row.title, 50) or shortened(playlist, 50))
            await _check_is_free(session, row, name)
            if not row.name:
                await check_playlists(session, actor.guild_id, self._limits)
            row.name = name
            session.add(row)
            await note_in_guild(session, f"{actor.name} saved the playlist {playlist} as {name!r}.", actor)
            await session.commit()
        _log.info("Guild %s: %s saved the playlist %s as %r", actor.guild_id, actor.name, playlist, name)
        return info(row)

    async def playlists(self, guild_id: int) -> list[PlaylistInfo]:
        """What the guild knows: saved ones by name, then what was only played, the latest first."""
        async with self._database.session() as session:
            found = [info(row) for row in await known_playlists(session, guild_id)]
        return sorted(found, key=lambda playlist: (not playlist.name, playlist.name.casefold()))

    async def remove_playlist(self, actor: Actor, playlist: str) -> PlaylistInfo:
        """Forgets a playlist, given by name or as itself; what plays it goes on. Raises NotFound."""
        async with self._database.session() as session:
            row = await _meant(session, actor.guild_id, playlist)
            await session.delete(row)
            await note_in_guild(session, f"{actor.name} removed the playlist {info(row).called!r}.", actor)
            await session.commit()
        _log.info("Guild %s: %s removed the playlist %s", actor.guild_id, actor.name, row.playlist_id)
        return info(row)

    async def refresh_playlist(
        self, actor: Actor, playlist: str, *, on_progress: Callable[[Listed], Awaitable[None]]
    ) -> Listed:
        """Has an engine list a playlist afresh, saved or not, and keeps what it found.

        Raises UsageError for what is no playlist, WantedStateError with the engine's words when it cannot be listed,
        or when the guild asks too often, and ServiceUnavailable when no engine takes or finishes it.
        """

        async def tell(so_far: str) -> None:
            await on_progress(Listed.parse(so_far))

        async with self._database.changes() as changes:
            command = await self._ask_to_list(actor, playlist)
            life = self._command_life_seconds
            listed = Listed.parse(await answer(self._database, changes, command, life_seconds=life, on_progress=tell))
        await self._keep(actor, command.argument, listed)
        return listed

    async def suggest_playlists(self, guild_id: int, text: str) -> list[Suggestion]:
        """Saved playlists, then those played lately, then the demo, as far as the text is in one of their names."""
        fitting = [p for p in await self.playlists(guild_id) if _fits(p, text)]
        found = [Suggestion(p.called, p.name or p.playlist, _facts(p)) for p in fitting[: SUGGESTION_LIMIT - 1]]
        return found + [Suggestion(DEMO, DEMO, ("some built-in demo clips",))] * (text.strip().casefold() in DEMO)

    async def suggest_saved_playlists(self, guild_id: int, text: str) -> list[Suggestion]:
        """Saved playlists as far as the text is in one of their names."""
        fitting = [p for p in await self.playlists(guild_id) if p.name and _fits(p, text)]
        return [Suggestion(p.called, p.name, _facts(p)) for p in fitting[:SUGGESTION_LIMIT]]

    async def _ask_to_list(self, actor: Actor, playlist: str) -> Command:
        async with self._database.session() as session:
            await exclusive(session, Lock.COMMANDS, actor.guild_id)
            saved = await named(session, actor.guild_id, playlist)
            wanted = self._playlist_id(actor.guild_id, saved.playlist_id if saved else playlist)
            if not await is_engine_there(session):
                raise ServiceUnavailable(NO_ENGINE)
            await check_refreshes(session, actor.guild_id, self._limits)
            command = Command(
                guild_id=actor.guild_id, action=CommandAction.LIST_PLAYLIST, argument=wanted, requested_by=actor.user_id
            )
            session.add(command)
            await note_in_guild(session, f"{actor.name} refreshed the playlist {wanted}.", actor)
            await session.commit()
        return command

    async def _keep(self, actor: Actor, playlist: str, listed: Listed) -> None:
        async with self._database.session() as session:
            await PlaylistStore(session, actor.guild_id).write_contents(playlist, listed.title, listed.items)
            await session.commit()
        _log.info("Guild %s: the playlist %s has %d items", actor.guild_id, playlist, listed.items)


async def _check_is_free(session: AsyncSession, row: SavedPlaylist, name: str) -> None:
    other = await named(session, row.guild_id, name)
    if other and other.playlist_id != row.playlist_id:
        raise WantedStateError(
            f"Another playlist is already called {other.name!r}.", hint="Give this one another name."
        )


async def _meant(session: AsyncSession, guild_id: int, text: str) -> SavedPlaylist:
    row = await named(session, guild_id, text)
    try:
        row = row or await of_id(session, guild_id, playlist_id(text))
    except UsageError:
        row = None  # neither a name nor a playlist
    if row is None:
        raise NotFound(f"There is no saved playlist {shortened(text, _QUOTED)!r}.", hint="See /playlist list.")
    return row


def _fits(playlist: PlaylistInfo, text: str) -> bool:
    wanted = text.strip().casefold()
    return any(wanted in word.casefold() for word in (playlist.name, playlist.title, playlist.playlist))


def _facts(playlist: PlaylistInfo) -> tuple[str, ...]:
    count = f"{playlist.items_listed} items" if playlist.items_listed is not None else ""
    return tuple(filter(None, (count, "" if playlist.name else "recently played")))
