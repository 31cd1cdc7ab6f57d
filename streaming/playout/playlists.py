"""What a stream's playlist reference stands for: a YouTube playlist or video, or the built-in demo."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from streaming.demo.playlist import DemoPlaylist
from streaming.errors import UsageError
from streaming.media import Playlist
from streaming.settings import Settings
from streaming.sources.files import FilesPlaylist
from streaming.youtube.listing import YouTubePlaylist, parse_reference
from streaming.youtube.resolver import Resolver

DEMO = "demo"


class Playlists:
    """Opens playlists for every stream of an engine, which share the resolver and the demo's origin."""

    def __init__(self, settings: Settings, ffmpeg: str) -> None:
        self._settings = settings
        self._ffmpeg = ffmpeg
        self._stack = AsyncExitStack()
        self._resolver: Resolver | None = None
        self._demo: DemoPlaylist | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def warm_up(self) -> None:
        """Starts what takes a moment to start, so that the first stream need not wait for it."""
        await self._opened_resolver()

    @property
    def tools(self) -> list[str]:
        """What YouTube is read with and in which versions, as far as it is running."""
        if self._resolver is None or not self._resolver.version:
            return []
        return [f"yt-dlp {self._resolver.version}", *filter(None, [self._resolver.runtime])]

    async def open(self, reference: str) -> Playlist:
        """The playlist a reference names. Raises UsageError for what is none."""
        if reference == DEMO:
            return await self._opened_demo()
        return YouTubePlaylist(parse_reference(reference), await self._opened_resolver())

    async def open_any(self, references: Sequence[str]) -> Playlist:
        """What an operator may name besides: files, folders, media URLs and lists of them."""
        if len(references) == 1 and not await asyncio.to_thread(Path(references[0]).exists):
            try:
                return await self.open(references[0])
            except UsageError:
                if "/" not in references[0]:  # neither a path nor a URL: then it was to be an id
                    raise
        return FilesPlaylist(references)

    async def _opened_resolver(self) -> Resolver:
        if self._resolver is None:
            streaming = self._settings.streaming
            resolver = Resolver(
                self._settings.youtube,
                cache_dir=streaming.data_dir / "cache",
                job_seconds=streaming.operation_timeout_seconds,
            )
            self._resolver = await self._stack.enter_async_context(resolver)
        return self._resolver

    async def _opened_demo(self) -> DemoPlaylist:
        if self._demo is None:
            folder = self._settings.streaming.data_dir / "demo"
            self._demo = await self._stack.enter_async_context(DemoPlaylist(self._ffmpeg, folder))
        return self._demo
