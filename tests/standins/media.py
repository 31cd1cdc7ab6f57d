"""What is inside a media message (Adobe, "Video File Format Specification 10.1", annex E)."""

from dataclasses import dataclass
from enum import StrEnum

_AVC, _AAC = 7, 10
_AVC_HEADER, _AVC_PICTURE, _AAC_HEADER = 0, 1, 0
_KEYFRAME = 1
_SAMPLE_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


class Kind(StrEnum):
    """What a media message carries."""

    AUDIO = "audio"
    VIDEO = "video"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """One message: the timestamp in milliseconds with the 32-bit wrap undone, the arrival on the monotonic clock."""

    kind: Kind
    timestamp_ms: int
    arrival: float
    payload: bytes

    @property
    def is_picture(self) -> bool:
        return self._is_avc(_AVC_PICTURE)

    @property
    def is_sound(self) -> bool:
        return self._is_aac() and self.payload[1] != _AAC_HEADER

    @property
    def is_media(self) -> bool:
        return self.is_picture or self.is_sound

    @property
    def is_keyframe(self) -> bool:
        return self.is_picture and self.payload[0] >> 4 == _KEYFRAME

    @property
    def is_video_header(self) -> bool:
        return self._is_avc(_AVC_HEADER)

    @property
    def is_audio_header(self) -> bool:
        return self._is_aac() and self.payload[1] == _AAC_HEADER

    @property
    def presentation_ms(self) -> int:
        """When it is shown or heard; a picture's composition offset is counted in."""
        if not self.is_picture:
            return self.timestamp_ms
        return self.timestamp_ms + int.from_bytes(self.payload[2:5], "big", signed=True)

    def _is_avc(self, packet_type: int) -> bool:
        payload = self.payload
        return self.kind == Kind.VIDEO and len(payload) > 5 and payload[0] & 0x0F == _AVC and payload[1] == packet_type

    def _is_aac(self) -> bool:
        return self.kind == Kind.AUDIO and len(self.payload) > 2 and self.payload[0] >> 4 == _AAC


@dataclass(frozen=True, slots=True)
class VideoHeader:
    """An AVC sequence header: its parameter sets."""

    timestamp_ms: int
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AudioHeader:
    """An AAC sequence header: sample rate in Hz, channels, and the bytes themselves."""

    timestamp_ms: int
    sample_rate: int
    channels: int
    config: bytes


def video_header(message: MediaMessage) -> VideoHeader:
    """Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.2.4.1)."""
    record = message.payload[5:]
    sps, at = _parameter_sets(record, 6, record[5] & 0x1F)
    pps, _ = _parameter_sets(record, at + 1, record[at])
    return VideoHeader(message.timestamp_ms, sps, pps)


def _parameter_sets(record: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    sets = []
    for _ in range(count):
        length = int.from_bytes(record[at : at + 2], "big")
        sets.append(record[at + 2 : at + 2 + length])
        at += 2 + length
    return tuple(sets), at


def audio_header(message: MediaMessage) -> AudioHeader:
    """Reads an AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2.1): 5 bits type, 4 bits rate, 4 bits channels."""
    config = message.payload[2:]
    bits = int.from_bytes(config[:2], "big")
    return AudioHeader(message.timestamp_ms, _SAMPLE_RATES[bits >> 7 & 0x0F], bits >> 3 & 0x0F, config)
