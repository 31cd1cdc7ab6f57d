"""Listings: lazy, complete, with a reason for what cannot be played, in both layouts of YouTube's pages."""

from collections import Counter
from contextlib import aclosing
from pathlib import Path

import pytest

from streaming.model.errors import PlatformTrouble, PlaylistError, TransientError
from streaming.model.items import Item
from streaming.youtube.playlist import YouTubePlaylist
from streaming.youtube.references import MIX_LIMIT, parse_reference
from streaming.youtube.resolver import Resolver
from tests.standins.youtube import Fault, Layout, VideoState, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIST = "PLaaaaaaaaaaaaaaaa"
VIDEO = "aaaaaaaaaaa"


async def first_items(resolver: Resolver, playlist_id: str, count: int) -> list[Item]:
    items: list[Item] = []
    async with aclosing(YouTubePlaylist(parse_reference(playlist_id), resolver).items()) as listed:
        async for item in listed:
            items.append(item)
            if len(items) == count:
                break
    return items


async def all_items(resolver: Resolver, text: str) -> list[Item]:
    return [item async for item in YouTubePlaylist(parse_reference(text), resolver).items()]


async def test_the_first_item_costs_the_same_for_ten_and_ten_thousand(
    youtube: YouTube, resolver: Resolver, clip: Path
) -> None:
    ids = await youtube.add_videos("long", 10_000, clip=clip)
    await youtube.add_playlist("PLshortshortshort", "Short", ids[:10])
    await youtube.add_playlist("PLlonglonglonglong", "Long", ids)
    await youtube.behave(latency_seconds=0.05)
    costs: list[Counter[str]] = []
    for playlist_id in ("PLshortshortshort", "PLlonglonglonglong"):
        before = await youtube.requests()
        (first,) = await first_items(resolver, playlist_id, 1)
        assert first.key == ids[0]
        costs.append(await youtube.requests() - before)
    asked = [{kind: cost[kind] for kind in ("playlist", "browse", "watch", "player")} for cost in costs]
    assert asked[0] == asked[1] == {"playlist": 1, "browse": 1, "watch": 0, "player": 0}


