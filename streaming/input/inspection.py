"""Inspects the clusters of a feeder before they go on air: frequent pictures, advancing times, whole packets.

FFmpeg writes the packets of an item in decoding order, and a picture is decoded before it is shown. When a packet of
sound has come, all pictures before it have come, too. So a gap shows as soon as it is there.
"""

import heapq
import math
from collections import deque
from dataclasses import dataclass, field

from streaming.bitstream.h264 import Damaged, Parameters, changes_sequence
from streaming.bitstream.matroska import AUDIO_TRACK, Block, Cluster, Header
from streaming.ffmpeg.messages import Treatments
from streaming.ffmpeg.treatment import Fault, FaultKind, PictureSource, Treatment, most_kbps
from streaming.input.messages import Faults
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode

LONGEST_GAP_MS = 450.0
"""Ingests expect a picture every half second. A longer gap also stops FFmpeg's interleaving."""
_LONGEST_GAP_AUTO_MS = 125.0
_LONGEST_STEP_BACK_MS = 2_000.0
"""Pictures come in decoding order. None is shown this much before one that was decoded earlier."""
_LONGEST_STEP_MS = 600.0
"""A picture may be decoded before others that are shown earlier, but only as many as a decoder can hold back."""
_ORDER_KNOWN_AFTER = 20
"""The order of pictures is known after this many."""
_FRAME_MS = 1000 / 30
_OUTLIVED_MS = 300.0
"""FFmpeg ends a made-up picture some time after its sound."""
_SOUND_LATE_MS = 1_000.0
"""Without sound, pictures are in order once this much more has come."""
_LONGEST_GOP_MS = {EncodeMode.AUTO: 5_970.0, EncodeMode.COPY: 20_000.0}
_MOST_GOP_BYTES = 24 << 20
"""Program and uplinks keep whole groups of pictures."""
_RATE_SECONDS = 5.0
_LATEST_MS = 400 * 86_400_000.0
"""No item plays for longer than a year."""


_AAC_LC = 2
_SBR_FOLLOWS = b"\x56\xe5"
_NO_PICTURE = Fault(FaultKind.PICTURE_BEHIND, Faults.NO_PICTURE())
_TOO_FAR_APART = Fault(FaultKind.UNFIT, Faults.PICTURES_TOO_FAR_APART())


@dataclass(slots=True)
class _Pictures:
    """The pictures so far, by the time they are shown."""

    latest_ms: float | None = None
    shown_ms: float | None = None
    """The last picture behind which no earlier one can come."""
    waiting: list[float] = field(default_factory=list)
    count: int = 0
    longest_step_ms: float = 0.0
    """The longest step to a later picture so far: with B-frames, others come between."""

    def add(self, time_ms: float) -> None:
        """Adds a picture, in decoding order."""
        if self.latest_ms is not None:
            self.longest_step_ms = max(self.longest_step_ms, time_ms - self.latest_ms)
        self.count += 1
        self.latest_ms = time_ms if self.latest_ms is None else max(time_ms, self.latest_ms)
        heapq.heappush(self.waiting, time_ms)

    def gap_ms(self, until_ms: float) -> float:
        """The longest gap between pictures up to a time at which all are known."""
        longest = 0.0
        while self.waiting and self.waiting[0] <= until_ms:
            time_ms = heapq.heappop(self.waiting)
            longest = max(longest, time_ms - self.shown_ms if self.shown_ms is not None else 0.0)
            self.shown_ms = time_ms
        return longest


