"""The ingest stand-in: strict about the protocol, exact about what it received, and failing only when asked to."""

import asyncio
import itertools
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.amf0 import AmfError, AmfValue, decode, encode
from tests.standins.clips import ClipSpec
from tests.standins.ingest import HOST, Absence, Ingest
from tests.standins.media import Kind, MediaMessage
from tests.standins.publisher import CHUNK_BYTES, WINDOW_BYTES
from tests.standins.recording import FrameSeen, lip_sync, showings
from tests.standins.rtmp import FIRST_CHUNK_BYTES, ChunkReader, Message, MessageType, ProtocolError, to_chunks
from tests.standins.session import End, Hole, Session

AAC_44100_STEREO = b"\xaf\x00\x12\x10"
SOUND = b"\xaf\x01sound"
AVC_HEADER = b"\x17\x00\0\0\0" + b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x67SPS\x01\x00\x04\x68PPS"
NAMES = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=9)
AMF_VALUES: st.SearchStrategy[AmfValue] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def picture(*, composition_ms: int = 0, is_keyframe: bool = False) -> bytes:
    return (b"\x17" if is_keyframe else b"\x27") + b"\x01" + composition_ms.to_bytes(3, "big", signed=True) + b"slice"


async def read_all(data: bytes) -> list[Message]:
    """The messages in a publisher's bytes after the handshake."""
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    chunks, messages = ChunkReader(stream), []
    while not stream.at_eof():
        messages.append(await chunks.read_message())
    return messages


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


# The protocol


@given(st.lists(AMF_VALUES, max_size=4))
def test_amf0_reads_back_what_it_writes(values: list[AmfValue]) -> None:
    assert decode(encode(*values)) == values


@pytest.mark.parametrize("data", [b"\x00\x40", b"\x02\x00\x05abc", b"\x0d", b"\x03\x00\x01a\x05"])
def test_amf0_that_is_cut_short_or_unknown_is_an_error(data: bytes) -> None:
    with pytest.raises(AmfError):
        decode(data)


async def test_each_header_format_leaves_out_what_stays_the_same() -> None:
    full = b"\x04" + (1000).to_bytes(3, "big") + (2).to_bytes(3, "big") + b"\x08\x01\0\0\0" + b"aa"
    same_stream = b"\x44" + (23).to_bytes(3, "big") + (3).to_bytes(3, "big") + b"\x09" + b"bbb"
    only_delta = b"\x84" + (10).to_bytes(3, "big") + b"ccc"
    nothing = b"\xc4" + b"ddd"
    messages = await read_all(full + same_stream + only_delta + nothing)
    assert [(m.timestamp, m.type_id, m.stream_id, m.payload) for m in messages] == [
        (1000, 8, 1, b"aa"),
        (1023, 9, 1, b"bbb"),
        (1033, 9, 1, b"ccc"),
        (1043, 9, 1, b"ddd"),
    ]


@pytest.mark.parametrize("number_bytes", [b"\x00\x05", b"\x01\x05\x01"])
async def test_chunk_streams_of_higher_numbers_have_longer_headers(number_bytes: bytes) -> None:
    [message] = await read_all(number_bytes + bytes(3) + b"\0\0\1\x08" + bytes(4) + b"a")
    assert message.chunk_stream_id == {1: 64 + 5, 2: 64 + 5 + 256}[len(number_bytes) - 1]


@pytest.mark.parametrize("timestamp", [0xFFFFFE, 0xFFFFFF, 0x1000000, 0xFFFFFFFF])
async def test_extended_timestamps_hold_in_every_chunk(timestamp: int) -> None:
    sent = Message(MessageType.VIDEO, bytes(500), 1, timestamp, 6)
    assert await read_all(to_chunks(sent, FIRST_CHUNK_BYTES) * 2) == [sent, sent]


async def test_continuation_with_another_extended_timestamp_breaks_the_protocol() -> None:
    data = bytearray(to_chunks(Message(MessageType.VIDEO, bytes(129), 1, 0x1000000, 6), FIRST_CHUNK_BYTES))
    data[-2] ^= 1  # the last byte of the continuation's timestamp
    with pytest.raises(ProtocolError, match="extended timestamp"):
        await read_all(bytes(data))


async def test_messages_of_two_chunk_streams_may_interleave() -> None:
    first, second = (to_chunks(Message(8, bytes([n]) * 200, 1, 0, n), 128) for n in (4, 5))
    messages = await read_all(first[:140] + second[:140] + first[140:] + second[140:])
    assert [message.payload for message in messages] == [b"\x04" * 200, b"\x05" * 200]


async def test_chunk_size_changes_with_the_next_chunk() -> None:
    change = to_chunks(Message(MessageType.SET_CHUNK_SIZE, (1000).to_bytes(4, "big")), 128)
    [message] = await read_all(change + to_chunks(Message(9, bytes(900), 1, 0, 6), 1000))
    assert len(message.payload) == 900


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\x44" + bytes(7), "format 1"),
        (b"\x04" + bytes(3) + b"\x00\x01\x00\x08" + bytes(4) + bytes(128) + b"\x04", "inside another"),
        (b"\x04" + bytes(3) + b"\xff\xff\xff\x08" + bytes(4), "the limit"),
        (b"\x02" + bytes(3) + b"\x00\x00\x04\x01" + bytes(8), "chunk size of 0"),
    ],
)
async def test_chunks_that_break_the_protocol_are_named(data: bytes, complaint: str) -> None:
    with pytest.raises(ProtocolError, match=complaint):
        await read_all(data)


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


