"""Reading and writing Matroska, as far as we need it: what is written reads back, junk is refused, not waited for."""

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.bitstream.matroska import (
    AUDIO_TRACK,
    VIDEO_TRACK,
    Block,
    Cluster,
    Header,
    at_keyframes,
    parse_cluster,
    parse_header,
    read,
    write_cluster,
)

PLAIN = Header(b"", (), 33.3, 23.2, 0.0)
DELAYED = Header(b"", (), 33.3, 23.2, 23.0)

blocks = st.builds(
    Block,
    track=st.sampled_from([VIDEO_TRACK, AUDIO_TRACK]),
    time_ms=st.integers(100_000, 130_000).map(float),
    is_keyframe=st.booleans(),
    payload=st.binary(max_size=40),
)


def element(name: bytes, content: bytes, *, is_unknown: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if is_unknown else (len(content) | 0x10000000).to_bytes(4, "big")
    return name + size + content


def track(number: int, codec: bytes, *, kind: bytes, more: bytes = b"") -> bytes:
    fields = element(b"\xd7", bytes([number])) + element(b"\x86", codec) + element(b"\x23\xe3\x83", b"\x01\xfc\xa0\x55")
    return element(b"\xae", fields + element(kind, element(b"\xb0", b"\x05\x00")) + more)


def stream_header(info: bytes = b"") -> bytes:
    """As FFmpeg writes it on a pipe: the segment's size is not known."""
    tracks = track(1, b"V_MPEG4/ISO/AVC", kind=b"\xe0") + track(
        2, b"A_AAC", kind=b"\xe1", more=element(b"\x56\xaa", b"\x01\x62\x4e\xb2")
    )
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"matroska"))
    return head + element(b"\x18\x53\x80\x67", info + element(b"\x16\x54\xae\x6b", tracks), is_unknown=True)


async def parsed(data: bytes) -> list[Header | Cluster]:
    """What is read of a stream that arrives in small pieces."""
    reader = asyncio.StreamReader()
    for at in range(0, len(data), 7):
        reader.feed_data(data[at : at + 7])
    reader.feed_eof()
    async with asyncio.timeout(10):
        return [one async for one in read(reader)]


def plain(block: Block) -> tuple[int, float, bool, bytes]:
    return block.track, block.time_ms, block.is_keyframe, bytes(block.payload)


def test_a_header_does_not_say_how_long_its_stream_lasts() -> None:
    duration = b"\x44\x89\x88" + struct.pack(">d", 4000.0)
    title = element(b"\x7b\xa9", b"x")
    lying = stream_header(element(b"\x15\x49\xa9\x66", title + duration + title))
    header = parse_header(lying)
    assert duration not in header.data
    assert header.data == lying.replace(duration, b"\xec\x89" + bytes(9))
    assert header.parameters == parse_header(stream_header()).parameters


@given(st.lists(blocks, min_size=1, max_size=20), st.sampled_from([PLAIN, DELAYED]))
def test_what_is_written_reads_back(written: list[Block], header: Header) -> None:
    cluster = parse_cluster(write_cluster(written, header)[8:], header)
    assert [plain(block) for block in cluster.blocks] == [plain(block) for block in written]


@given(st.lists(blocks, min_size=1, max_size=20), st.integers(0, 2**40))
def test_a_cluster_is_moved_without_touching_its_blocks(written: list[Block], shift_ms: int) -> None:
    cluster = parse_cluster(write_cluster(written, DELAYED)[8:], DELAYED)
    pieces = cluster.pieces_at(float(shift_ms))
    assert pieces is not None
    moved = parse_cluster(b"".join(pieces)[8:], DELAYED)
    assert [plain(block) for block in moved.blocks] == [plain(block) for block in cluster.later_by(shift_ms).blocks]


def test_a_cluster_is_not_moved_before_the_beginning_or_by_parts_of_a_millisecond() -> None:
    cluster = parse_cluster(write_cluster([Block(VIDEO_TRACK, 500.0, True, b"x")], PLAIN)[8:], PLAIN)
    assert cluster.pieces_at(-501.0) is None
    assert cluster.pieces_at(0.5) is None
    assert Cluster(cluster.blocks).pieces_at(0.0) is None


def test_sound_before_the_first_picture_can_be_written() -> None:
    early = [Block(AUDIO_TRACK, -46.0, True, b"sound"), Block(VIDEO_TRACK, 0.0, True, b"picture")]
    read_back = parse_cluster(write_cluster(early, DELAYED)[8:], DELAYED)
    assert [plain(block) for block in read_back.blocks] == [plain(block) for block in early]


def test_packets_in_block_groups_are_read() -> None:
    body = element(b"\xe7", b"\x64")
    body += element(b"\xa0", element(b"\xa1", b"\x81\x00\x05\x00key"))
    body += element(b"\xa0", element(b"\xa1", b"\x81\xff\xfb\x00other") + element(b"\xfb", b"\x01"))
    assert [plain(block) for block in parse_cluster(body, PLAIN).blocks] == [
        (VIDEO_TRACK, 105.0, True, b"key"),
        (VIDEO_TRACK, 95.0, False, b"other"),
    ]


