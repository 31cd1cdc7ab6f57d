"""Preparing the next item: resolving it, opening its source, deciding its treatment, and starting its feeder.

An item is prepared when its first cluster is at hand. Its feeder then waits in its pipe, so that it can go on air
without any delay.
"""

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import tenacity

from streaming.errors import ItemUnplayable, NonstopError, PlatformTrouble, PlaylistError, TransientError
from streaming.ffmpeg import feeder as feeders
from streaming.ffmpeg.feeder import Feeder, Treatment
from streaming.ffmpeg.probe import probe
from streaming.ffmpeg.profiles import Profile
from streaming.lineup import Lineup
from streaming.matroska import Header
from streaming.media import Item, Media, Playlist, Shape
from streaming.models import LogLevel
from streaming.settings import EncodeMode
from streaming.sources.server import OpenSource, SourceServer

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_REMEMBERED = 8
"""So many items that were good are remembered, to be played again when nothing else can be."""
_WORTH_A_RERUN_SECONDS = 60.0
_SOON = tenacity.wait_exponential_jitter(multiplier=0.3, max=4)
_LATER = tenacity.wait_exponential_jitter(multiplier=5, max=60)


@dataclass(frozen=True, slots=True)
class Tools:
    """What every playout of an engine works with."""

    ffmpeg: str
    sources: SourceServer
    operation_timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item that can go on air at once."""

    media: Media
    source: OpenSource
    feeder: Feeder
    header: Header
    treatment: Treatment
    closing: AsyncExitStack
    start_seconds: float = 0.0
    """Where in the item it begins."""

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.media.item

    async def close(self) -> None:
        """Ends its feeder and forgets its URLs."""
        await self.closing.aclose()


class Preparer:
    """Prepares one item after the other, in the lineup's order."""

    def __init__(
        self,
        playlist: Playlist,
        lineup: Lineup,
        tools: Tools,
        *,
        encode: EncodeMode,
        profile: Profile,
        more_listed: Callable[[], Awaitable[None]],
        log: Callable[[LogLevel, str], None],
        on_error_line: Callable[[str], None],
        resume_seconds: float | None = None,
    ) -> None:
        """`more_listed` waits until the listing has brought more items, or its end.

        With `resume_seconds` the lineup's present item is prepared first, from there on.
        """
        self._resume_seconds = resume_seconds
        self._good: deque[Media] = deque(maxlen=_REMEMBERED)
        self._playlist = playlist
        self._lineup = lineup
        self._tools = tools
        self._encode = encode
        self._profile = profile
        self._more_listed = more_listed
        self._write_log = log
        self._on_error_line = on_error_line

    async def next(self) -> Prepared | None:
        """Prepares the lineup's next item, passing over what cannot be played; None at the lineup's end.

        Raises PlaylistError when nothing in the playlist can be played.
        """
        while (item := await self._choose()) is not None:
            start_seconds, self._resume_seconds = self._resume_seconds or 0.0, None
            try:
                return await self._patiently(item, start_seconds)
            except ItemUnplayable as reason:
                self._pass_over(item, str(reason))
            except TransientError as reason:
                self._pass_over(item, f"{reason} ({_ATTEMPTS} tries)")
        return None

    async def again(self, item: Item, start_seconds: float) -> Prepared | None:
        """Prepares an item that broke off, to go on from `start_seconds`; None when it cannot be."""
        try:
            return await self._patiently(item, start_seconds)
        except (ItemUnplayable, TransientError) as reason:
            self._write_log(LogLevel.WARNING, f"“{item.title}” cannot go on: {reason}")
            return None

    async def rerun(self) -> Prepared | None:
        """Prepares an item that was good before and whose media can still be read, without asking the platform."""
        for _ in range(len(self._good)):
            media = self._good.popleft()
            if media.expires_at is not None and media.expires_at - time.time() < _WORTH_A_RERUN_SECONDS:
                continue
            self._good.append(media)
            try:
                return await self._open(media, 0.0)
            except NonstopError as reason:
                _log.info("“%s” cannot be played again: %s", media.item.title, reason)
        return None

    async def _choose(self) -> Item | None:
        """The next item that the listing does not rule out already."""
        if self._resume_seconds is not None and self._lineup.present:
            return self._lineup.present
        while True:
            item = self._lineup.upcoming()
            if item is None and self._lineup.is_exhausted:
                raise PlaylistError(
                    "Nothing in this playlist can be played.", hint="The stream's log says why, video by video."
                )
            if item is None and self._lineup.is_over:
                return None
            if item is None:
                await self._more_listed()
            elif item.reason_unplayable:
                self._pass_over(item, item.reason_unplayable)
            else:
                return item

    def _pass_over(self, item: Item, reason: str) -> None:
        self._lineup.pass_over(item.key)
        self._write_log(LogLevel.WARNING, f"Passed over “{item.title}”: {reason}")

    async def _patiently(self, item: Item, start_seconds: float) -> Prepared:
        """Tries again what may well succeed, and waits out what concerns everything."""
        trying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type((TransientError, PlatformTrouble)),
            stop=_had_enough,
            wait=_pause_seconds,
            before_sleep=self._tell_trouble,
            reraise=True,
        )
        return await trying(self._prepare, item, start_seconds)

    def _tell_trouble(self, state: tenacity.RetryCallState) -> None:
        error = _error_of(state)
        if isinstance(error, PlatformTrouble) and state.attempt_number == 1:
            self._write_log(LogLevel.ERROR, f"{error} Trying again until it passes.")

    async def _prepare(self, item: Item, start_seconds: float) -> Prepared:
        prepared = await self._open(await self._playlist.resolve(item), start_seconds)
        if prepared.media not in self._good:
            self._good.append(prepared.media)
        return prepared

    async def _open(self, media: Media, start_seconds: float) -> Prepared:
        async with AsyncExitStack() as opened:
            source = self._tools.sources.open(media, lambda: self._playlist.resolve(media.item, fresh=True))
            await opened.enter_async_context(source)
            shape = media.shape or await self._probe(source)
            treatment = feeders.choose_treatment(self._encode, shape, self._profile)
            command = feeders.command(
                self._tools.ffmpeg,
                source.inputs,
                shape=shape,
                treatment=treatment,
                profile=self._profile,
                start_seconds=start_seconds,
            )
            feeder = await Feeder.start(command, self._on_error_line)
            opened.push_async_callback(feeder.stop)
            header = await self._ready(feeder, source)
            return Prepared(media, source, feeder, header, treatment, opened.pop_all(), start_seconds)

    async def _probe(self, source: OpenSource) -> Shape:
        """Looks into the first part; files have only one."""
        try:
            return await probe(
                self._tools.ffmpeg, source.inputs[0].url, timeout_seconds=self._tools.operation_timeout_seconds
            )
        except NonstopError as error:
            raise source.failure or error from None

    async def _ready(self, feeder: Feeder, source: OpenSource) -> Header:
        try:
            header = await feeder.ready(timeout_seconds=self._tools.operation_timeout_seconds)
        except TimeoutError:
            raise TransientError("It did not start in time.") from None
        if header is None and await feeder.was_killed():
            raise TransientError("FFmpeg was killed.")
        if header is None:
            raise source.failure or ItemUnplayable("FFmpeg finds nothing to play in it.")
        return header


def _error_of(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _had_enough(state: tenacity.RetryCallState) -> bool:
    return isinstance(_error_of(state), TransientError) and state.attempt_number >= _ATTEMPTS


def _pause_seconds(state: tenacity.RetryCallState) -> float:
    return (_LATER if isinstance(_error_of(state), PlatformTrouble) else _SOON)(state)
