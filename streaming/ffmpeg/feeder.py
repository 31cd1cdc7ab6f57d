"""Feeders: one FFmpeg per item that turns whatever it is into Matroska with one H.264 and one AAC stream, on a pipe."""

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from streaming.children import Child
from streaming.ffmpeg.complaints import Complaint, classify
from streaming.ffmpeg.inputs import guarded_input
from streaming.ffmpeg.profiles import Profile
from streaming.media import Input, PartKind, Shape
from streaming.playout.matroska import Cluster, Header, read
from streaming.settings import EncodeMode
from streaming.sources.direct import PATIENCE

_CLUSTER_MILLISECONDS = 150
"""Short clusters let an uplink be handed little at a time, so that a skip is felt at once."""
WAIT_FOR_SOUND_SECONDS = 2.0
"""Sound that ended before the picture does not hold it up; it is longer than an encoder's delay."""
_NICENESS = 5
"""Feeders have a lead to live on; uplinks have to keep time."""
_CLUSTER_BYTES = 4 << 20
"""So many that only time and keyframes end a cluster; on a pipe FFmpeg would end it after 32 KiB, one large picture."""
_ROUNDED_SECONDS = 0.001
"""Matroska counts whole milliseconds: the picture to go on with may begin that much before it is said to."""
_LONGEST_GOP_SECONDS = 10.0
"""Copied pictures begin at the keyframe before the place wanted; sound that is read apart has to begin there too."""
_READ_LIMIT_BYTES = 1 << 18
_STILL_SECONDS = PATIENCE.longest_silence_seconds + 10.0
"""So long a feeder may give nothing: its source may be trying hard, which has limits of its own."""
_SILENT = ["-f", "lavfi", "-i", "anullsrc=r={rate}:cl=stereo"]
_BLACK = ["-f", "lavfi", "-i", "color=c=black:s={width}x{height}:r={fps}"]


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to an item's streams."""

    copy_video: bool
    copy_audio: bool
    reason: str
    """Why, in words for people."""


def choose_treatment(mode: EncodeMode, shape: Shape, profile: Profile) -> Treatment:
    """Decides what may be passed through.

    `copy` passes any H.264 that players take; `auto` only what already has the profile's size and rate.
    """
    obstacle = _obstacle(mode, shape, profile)
    if obstacle:
        return Treatment(copy_video=False, copy_audio=False, reason=obstacle)
    return Treatment(copy_video=True, copy_audio=_is_the_profiles_sound(shape, profile), reason="it fits as it is")


def _obstacle(mode: EncodeMode, shape: Shape, profile: Profile) -> str:
    if mode is EncodeMode.ALWAYS:
        return "encode is set to always"
    if shape.video_codec != "h264":
        return f"its video is {shape.video_codec or 'missing'}, not H.264"
    if shape.pixel_format and shape.pixel_format != "yuv420p":
        return f"its pixel format is {shape.pixel_format}"
    if mode is EncodeMode.COPY:
        return ""
    if (shape.width, shape.height) != (profile.width, profile.height):
        return f"it is {shape.width}×{shape.height}, not {profile.width}×{profile.height}"
    return f"it has {shape.fps:g} pictures a second" if shape.fps > profile.fps + 0.5 else ""


def _is_the_profiles_sound(shape: Shape, profile: Profile) -> bool:
    is_aac = shape.audio_codec == "aac" and shape.audio_profile in ("LC", "")
    return is_aac and shape.sample_rate == profile.audio_rate and shape.channels == 2


def command(
    ffmpeg: str,
    inputs: Sequence[Input],
    *,
    shape: Shape,
    treatment: Treatment,
    profile: Profile,
    start_seconds: float = 0.0,
) -> list[str]:
    """The command line of a feeder.

    Copied pictures and sound keep the times they have in the item; what is encoded counts from `start_seconds`, which a
    copy can only meet at the keyframe before it.
    """
    sources: list[str] = []
    for source in inputs:
        begin_seconds = start_seconds
        if not treatment.copy_video:
            begin_seconds = max(0.0, start_seconds - _ROUNDED_SECONDS)
        elif source.kind is PartKind.AUDIO:
            begin_seconds = max(0.0, start_seconds - _LONGEST_GOP_SECONDS)
        sources += ["-ss", f"{begin_seconds:.3f}"] if begin_seconds else []
        sources += guarded_input(source.url)
    video, audio = _source_of(PartKind.VIDEO, inputs), _source_of(PartKind.AUDIO, inputs)
    made_up = len(inputs)
    is_whole = bool(shape.audio_codec and shape.video_codec)
    if not shape.audio_codec:
        sources += _filled(_SILENT, profile)
        audio = made_up
    elif not shape.video_codec:
        sources += _filled(_BLACK, profile)
        video = made_up
    sound = _sound_filter(profile, from_start=not (start_seconds and treatment.copy_video))
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-v", "level+warning", "-xerror"),
        *sources,
        *("-map", f"{video}:v:0", "-map", f"{audio}:a:0"),
        *(["-c:v", "copy", "-copyts"] if treatment.copy_video else encode_video(profile)),
        *(["-c:a", "copy"] if treatment.copy_audio else [*encode_audio(profile), "-af", sound]),
        *(() if is_whole else ("-shortest",)),  # what is made up has no end of its own
        *matroska_output(),
    ]


