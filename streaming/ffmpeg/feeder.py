"""Feeders: one FFmpeg per item, which writes Matroska with one H.264 and one AAC stream to a pipe."""

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from streaming.bitstream.matroska import Cluster, Header, read
from streaming.ffmpeg.inputs import guarded_input
from streaming.ffmpeg.stderr import Complaint, classify
from streaming.ffmpeg.treatment import PictureSource, SoundSource, Treatment, is_discontinuous
from streaming.model.items import Input, MediaInfo, PartKind
from streaming.model.patience import PATIENCE
from streaming.model.profiles import Profile
from streaming.process.subprocesses import Child

_CLUSTER_MILLISECONDS = 150
"""Uplinks receive whole clusters, so short ones let a skip take effect at once."""
WAIT_FOR_SOUND_SECONDS = 2.0
"""Longer than an encoder's delay, and short enough for sound that ends before its picture."""
_WAIT_TOGETHER_SECONDS = 6.0
"""How long a decoder holds back a slow picture whose sound comes from the same input."""
_NICENESS = 5
"""Feeders work ahead; uplinks have to keep time."""
_CLUSTER_BYTES = 4 << 20
"""Large enough that only time and keyframes end a cluster. On a pipe FFmpeg's default is 32 KiB, one large picture."""
_ROUNDED_SECONDS = 0.001
"""Matroska counts whole milliseconds: the next picture may begin that much before its timestamp."""
_LONGEST_GOP_SECONDS = 10.0
"""Copied pictures begin at the keyframe before the requested time; sound from another input has to begin there too."""
_WAIT_APART_SECONDS = 10.0
"""A picture that lasts this long is repeated in one go when the next one arrives; its sound has to wait."""
_LONGEST_WAIT_SECONDS = 60.0
_SOUND_OFF_SECONDS = 0.03
"""Sound that differs by more than this from its picture after a loss is realigned."""
_CLOCK_JUMP_SECONDS = 2.5
"""A larger step in a transport stream's clock is a jump and is removed; a smaller one is a slow picture."""
_READ_LIMIT_BYTES = 1 << 18
_STILL_SECONDS = PATIENCE.longest_silence_seconds + 10.0
"""How long a feeder may be silent: longer than its source keeps retrying."""
_SILENT = ["-f", "lavfi", "-i", "anullsrc=r={rate}:cl=stereo"]
_BLACK = ["-f", "lavfi", "-i", "color=c=black:s={width}x{height}:r={fps}"]
_PREROLL_SECONDS = 2.0
"""Decoding begins this much before the place to continue from, to have a picture to show until the next one."""
_SEARCH_SECONDS = 6.0
"""FFmpeg seeks in a transport stream by estimating bytes. This far ahead there is a keyframe to begin at."""
_TONE_MAPPING = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=mobius:param=0.8:desat=0,zscale=t=bt709:m=bt709:r=tv"
)
"""HDR to SDR, with HDR reference white at 203 cd/m² (ITU-R BT.2408)."""


def command(
    ffmpeg: str,
    inputs: Sequence[Input],
    *,
    info: MediaInfo,
    treatment: Treatment,
    profile: Profile,
    start_seconds: float = 0.0,
) -> list[str]:
    """The command line of a feeder.

    Copied streams keep the item's own timestamps, unless its clock may jump. Encoded streams count from
    `start_seconds`; a copy can only begin at the keyframe before it.
    """
    head = [ffmpeg, "-nostdin", "-hide_banner", "-v", "level+warning"]
    if is_discontinuous(info):
        head += ["-dts_delta_threshold", str(_CLOCK_JUMP_SECONDS)]
    if treatment.copy_video:
        # FFmpeg exits with 0 when one of two inputs ends early.
        strictly = ["-xerror"] if len(inputs) > 1 else []
        return [*head, *strictly, *_copying(inputs, info, treatment, profile, start_seconds), *matroska_output()]
    encoding = _encoding(inputs, info, treatment, profile, start_seconds)
    output = matroska_output(wait_seconds=_wait_seconds(inputs, info, treatment))
    return [*head, "-max_error_rate", "1", *encoding, *output]


