"""RTMP below its commands: the handshake, and messages cut into chunks (Adobe, "RTMP Specification 1.0", 5.2-5.4)."""

import asyncio
import os
import struct
from dataclasses import dataclass, field
from enum import IntEnum

VERSION = 3
HANDSHAKE_BYTES = 1536
FIRST_CHUNK_BYTES = 128
LONGEST_MESSAGE_BYTES = 8 << 20  # a keyframe has a few hundred KiB; more is a parser out of step
CONTROL_CHUNK_STREAM = 2
EXTENDED = 0xFFFFFF  # in the three-byte timestamp field: the real value follows in four bytes
TIMESTAMP_RANGE = 1 << 32

_BASIC_HEADER_EXTRA_BYTES = {0: 1, 1: 2}
_MESSAGE_HEADER_BYTES = (11, 7, 3, 0)


class ProtocolError(Exception):
    """The publisher broke the protocol; the text says how."""


class MessageType(IntEnum):
    """Message type ids (specification, sections 5.4, 6.2 and 7.1)."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA = 18
    COMMAND = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One RTMP message; the timestamp is the 32-bit one of the wire, in milliseconds."""

    type_id: int
    payload: bytes
    stream_id: int = 0
    timestamp: int = 0
    chunk_stream_id: int = CONTROL_CHUNK_STREAM


@dataclass(slots=True)
class _ChunkStream:
    """What the next header on a chunk stream leaves out, and the part of a message that came so far."""

    timestamp: int = 0
    delta: int = 0
    is_extended: bool = False
    length: int = 0
    type_id: int = 0
    stream_id: int = 0
    payload: bytearray = field(default_factory=bytearray)


async def accept_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The server's side of the plain handshake. Raises ProtocolError on another version or a wrong echo."""
    version = (await reader.readexactly(1))[0]
    if version != VERSION:
        raise ProtocolError(f"RTMP version {version} asked for, {VERSION} expected")
    client = await reader.readexactly(HANDSHAKE_BYTES)
    server = bytes(8) + os.urandom(HANDSHAKE_BYTES - 8)
    writer.write(bytes([VERSION]) + server + client)
    echo = await reader.readexactly(HANDSHAKE_BYTES)
    if echo[8:] != server[8:]:
        raise ProtocolError("the handshake's last part does not echo ours")


def to_chunks(message: Message, chunk_bytes: int) -> bytes:
    """The message as one full header and bare continuations, on a chunk stream below 64."""
    head = bytes([message.chunk_stream_id]) + _full_header(message)
    extended = struct.pack(">I", message.timestamp) if message.timestamp >= EXTENDED else b""
    continuation = bytes([3 << 6 | message.chunk_stream_id]) + extended
    parts = [message.payload[at : at + chunk_bytes] for at in range(0, len(message.payload), chunk_bytes)]
    return head + extended + continuation.join(parts)


def _full_header(message: Message) -> bytes:
    return (
        min(message.timestamp, EXTENDED).to_bytes(3, "big")
        + len(message.payload).to_bytes(3, "big")
        + bytes([message.type_id])
        + message.stream_id.to_bytes(4, "little")
    )


class ChunkReader:
    """Puts a publisher's chunks together to messages and obeys those that change how chunks are read."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._streams: dict[int, _ChunkStream] = {}
        self._chunk_bytes = FIRST_CHUNK_BYTES
        self.received_bytes = 0

    async def read_message(self) -> Message:
        """The next message that is not about chunks. Raises ProtocolError, or IncompleteReadError at the end."""
        while True:
            message = await self._read_chunk()
            if message and not self._obey(message):
                return message

    async def _read_chunk(self) -> Message | None:
        """Reads one chunk; returns the message that it completes, if it does."""
        header_format, number = await self._basic_header()
        stream = self._stream(header_format, number)
        if header_format == 3 and stream.payload:
            await self._continued_timestamp(stream)
        else:
            await self._begin_message(stream, header_format)
        stream.payload += await self._take(min(self._chunk_bytes, stream.length - len(stream.payload)))
        if len(stream.payload) < stream.length:
            return None
        payload, stream.payload = bytes(stream.payload), bytearray()
        return Message(stream.type_id, payload, stream.stream_id, stream.timestamp, number)

    async def _basic_header(self) -> tuple[int, int]:
        first = (await self._take(1))[0]
        header_format, number = first >> 6, first & 63
        if extra_bytes := _BASIC_HEADER_EXTRA_BYTES.get(number):
            number = 64 + int.from_bytes(await self._take(extra_bytes), "little")
        return header_format, number

    def _stream(self, header_format: int, number: int) -> _ChunkStream:
        stream = self._streams.get(number)
        if stream is None:
            if header_format != 0:
                raise ProtocolError(f"chunk stream {number} begins with a header of format {header_format}, not 0")
            stream = self._streams[number] = _ChunkStream()
        if stream.payload and header_format != 3:
            raise ProtocolError(f"chunk stream {number} begins a message inside another")
        return stream

    async def _continued_timestamp(self, stream: _ChunkStream) -> None:
        """An extended timestamp is repeated in every continuation (specification, section 5.3.1.3)."""
        if stream.is_extended and int.from_bytes(await self._take(4), "big") != stream.delta:
            raise ProtocolError("a continuation does not repeat the extended timestamp of its message")

    async def _begin_message(self, stream: _ChunkStream, header_format: int) -> None:
        header = await self._take(_MESSAGE_HEADER_BYTES[header_format])
        if header_format <= 2:
            stream.delta = int.from_bytes(header[:3], "big")
            stream.is_extended = stream.delta == EXTENDED
        if header_format <= 1:
            stream.length, stream.type_id = int.from_bytes(header[3:6], "big"), header[6]
        if header_format == 0:
            stream.stream_id, stream.timestamp = int.from_bytes(header[7:], "little"), 0
        if stream.is_extended:
            stream.delta = int.from_bytes(await self._take(4), "big")
        if stream.length > LONGEST_MESSAGE_BYTES:
            raise ProtocolError(f"a message of {stream.length} bytes; {LONGEST_MESSAGE_BYTES} is the limit")
        stream.timestamp = (stream.timestamp + stream.delta) % TIMESTAMP_RANGE

    def _obey(self, message: Message) -> bool:
        if message.type_id not in (MessageType.SET_CHUNK_SIZE, MessageType.ABORT):
            return False
        if len(message.payload) != 4:
            raise ProtocolError(f"a control message of {len(message.payload)} bytes, not 4")
        value = int.from_bytes(message.payload, "big")
        if message.type_id == MessageType.ABORT:
            self._streams.get(value, _ChunkStream()).payload.clear()
        elif not 1 <= value < 1 << 31:
            raise ProtocolError(f"a chunk size of {value}")
        else:
            self._chunk_bytes = value
        return True

    async def _take(self, size: int) -> bytes:
        data = await self._reader.readexactly(size)
        self.received_bytes += size
        return data
