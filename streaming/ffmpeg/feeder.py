"""Feeders: one FFmpeg per item that turns whatever it is into Matroska with one H.264 and one AAC stream, on a pipe."""

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
"""Short clusters let an uplink be handed little at a time, so that a skip is felt at once."""
WAIT_FOR_SOUND_SECONDS = 2.0
"""Sound that ended before the picture does not hold it up; it is longer than an encoder's delay."""
_WAIT_TOGETHER_SECONDS = 6.0
"""As long as a decoder holds back a slow picture whose sound comes from the same reading."""
_NICENESS = 5
"""Feeders have a lead to live on; uplinks have to keep time."""
_CLUSTER_BYTES = 4 << 20
"""So many that only time and keyframes end a cluster; on a pipe FFmpeg would end it after 32 KiB, one large picture."""
_ROUNDED_SECONDS = 0.001
"""Matroska counts whole milliseconds: the picture to go on with may begin that much before it is said to."""
_LONGEST_GOP_SECONDS = 10.0
"""Copied pictures begin at the keyframe before the place wanted; sound that is read apart has to begin there too."""
_WAIT_APART_SECONDS = 10.0
"""A picture that stands for so long is repeated in one go when the next one comes; its sound has to catch up."""
_LONGEST_WAIT_SECONDS = 60.0
_SOUND_OFF_SECONDS = 0.03
"""Sound that is off by more than this after a loss is brought back to its picture."""
_CLOCK_JUMP_SECONDS = 2.5
"""A transport stream's clock that jumps by more goes on as if it had not; slower pictures than this are no jump."""
_READ_LIMIT_BYTES = 1 << 18
_STILL_SECONDS = PATIENCE.longest_silence_seconds + 10.0
"""So long a feeder may give nothing: its source may be trying hard, which has limits of its own."""
_SILENT = ["-f", "lavfi", "-i", "anullsrc=r={rate}:cl=stereo"]
_BLACK = ["-f", "lavfi", "-i", "color=c=black:s={width}x{height}:r={fps}"]
_PREROLL_SECONDS = 2.0
"""So much before the place to go on from the picture is decoded, so that there is one to hold until the next comes."""
_SEARCH_SECONDS = 6.0
"""A place in a transport stream is found by guessing bytes: so much before it there is a keyframe to begin at."""
_TONE_MAPPING = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=mobius:param=0.8:desat=0,zscale=t=bt709:m=bt709:r=tv"
)
"""From the light of an HDR screen, with its white at 203 cd/m² (ITU-R BT.2408), to that of an ordinary one."""


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

    Copied pictures and sound keep the times they have in the item, unless its clock may jump. What is encoded counts
    from `start_seconds`, which a copy can only meet at the keyframe before it.
    """
    head = [ffmpeg, "-nostdin", "-hide_banner", "-v", "level+warning"]
    if is_discontinuous(info):
        head += ["-dts_delta_threshold", str(_CLOCK_JUMP_SECONDS)]
    if treatment.copy_video:
        # Of two inputs one may end early, and FFmpeg would call that a success.
        strictly = ["-xerror"] if len(inputs) > 1 else []
        return [*head, *strictly, *_copying(inputs, info, treatment, profile, start_seconds), *matroska_output()]
    encoding = _encoding(inputs, info, treatment, profile, start_seconds)
    output = matroska_output(wait_seconds=_wait_seconds(inputs, info, treatment))
    return [*head, "-max_error_rate", "1", *encoding, *output]


def _wait_seconds(inputs: Sequence[Input], info: MediaInfo, treatment: Treatment) -> float:
    """How long encoded pictures and sound wait for each other: a late picture is repeated in one go."""
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
    ending = [] if info.audio_codec else ["-shortest"]  # what is made up has no end of its own
    times = [] if is_discontinuous(info) else ["-copyts", "-start_at_zero"]
    return [*sources, "-map", video, "-c:v", "copy", *times, *sound, *ending]


def _encoding(
    inputs: Sequence[Input], info: MediaInfo, treatment: Treatment, profile: Profile, start_seconds: float
) -> list[str]:
    """Every stream from an input of its own where they are read apart; what goes wrong in them is played over."""
    begin_seconds = max(0.0, start_seconds - _ROUNDED_SECONDS)
    preroll_seconds = min(begin_seconds, _preroll_seconds(info, treatment))
    sources: list[str] = []
    count = 0

    def read(source: Input, seconds: float) -> int:
        nonlocal count
        sources.extend([*_seek(seconds), *guarded_input(source.url)])
        count += 1
        return count - 1

    is_seen, is_heard = treatment.picture is not PictureSource.BLACK, treatment.sound is SoundSource.OWN
    of_picture, of_sound = _part(inputs, PartKind.VIDEO), _part(inputs, PartKind.AUDIO)
    is_shared = of_picture is of_sound and not treatment.is_apart
    if is_seen:
        is_still = treatment.picture is PictureSource.COVER
        video = read(of_picture, 0.0 if is_still and not is_shared else begin_seconds - preroll_seconds)
        index = info.cover_stream if is_still else info.video_stream
        picture = f"{video}:{'V:0' if index is None else index}"
    if is_heard:
        is_read_with_it = is_seen and is_shared
        audio = video if is_read_with_it else read(of_sound, begin_seconds)
        sound_preroll_seconds = preroll_seconds if is_read_with_it else 0.0
        sounds = [f"{audio}:{index}" for index in info.audio_streams or ("a:0",)]
    if not is_seen:
        sources += _filled(_BLACK, profile)
        picture, count = f"{count}:v:0", count + 1
    if not is_heard:
        sources += _filled(_SILENT, profile)
        sounds, sound_preroll_seconds = [f"{count}:a:0"], 0.0
    return [
        *sources,
        *("-map", picture),
        *_sound_mapping(sounds, profile, preroll_seconds=sound_preroll_seconds),
        *encode_video(profile, info=info, picture=treatment.picture, preroll_seconds=preroll_seconds),
        *encode_audio(profile),
        *(() if treatment.is_whole else ("-shortest",)),  # what is made up or held has no end of its own
    ]


def _preroll_seconds(info: MediaInfo, treatment: Treatment) -> float:
    """How much is read before the place to go on from."""
    if is_discontinuous(info):
        return _SEARCH_SECONDS
    return _PREROLL_SECONDS if treatment.is_apart else 0.0


def _sound_mapping(sounds: Sequence[str], profile: Profile, *, preroll_seconds: float = 0.0) -> list[str]:
    """One track, or a pair of mono tracks as left and right."""
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
    """What gives every item the same picture, down to the one SPS: size, rate, colours, reference structure.

    Of what is read, so much comes before the place to begin.
    """
    rate, gop = f"{profile.video_kbps}k", str(profile.gop_frames)
    is_hdr = info is not None and info.is_hdr and picture is not PictureSource.COVER
    filters = [*_timing(profile, picture, preroll_seconds), *_looks(profile, is_hdr=is_hdr)]
    return [
        # The rate stands twice: the filter gives it, and the output covers what begins late or changes size.
        *("-vf", ",".join(filters), "-r", str(profile.fps), "-fps_mode", "cfr"),
        *("-c:v", "libx264", "-preset", profile.preset, "-profile:v", "high", "-bf", "2"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-force_key_frames", f"expr:not(mod(n,{gop}))"),
        *("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"),
    ]


def _timing(profile: Profile, picture: PictureSource, preroll_seconds: float) -> list[str]:
    """Pictures at the profile's rate from the very place on; the last one, or a cover, for as long as sound lasts."""
    if picture is PictureSource.COVER:  # it has neither a length nor a rate
        return ["loop=loop=-1:size=1:start=0", f"setpts=N/({profile.fps}*TB)"]
    steps = ["bwdif=mode=send_frame:deint=interlaced", f"fps={profile.fps}"]
    if picture is PictureSource.HELD:
        steps.append("tpad=stop=-1:stop_mode=clone")
    if preroll_seconds:
        steps += [f"trim=start={preroll_seconds:.3f}", f"setpts=PTS-{preroll_seconds:.3f}/TB"]
    return steps


