"""Opening an item: resolving it, opening its source, deciding its treatment, and starting its feeder.

An item is open when its first cluster is at hand. Its feeder then waits in its pipe, so that it can go on air without
any delay.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from streaming.egress import Egress
from streaming.errors import (
    ContentChanged,
    FormatRefused,
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    TransientError,
)
from streaming.ffmpeg import feeder as feeders
from streaming.ffmpeg.feeder import Feeder, Treatment
from streaming.ffmpeg.probe import probe
from streaming.ffmpeg.profiles import Profile
from streaming.media import Item, Media, Playlist, Shape
from streaming.playout.matroska import Header
from streaming.settings import EncodeMode
from streaming.sources.server import OpenSource, SourceServer

_FORMATS = 4
"""So many formats of one item are tried when even fresh URLs are refused."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every playout of an engine works with."""

    ffmpeg: str
    sources: SourceServer
    operation_timeout_seconds: float
    egress: Egress | None = None
    """Judges where streams may go; None lets them go anywhere, as the operator's own command line says."""


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
    avoided: frozenset[str] = frozenset()
    """The offers that were refused before this one."""
    continues: bool = False
    """Whether its pictures are those of the feeder that broke off before it, packet for packet."""

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.media.item

    async def close(self) -> None:
        """Ends its feeder and forgets its URLs."""
        await self.closing.aclose()


class Opener:
    """Opens the items of one stream. Everything here raises what `Playlist.resolve` raises."""

    def __init__(
        self,
        playlist: Playlist,
        tools: Tools,
        *,
        encode: EncodeMode,
        profile: Profile,
        on_error_line: Callable[[str], None],
    ) -> None:
        self._playlist = playlist
        self._tools = tools
        self._encode = encode
        self._profile = profile
        self._on_error_line = on_error_line

    async def open(self, item: Item, start_seconds: float, *, avoid: frozenset[str] = frozenset()) -> Prepared:
        """Opens an item, in the next best format where one is refused for good, and anew where it has changed."""
        refusal: ItemUnavailable | None = None
        for _ in range(_FORMATS):
            try:
                media = await self._playlist.resolve(item, avoid=avoid)
                return await self.open_media(media, start_seconds, avoided=avoid)
            except FormatRefused as refused:
                refusal, avoid = refused, avoid | {refused.offer}
            except ContentChanged as changed:
                refusal = changed
            except ItemUnplayable:
                if refusal is None:
                    raise
                break  # there are no more
        assert refusal
        raise refusal

    async def go_on(self, broken: Prepared, start_seconds: float) -> Prepared:
        """Opens an item that broke off again, in another format if that was why."""
        failure = broken.source.failure
        avoid = broken.avoided | ({failure.offer} if isinstance(failure, FormatRefused) else frozenset())
        prepared = await self.open(broken.item, start_seconds, avoid=avoid)
        is_same = prepared.media.picture_format == broken.media.picture_format
        return replace(prepared, continues=is_same and not isinstance(failure, ContentChanged))

    async def open_media(
        self, media: Media, start_seconds: float, *, avoided: frozenset[str] = frozenset()
    ) -> Prepared:
        """Opens media that are resolved already."""
        async with AsyncExitStack() as opened:
            source = self._tools.sources.open(
                media, lambda: self._playlist.resolve(media.item, fresh=True, avoid=avoided)
            )
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
            try:
                feeder = await Feeder.start(command, self._on_error_line)
            except OSError as error:  # no process to be had, no descriptor left: it must not end the stream
                raise _no_ffmpeg(error) from error
            opened.push_async_callback(feeder.stop)
            header = await self._ready(feeder, source)
            return Prepared(media, source, feeder, header, treatment, opened.pop_all(), start_seconds, avoided)

    async def _probe(self, source: OpenSource) -> Shape:
        """Looks into the first part; files have only one."""
        try:
            return await probe(
                self._tools.ffmpeg, source.inputs[0].url, timeout_seconds=self._tools.operation_timeout_seconds
            )
        except NonstopError as error:
            raise source.failure or error from None
        except OSError as error:
            raise _no_ffmpeg(error) from error

    async def _ready(self, feeder: Feeder, source: OpenSource) -> Header:
        try:
            header = await feeder.ready(timeout_seconds=self._tools.operation_timeout_seconds)
        except TimeoutError:
            raise TransientError("it did not start in time") from None
        if header is None and await feeder.was_killed():
            raise TransientError("FFmpeg was killed")
        if header is None:
            raise source.failure or ItemUnplayable("FFmpeg finds nothing to play in it")
        return header


def _no_ffmpeg(error: OSError) -> TransientError:
    return TransientError(f"this machine cannot run FFmpeg: {error.strerror or 'it says no reason'}")
