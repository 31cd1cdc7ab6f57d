"""RTMP as the ingest stand-in reads and writes it: AMF0, chunks and their headers, and what breaks the protocol."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.amf0 import AmfError, AmfValue, decode, encode
from tests.standins.rtmp import FIRST_CHUNK_BYTES, ChunkReader, Message, MessageType, ProtocolError, to_chunks

NAMES = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=9)
AMF_VALUES: st.SearchStrategy[AmfValue] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


async def read_all(data: bytes) -> list[Message]:
    """The messages in a publisher's bytes after the handshake."""
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    chunks, messages = ChunkReader(stream), []
    while not stream.at_eof():
        messages.append(await chunks.read_message())
    return messages


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