def _looks(profile: Profile, *, is_hdr: bool) -> list[str]:
    """Pictures of the profile's size and colours, upright and in info."""
    box = f"{profile.width}:{profile.height}"
    into_box = f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2:reset_sar=1"
    return [
        into_box if is_hdr else f"{into_box}:out_color_matrix=bt709:out_range=tv",
        *([_TONE_MAPPING] if is_hdr else []),
        *(f"pad={box}:-1:-1", "setsar=1", "format=yuv420p"),
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709:field_mode=prog",
    ]


def encode_audio(profile: Profile) -> list[str]:
    """The profile's AAC."""
    return ["-c:a", "aac", "-b:a", f"{profile.audio_kbps}k", "-ar", str(profile.audio_rate), "-ac", "2"]


def matroska_output(*, wait_seconds: float = WAIT_FOR_SOUND_SECONDS) -> list[str]:
    """Live Matroska on standard output, in short clusters, with nothing of the item's own tags or lengths.

    So long a stream waits for the other one, to be written in order.
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
    """Sound without holes; what may lack at its beginning and its end, the splice fills."""
    return f"aresample={profile.audio_rate}:async=1:min_hard_comp={_SOUND_OFF_SECONDS}"


@dataclass(slots=True)
class _Heard:
    """What a feeder's FFmpeg has said of itself and of the item."""

    ran_out_of_memory: bool = False
    found_damage: bool = False

    def hear(self, line: str) -> None:
        complaint = classify(line)
        self.ran_out_of_memory = self.ran_out_of_memory or complaint is Complaint.OUT_OF_MEMORY
        self.found_damage = self.found_damage or complaint is Complaint.INPUT_BROKEN


class Feeder:
    """A running feeder. Reading its clusters is what makes it work; it waits when nobody reads."""

    def __init__(self, child: Child, heard: "_Heard") -> None:
        self._child = child
        self._heard = heard
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
        """Starts FFmpeg; `on_error_line` gets what it complains about. It may have `memory_mb`, 0 for any amount."""
        heard = _Heard()

        def hear(line: str) -> None:
            heard.hear(line)
            on_error_line(line)

        child = await Child.start(
            command_line,
            on_error_line=hear,
            buffer_bytes=_READ_LIMIT_BYTES,
            niceness=niceness,
            memory_mb=memory_mb,
        )
        return cls(child, heard)

    @property
    def pid(self) -> int:
        """The process id of its FFmpeg."""
        return self._child.pid

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether FFmpeg has complained that it may have no more; all is heard once its end has been waited for."""
        return self._heard.ran_out_of_memory

    @property
    def found_damage(self) -> bool:
        """Whether FFmpeg has met damaged packets of the item."""
        return self._heard.found_damage

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