async def test_a_stream_is_read_whatever_pieces_it_comes_in() -> None:
    clusters = [write_cluster([Block(VIDEO_TRACK, time, True, bytes(300))], PLAIN) for time in (0.0, 250.0)]
    tags = element(b"\x12\x54\xc3\x67", bytes(200))
    header, *read_clusters = await parsed(stream_header() + clusters[0] + tags + clusters[1] + tags)
    assert isinstance(header, Header)
    assert (round(header.frame_ms, 1), round(header.audio_delay_ms, 1)) == (33.3, 23.2)
    assert header.parameters[0] == b"V_MPEG4/ISO/AVC"
    times = [block.time_ms for cluster in read_clusters if isinstance(cluster, Cluster) for block in cluster.blocks]
    assert times == [0.0, 250.0]


async def test_a_cluster_cut_short_is_left_out() -> None:
    whole = write_cluster([Block(VIDEO_TRACK, 0.0, True, bytes(300))], PLAIN)
    assert len(await parsed(stream_header() + whole + whole[:-1])) == 2


@pytest.mark.parametrize(
    "junk",
    [
        bytes(2 << 20),
        b"<!DOCTYPE html>" * 100_000,
        stream_header() + element(b"\x1f\x43\xb6\x75", b"", is_unknown=True) + bytes(100),
        stream_header() + write_cluster([Block(1, 0.0, True, b"")], PLAIN) + bytes(100),
        stream_header() + element(b"\x1f\x43\xb6\x75", b"\xa3\x81" * 10),
        stream_header() + element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + element(b"\xa0", b"")),
        stream_header() + element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + b"\xa3"),
        b"\x1a\x45\xdf\xa3" + b"\x1f\x43\xb6\x75" + bytes(100),
    ],
    ids=["zeros", "a page", "unknown size", "zeros behind", "no time", "an empty group", "cut inside", "no tracks"],
)  # fmt: skip
async def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        await parsed(junk)


@given(st.binary(max_size=200))
def test_a_damaged_cluster_is_refused_or_read_and_never_anything_else(body: bytes) -> None:
    try:
        cluster = parse_cluster(body, PLAIN)
    except ValueError:
        return
    assert all(0 <= block.track < 128 for block in cluster.blocks)


def test_a_cluster_is_parted_before_every_keyframe_but_its_first() -> None:
    blocks = tuple(
        Block(track, float(time_ms), is_keyframe, b"x")
        for track, time_ms, is_keyframe in [(1, 0, True), (2, 0, True), (1, 33, False), (1, 67, True), (2, 70, True)]
    )
    parts = list(at_keyframes(Cluster(blocks)))
    assert [block for part in parts for block in part.blocks] == list(blocks)
    assert [part.starts_at_keyframe for part in parts] == [True, True]
    assert parts[1].blocks[0].time_ms == 67


@given(st.lists(st.tuples(st.booleans(), st.floats(-1e6, 1e8)), min_size=1, max_size=8))
def test_blocks_however_far_apart_are_written(packets: list[tuple[bool, float]]) -> None:
    """Sound that begins half a minute after its picture, or a clock that jumps, must end no program."""
    apart = [Block(VIDEO_TRACK if is_picture else AUDIO_TRACK, ms, True, b"x") for is_picture, ms in packets]
    assert write_cluster(apart, PLAIN)
    near = [block for block in apart if block.time_ms >= 0]
    if near:
        written = read_clusters(write_cluster(near, PLAIN))
        assert sum(len(cluster.blocks) for cluster in written) == len(near)
        assert all(
            abs(found.time_ms - block.time_ms) <= 0.5
            for found, block in zip((b for c in written for b in c.blocks), near, strict=True)
        )


def read_clusters(data: bytes) -> list[Cluster]:
    """Clusters of ours: four bytes of name and four of size before each body."""
    found = []
    while data:
        size = int.from_bytes(data[4:8], "big") & 0x0FFFFFFF
        found.append(parse_cluster(data[8 : 8 + size], PLAIN))
        data = data[8 + size :]
    return found


@pytest.mark.parametrize(("nanoseconds", "believed_ms"), [(33_333_333, 33.333333), (2**62, 0.0)])
def test_a_frame_as_long_as_a_year_is_not_believed(nanoseconds: int, believed_ms: float) -> None:
    entry = element(b"\x23\xe3\x83", nanoseconds.to_bytes(8, "big")) + element(b"\xe0", b"")
    tracks = element(b"\xae", element(b"\xd7", b"\x01") + entry)
    data = element(b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", tracks), is_unknown=True)
    assert parse_header(data).frame_ms == pytest.approx(believed_ms)
