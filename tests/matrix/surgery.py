"""What no encoder makes: files changed byte by byte."""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKET = 188
"""Bytes of a packet of a transport stream (ISO/IEC 13818-1)."""
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"})


@dataclass(frozen=True, slots=True)
class Atom:
    """A box of ISO/IEC 14496-12: where it is, and where what is inside begins and ends."""

    kind: bytes
    begins: int
    inside: int
    ends: int


def atoms(data: bytes | bytearray, begins: int = 0, ends: int | None = None) -> Iterator[Atom]:
    """The boxes one after the other, each before what is in it."""
    at, end = begins, len(data) if ends is None else ends
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        inside = at + 8
        if size == 1:
            size, inside = struct.unpack(">Q", data[at + 8 : at + 16])[0], at + 16
        atom = Atom(kind, at, inside, at + (size or end - at))
        yield atom
        if kind in _CONTAINERS:
            yield from atoms(data, atom.inside, atom.ends)
        at = atom.ends


def find(data: bytes | bytearray, kind: bytes, number: int = 0) -> Atom:
    """The box of a kind, counted from 0."""
    return [atom for atom in atoms(data) if atom.kind == kind][number]


def change(source: Path, target: Path, operation: Callable[[bytearray], bytes | bytearray | None]) -> None:
    """Writes a file with its bytes changed in place or replaced."""
    data = bytearray(source.read_bytes())
    changed = operation(data)
    target.write_bytes(data if changed is None else changed)


def with_noise(source: Path, target: Path, *, begins: float, length: int, seed: int = 1) -> None:
    """Overwrites bytes from a part of the file on with noise."""
    noise = random.Random(seed)

    def spoil(data: bytearray) -> None:
        at = int(len(data) * begins)
        data[at : at + length] = noise.randbytes(min(length, len(data) - at))

    change(source, target, spoil)


def with_zeros(source: Path, target: Path, *, begins: float, length: int) -> None:
    """Overwrites bytes from a part of the file on with zeros."""

    def spoil(data: bytearray) -> None:
        at = int(len(data) * begins)
        data[at : at + length] = bytes(min(length, len(data) - at))

    change(source, target, spoil)


def cut_off(source: Path, target: Path, *, keep: float) -> None:
    """Leaves a part of the file."""
    change(source, target, lambda data: data[: int(len(data) * keep)])


def without_packets(source: Path, target: Path, *, begins: float, ends: float, every: int) -> None:
    """Leaves out every so manieth packet of a stretch of a transport stream."""
    data = source.read_bytes()
    packets = [data[at : at + PACKET] for at in range(0, len(data), PACKET)]
    lossy = range(int(begins * len(packets)), int(ends * len(packets)), every)
    target.write_bytes(b"".join(packet for number, packet in enumerate(packets) if number not in lossy))


def joined(target: Path, *sources: Path) -> None:
    """Writes files one behind the other, as transport streams may be."""
    target.write_bytes(b"".join(source.read_bytes() for source in sources))


def replaced(source: Path, target: Path, old: bytes, new: bytes, *, count: int = -1) -> None:
    """Replaces bytes by as many others. Raises ValueError when they are not there."""
    data = source.read_bytes()
    if old not in data or len(old) != len(new):
        raise ValueError(f"{old!r} is not in {source.name}, or {new!r} is longer or shorter")
    target.write_bytes(data.replace(old, new, count))


def tracks_moved(source: Path, target: Path, order: Callable[[bytes], int]) -> None:
    """Sorts what is in an MP4's `moov`; that must be behind the media, which stay where they are."""

    def move(data: bytearray) -> bytes:
        moov = find(data, b"moov")
        inner = [a for a in atoms(data, moov.inside, moov.ends) if a.begins in _tops(data, moov)]
        parts = sorted((bytes(data[a.begins : a.ends]) for a in inner), key=order)
        return bytes(data[: moov.inside]) + b"".join(parts) + bytes(data[moov.ends :])

    change(source, target, move)


def _tops(data: bytes | bytearray, parent: Atom) -> set[int]:
    tops, at = set(), parent.inside
    while at < parent.ends:
        tops.add(at)
        at += struct.unpack(">I", data[at : at + 4])[0]
    return tops


# Edit lists (ISO/IEC 14496-12, section 8.6.6)


@dataclass(frozen=True, slots=True)
class Edit:
    """So long, from that moment of the track on; without a moment nothing is shown."""

    seconds: float
    from_seconds: float | None


def with_edits(source: Path, target: Path, edits: list[Edit]) -> None:
    """Gives every track of an MP4 another edit list; `moov` must be behind the media."""

    def edit(data: bytearray) -> bytearray:
        moov = find(data, b"moov")
        if moov.ends != len(data):
            raise ValueError(f"moov is not at the end of {source.name}")
        movie_scale = _scale(data, find(data, b"mvhd"))
        tracks = [atom for atom in atoms(data) if atom.kind == b"trak"]
        for track in reversed(tracks):
            inner = list(atoms(data, track.inside, track.ends))
            scale = _scale(data, next(atom for atom in inner if atom.kind == b"mdhd"))
            old = next((atom for atom in inner if atom.kind == b"edts"), None)
            skipped = _first_media_time(data, next((a for a in inner if a.kind == b"elst"), None))
            new = _edit_list(edits, movie_scale, scale, skipped)
            begins, ends = (old.begins, old.ends) if old else (inner[0].ends, inner[0].ends)
            data[begins:ends] = new
            for parent in (track, moov):
                _grow(data, parent, len(new) - (ends - begins))
        return data

    change(source, target, edit)