async def test_pages_are_fetched_as_they_are_wanted(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    ids = await youtube.add_videos("page", 350, clip=clip)
    await youtube.add_playlist(LIST, "Pages", ids)
    for wanted, browsed in {100: 1, 101: 2, 350: 4}.items():
        before = (await youtube.requests())["browse"]
        items = await first_items(resolver, LIST, wanted)
        assert [item.key for item in items] == ids[:wanted]
        assert (await youtube.requests())["browse"] - before == browsed


@pytest.mark.parametrize("layout", Layout)
async def test_what_cannot_be_played_is_listed_with_its_reason(
    youtube: YouTube, resolver: Resolver, clip: Path, layout: Layout
) -> None:
    await youtube.behave(layout=layout)
    reasons = {
        VideoState.PUBLIC: "",
        VideoState.PRIVATE: "private",
        VideoState.DELETED: "deleted",
        VideoState.LIVE: "live now",
        VideoState.UPCOMING: "not released yet",
        VideoState.MEMBERS_ONLY: "members only",
        VideoState.AGE_GATED: "",
    }
    for number, state in enumerate(reasons):
        await youtube.add_video(f"state{number:06}", f"A {state} video", clip=clip, state=state)
    await youtube.add_playlist(LIST, "Mixed", [f"state{number:06}" for number in range(len(reasons))])
    items = await all_items(resolver, LIST)
    assert [item.reason_unplayable for item in items] == list(reasons.values())
    assert items[0] == Item("state000000", "A public video", 2, "https://www.youtube.com/watch?v=state000000")


async def test_the_title_is_known_with_the_first_item(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_playlist(LIST, "Evenings", [VIDEO])
    playlist = YouTubePlaylist(parse_reference(f"https://youtube.com/playlist?list={LIST}"), resolver)
    assert (playlist.reference, playlist.title) == (LIST, LIST)
    assert [item.title async for item in playlist.items()] == ["First light"]
    assert playlist.title == "Evenings"


async def test_a_video_twice_in_a_playlist_is_listed_twice(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_playlist(LIST, "Again", [VIDEO, VIDEO])
    assert [item.key for item in await all_items(resolver, LIST)] == [VIDEO, VIDEO]


async def test_a_single_video_is_a_playlist_of_one_resolved_once(youtube: YouTube, resolver: Resolver) -> None:
    playlist = YouTubePlaylist(parse_reference(VIDEO), resolver)
    (item,) = [item async for item in playlist.items()]
    assert (item.title, playlist.title) == ("First light", "First light")
    assert (await playlist.resolve(item)).item == item
    assert (await youtube.requests())["watch"] == 1


async def test_a_single_video_that_cannot_be_played_says_why(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_video("ppppppppppp", "Secret", state=VideoState.PRIVATE)
    (item,) = await all_items(resolver, "ppppppppppp")
    assert (item.key, item.reason_unplayable) == ("ppppppppppp", "private")


async def test_a_mix_is_cut_where_it_would_go_on_for_ever(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    ids = await youtube.add_videos("mix", 240, clip=clip)
    await youtube.add_playlist(f"RD{ids[0]}", "Mix", ids)
    items = await all_items(resolver, f"https://www.youtube.com/watch?v={ids[0]}&list=RD{ids[0]}")
    assert [item.key for item in items] == ids[:MIX_LIMIT]


async def test_a_mix_that_begins_again_is_one_round(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    ids = await youtube.add_videos("few", 40, clip=clip)
    await youtube.add_playlist(f"RD{ids[0]}", "Mix", ids)
    items = await all_items(resolver, f"https://www.youtube.com/watch?v={ids[0]}&list=RD{ids[0]}")
    assert [item.key for item in items] == ids


async def test_a_video_that_is_several_times_in_a_playlist_is_listed_each_time(
    youtube: YouTube, resolver: Resolver, clip: Path
) -> None:
    ids = await youtube.add_videos("idn", 120, clip=clip)
    entries = [each for song in ids[1:] for each in (ids[0], song)]
    await youtube.add_playlist(LIST, "Songs", entries)
    assert [item.key for item in await all_items(resolver, LIST)] == entries


async def test_a_playlist_is_listed_again_as_it_is_then_and_a_video_is_not_asked_for_again(
    youtube: YouTube, resolver: Resolver, clip: Path
) -> None:
    ids = await youtube.add_videos("now", 3, clip=clip)
    await youtube.add_playlist(LIST, "Now", ids)
    playlist = YouTubePlaylist(parse_reference(LIST), resolver)
    assert [item.key async for item in playlist.items()] == ids
    await youtube.add_playlist(LIST, "Then", ids[::-1])
    assert [item.key async for item in playlist.items()] == ids[::-1]
    assert playlist.title == "Then"
    single = YouTubePlaylist(parse_reference(ids[0]), resolver)
    first = [item async for item in single.items()]
    before = await youtube.requests()
    assert [item async for item in single.items()] == first
    assert await youtube.requests() == before


async def test_a_playlist_that_is_not_there_says_what_to_do(resolver: Resolver) -> None:
    with pytest.raises(PlaylistError, match="no such playlist, or it is private") as caught:
        await all_items(resolver, "PLnowherenowhere")
    assert "public or unlisted" in caught.value.hint


async def test_an_empty_playlist_is_an_error(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_playlist(LIST, "Nothing", [])
    with pytest.raises(PlaylistError, match="empty"):
        await all_items(resolver, LIST)


async def test_a_break_amid_a_listing_is_not_noticed(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    """yt-dlp tries twice by itself; after that the listing begins again and goes on where it was."""
    ids = await youtube.add_videos("brk", 250, clip=clip)
    await youtube.add_playlist(LIST, "Broken", ids)
    keys: list[str] = []
    async for item in resolver.list(parse_reference(LIST)):
        keys.append(item.key)
        if len(keys) == 150:
            await youtube.fail("browse", Fault.RESET, times=2)
    assert keys == ids


async def test_trouble_that_stays_ends_the_listing(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_playlist(LIST, "Away", [VIDEO])
    for request in ("playlist", "browse", "unknown"):
        await youtube.fail(request, 503, times=1000)
    with pytest.raises(TransientError):
        await all_items(resolver, LIST)


async def test_too_many_requests_stop_the_listing_for_everybody(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.add_playlist(LIST, "Away", [VIDEO])
    for request in ("playlist", "browse", "unknown"):
        await youtube.fail(request, 429, times=1000)
    with pytest.raises(PlatformTrouble, match="too many requests"):
        await all_items(resolver, LIST)
