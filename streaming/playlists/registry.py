"""Opens the playlist that a reference names: a YouTube playlist or video, or the built-in demo."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from streaming.model.errors import UsageError
from streaming.model.items import Playlist
from streaming.playlists.demo.playlist import DemoPlaylist
from streaming.playlists.files import FilesPlaylist
from streaming.settings import CONSOLE_GUILD_ID, Settings
from streaming.youtube.playlist import YouTubePlaylist
from streaming.youtube.references import check_may_ask, parse_reference
from streaming.youtube.resolver import RateLimit, Resolver

_log = logging.getLogger(__name__)

DEMO = "demo"


class Playlists:
    """Opens playlists for all streams of an engine, which share resolvers and the demo's origin."""

    def __init__(self, settings: Settings, ffmpeg: str) -> None:
        self._settings = settings
        self._ffmpeg = ffmpeg
        self._stack = AsyncExitStack()
        self._resolvers: dict[bool, Resolver] = {}
        """With and without the operator's account (by key): the two never share a cache."""
        self._rate_limit = RateLimit()
        self._demo: DemoPlaylist | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def warm_up(self) -> None:
        """Starts the resolver ahead of the first stream."""
        youtube = self._settings.youtube
        if youtube.has_account and not youtube.account_guilds:
            _log.warning("[youtube] account_guilds is empty, so no guild uses the account")
        await self._opened_resolver(with_account=youtube.has_account and bool(youtube.account_guilds))

    @property
    def tools(self) -> list[str]:
        """The running versions of yt-dlp and its JavaScript runtime."""
        running = next((resolver for resolver in self._resolvers.values() if resolver.version), None)
        return [f"yt-dlp {running.version}", *filter(None, [running.runtime])] if running else []

    async def open(self, reference: str, guild_id: int, *, is_aside: bool = False) -> Playlist:
        """Opens a playlist for a guild; one opened aside never delays the guild's streams.

        Raises UsageError for an invalid reference, and for one that the guild may not use.
        """
        if reference == DEMO:
            return await self._opened_demo()
        youtube, parsed = self._settings.youtube, parse_reference(reference)
        with_account = youtube.has_account and youtube.may_use_account(guild_id)
        check_may_ask(parsed, with_account=with_account)
        resolver = await self._opened_resolver(with_account=with_account)
        return YouTubePlaylist(parsed, resolver, (guild_id, is_aside))

    async def open_any(self, references: Sequence[str]) -> Playlist:
        """Also opens what only an operator may name: files, folders, media URLs and lists of them."""
        if len(references) == 1 and not await asyncio.to_thread(Path(references[0]).exists):
            try:
                return await self.open(references[0], CONSOLE_GUILD_ID)
            except UsageError:
                if "/" not in references[0]:  # neither a path nor a URL, so an id was intended
                    raise
        return FilesPlaylist(references)

    async def _opened_resolver(self, *, with_account: bool) -> Resolver:
        if with_account not in self._resolvers:
            streaming, youtube = self._settings.streaming, self._settings.youtube
            resolver = Resolver(
                youtube if with_account else youtube.without_account(),
                cache_dir=streaming.data_dir / "cache",
                job_seconds=streaming.operation_timeout_seconds,
                rate_limit=self._rate_limit,
            )
            self._resolvers[with_account] = await self._stack.enter_async_context(resolver)
        return self._resolvers[with_account]

    async def _opened_demo(self) -> DemoPlaylist:
        if self._demo is None:
            folder = self._settings.streaming.data_dir / "demo"
            self._demo = await self._stack.enter_async_context(DemoPlaylist(self._ffmpeg, folder))
        return self._demo