def _wait_seconds(inputs: Sequence[Input], info: MediaInfo, treatment: Treatment) -> float:
    """How long encoded picture and sound wait for each other: a late picture is repeated in one go."""
    if not treatment.is_whole:
        return WAIT_FOR_SOUND_SECONDS
    if treatment.is_apart or len(inputs) > 1:
        return _WAIT_APART_SECONDS + min(max(0.0, -info.start_gap_seconds), _LONGEST_WAIT_SECONDS)
    return _WAIT_TOGETHER_SECONDS


def _copying(
    inputs: Sequence[Input], info: MediaInfo, treatment: Treatment, profile: Profile, start_seconds: float
) -> list[str]:
    sources: list[str] = []
    for source in inputs:
        is_sound = source.kind is PartKind.AUDIO
        begin_seconds = max(0.0, start_seconds - _LONGEST_GOP_SECONDS) if is_sound else start_seconds
        sources += [*_seek(begin_seconds), "-fflags", "+discardcorrupt", *guarded_input(source.url)]
    of_picture = inputs.index(_part(inputs, PartKind.VIDEO))
    video = f"{of_picture}:{'V:0' if info.video_stream is None else info.video_stream}"
    of_sound = inputs.index(_part(inputs, PartKind.AUDIO))
    sounds = [f"{of_sound}:{index}" for index in info.audio_streams or ("a:0",)]
    if not info.audio_codec:
        sources += _filled(_SILENT, profile)
        sounds = [f"{len(inputs)}:a:0"]
    if treatment.copy_audio:
        sound = ["-map", sounds[0], "-c:a", "copy"]
    else:
        sound = [*_sound_mapping(sounds, profile), *encode_audio(profile)]
    ending = [] if info.audio_codec else ["-shortest"]  # generated silence has no end
    times = [] if is_discontinuous(info) else ["-copyts", "-start_at_zero"]
    return [*sources, "-map", video, "-c:v", "copy", *times, *sound, *ending]


def _encoding(
    inputs: Sequence[Input], info: MediaInfo, treatment: Treatment, profile: Profile, start_seconds: float
) -> list[str]:
    """Opens one input for each stream that is read apart. Damage in them does not end the item."""
    begin_seconds = max(0.0, start_seconds - _ROUNDED_SECONDS)
    preroll_seconds = min(begin_seconds, _preroll_seconds(info, treatment))
    sources: list[str] = []
    count = 0

    def read(source: Input, seconds: float) -> int:
        nonlocal count
        sources.extend([*_seek(seconds), *guarded_input(source.url)])
        count += 1
        return count - 1

    has_picture, has_sound = treatment.picture is not PictureSource.BLACK, treatment.sound is SoundSource.OWN
    of_picture, of_sound = _part(inputs, PartKind.VIDEO), _part(inputs, PartKind.AUDIO)
    is_shared = of_picture is of_sound and not treatment.is_apart
    if has_picture:
        is_still = treatment.picture is PictureSource.COVER
        video = read(of_picture, 0.0 if is_still and not is_shared else begin_seconds - preroll_seconds)
        index = info.cover_stream if is_still else info.video_stream
        picture = f"{video}:{'V:0' if index is None else index}"
    if has_sound:
        is_read_with_it = has_picture and is_shared
        audio = video if is_read_with_it else read(of_sound, begin_seconds)
        sound_preroll_seconds = preroll_seconds if is_read_with_it else 0.0
        sounds = [f"{audio}:{index}" for index in info.audio_streams or ("a:0",)]
    if not has_picture:
        sources += _filled(_BLACK, profile)
        picture, count = f"{count}:v:0", count + 1
    if not has_sound:
        sources += _filled(_SILENT, profile)
        sounds, sound_preroll_seconds = [f"{count}:a:0"], 0.0
    return [
        *sources,
        *("-map", picture),
        *_sound_mapping(sounds, profile, preroll_seconds=sound_preroll_seconds),
        *encode_video(profile, info=info, picture=treatment.picture, preroll_seconds=preroll_seconds),
        *encode_audio(profile),
        *(() if treatment.is_whole else ("-shortest",)),  # generated and held streams have no end
    ]