def encode_video(profile: Profile) -> list[str]:
    """What gives every item the same picture, down to the one SPS: size, rate, colours, reference structure."""
    box = f"{profile.width}:{profile.height}"
    picture = (
        f"fps={profile.fps}:start_time=0,"
        f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2:out_color_matrix=bt709:out_range=tv,"
        f"pad={box}:-1:-1,setsar=1,format=yuv420p,"
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709:field_mode=prog"
    )
    rate, gop = f"{profile.video_kbps}k", str(profile.gop_frames)
    return [
        *("-vf", picture, "-c:v", "libx264", "-preset", profile.preset, "-profile:v", "high", "-bf", "2"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-force_key_frames", f"expr:not(mod(n,{gop}))"),
        *("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"),
    ]


def encode_audio(profile: Profile) -> list[str]:
    """The profile's AAC."""
    return ["-c:a", "aac", "-b:a", f"{profile.audio_kbps}k", "-ar", str(profile.audio_rate), "-ac", "2"]


def matroska_output() -> list[str]:
    """Live Matroska on standard output, in short clusters, with nothing of the item's own tags or lengths."""
    return [
        *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
        *(
            "-write_crc32",
            "0",
            "-cluster_time_limit",
            str(_CLUSTER_MILLISECONDS),
            "-cluster_size_limit",
            str(_CLUSTER_BYTES),
        ),
        *("-max_interleave_delta", str(round(WAIT_FOR_SOUND_SECONDS * 1_000_000)), "-flush_packets", "1"),
        *("-f", "matroska", "pipe:1"),
    ]


def _source_of(kind: PartKind, inputs: Sequence[Input]) -> int:
    return next((i for i, source in enumerate(inputs) if source.kind in (kind, PartKind.BOTH)), 0)


def _filled(options: list[str], profile: Profile) -> list[str]:
    values = {"rate": profile.audio_rate, "width": profile.width, "height": profile.height, "fps": profile.fps}
    return [option.format(**values) for option in options]


def _sound_filter(profile: Profile, *, from_start: bool) -> str:
    """Sound without holes, and from time 0 on if wanted; what may lack at its end, the splice fills."""
    return f"aresample={profile.audio_rate}:async=1" + (":first_pts=0" if from_start else "")


@dataclass(slots=True)
class _Memory:
    ran_out: bool = False


class Feeder:
    """A running feeder. Reading its clusters is what makes it work; it waits when nobody reads."""

    def __init__(self, child: Child, memory: "_Memory") -> None:
        self._child = child
        self._memory = memory
        self._elements = read(child.stdout)
        self._gathered: deque[Cluster] = deque()

    @classmethod
    async def start(
        cls, command_line: Sequence[str], on_error_line: Callable[[str], None], *, memory_mb: int = 0
    ) -> "Feeder":
        """Starts FFmpeg; `on_error_line` gets what it complains about. It may have `memory_mb`, 0 for any amount."""
        memory = _Memory()

        def hear(line: str) -> None:
            memory.ran_out = memory.ran_out or classify(line) is Complaint.OUT_OF_MEMORY
            on_error_line(line)

        child = await Child.start(
            command_line,
            on_error_line=hear,
            buffer_bytes=_READ_LIMIT_BYTES,
            niceness=_NICENESS,
            memory_mb=memory_mb,
        )
        return cls(child, memory)

    @property
    def pid(self) -> int:
        """The process id of its FFmpeg."""
        return self._child.pid

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether FFmpeg has complained that it may have no more; all is heard once its end has been waited for."""
        return self._memory.ran_out

    async def ready(self, *, timeout_seconds: float) -> Header | None:
        """Waits for header and first cluster, so that the item can go on air at once; None when there is no media.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout_seconds):
            header = await anext(self._elements, None)
            first = await anext(self._elements, None)
        if not isinstance(header, Header) or not isinstance(first, Cluster):
            return None
        self._gathered.append(first)
        return header

    async def gather(self, seconds: float, *, patience_seconds: float = _STILL_SECONDS) -> None:
        """Reads on until so many seconds are at hand, or the item ends: for one that goes on air without a lead.

        Nobody watches a feeder that is not on air, so one that gives nothing for too long is ended here.
        """
        try:
            while self._gathered[-1].blocks[0].time_ms - self._gathered[0].blocks[0].time_ms < seconds * 1000:
                async with asyncio.timeout(patience_seconds):
                    element = await anext(self._elements)
                assert isinstance(element, Cluster)
                self._gathered.append(element)
        except StopAsyncIteration:
            pass
        except (ValueError, TimeoutError):  # not Matroska any more, or nothing at all: nothing that could be read on
            self.kill()

    async def clusters(self) -> AsyncIterator[Cluster]:
        """Yields the clusters from the first on, until the item or its FFmpeg ends."""
        while self._gathered:
            yield self._gathered.popleft()
        try:
            async for element in self._elements:
                assert isinstance(element, Cluster)
                yield element
        except ValueError:  # not Matroska any more: nothing that could be read on
            self.kill()

    async def ended_well(self) -> bool:
        """Waits for FFmpeg's end; says whether the whole item was read."""
        return await self._child.wait() == 0

    async def was_killed(self) -> bool:
        """Waits for FFmpeg's end; says whether a signal ended it, which tells nothing about the item."""
        return await self._child.wait() < 0

    def kill(self) -> None:
        """Ends it at once, as one that no longer reads or writes."""
        self._child.kill()

    async def stop(self) -> None:
        """Ends it, at once: it has nothing to put away, and would take its time to encode what nobody reads."""
        await self._child.stop(first=signal.SIGKILL)
