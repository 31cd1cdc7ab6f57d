"""A video that is several times in a list: each time plays, and each is known again when the list is read anew."""

import time
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.lineup.lineup import Lineup
from streaming.lineup.occurrences import numbered, renamed_entries
from streaming.model.items import Item
from tests.unit.streaming.lineup.test_lineup import SEEDS, play, unhurried

LISTS = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=30)
"""Most of them hold something several times."""


def listed(keys: str | list[str]) -> list[Item]:
    return numbered(Item(key, key.upper()) for key in keys)


def entries(keys: str | list[str]) -> list[str]:
    return [item.entry for item in listed(keys)]


def lineup_of(keys: str | list[str], *, loop: bool = False, shuffle: bool = False, seed: int = 0) -> Lineup:
    lineup = Lineup(loop=loop, shuffle=shuffle, random=Random(seed))
    lineup.add(listed(keys))
    lineup.listing_ended()
    return lineup


def played(lineup: Lineup, count: int | None = None) -> list[str]:
    """The entries of the next `count` items, or of all up to the end."""
    heard: list[str] = []
    while len(heard) != count and (item := lineup.advance()):
        heard.append(item.entry)
    return heard


# Names


@given(LISTS)
def test_no_two_entries_have_one_name_and_the_first_of_a_key_has_that(keys: list[str]) -> None:
    names = entries(keys)
    assert len(set(names)) == len(keys)
    assert set(keys) <= set(names)


@given(LISTS, LISTS)
def test_occurrences_are_found_again_each_in_another_one(old: list[str], new: list[str]) -> None:
    found = renamed_entries(listed(old), listed(new))
    now = [found.get(entry, entry) for entry in entries(old)]
    assert len(set(now)) == len(old)
    kept = Counter(item.key for item in listed(new) if item.entry in now)
    assert kept == Counter(old) & Counter(new)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("iaibic", "aibic", {"2:i": "i", "3:i": "2:i", "i": "gone i"}),  # the first one has gone
        (
            "aibici",
            "aixibici",
            {"2:i": "3:i", "3:i": "4:i", "4:i": "gone 4:i"},
        ),  # a song and what stands behind it have come
        ("aibi", "biai", {"2:i": "i", "i": "2:i"}),  # moved with their songs
        ("ab", "aab", {}),
        ("abc", "cab", {}),
    ],
)
def test_an_occurrence_is_known_by_what_stands_around_it(old: str, new: str, found: dict[str, str]) -> None:
    assert renamed_entries(listed(old), listed(new)) == found


# Rounds


@unhurried
@given(keys=LISTS, shuffle=st.booleans(), seed=SEEDS)
def test_every_occurrence_plays_once_a_round(keys: list[str], shuffle: bool, seed: int) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    for _ in range(4):
        heard = played(lineup, len(keys))
        assert sorted(heard) == sorted(entries(keys))
        if not shuffle:
            assert heard == entries(keys)


@unhurried
@given(songs=st.integers(1, 30), seed=SEEDS, data=st.data())
def test_shuffled_a_video_does_not_follow_itself(songs: int, seed: int, data: st.DataObject) -> None:
    keys = [f"song {number}" for number in range(songs)] + ["ident"] * data.draw(st.integers(1, songs))
    lineup = lineup_of(keys, shuffle=True, seed=seed)
    assert all(one != other for one, other in pairwise(play(lineup)))


@unhurried
@given(seed=SEEDS)
def test_shuffled_a_list_that_holds_everything_twice_keeps_the_two_apart(seed: int) -> None:
    heard = play(lineup_of([f"song {number % 40}" for number in range(80)], loop=True, shuffle=True, seed=seed), 400)
    gaps = [
        later - earlier for key in set(heard) for earlier, later in pairwise(i for i, k in enumerate(heard) if k == key)
    ]
    assert sum(gap <= 10 for gap in gaps) <= len(gaps) // 20