def _preroll_seconds(info: MediaInfo, treatment: Treatment) -> float:
    """How much is decoded before the place to continue from."""
    if is_discontinuous(info):
        return _SEARCH_SECONDS
    return _PREROLL_SECONDS if treatment.is_apart else 0.0


def _sound_mapping(sounds: Sequence[str], profile: Profile, *, preroll_seconds: float = 0.0) -> list[str]:
    """Maps one track, or a pair of mono tracks as left and right."""
    cut = f"atrim=start={preroll_seconds:.3f},asetpts=PTS-{preroll_seconds:.3f}/TB," if preroll_seconds else ""
    if len(sounds) < 2:
        return ["-map", sounds[0], "-af", cut + _sound_filter(profile)]
    joined = "".join(f"[{sound}]" for sound in sounds)
    graph = f"{joined}join=inputs={len(sounds)}:channel_layout=stereo,{cut}{_sound_filter(profile)}[sound]"
    return ["-filter_complex", graph, "-map", "[sound]"]


def encode_video(
    profile: Profile,
    *,
    info: MediaInfo | None = None,
    picture: PictureSource = PictureSource.OWN,
    preroll_seconds: float = 0.0,
) -> list[str]:
    """Encodes every item to the same picture, down to the one SPS: size, rate, colours, reference structure.

    `preroll_seconds` at the beginning of the input are cut off.
    """
    rate, gop = f"{profile.video_kbps}k", str(profile.gop_frames)
    is_hdr = info is not None and info.is_hdr and picture is not PictureSource.COVER
    filters = [*_timing(profile, picture, preroll_seconds), *_looks(profile, is_hdr=is_hdr)]
    return [
        # -r repeats the filter's rate for pictures that begin late or change size.
        *("-vf", ",".join(filters), "-r", str(profile.fps), "-fps_mode", "cfr"),
        *("-c:v", "libx264", "-preset", profile.preset, "-profile:v", "high", "-bf", "2"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-force_key_frames", f"expr:not(mod(n,{gop}))"),
        *("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"),
    ]


def _timing(profile: Profile, picture: PictureSource, preroll_seconds: float) -> list[str]:
    """Pictures at the profile's rate from the exact start; the last one, or a cover, lasts as long as the sound."""
    if picture is PictureSource.COVER:  # one picture, without a length or a rate
        return ["loop=loop=-1:size=1:start=0", f"setpts=N/({profile.fps}*TB)"]
    steps = ["bwdif=mode=send_frame:deint=interlaced", f"fps={profile.fps}"]
    if picture is PictureSource.HELD:
        steps.append("tpad=stop=-1:stop_mode=clone")
    if preroll_seconds:
        steps += [f"trim=start={preroll_seconds:.3f}", f"setpts=PTS-{preroll_seconds:.3f}/TB"]
    return steps


def _looks(profile: Profile, *, is_hdr: bool) -> list[str]:
    """Scales and pads pictures to the profile's size, in its colours, upright, with square pixels."""
    box = f"{profile.width}:{profile.height}"
    into_box = f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2:reset_sar=1"
    return [
        into_box if is_hdr else f"{into_box}:out_color_matrix=bt709:out_range=tv",
        *([_TONE_MAPPING] if is_hdr else []),
        *(f"pad={box}:-1:-1", "setsar=1", "format=yuv420p"),
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709:field_mode=prog",
    ]


def encode_audio(profile: Profile) -> list[str]:
    return ["-c:a", "aac", "-b:a", f"{profile.audio_kbps}k", "-ar", str(profile.audio_rate), "-ac", "2"]


def matroska_output(*, wait_seconds: float = WAIT_FOR_SOUND_SECONDS) -> list[str]:
    """Live Matroska on standard output in short clusters, without the item's tags, chapters and lengths.

    `wait_seconds` is how long one stream waits for the other, so that packets are written in order.
    """
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
        *("-max_interleave_delta", str(round(wait_seconds * 1_000_000)), "-flush_packets", "1"),
        *("-f", "matroska", "pipe:1"),
    ]


