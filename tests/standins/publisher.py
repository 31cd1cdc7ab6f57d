"""The ingest's side of the talk with one publisher: RTMP commands from connect to deleteStream, strictly in order."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol

from tests.standins.amf0 import AmfError, AmfValue, decode, encode
from tests.standins.media import Kind
from tests.standins.rtmp import (
    CONTROL_CHUNK_STREAM,
    FIRST_CHUNK_BYTES,
    ChunkReader,
    Message,
    MessageType,
    ProtocolError,
    accept_handshake,
    to_chunks,
)
from tests.standins.session import End, Session

CHUNK_BYTES = 4096  # what platforms use; small enough that pictures arrive in several chunks
WINDOW_BYTES = 2_500_000
COMMAND_CHUNK_STREAM = 3
MEDIA_STREAM = 1
PATIENCE_SECONDS = 10.0  # for the handshake and for each step up to publishing

_MEDIA = {MessageType.AUDIO: Kind.AUDIO, MessageType.VIDEO: Kind.VIDEO, MessageType.DATA: Kind.METADATA}
_IGNORED = {MessageType.ACKNOWLEDGEMENT, MessageType.USER_CONTROL, MessageType.PEER_BANDWIDTH}
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close() sends RST


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that the ingest answers; FFmpeg prints the description."""

    code: str
    description: str = "Refused by the ingest."


class RefusedError(Exception):
    """The ingest said no and ends the connection; the text is the code it answered."""


class Desk(Protocol):
    """What the talk asks of the ingest behind it."""

    def refusal_of_application(self, application: str) -> Refusal | None:
        """What to answer a connect with, or None to accept it."""

    def refusal_of_key(self, key: str) -> Refusal | None:
        """What to answer a publication with, or None to accept it."""

    def open_session(self, key: str, publisher: "Publisher") -> Session:
        """A new publication of the key begins."""

    async def announce(self) -> None:
        """Something changed that somebody may wait for."""


@dataclass(slots=True)
class Attempt:
    """One connection: when it came (monotonic, seconds), the key it named, and what it came to."""

    at: float
    key: str = ""
    reached_at: str = ""
    """The address the publisher says it connected to (tcUrl)."""
    outcome: str = "open"


