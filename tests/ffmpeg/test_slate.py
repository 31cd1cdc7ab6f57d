"""The slate: drawn once, with the parameters of encoded items, and looped without a seam."""

import asyncio
from itertools import islice, pairwise
from pathlib import Path

import imageio_ffmpeg
import pytest

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Cluster
from streaming.model.errors import ConfigurationError
from streaming.model.states import EncodeMode
from streaming.timeline.slate import Slate, render
from streaming.timeline.splice import Airing, Splice
from tests.ffmpeg.feeding import PROFILE, fed
from tests.standins import clips as clip_making
from tests.standins.clips import ClipSpec
from tests.unit.streaming.timeline.program_parts import read_back

TURNS = 3


async def drawn(title: str) -> Slate:
    return await render(imageio_ffmpeg.get_ffmpeg_exe(), PROFILE, title)


async def some_turns(slate: Slate) -> list[Cluster]:
    clusters: list[Cluster] = []
    async for cluster in slate.loop():
        if len(clusters) == TURNS * len(slate.clusters):
            break
        clusters.append(cluster)
    return clusters


async def test_the_slate_follows_encoded_items_without_a_new_slot_and_loops_without_a_seam(clips: Path) -> None:
    clip = await asyncio.to_thread(clip_making.render, clips, ClipSpec(1, 2.0, 320, 180))
    header, item = await fed(clip, EncodeMode.ALWAYS)
    slate = await drawn("It's 100% {live}: 'now' \\ back; soon, 再見")
    assert slate.header.parameters == header.parameters

    splice = Splice()
    splice.begin(Airing(None, header, play_id=1))
    placed = [splice.add(cluster) for cluster in item]
    splice.begin(Airing(None, slate.header, play_id=2, is_filler=True))
    placed += [splice.add(cluster) for cluster in await some_turns(slate)]
    shown = [one for one in [*placed, splice.flush()] if one]
    packets = [block for _, block in read_back(shown)]
    pictures = sorted(block.time_ms for block in packets if block.track == VIDEO_TRACK)
    sounds = [block.time_ms for block in packets if block.track == AUDIO_TRACK]
    assert len({id(one.header) for one in shown}) == 1
    assert pictures[-1] == pytest.approx(2000 + TURNS * slate.length_ms - 33, abs=2)
    assert all(abs(later - earlier - 1000 / 30) <= 2 for earlier, later in pairwise(pictures))
    assert all(later - earlier - header.packet_ms <= 16 for earlier, later in pairwise(sounds))
    assert all(later > earlier for earlier, later in pairwise(sounds))


async def test_a_new_turn_can_be_decoded_from_its_first_cluster() -> None:
    slate = await drawn("A title that is far too long for one line of a slate, as titles of videos often are today")
    assert slate.clusters[0].starts_at_keyframe
    assert len(list(islice(slate.clusters, 100))) <= 40


async def test_a_slate_that_cannot_be_drawn_is_told_in_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="cannot draw the slate"):
        await render("false", PROFILE, "title")
