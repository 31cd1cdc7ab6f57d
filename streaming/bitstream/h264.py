"""The part of H.264 that shows whether a packet is whole: its NAL units and their parameters (ITU-T H.264)."""

from collections.abc import Iterator
from dataclasses import dataclass

_SPS = 7
_LAST_KNOWN_TYPE = 23
"""Types above it are for transport protocols and occur in no file (RFC 6184)."""
_SHORTEST_RECORD_BYTES = 7


class Damaged(ValueError):
    """The bytes are no sequence of NAL units."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters for a decoder before the first picture: the `avcC` record (ISO/IEC 14496-15)."""

    length_bytes: int
    """The size of the length field before each NAL unit."""
    sequence: frozenset[bytes]
    """The sequence parameter sets."""

    @classmethod
    def read(cls, record: bytes) -> "Parameters | None":
        """Reads an `avcC` record; None when it is none."""
        if len(record) < _SHORTEST_RECORD_BYTES or record[0] != 1:
            return None
        sets: list[bytes] = []
        at = 6
        for _ in range(record[5] & 31):
            length = int.from_bytes(record[at : at + 2], "big")
            sets.append(record[at + 2 : at + 2 + length])
            at += 2 + length
        return cls((record[4] & 3) + 1, frozenset(sets))


def changes_sequence(packet: bytes | memoryview, parameters: Parameters) -> bool:
    """Whether a packet contains other sequence parameters. Raises Damaged when it is no sequence of NAL units."""
    return any(
        kind == _SPS and bytes(packet[start:end]) not in parameters.sequence
        for kind, start, end in _units(packet, parameters.length_bytes)
    )


def _units(packet: bytes | memoryview, length_bytes: int) -> Iterator[tuple[int, int, int]]:
    """Yields type, beginning and end of every NAL unit."""
    at, size = 0, len(packet)
    if not size:
        raise Damaged("an empty packet")
    while at < size:
        start = at + length_bytes
        at = start + int.from_bytes(packet[at:start], "big")
        if start >= size or at > size or at == start:
            raise Damaged("a NAL unit that does not fit its packet")
        head = packet[start]
        if head & 0x80 or not 0 < head & 31 <= _LAST_KNOWN_TYPE:
            raise Damaged("a NAL unit of no known type")
        yield head & 31, start, at