def _edit_list(edits: list[Edit], movie_scale: int, scale: int, skipped: int) -> bytes:
    entries = b"".join(
        struct.pack(
            ">IiI",
            round(edit.seconds * movie_scale),
            -1 if edit.from_seconds is None else skipped + round(edit.from_seconds * scale),
            1 << 16,
        )
        for edit in edits
    )
    body = struct.pack(">II", 0, len(edits)) + entries
    return struct.pack(">I4sI4s", len(body) + 16, b"edts", len(body) + 8, b"elst") + body


def _first_media_time(data: bytearray, elst: Atom | None) -> int:
    """What was skipped already: the delay that pictures out of order need."""
    return struct.unpack(">i", data[elst.inside + 12 : elst.inside + 16])[0] if elst else 0


def _grow(data: bytearray, atom: Atom, difference: int) -> None:
    size = struct.unpack(">I", data[atom.begins : atom.begins + 4])[0]
    data[atom.begins : atom.begins + 4] = struct.pack(">I", size + difference)


def _scale(data: bytearray, header: Atom) -> int:
    """The ticks a second of an `mvhd` or `mdhd`."""
    at = header.inside + (20 if data[header.inside] == 1 else 12)
    scale: int = struct.unpack(">I", data[at : at + 4])[0]
    return scale


def set_header(
    source: Path, target: Path, kind: bytes, *, scale: int | None = None, duration: int | None = None
) -> None:
    """Has every `mvhd` or `mdhd` of a file claim something else."""

    def claim(data: bytearray) -> None:
        for header in [atom for atom in atoms(data) if atom.kind == kind]:
            at = header.inside + 12
            if scale is not None:
                data[at : at + 4] = struct.pack(">I", scale)
            if duration is not None:
                data[at + 4 : at + 8] = struct.pack(">I", duration)

    change(source, target, claim)


# Transport streams (ISO/IEC 13818-1, sections 2.4.3.2 and 2.4.3.7)


def retimed(source: Path, target: Path, time_of: Callable[[int, int, int], int]) -> None:
    """Changes the time of every frame: `time_of` is given packet id, how manieth frame of it, and 90 kHz ticks."""

    def retime(data: bytearray) -> None:
        counts: dict[int, int] = {}
        for begins in range(0, len(data), PACKET):
            packet_id = (data[begins + 1] & 0x1F) << 8 | data[begins + 2]
            at = _frame_in(data, begins)
            if at is None:
                continue
            number = counts[packet_id] = counts.get(packet_id, -1) + 1
            fields = (at + 9, at + 14) if data[at + 7] >> 6 == 3 else (at + 9,)
            for field in fields:
                _set_ticks(data, field, time_of(packet_id, number, _ticks(data, field)))

    change(source, target, retime)


def clock_moved(source: Path, target: Path, moved_by: Callable[[float], float]) -> None:
    """Moves the clock: `moved_by` says by how many seconds what was at a second is moved.

    Pictures go by their decoding times, so that a GOP stays together.
    """

    def move(data: bytearray) -> None:
        for begins in range(0, len(data), PACKET):
            at = _frame_in(data, begins)
            if at is not None:
                fields = (at + 9, at + 14) if data[at + 7] >> 6 == 3 else (at + 9,)
                difference = round(moved_by(_ticks(data, fields[-1]) / 90_000) * 90_000)
                for field in fields:
                    _set_ticks(data, field, _ticks(data, field) + difference)
            if data[begins + 3] & 0x20 and data[begins + 4] >= 7 and data[begins + 5] & 0x10:
                _move_reference(data, begins + 6, moved_by)

    change(source, target, move)


def _move_reference(data: bytearray, at: int, moved_by: Callable[[float], float]) -> None:
    """Moves a program clock reference: 33 bits of 90 kHz, then 15 that stay as they are."""
    ticks = int.from_bytes(data[at : at + 5], "big") >> 7
    ticks = (ticks + round(moved_by(ticks / 90_000) * 90_000)) % (1 << 33)
    data[at : at + 5] = (ticks << 7 | data[at + 4] & 0x7F).to_bytes(5, "big")


def _frame_in(data: bytearray, begins: int) -> int | None:
    """Where a frame with a time begins in a packet, if one does."""
    starts, control = data[begins + 1] & 0x40, data[begins + 3] >> 4 & 3
    at = begins + 4 + (1 + data[begins + 4] if control & 2 else 0)
    is_frame = starts and control & 1 and data[at : at + 3] == b"\0\0\1" and data[at + 7] & 0x80
    return at if is_frame else None


def _ticks(data: bytearray, at: int) -> int:
    """The 33 bits of a time, which marker bits part into 3, 15 and 15."""
    high, middle, low = data[at] >> 1 & 7, int.from_bytes(data[at + 1 : at + 3], "big"), data[at + 3 : at + 5]
    return high << 30 | middle >> 1 << 15 | int.from_bytes(low, "big") >> 1


def _set_ticks(data: bytearray, at: int, ticks: int) -> None:
    ticks %= 1 << 33
    data[at] = data[at] & 0xF1 | (ticks >> 30) << 1
    data[at + 1 : at + 3] = ((ticks >> 15 & 0x7FFF) << 1 | 1).to_bytes(2, "big")
    data[at + 3 : at + 5] = ((ticks & 0x7FFF) << 1 | 1).to_bytes(2, "big")
