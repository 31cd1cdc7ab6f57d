"""Joining items to the packet: the pictures go on, the sound has no seam, and both stay together, whatever comes."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from streaming.bitstream.matroska import (
    AUDIO_TRACK,
    VIDEO_TRACK,
    Block,
    Cluster,
    at_keyframes,
    parse_cluster,
    write_cluster,
)
from streaming.timeline.program import Program
from streaming.timeline.splice import Airing, Splice, TimelineCluster
from streaming.timeline.writer import ProgramWriter
from tests.unit.streaming.timeline.program_parts import ItemSpec, airing, clusters, header, read_back, spliced

ROUNDING_MS = 2.01
"""Matroska counts whole milliseconds, and at a join several are rounded."""
LONGEST_TRIM_MS = 500
AUDIBLE_HOLE_MS = 20

Packets = list[tuple[Airing, Block]]


@st.composite
def lineups(draw: st.DrawFn, least: int = 1) -> list[ItemSpec]:
    """Items that can share a slot: of one rate, one packet length and one priming, and odd in everything else."""
    packet_ms = draw(st.sampled_from([1024 / 44.1, 1024 / 48, 2048 / 44.1]))
    priming_ms = packet_ms * draw(st.sampled_from([0, 1, 2]))
    frame_ms = 1000 / draw(st.sampled_from([25, 30, 60]))
    items = st.builds(
        ItemSpec,
        pictures=st.integers(3, 130),  # an item is longer than one packet of its sound
        frame_ms=st.just(frame_ms),
        gop=st.sampled_from([1, 7, 30, 60, 250]),
        b_frames=st.integers(0, 3),
        packet_ms=st.just(packet_ms),
        priming_ms=st.just(priming_ms),
        sound_from_ms=st.sampled_from([0.0, 0.0, 40.0, 700.0]),
        sound_ms=st.one_of(st.none(), st.just(0.0), st.floats(30, 6000)),
    )
    return draw(st.lists(items, min_size=least, max_size=5))


def times(packets: Iterable[tuple[Airing, Block]], track: int) -> list[float]:
    return [block.time_ms for _, block in packets if block.track == track]


def assert_sound_is_continuous(packets: Packets, packet_ms: float) -> None:
    sounds = times(packets, AUDIO_TRACK)
    if sounds:  # a program of one silent item has none
        assert sounds[0] <= min(times(packets, VIDEO_TRACK)) + max(AUDIBLE_HOLE_MS, packet_ms / 2)
    for earlier, later in pairwise(sounds):
        overlap_ms = packet_ms - (later - earlier)
        assert later > earlier
        assert overlap_ms <= packet_ms / 2 + ROUNDING_MS
        assert -overlap_ms <= max(AUDIBLE_HOLE_MS, packet_ms / 2) + ROUNDING_MS


def sound_end_ms(spec: ItemSpec) -> float:
    sounds = [block.time_ms for cluster in clusters(spec) for block in cluster.blocks if block.track == AUDIO_TRACK]
    return max(sounds, default=0.0) + spec.packet_ms


def shift_of(packets: Packets, play_id: int, spec: ItemSpec) -> float:
    """By how much the packets of a showing were moved: all by the same, or sound and picture would part."""
    originals = {bytes(block.payload): block.time_ms for cluster in clusters(spec) for block in cluster.blocks}
    mine = [(bytes(block.payload), block.time_ms) for airing, block in packets if airing.play_id == play_id]
    shifts = [time_ms - originals[name] for name, time_ms in mine if name in originals]
    assert max(shifts) - min(shifts) < 0.01
    return shifts[0]


@given(lineups())
def test_pictures_go_on_at_their_pace_and_none_is_lost(specs: list[ItemSpec]) -> None:
    packets = read_back(spliced(specs))
    end_ms = sound_is_longer_ms = 0.0
    for play_id, spec in enumerate(specs, 1):
        start_ms = shift_of(packets, play_id, spec)
        if abs(start_ms - end_ms) > ROUNDING_MS:  # the last picture is held while much longer sound plays out
            assert abs(start_ms - end_ms - sound_is_longer_ms) <= 2 * spec.packet_ms + ROUNDING_MS
            assert start_ms - end_ms >= LONGEST_TRIM_MS - ROUNDING_MS
        else:
            assert sound_is_longer_ms <= LONGEST_TRIM_MS + 2 * spec.packet_ms
        pictures = times((packet for packet in packets if packet[0].play_id == play_id), VIDEO_TRACK)
        assert len(pictures) == spec.pictures
        end_ms = max(pictures) + spec.frame_ms
        sound_is_longer_ms = sound_end_ms(spec) - spec.pictures * spec.frame_ms


@given(lineups())
def test_sound_neither_overlaps_nor_stops(specs: list[ItemSpec]) -> None:
    assert_sound_is_continuous(read_back(spliced(specs)), specs[0].packet_ms)


@given(lineups())
def test_every_keyframe_is_a_place_to_come_back_to(specs: list[ItemSpec]) -> None:
    splice, placed = Splice(), list[TimelineCluster | None]()
    for play_id, spec in enumerate((replace(spec, gop=max(spec.gop, 7)) for spec in specs), 1):  # else too close
        splice.begin(airing(spec, play_id))
        placed += [splice.add(part) for cluster in clusters(spec) for part in at_keyframes(cluster)]
    shown = [one for one in [*placed, splice.flush()] if one]
    keyframes = [block for _, block in read_back(shown) if block.track == VIDEO_TRACK and block.is_keyframe]
    assert sum(one.is_keyframe for one in shown) == len(keyframes)


@given(lineups(least=2), st.data())
def test_what_is_queued_moves_up_when_an_item_is_skipped(specs: list[ItemSpec], data: st.DataObject) -> None:
    program = Program(lead_seconds=1000)
    writer, position = ProgramWriter(program), program.attach()
    program.join(position)
    airings = [airing(spec, play_id) for play_id, spec in enumerate(specs, 1)]
    for spec, one in zip(specs, airings, strict=True):
        writer.begin(one)
        for cluster in clusters(spec):
            writer.add(cluster)
    placed = list(program._clusters)
    handed = placed[: data.draw(st.integers(0, len(placed)))]
    for _ in handed:
        program.advance(position)

    skipped = data.draw(st.sampled_from(airings))
    writer.cut(skipped)
    writer.finish()

    left = list(program._clusters)
    packets = read_back(left)
    assert left[: len(handed)] == handed
    assert skipped.play_id not in {one.airing.play_id for one in left[len(handed) :]}
    assert [one.airing.play_id for one in left] == sorted(one.airing.play_id for one in left)
    assert {one.airing.play_id for one in left} | {skipped.play_id} == {one.play_id for one in airings}
    if packets:
        assert_sound_is_continuous(packets, specs[0].packet_ms)
    for play_id, spec in enumerate(specs, 1):
        if any(one.play_id == play_id for one, _ in packets):
            shift_of(packets, play_id, spec)
    for earlier, later in pairwise(left):
        assert abs(later.start_ms - earlier.end_ms) < LONGEST_TRIM_MS or earlier.airing is not later.airing


def test_what_was_only_begun_is_still_itself_after_a_skip() -> None:
    writer = ProgramWriter(Program(lead_seconds=1000))
    first, second, third = (airing(ItemSpec(), play_id) for play_id in (1, 2, 3))
    for one in (first, second):
        writer.begin(one)
        for cluster in clusters(ItemSpec()):
            writer.add(cluster)
    writer.begin(third)
    writer.cut(first)
    for cluster in clusters(ItemSpec()):
        writer.add(cluster)
    writer.finish()
    assert [play_id for play_id, _ in groupby(one.airing.play_id for one in writer.program._clusters)] == [2, 3]


def test_sound_in_a_cluster_before_the_first_picture_does_not_move_the_item() -> None:
    spec = ItemSpec()
    ahead_ms = 100_000.0
    first, *rest = [cluster.later_by(ahead_ms) for cluster in clusters(spec)]
    sound = [block for block in first.blocks if block.track == AUDIO_TRACK][:1]
    pictures = [block for block in first.blocks if block not in sound]
    splice = Splice()
    splice.begin(airing(spec, 1))
    placed = [splice.add(one) for one in (Cluster(tuple(sound)), Cluster(tuple(pictures)), *rest)]
    shown = [one for one in [*placed, splice.flush()] if one]
    assert shown[0].is_keyframe
    assert shown[0].start_ms == 0
    assert shift_of(read_back(shown), 1, spec) == 0


def test_a_change_of_parameters_brings_a_new_header_and_no_seam() -> None:
    specs = [ItemSpec(parameters=name, priming_ms=priming) for name, priming in ((b"a", 0), (b"b", 23.2), (b"a", 0))]
    placed = spliced(specs)
    headers = [header.parameters[0] for header, _ in groupby(one.header for one in placed)]
    assert headers == [b"a", b"b", b"a"]
    assert_sound_is_continuous(read_back(placed), specs[0].packet_ms)


def test_minutes_of_sound_after_the_picture_are_placed_as_they_come() -> None:
    placed = spliced([ItemSpec(pictures=30, sound_ms=180_000), ItemSpec()])
    assert max(one.end_ms - one.start_ms for one in placed) < 1500
    assert [round(one.end_ms - 181_000) for one in placed][-1] <= 1100
    assert all(later.start_ms >= earlier.start_ms for earlier, later in pairwise(placed))
    assert_sound_is_continuous(read_back(placed), ItemSpec().packet_ms)


def test_pictures_that_come_seldom_and_without_a_rate_are_not_held_for_ever() -> None:
    slides = ItemSpec(pictures=40, frame_ms=1000.0, gop=1)
    one = airing(slides, 1)
    one.header = replace(one.header, frame_ms=0.0)
    splice, placed = Splice(), []
    splice.begin(one)
    for cluster in clusters(slides):
        placed += [found] if (found := splice.add(cluster)) else []
    assert placed[-1].end_ms > 38_000


def test_an_item_that_broke_off_between_b_frames_goes_on_with_the_very_next_picture() -> None:
    spec = ItemSpec(pictures=60, b_frames=2)
    parts = clusters(spec)
    splice, placed = Splice(), []
    for part in (parts[:3], parts[3:]):
        splice.begin(airing(spec, 1))
        placed += [splice.add(cluster) for cluster in part]
    packets = read_back([one for one in [*placed, splice.flush()] if one])
    assert abs(shift_of(packets, 1, spec)) < 0.01
    assert len(times(packets, VIDEO_TRACK)) == spec.pictures


def test_a_cluster_that_needs_no_change_is_written_as_it_was_read() -> None:
    spec = ItemSpec(b_frames=2)
    splice = Splice()
    splice.begin(airing(spec, 1))
    read = [
        parse_cluster(write_cluster(list(cluster.blocks), header(spec))[8:], header(spec)) for cluster in clusters(spec)
    ]
    placed = [one for one in map(splice.add, read) if one]
    assert all(one.pieces[-1] is cluster.body for one, cluster in zip(placed, read, strict=False))


def test_silence_is_never_filled_in_without_limit() -> None:
    """A clock that jumps by an hour would otherwise be an hour of packets, and sound far ahead of its picture."""
    spec = ItemSpec(pictures=30)
    first, *rest = clusters(spec)
    far = Cluster(tuple(replace(b, time_ms=b.time_ms + 3_600_000.0) for b in rest[-1].blocks if b.track == AUDIO_TRACK))
    splice = Splice()
    splice.begin(airing(spec, 1))
    placed = [splice.add(cluster) for cluster in (first, *rest[:-1], far)] + [splice.flush()]
    written = sum(len(parse_cluster(b"".join(one.pieces)[8:], one.header).blocks) for one in placed if one)
    assert written < 30_000 / spec.packet_ms + 500