class Publisher:
    """One connection, from its handshake to its end; `attempt` tells what came of it."""

    def __init__(self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.attempt = Attempt(time.monotonic())
        self.session: Session | None = None
        self._desk = desk
        self._reader = reader
        self._writer = writer
        self._chunks = ChunkReader(reader)
        self._chunk_bytes = FIRST_CHUNK_BYTES
        self._window_bytes = WINDOW_BYTES
        self._acknowledged_bytes = 0
        self._is_connected = False
        self._has_stream = False
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._commands: dict[str, Callable[[float, list[AmfValue]], Awaitable[None]]] = {
            "connect": self._connect,
            "releaseStream": self._acknowledge_name,
            "FCPublish": self._acknowledge_name,
            "createStream": self._create_stream,
            "publish": self._publish,
            "FCUnpublish": self._unpublish,
            "deleteStream": self._unpublish,
        }

    # Faults

    def reset(self, end: End) -> None:
        """Resets the connection (RST), for the given reason."""
        self._close_session(end)
        raw = self._writer.get_extra_info("socket")
        with contextlib.suppress(OSError):  # it may have gone by itself
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        self._writer.transport.abort()
        self.resume()  # a stalled talk notices its end

    def stall(self) -> None:
        """Stops reading, so that the publisher's writes block once the buffers between are full."""
        self._may_read.clear()

    def resume(self) -> None:
        """Reads again."""
        self._may_read.set()

    # The talk

    async def talk(self) -> None:
        """Serves the connection to its end and notes why it ended."""
        try:
            await self._serve()
        except (ProtocolError, AmfError) as error:
            self._close_session(End.PROTOCOL_ERROR, str(error))
            self.attempt.outcome = f"{End.PROTOCOL_ERROR}: {error}"
        except RefusedError as refusal:
            self.attempt.outcome = str(refusal)
        except (asyncio.IncompleteReadError, TimeoutError):
            self._close_session(End.CLOSED)
        except ConnectionError:
            self._close_session(End.RESET)
        except asyncio.CancelledError:
            self._close_session(End.SHUTDOWN)
            self._writer.transport.abort()
            raise
        self._writer.close()
        if self.attempt.outcome == "open":
            self.attempt.outcome = "left before publishing"
        await self._desk.announce()

    async def _serve(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await accept_handshake(self._reader, self._writer)
        while True:
            await self._may_read.wait()
            async with asyncio.timeout(None if self.session else PATIENCE_SECONDS):
                message = await self._chunks.read_message()
            await self._may_read.wait()  # what came while stalled arrives when reading goes on
            await self._take(message)
            self._acknowledge()
            await self._writer.drain()

    async def _take(self, message: Message) -> None:
        match message.type_id:
            case MessageType.AUDIO | MessageType.VIDEO | MessageType.DATA:
                await self._record(message)
            case MessageType.COMMAND:
                await self._obey(message)
            case MessageType.WINDOW_SIZE:
                self._window_bytes = max(1, int.from_bytes(message.payload, "big"))
            case other if other not in _IGNORED:
                raise ProtocolError(f"a message of type {other}")

    async def _record(self, message: Message) -> None:
        if self.session is None:
            raise ProtocolError("media before publish")
        if message.stream_id != MEDIA_STREAM:
            raise ProtocolError(f"media on message stream {message.stream_id}, not {MEDIA_STREAM}")
        if self.session.end is None:
            self.session.record(_MEDIA[MessageType(message.type_id)], message.timestamp, message.payload)
            await self._desk.announce()

    def _acknowledge(self) -> None:
        received = self._chunks.received_bytes
        if received - self._acknowledged_bytes >= self._window_bytes:
            self._acknowledged_bytes = received
            self._send(MessageType.ACKNOWLEDGEMENT, struct.pack(">I", received % (1 << 32)))

    # Commands

    async def _obey(self, message: Message) -> None:
        match decode(message.payload):
            case [str(name), float(transaction), *arguments]:
                pass
            case _:
                raise ProtocolError("a command without a name and a transaction")
        if name != "connect" and not self._is_connected:
            raise ProtocolError(f"{name} before connect")
        command = self._commands.get(name)
        if command is None:
            self._answer("_error", transaction, None, _status("error", "NetConnection.Call.Failed", f"No {name} here."))
        else:
            await command(transaction, arguments)

    async def _connect(self, transaction: float, arguments: list[AmfValue]) -> None:
        match arguments:
            case [{"app": str(application), **properties}, *_] if transaction == 1 and not self._is_connected:
                pass
            case _:
                raise ProtocolError("a connect that is not the first command, with transaction 1 and an app")
        self.attempt.reached_at = str(properties.get("tcUrl", ""))
        if refusal := self._desk.refusal_of_application(application):
            await self._refuse("_error", transaction, refusal)
        self._is_connected = True
        self._send(MessageType.WINDOW_SIZE, struct.pack(">I", WINDOW_BYTES))
        self._send(MessageType.PEER_BANDWIDTH, struct.pack(">IB", WINDOW_BYTES, 2))
        self._send(MessageType.SET_CHUNK_SIZE, struct.pack(">I", CHUNK_BYTES))
        self._chunk_bytes = CHUNK_BYTES
        server: AmfValue = {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31}
        self._answer("_result", transaction, server, _status("status", "NetConnection.Connect.Success", "Connected."))

    async def _acknowledge_name(self, transaction: float, _arguments: list[AmfValue]) -> None:
        self._answer("_result", transaction, None)

    async def _create_stream(self, transaction: float, _arguments: list[AmfValue]) -> None:
        if self._has_stream:
            raise ProtocolError("a second createStream")
        self._has_stream = True
        self._answer("_result", transaction, None, MEDIA_STREAM)

    async def _publish(self, _transaction: float, arguments: list[AmfValue]) -> None:
        match arguments:
            case [None, str(key), *_] if self._has_stream and self.session is None:
                pass
            case _:
                raise ProtocolError("a publish without a key, without a stream, or a second one")
        self.attempt.key = key
        if refusal := self._desk.refusal_of_key(key):
            await self._refuse("onStatus", 0, refusal)
        self.session = self._desk.open_session(key, self)
        self.attempt.outcome = "published"
        self._send(MessageType.USER_CONTROL, struct.pack(">HI", 0, MEDIA_STREAM))  # Stream Begin
        self._answer("onStatus", 0, None, _status("status", "NetStream.Publish.Start", f"{key} is now published."))
        await self._desk.announce()

    async def _unpublish(self, _transaction: float, _arguments: list[AmfValue]) -> None:
        self._close_session(End.UNPUBLISHED)
        await self._desk.announce()

    async def _refuse(self, command: str, transaction: float, refusal: Refusal) -> NoReturn:
        self._answer(command, transaction, None, _status("error", refusal.code, refusal.description))
        await self._writer.drain()
        raise RefusedError(refusal.code)

    # Sending

    def _answer(self, name: str, transaction: float, *values: AmfValue) -> None:
        stream_id = MEDIA_STREAM if name == "onStatus" else 0
        payload = encode(name, transaction, *values)
        message = Message(MessageType.COMMAND, payload, stream_id, chunk_stream_id=COMMAND_CHUNK_STREAM)
        self._writer.write(to_chunks(message, self._chunk_bytes))

    def _send(self, type_id: MessageType, payload: bytes) -> None:
        message = Message(type_id, payload, chunk_stream_id=CONTROL_CHUNK_STREAM)
        self._writer.write(to_chunks(message, self._chunk_bytes))

    def _close_session(self, end: End, detail: str = "") -> None:
        if self.session:
            self.session.close(end, detail)


def _status(level: str, code: str, description: str) -> AmfValue:
    return {"level": level, "code": code, "description": description}