# Figures


def session_of(*messages: tuple[Kind, int, float, bytes]) -> Session:
    session = Session("key")
    session.messages = [MediaMessage(*message) for message in messages]
    return session


@pytest.mark.parametrize(
    ("wire", "unwrapped"),
    [
        ([0xFFFFFFF0, 0x10], [-16, 16]),
        ([0x7FFFFFFF, 0x80000010, 0xFFFFFFF0, 5], [0x7FFFFFFF, 0x80000010, 0xFFFFFFF0, 0x100000005]),
        ([100, 90], [100, 90]),
    ],
)
def test_timestamps_go_on_over_the_wrap(wire: list[int], unwrapped: list[int]) -> None:
    session = Session("key")
    for timestamp in wire:
        session.record(Kind.AUDIO, timestamp, SOUND)
    assert [message.timestamp_ms for message in session.messages] == unwrapped


def test_holes_and_repetitions_of_sound_are_found() -> None:
    times = [0, 23, 46, 46, 70, 193, 216]
    header = (Kind.AUDIO, 0, 0.0, AAC_44100_STEREO)
    session = session_of(header, *((Kind.AUDIO, time, 0.0, SOUND) for time in times))
    assert session.audio_steps_ms() == [23, 23, 0, 24, 123, 23]
    assert session.repeated_audio_timestamps() == [46]
    assert session.audio_holes() == [Hole(70, 123 - 1024 * 1000 / 44100)]


def test_pictures_out_of_order_have_even_steps_of_presentation() -> None:
    decoded = [(0, 66), (33, 134), (67, 33), (100, 133)]  # timestamp, composition offset: shown as 1, 3, 2, 4
    session = session_of(*((Kind.VIDEO, at, 0.0, picture(composition_ms=offset)) for at, offset in decoded))
    assert session.video_steps_ms() == [34, 67, 66]
    assert session.video_decoding_steps_ms() == [33, 34, 33]


def test_worst_gap_may_leave_out_the_first_burst() -> None:
    arrivals = [0.0, 0.5, 0.52, 0.55, 0.65]
    session = session_of(*((Kind.VIDEO, 0, arrival, picture()) for arrival in arrivals))
    assert session.worst_wire_gap_seconds() == pytest.approx(0.5)
    assert session.worst_wire_gap_seconds(after_seconds=0.5) == pytest.approx(0.1)
    assert session.worst_wire_gap_seconds(kind=Kind.AUDIO) == 0.0


def test_sequence_headers_are_listed_when_they_change() -> None:
    changed = AVC_HEADER.replace(b"SPS", b"sps")
    payloads = [AVC_HEADER, AVC_HEADER, changed, AVC_HEADER]
    session = session_of(*((Kind.VIDEO, 0, 0.0, payload) for payload in payloads))
    assert [header.sps for header in session.video_headers()] == [(b"gSPS",), (b"gsps",), (b"gSPS",)]
    assert {header.pps for header in session.video_headers()} == {(b"hPPS",)}


# Content


def shown(numbers: list[int], *, clip_number: int = 1, fps: int = 30) -> list[FrameSeen]:
    return [FrameSeen(at / fps, clip_number, number) for at, number in enumerate(numbers)]


def test_lost_and_repeated_frames_are_named() -> None:
    [showing] = showings(shown([2, 3, 4, 7, 8, 8, 9, 8, 9, 10]), [ClipSpec(seconds=0.5)])
    assert (showing.lost, showing.repeated) == ((5, 6), (8, 9))
    assert (showing.lost_before, showing.lost_after) == (2, 4)
    assert not showing.is_whole


@pytest.mark.parametrize(
    ("fps", "numbers"), [(30, list(range(30))), (25, [n * 25 // 30 for n in range(30)]), (60, list(range(0, 60, 2)))]
)
def test_conversion_of_the_rate_loses_nothing(fps: int, numbers: list[int]) -> None:
    [showing] = showings(shown(numbers), [ClipSpec(seconds=1, fps=fps)])
    assert showing.is_whole


def test_clip_played_twice_is_shown_twice_and_slate_is_passed_over() -> None:
    once = shown(list(range(30)))
    slate = FrameSeen(1.0, None, None)
    assert [s.is_whole for s in showings([*once, slate, *once], [ClipSpec(seconds=1)])] == [True, True]


def test_lip_sync_compares_whole_seconds_only() -> None:
    seen = shown(list(itertools.chain(range(60), range(60))))
    heard = [0.010, 1.0, 1.995]  # the last clip's second beep is missing
    found = lip_sync(seen, heard, [ClipSpec(seconds=2)])
    assert [(sync.clip_number, sync.second) for sync in found] == [(1, 0), (1, 1), (1, 0)]
    assert [sync.late_ms for sync in found] == pytest.approx([10, 0, -5])
