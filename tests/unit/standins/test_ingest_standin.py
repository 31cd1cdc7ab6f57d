"""The ingest stand-in: strict about the protocol, exact about what it received, and failing only when asked to."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.standins.amf0 import AmfValue, decode, encode
from tests.standins.ingest import HOST, Absence, Ingest
from tests.standins.media import Kind
from tests.standins.publisher import CHUNK_BYTES, WINDOW_BYTES
from tests.standins.rtmp import FIRST_CHUNK_BYTES, ChunkReader, Message, MessageType, to_chunks
from tests.standins.session import End

AAC_44100_STEREO = b"\xaf\x00\x12\x10"
SOUND = b"\xaf\x01sound"
AVC_HEADER = b"\x17\x00\0\0\0" + b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x67SPS\x01\x00\x04\x68PPS"


def picture(*, composition_ms: int = 0, is_keyframe: bool = False) -> bytes:
    return (b"\x17" if is_keyframe else b"\x27") + b"\x01" + composition_ms.to_bytes(3, "big", signed=True) + b"slice"


class RawPublisher:
    """A publisher that says just what a test wants it to say."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.chunks = ChunkReader(reader)

    def say(self, *values: AmfValue, stream_id: int = 0) -> None:
        self.send(MessageType.COMMAND, encode(*values), stream_id=stream_id)

    def send(self, type_id: MessageType, payload: bytes, *, stream_id: int = 1, timestamp: int = 0) -> None:
        message = Message(type_id, payload, stream_id, timestamp, chunk_stream_id=5)
        self.writer.write(to_chunks(message, FIRST_CHUNK_BYTES))

    async def answer(self, name: str) -> list[AmfValue]:
        """The next answer of that name."""
        while True:
            message = await self.next_message(MessageType.COMMAND)
            if (values := decode(message.payload))[0] == name:
                return values

    async def next_message(self, type_id: MessageType) -> Message:
        async with asyncio.timeout(5):
            while (message := await self.chunks.read_message()).type_id != type_id:
                pass
            return message

    async def publish(self, key: str) -> None:
        """Everything up to the publish command; the answer to it is not awaited."""
        self.say("connect", 1, {"app": "live"})
        self.say("createStream", 2, None)
        self.say("publish", 3, None, key, "live", stream_id=1)
        await self.writer.drain()


@asynccontextmanager
async def connected(ingest: Ingest) -> AsyncIterator[RawPublisher]:
    """A connection after its handshake."""
    reader, writer = await asyncio.open_connection(HOST, ingest.port)
    try:
        writer.write(b"\x03" + bytes(1536))
        greeting = await reader.readexactly(1 + 1536 + 1536)
        writer.write(greeting[1:1537])
        yield RawPublisher(reader, writer)
    finally:
        writer.close()


# Publications


async def test_publication_is_recorded_from_start_to_end() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        await publisher.publish("key")
        assert (await publisher.answer("onStatus"))[3] == {
            "level": "status",
            "code": "NetStream.Publish.Start",
            "description": "key is now published.",
        }
        publisher.send(MessageType.AUDIO, AAC_44100_STEREO)
        publisher.send(MessageType.AUDIO, SOUND, timestamp=23)
        first = await ingest.first_media("key")
        session = await ingest.session("key")
        publisher.say("deleteStream", 4, None, 1)
        assert await session.ended() is End.UNPUBLISHED
    assert (first.kind, first.timestamp_ms, first.payload) == (Kind.AUDIO, 23, SOUND)
    assert session.closed_at is not None
    assert session.opened_at <= first.arrival <= session.closed_at
    assert ingest.protocol_errors == []


async def test_connection_that_just_ends_is_told_from_a_reset() -> None:
    async with Ingest() as ingest:
        async with connected(ingest) as publisher:
            await publisher.publish("left")
            left = await ingest.session("left")
            await publisher.answer("onStatus")  # a socket closed with something unread would reset
        async with connected(ingest) as publisher:
            await publisher.publish("dropped")
            dropped = await ingest.session("dropped")
            ingest.drop(dropped)
            with pytest.raises(ConnectionResetError):
                await publisher.answer("never")
        assert await left.ended() is End.CLOSED
        assert await dropped.ended() is End.DROPPED