def _seek(seconds: float) -> list[str]:
    return ["-ss", f"{seconds:.3f}"] if seconds else []


def _part(inputs: Sequence[Input], kind: PartKind) -> Input:
    """The input that carries a kind of stream."""
    return next((source for source in inputs if source.kind in (kind, PartKind.BOTH)), inputs[0])


def _filled(options: list[str], profile: Profile) -> list[str]:
    values = {"rate": profile.audio_rate, "width": profile.width, "height": profile.height, "fps": profile.fps}
    return [option.format(**values) for option in options]


def _sound_filter(profile: Profile) -> str:
    """Fills holes within the sound; the splice fills those at its beginning and end."""
    return f"aresample={profile.audio_rate}:async=1:min_hard_comp={_SOUND_OFF_SECONDS}"


@dataclass(slots=True)
class _ReportedFaults:
    """Faults that FFmpeg has reported on standard error."""

    ran_out_of_memory: bool = False
    found_damage: bool = False

    def note(self, line: str) -> None:
        complaint = classify(line)
        self.ran_out_of_memory = self.ran_out_of_memory or complaint is Complaint.OUT_OF_MEMORY
        self.found_damage = self.found_damage or complaint is Complaint.INPUT_BROKEN


class Feeder:
    """A running feeder. It works as fast as its clusters are read, and pauses while they are not."""

    def __init__(self, child: Child, reported: _ReportedFaults) -> None:
        self._child = child
        self._reported = reported
        self._elements = read(child.stdout)
        self._gathered: deque[Cluster] = deque()

    @classmethod
    async def start(
        cls,
        command_line: Sequence[str],
        on_error_line: Callable[[str], None],
        *,
        memory_mb: int = 0,
        niceness: int = _NICENESS,
    ) -> "Feeder":
        """Starts FFmpeg; `on_error_line` gets its error output. `memory_mb` limits its memory; 0 means no limit."""
        reported = _ReportedFaults()

        def read_line(line: str) -> None:
            reported.note(line)
            on_error_line(line)

        child = await Child.start(
            command_line,
            on_error_line=read_line,
            buffer_bytes=_READ_LIMIT_BYTES,
            niceness=niceness,
            memory_mb=memory_mb,
        )
        return cls(child, reported)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether FFmpeg hit its memory limit. Final only after its end was awaited."""
        return self._reported.ran_out_of_memory

    @property
    def found_damage(self) -> bool:
        """Whether FFmpeg met damaged packets in the item."""
        return self._reported.found_damage

    async def ready(self, *, timeout_seconds: float) -> Header | None:
        """Waits for the header and the first cluster, so that the item can start at once. None without any media.

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
        """Reads ahead until `seconds` are buffered or the item ends, for an item that starts without a lead.

        The health monitor watches only feeders on air, so a silent one is killed here.
        """
        try:
            while self._gathered[-1].blocks[0].time_ms - self._gathered[0].blocks[0].time_ms < seconds * 1000:
                async with asyncio.timeout(patience_seconds):
                    element = await anext(self._elements)
                assert isinstance(element, Cluster)
                self._gathered.append(element)
        except StopAsyncIteration:
            pass
        except (ValueError, TimeoutError):  # no Matroska, or silence
            self.kill()

    async def clusters(self) -> AsyncIterator[Cluster]:
        """Yields the clusters from the first one, until the item or its FFmpeg ends."""
        while self._gathered:
            yield self._gathered.popleft()
        try:
            async for element in self._elements:
                assert isinstance(element, Cluster)
                yield element
        except ValueError:  # no Matroska
            self.kill()

    async def ended_well(self) -> bool:
        """Waits for FFmpeg's end. True when the whole item was read."""
        return await self._child.wait() == 0

    async def was_killed(self) -> bool:
        """Waits for FFmpeg's end. True when a signal ended it, which says nothing about the item."""
        return await self._child.wait() < 0

    def kill(self) -> None:
        """Kills it without waiting."""
        self._child.kill()

    async def stop(self) -> None:
        """Kills it and waits. SIGTERM would make it finish its encoding, which has no reader."""
        await self._child.stop(first=signal.SIGKILL)