@unhurried
@given(keys=LISTS, shuffle=st.booleans(), peeks=st.booleans(), seed=SEEDS, data=st.data())
def test_a_resumed_lineup_goes_on_at_the_same_occurrence(
    keys: list[str], shuffle: bool, peeks: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    played(lineup, data.draw(st.integers(0, 3 * len(keys))))
    if peeks and (upcoming := lineup.upcoming()) and data.draw(st.booleans()):
        lineup.rule_out(upcoming.key)
    again = Lineup.resume(lineup.cursor(), loop=True, shuffle=shuffle, random=Random(99))
    again.add(listed(keys))
    again.listing_ended()

    assert (again.present, again.cursor()) == (lineup.present, lineup.cursor())
    assert played(again, 2 * len(keys)) == played(lineup, 2 * len(keys))


def test_a_cursor_from_before_there_were_occurrences_can_be_read() -> None:
    lineup = lineup_of("abc")
    played(lineup, 2)
    lineup.upcoming()
    cursor = lineup.cursor().replace(',"occurrence":1', "")
    assert cursor != lineup.cursor()
    again = Lineup.resume(cursor, loop=False, shuffle=False, random=Random(1))
    again.add(listed("abcb"))
    again.listing_ended()
    assert (again.present, played(again)) == (Item("b", "B"), ["c", "2:b"])


# What people ask for


def test_each_occurrence_is_removed_played_next_and_jumped_to_by_itself() -> None:
    lineup = lineup_of("iaibic", loop=True)
    lineup.remove("2:i")
    assert lineup.removed == {"2:i"}
    assert played(lineup, 2) == ["i", "a"]
    lineup.play_next("3:i")
    assert played(lineup, 4) == ["3:i", "b", "c", "i"]
    lineup.jump("b")
    assert played(lineup, 3) == ["b", "3:i", "c"]


def test_back_is_the_occurrence_that_played_before() -> None:
    lineup = lineup_of("iaib")
    played(lineup, 4)
    found = lineup.before(lineup.play_number)
    assert found and found[1].entry == "2:i"
    lineup.rewind(found[0])
    assert played(lineup) == ["2:i", "b"]


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_is_ruled_out_is_tried_once_a_round(shuffle: bool) -> None:
    lineup = lineup_of("iaibiiic", loop=True, shuffle=shuffle)
    for _ in range(3):
        heard = ""
        tries = 0
        for _ in range(3):
            while (upcoming := lineup.upcoming()) and upcoming.key == "i":
                lineup.rule_out("i")
                tries += 1
            heard += play(lineup, 1)[0]
        assert (sorted(heard), tries) == (["a", "b", "c"], 1)


def test_what_played_well_before_it_was_ruled_out_does_not_make_a_round_one_in_vain() -> None:
    lineup = lineup_of("ii", loop=True)
    assert played(lineup, 1) == ["i"]
    lineup.upcoming()
    lineup.rule_out("i")
    assert not lineup.is_exhausted
    assert played(lineup, 1) == ["i"]


def test_a_list_of_nothing_but_one_unplayable_video_is_exhausted() -> None:
    lineup = lineup_of("iii", loop=True)
    lineup.upcoming()
    lineup.rule_out("i")
    assert lineup.is_exhausted


# Listed anew


@unhurried
@given(keys=LISTS, anew=LISTS, shuffle=st.booleans(), peeks=st.booleans(), seed=SEEDS, data=st.data())
def test_a_new_listing_neither_repeats_nor_loses_an_occurrence_nor_jumps(
    *, keys: list[str], anew: list[str], shuffle: bool, peeks: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, shuffle=shuffle, seed=seed)
    before = played(lineup, data.draw(st.integers(0, len(keys))))
    upcoming = lineup.upcoming() if peeks else None
    present = lineup.present
    found = renamed_entries(listed(keys), listed(anew))
    lineup.replace(listed(anew))

    assert (lineup.present and lineup.present.key) == (present and present.key)
    if upcoming and (now := found.get(upcoming.entry, upcoming.entry)) in entries(anew):
        following = lineup.upcoming()
        assert following and following.entry == now
    assert sorted(played(lineup)) == sorted(set(entries(anew)) - {found.get(entry, entry) for entry in before})


@unhurried
@given(keys=LISTS, anew=LISTS, data=st.data())
def test_what_people_removed_stays_removed_and_nothing_else_is(
    keys: list[str], anew: list[str], data: st.DataObject
) -> None:
    lineup = lineup_of([*keys, "kept"])
    removed = data.draw(st.sets(st.sampled_from(entries(keys))))
    for entry in removed:
        lineup.remove(entry)
    found = renamed_entries(listed([*keys, "kept"]), listed([*anew, "kept"]))
    lineup.replace(listed([*anew, "kept"]))
    assert lineup.removed == {found.get(entry, entry) for entry in removed} & set(entries(anew))


@unhurried
@given(keys=LISTS, anew=LISTS, shuffle=st.booleans(), seed=SEEDS, data=st.data())
def test_a_lineup_resumes_behind_a_new_listing_as_it_would_have_gone_on(
    *, keys: list[str], anew: list[str], shuffle: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    played(lineup, data.draw(st.integers(0, 2 * len(keys))))
    lineup.replace(listed(anew))
    again = Lineup.resume(lineup.cursor(), loop=True, shuffle=shuffle, random=Random(99))
    again.add(listed(anew))
    again.listing_ended()
    assert sorted(again.upcoming_entries(40)) == sorted(lineup.upcoming_entries(40)) or shuffle
    assert shuffle or played(again, 40) == played(lineup, 40)


def test_the_first_of_many_may_go_and_no_other_is_lost() -> None:
    lineup = lineup_of("iaibic")
    assert play(lineup, 2) == ["i", "a"]
    lineup.replace(listed("aibic"))
    assert "".join(play(lineup)) == "ibic"


def test_an_occurrence_that_comes_while_its_like_is_on_air_plays() -> None:
    lineup = lineup_of("abc")
    assert play(lineup, 1) == ["a"]
    lineup.replace(listed("abac"))
    assert "".join(play(lineup)) == "bac"


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("keys", [[f"song {n}" for n in range(10_000)], ["i", *"abcdefghi"] * 1000, ["a", "b"] * 5000])
def test_ten_thousand_entries_are_listed_anew_and_foreseen_in_no_time(keys: list[str], shuffle: bool) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle)
    play(lineup, 3000)
    began = time.process_time()
    lineup.replace(listed(["new", *keys[:5000], *keys[5001:]]))
    replaced = time.process_time() - began
    assert len(lineup.upcoming_entries(100)) == 100
    foreseen = time.process_time() - began - replaced
    print(f"replaced in {replaced * 1000:.0f} ms, foreseen in {foreseen * 1000:.0f} ms")
    assert (replaced < 2, foreseen < 2) == (True, True)  # 0.1 s each; anything quadratic takes minutes