class Inspector:
    """Inspects the clusters of one feeder, in their order."""

    def __init__(self, header: Header, treatment: Treatment, mode: EncodeMode, profile: Profile) -> None:
        self._is_copy = treatment.copy_video
        self._is_strict = mode is EncodeMode.AUTO and self._is_copy
        self._longest_gap_ms = _LONGEST_GAP_AUTO_MS if self._is_strict else LONGEST_GAP_MS
        self._longest_gop_ms = _LONGEST_GOP_MS.get(mode, math.inf) if self._is_copy else math.inf
        self._most_kbps = most_kbps(profile) if self._is_strict else math.inf
        self._parameters = Parameters.read(header.video_private) if self._is_copy else None
        self._is_made_up = treatment.picture is not PictureSource.OWN
        self._has_sbr = treatment.copy_audio and _has_sbr(header.aac_private)
        self._pictures = _Pictures()
        self._first_sound_ms: float | None = None
        self._sound_ms = -math.inf
        self._keyframe_ms: float | None = None
        self._gop_bytes = 0
        self._rates: deque[tuple[float, int]] = deque()

    def find(self, cluster: Cluster) -> Fault | None:
        """The fault of a cluster, which must not be played then; None when it is fine."""
        if self._has_sbr:
            return Fault(FaultKind.UNFIT, Faults.HE_AAC())
        for block in cluster.blocks:
            if not math.isfinite(block.time_ms) or abs(block.time_ms) > _LATEST_MS:
                return Fault(FaultKind.UNFIT, Faults.SENSELESS_TIMES())
            fault = self._sound(block) if block.track == AUDIO_TRACK else self._picture(block)
            if fault:
                return fault
        return self._heavy(cluster) if self._is_copy else None

    @property
    def is_sound_over(self) -> bool:
        """Whether a made-up or held picture has outlived its sound."""
        latest_ms = self._pictures.latest_ms
        if not self._is_made_up or latest_ms is None or self._first_sound_ms is None:
            return False
        return latest_ms > self._sound_ms + _OUTLIVED_MS

    @property
    def _longest_step_ms(self) -> float:
        """How much later a picture may be shown than those before it: others may be shown in between."""
        if self._pictures.count < _ORDER_KNOWN_AFTER:
            return _LONGEST_STEP_MS
        return min(_LONGEST_STEP_MS, self._pictures.longest_step_ms + self._longest_gap_ms - _FRAME_MS)

    def _sound(self, block: Block) -> Fault | None:
        time_ms = block.time_ms
        self._sound_ms = max(self._sound_ms, time_ms)
        if self._first_sound_ms is None:
            self._first_sound_ms = time_ms
        if self._pictures.latest_ms is None:
            return _NO_PICTURE if time_ms - self._first_sound_ms > LONGEST_GAP_MS else None
        return self._gap() or self._missing_picture(time_ms)

    def _missing_picture(self, time_ms: float) -> Fault | None:
        """The fault when a sound comes too long after the last picture before it."""
        pictures = self._pictures
        if pictures.shown_ms is None:
            return None
        behind_ms = time_ms - pictures.shown_ms
        if pictures.waiting:
            return _TOO_FAR_APART if behind_ms > self._longest_gap_ms else None
        return _NO_PICTURE if behind_ms > LONGEST_GAP_MS else None

    def _picture(self, block: Block) -> Fault | None:
        latest_ms = self._pictures.latest_ms
        if latest_ms is not None and block.time_ms < latest_ms - _LONGEST_STEP_BACK_MS:
            return Fault(FaultKind.UNFIT, Faults.JUMPING_TIMES())
        if latest_ms is not None and block.time_ms > latest_ms + self._longest_step_ms:
            return _TOO_FAR_APART
        self._pictures.add(block.time_ms)
        return self._gap() or (self._packet(block) if self._is_copy else None)

    def _gap(self) -> Fault | None:
        pictures = self._pictures
        if pictures.latest_ms is None:
            return None
        gap_ms = pictures.gap_ms(max(self._sound_ms, pictures.latest_ms - _SOUND_LATE_MS))
        return _TOO_FAR_APART if gap_ms > self._longest_gap_ms else None

    def _packet(self, block: Block) -> Fault | None:
        if block.is_keyframe:
            self._keyframe_ms, self._gop_bytes = block.time_ms, 0
        self._gop_bytes += len(block.payload)
        if self._keyframe_ms is not None and block.time_ms - self._keyframe_ms > self._longest_gop_ms:
            return Fault(FaultKind.UNFIT, Faults.KEYFRAMES_TOO_FAR_APART())
        if self._gop_bytes > _MOST_GOP_BYTES:
            return Fault(FaultKind.UNFIT, Faults.TOO_MUCH_DATA())
        if self._parameters is None:
            return None
        try:
            is_changed = changes_sequence(block.payload, self._parameters)
        except Damaged:
            return Fault(FaultKind.UNFIT, Faults.DAMAGED())
        return Fault(FaultKind.UNFIT, Faults.SIZE_CHANGES()) if is_changed else None

    def _heavy(self, cluster: Cluster) -> Fault | None:
        """The fault when the bit rate over some seconds is too high for a copy."""
        if self._pictures.latest_ms is None:
            return None
        self._rates.append((self._pictures.latest_ms, sum(len(block.payload) for block in cluster.blocks)))
        seconds = (self._rates[-1][0] - self._rates[0][0]) / 1000
        if seconds < _RATE_SECONDS:
            return None
        kbps = sum(length for _, length in self._rates) * 8 / 1000 / seconds
        self._rates.popleft()
        return Fault(FaultKind.UNFIT, Treatments.BITRATE(megabits=kbps / 1000)) if kbps > self._most_kbps else None


def _has_sbr(config: bytes) -> bool:
    """Whether the configuration says that SBR doubles the rate of AAC (ISO/IEC 14496-3, section 1.6.5)."""
    object_type = config[0] >> 3 if config else _AAC_LC
    is_told_behind = len(config) >= 5 and config[2:4] == _SBR_FOLLOWS and bool(config[4] & 0x80)
    return object_type != _AAC_LC or is_told_behind
