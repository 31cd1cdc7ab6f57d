"""Opens an item: resolves it, opens its source, chooses its treatment, and starts its feeder.

An item is cued when its first cluster is at hand. Its feeder then waits in its pipe, so that it can go on air at once.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from streaming.bitstream.matroska import Header
from streaming.ffmpeg import feeder_command
from streaming.ffmpeg.feeder import Feeder
from streaming.ffmpeg.inputs import TOO_MUCH_MEMORY
from streaming.ffmpeg.probe import probe
from streaming.ffmpeg.treatment import Fault, FaultKind, Treatment, choose_treatment, encoded, harder, is_discontinuous
from streaming.input.encode_slots import EncodeSlot
from streaming.input.inspection import Inspector
from streaming.input.known_treatments import KnownTreatments
from streaming.input.messages import Openings
from streaming.model.errors import (
    ContentChanged,
    FormatRefused,
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    TransientError,
)
from streaming.model.items import FilePart, Item, Media, MediaInfo, Playlist
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode
from streaming.network.egress import Egress
from streaming.sources.server import OpenSource, SourceServer

_FORMATS = 4
"""How many formats of one item are tried when even fresh URLs are refused."""

_MADE_UP_SECONDS = 5.0
"""How long a feeder may take to begin when its picture or sound is made up."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Shared by all playouts of an engine; only the encode slot is a playout's own."""

    ffmpeg: str
    sources: SourceServer
    operation_timeout_seconds: float
    memory_mb: int = 0
    """The memory limit of one item's FFmpeg; 0 for none."""
    ingest_ca_file: Path | None = None
    """The certificates that ingests are verified with, in place of the system's."""
    known_treatments: KnownTreatments = field(default_factory=KnownTreatments)
    """Findings about odd items, from all streams."""
    encode_slot: EncodeSlot = field(default_factory=EncodeSlot)
    egress: Egress | None = None
    """Checks where streams may go; None for anywhere, as the operator's own command line says."""


@dataclass(frozen=True, slots=True)
class CuedItem:
    """An item that can go on air at once."""

    media: Media
    source: OpenSource
    feeder: Feeder
    header: Header
    treatment: Treatment
    closing: AsyncExitStack
    start_seconds: float = 0.0
    """The second of the item at which it begins."""
    avoided: frozenset[str] = frozenset()
    """The offers that were refused before this one."""
    continues: bool = False
    """Whether its pictures equal those of the feeder that broke off before it, packet for packet."""
    info: MediaInfo = field(default_factory=MediaInfo)

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.media.item

    @property
    def length_seconds(self) -> float | None:
        """Its length by the playlist, else by its file; None when neither says."""
        return self.media.duration_seconds or self.info.duration_seconds

    async def close(self) -> None:
        """Ends its feeder and closes its source."""
        await self.closing.aclose()


