"""AMF0, the encoding of RTMP commands and metadata (Adobe, "Action Message Format AMF 0", 2007)."""

import struct
from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

AmfValue: TypeAlias = "float | bool | str | dict[str, AmfValue] | list[AmfValue] | None"


class AmfError(ValueError):
    """The bytes are not AMF0."""


class Marker(IntEnum):
    """The byte that says what kind of value follows."""

    NUMBER = 0
    BOOLEAN = 1
    STRING = 2
    OBJECT = 3
    NULL = 5
    UNDEFINED = 6
    ECMA_ARRAY = 8
    OBJECT_END = 9
    STRICT_ARRAY = 10
    LONG_STRING = 12


def encode(*values: AmfValue) -> bytes:
    """The values one after the other; a dict becomes an anonymous object."""
    return b"".join(_encode_value(value) for value in values)


def decode(data: bytes) -> list[AmfValue]:
    """Every value in the data. Raises AmfError when it is cut short or holds a kind that RTMP does not use."""
    reader = _Reader(data)
    values = []
    while not reader.is_at_end:
        values.append(reader.value())
    return values


def _encode_value(value: AmfValue) -> bytes:
    match value:
        case None:
            return bytes([Marker.NULL])
        case bool():
            return bytes([Marker.BOOLEAN, value])
        case int() | float():
            return struct.pack(">Bd", Marker.NUMBER, value)
        case str():
            return bytes([Marker.STRING]) + _encode_name(value)
        case list():
            return struct.pack(">BI", Marker.STRICT_ARRAY, len(value)) + encode(*value)
        case dict():
            members = b"".join(_encode_name(name) + _encode_value(member) for name, member in value.items())
            return bytes([Marker.OBJECT]) + members + _encode_name("") + bytes([Marker.OBJECT_END])


def _encode_name(name: str) -> bytes:
    data = name.encode()
    return struct.pack(">H", len(data)) + data


class _Reader:
    """Reads values from the front of the data."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._kinds: dict[int, Callable[[], AmfValue]] = {
            Marker.NUMBER: self._double,
            Marker.BOOLEAN: lambda: self._take(1) != b"\0",
            Marker.STRING: lambda: self._text(2),
            Marker.OBJECT: self._members,
            Marker.NULL: lambda: None,
            Marker.UNDEFINED: lambda: None,
            Marker.ECMA_ARRAY: self._counted_members,
            Marker.STRICT_ARRAY: lambda: [self.value() for _ in range(self._integer(4))],
            Marker.LONG_STRING: lambda: self._text(4),
        }

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._data)

    def value(self) -> AmfValue:
        marker = self._take(1)[0]
        if marker not in self._kinds:
            raise AmfError(f"unexpected AMF0 marker {marker} at byte {self._at - 1}")
        return self._kinds[marker]()

    def _counted_members(self) -> dict[str, AmfValue]:
        self._take(4)  # a count that encoders guess; the end marker decides
        return self._members()

    def _members(self) -> dict[str, AmfValue]:
        members: dict[str, AmfValue] = {}
        while name := self._text(2):
            members[name] = self.value()
        if self._take(1)[0] != Marker.OBJECT_END:
            raise AmfError(f"an object without its end marker at byte {self._at - 1}")
        return members

    def _text(self, size_of_length: int) -> str:
        return self._take(self._integer(size_of_length)).decode(errors="replace")

    def _integer(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _double(self) -> float:
        number: float = struct.unpack(">d", self._take(8))[0]
        return number

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise AmfError(f"the data ends inside a value, at byte {self._at}")
        self._at += size
        return taken