async def test_key_on_air_is_taken_until_its_session_ends() -> None:
    async with Ingest() as ingest, connected(ingest) as first, connected(ingest) as second:
        await first.publish("key")
        session = await ingest.session("key")
        await second.publish("key")
        assert "NetStream.Publish.BadName" in str(await second.answer("onStatus"))
        first.say("FCUnpublish", 4, None, "key")
        await session.ended()
        async with connected(ingest) as third:
            await third.publish("key")
            await ingest.session("key", number=2)
        assert [attempt.outcome for attempt in ingest.attempts][:2] == ["published", "NetStream.Publish.BadName"]


async def test_refused_keys_and_applications_hear_why() -> None:
    async with Ingest() as ingest:
        ingest.refuse_key("bad")
        async with connected(ingest) as publisher:
            await publisher.publish("bad")
            assert "NetStream.Publish.BadName" in str(await publisher.answer("onStatus"))
        ingest.refuse_application("live")
        async with connected(ingest) as publisher:
            await publisher.publish("good")
            assert "NetConnection.Connect.Rejected" in str(await publisher.answer("_error"))
        ingest.accept_all()
        async with connected(ingest) as publisher:
            await publisher.publish("bad")
            await ingest.session("bad")


async def test_media_before_publish_breaks_the_protocol() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        publisher.say("connect", 1, {"app": "live"})
        publisher.send(MessageType.AUDIO, SOUND)
        await ingest.wait_for(lambda: ingest.protocol_errors)
    assert ingest.protocol_errors == ["protocol error: media before publish"]


async def test_protocol_error_ends_the_session() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        await publisher.publish("key")
        session = await ingest.session("key")
        publisher.send(MessageType.AUDIO, SOUND, stream_id=7)
        assert await session.ended() is End.PROTOCOL_ERROR
    assert "message stream 7" in session.detail


@pytest.mark.parametrize(("how", "error"), [(Absence.REFUSES, ConnectionRefusedError), (Absence.RESETS, OSError)])
async def test_ingest_that_was_away_comes_back_on_its_port(how: Absence, error: type[OSError]) -> None:
    async with Ingest() as ingest, connected(ingest) as before:
        await before.publish("key")
        session = await ingest.session("key")
        async with ingest.away(how):
            assert await session.ended() is End.DROPPED
            with pytest.raises((error, asyncio.IncompleteReadError)):
                async with connected(ingest):
                    pass
        async with connected(ingest) as after:
            await after.publish("key")
            await ingest.session("key", number=2)


async def test_stalled_session_receives_nothing_until_reading_goes_on() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher, connected(ingest) as other:
        await publisher.publish("key")
        session = await ingest.session("key")
        async with ingest.stalled(session):
            publisher.send(MessageType.AUDIO, SOUND)
            await publisher.writer.drain()
            await other.publish("other")  # its turn comes after the stalled one's
            await ingest.session("other")
            assert session.messages == []
        await ingest.first_media("key")


async def test_received_bytes_are_acknowledged_every_window() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        await publisher.publish("key")
        for _ in range(3):
            publisher.send(MessageType.VIDEO, bytes(WINDOW_BYTES // 2))
        message = await publisher.next_message(MessageType.ACKNOWLEDGEMENT)
    assert int.from_bytes(message.payload, "big") >= WINDOW_BYTES


async def test_answers_use_the_announced_chunk_size() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        await publisher.publish("k" * CHUNK_BYTES)
        assert "k" * CHUNK_BYTES in str(await publisher.answer("onStatus"))


async def test_waiting_ends_at_its_limit_and_tells_what_came() -> None:
    async with Ingest() as ingest, connected(ingest) as publisher:
        await publisher.publish("key")
        await ingest.session("key")
        with pytest.raises(TimeoutError, match="'key': 'key'"):
            await ingest.first_media("key", timeout_seconds=0.01)


async def test_process_reports_at_sigterm(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.standins.ingest", "--report", str(report), "--record", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    async with asyncio.timeout(20):
        ingest = Ingest(port=int(await process.stdout.readline()))  # only its address is used
        async with connected(ingest) as publisher:
            await publisher.publish("key")
            await publisher.answer("onStatus")
            process.send_signal(signal.SIGTERM)
            await process.communicate()
            assert process.returncode == 0
    [session] = json.loads(report.read_text())
    assert (session["key"], session["end"]) == ("key", "shutdown")
    assert (tmp_path / "0.flv").read_bytes().startswith(b"FLV")