class ItemLoader:
    """Opens the items of one stream. Every method raises what `Playlist.resolve` raises."""

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

    def inspector(self, cued: CuedItem) -> Inspector:
        """What inspects the clusters of an item's feeder."""
        return Inspector(cued.header, cued.treatment, self._encode, self._profile)

    async def open(
        self,
        item: Item,
        start_seconds: float,
        *,
        avoid: frozenset[str] = frozenset(),
        after: Treatment | None = None,
        fault: Fault | None = None,
    ) -> CuedItem:
        """Opens an item, in the next best format when one is refused for good, and again when it has changed.

        It is treated as before (`after`), or otherwise after a fault.
        """
        if reason := self._tools.known_treatments.why_hopeless(item.key):
            raise ItemUnplayable(reason)
        refusal: ItemUnavailable | None = None
        for _ in range(_FORMATS):
            try:
                media = (await self._playlist.resolve(item, avoid=avoid)).of(item)
                return await self.open_media(media, start_seconds, avoided=avoid, after=after, fault=fault)
            except FormatRefused as refused:
                refusal, avoid = refused, avoid | {refused.client_format}
            except ContentChanged as changed:
                refusal = changed
            except ItemUnplayable:
                if refusal is None:
                    raise
                break  # no format is left
        assert refusal
        raise refusal

    async def go_on(self, broken: CuedItem, start_seconds: float, fault: Fault | None = None) -> CuedItem:
        """Opens an item again that broke off: in another format, or treated otherwise, if that was the reason."""
        if broken.feeder.ran_out_of_memory:
            self._tools.known_treatments.give_up(broken.item.key, TOO_MUCH_MEMORY)
            raise ItemUnplayable(TOO_MUCH_MEMORY)
        failure = broken.source.failure
        avoid = broken.avoided | ({failure.client_format} if isinstance(failure, FormatRefused) else frozenset())
        cued = await self.open(broken.item, start_seconds, avoid=avoid, after=broken.treatment, fault=fault)
        is_same = cued.media.picture_format == broken.media.picture_format
        is_same = is_same and cued.treatment == broken.treatment
        return replace(cued, continues=is_same and not isinstance(failure, ContentChanged))

    async def open_media(
        self,
        media: Media,
        start_seconds: float,
        *,
        avoided: frozenset[str] = frozenset(),
        after: Treatment | None = None,
        fault: Fault | None = None,
    ) -> CuedItem:
        """Opens media that are resolved already."""
        async with AsyncExitStack() as opened:
            source = self._tools.sources.open(
                media, lambda: self._playlist.resolve(media.item, fresh=True, avoid=avoided)
            )
            await opened.enter_async_context(source)
            info = media.info or await self._probe(source)
            first = self._treatment(media, info, after, fault, start_seconds)
            feeder, header, treatment = await self._feed(source, info, first, fault, start_seconds)
            opened.push_async_callback(feeder.stop)
            if treatment is not first or fault:
                self._remember(media.item, treatment, is_whole_item=not start_seconds)
            cued = CuedItem(media, source, feeder, header, treatment, opened.pop_all(), start_seconds, avoided)
            return replace(cued, info=info)

    def _treatment(
        self, media: Media, info: MediaInfo, after: Treatment | None, fault: Fault | None, start_seconds: float
    ) -> Treatment:
        """The treatment for an item: the one before, or the next harder one; at first, the known one."""
        if after is None:
            chosen = choose_treatment(self._encode, info, self._profile, can_read_apart=_can_read_apart(media))
            after = self._tools.known_treatments.treatment_for(media.item.key, chosen)
        if fault:
            return self._harder(media, info, after, fault, start_seconds)
        if after.copy_video and start_seconds and is_discontinuous(info):
            return encoded(after, info, Openings.FROM_THE_MIDDLE(), can_read_apart=_can_read_apart(media))
        return after

    def _harder(
        self, media: Media, info: MediaInfo, treatment: Treatment, fault: Fault, start_seconds: float
    ) -> Treatment:
        """The next harder treatment. Raises ItemUnplayable when none is left."""
        found = harder(treatment, fault, info, can_read_apart=_can_read_apart(media))
        if found is None:
            if not start_seconds:
                self._tools.known_treatments.give_up(media.item.key, fault.reason)
            raise ItemUnplayable(fault.reason)
        return found

    def _remember(self, item: Item, treatment: Treatment, *, is_whole_item: bool) -> None:
        """Remembers what helped, unless it helped at one place only."""
        if is_whole_item or treatment.is_whole:
            self._tools.known_treatments.remember(item.key, treatment)

    async def _feed(
        self, source: OpenSource, info: MediaInfo, treatment: Treatment, fault: Fault | None, start_seconds: float
    ) -> tuple[Feeder, Header, Treatment]:
        """Starts the feeder, with harder treatments as long as FFmpeg finds nothing to play."""
        while True:
            try:
                feeder, header = await self._start(source, info, treatment, start_seconds)
            except _NothingToPlay:
                found = fault or Fault(FaultKind.BROKEN, Openings.NOTHING_TO_PLAY())
                treatment = self._harder(source.media, info, treatment, found, start_seconds)
            else:
                return feeder, header, treatment

    async def _start(
        self, source: OpenSource, info: MediaInfo, treatment: Treatment, start_seconds: float
    ) -> tuple[Feeder, Header]:
        await self._tools.encode_slot.admit(is_encoded=not treatment.copy_video)
        command = feeder_command.command(
            self._tools.ffmpeg,
            source.inputs,
            info=info,
            treatment=treatment,
            profile=self._profile,
            start_seconds=start_seconds,
        )
        try:
            feeder = await Feeder.start(command, self._on_error_line, memory_mb=self._tools.memory_mb)
        except OSError as error:  # no process or descriptor is left, which must not end the stream
            raise _no_ffmpeg(error) from error
        try:
            header = await self._ready(feeder, source, is_whole=treatment.is_whole)
        except BaseException:
            await feeder.stop()
            raise
        self._tools.encode_slot.mark_on_air()
        return feeder, header

    async def _probe(self, source: OpenSource) -> MediaInfo:
        """Probes the first part; files have only one."""
        try:
            return await probe(
                self._tools.ffmpeg,
                source.inputs[0].url,
                timeout_seconds=self._tools.operation_timeout_seconds,
                memory_mb=self._tools.memory_mb,
            )
        except NonstopError as error:
            raise source.failure or error from None
        except OSError as error:
            raise _no_ffmpeg(error) from error

    async def _ready(self, feeder: Feeder, source: OpenSource, *, is_whole: bool) -> Header:
        limit_seconds = self._tools.operation_timeout_seconds
        try:
            header = await feeder.ready(timeout_seconds=limit_seconds if is_whole else _MADE_UP_SECONDS)
        except TimeoutError:
            if not is_whole and not source.awaits_origin:  # FFmpeg waits for a track that the item does not have
                raise _NothingToPlay from None
            raise TransientError(Openings.LATE()) from None
        was_killed = header is None and await feeder.was_killed()
        if header is None and feeder.ran_out_of_memory:
            raise ItemUnplayable(TOO_MUCH_MEMORY)
        if was_killed:
            raise TransientError(Openings.KILLED())
        if header is None:
            raise source.failure or _NothingToPlay
        return header


class _NothingToPlay(Exception):
    """FFmpeg finds nothing to play in an item."""


def _can_read_apart(media: Media) -> bool:
    """Whether picture and sound are separate, or come from a file, which is cheap to read twice."""
    return len(media.parts) > 1 or isinstance(media.parts[0], FilePart)


def _no_ffmpeg(error: OSError) -> TransientError:
    return TransientError(Openings.NO_FFMPEG(reason=error.strerror or Openings.NO_REASON()))
