"""The order of play, round after round."""

import time
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.lineup.lineup import Lineup
from streaming.model.items import Item

unhurried = settings(deadline=None)  # other tests may have the processor
SEEDS = st.integers(0, 2**32)
KEYS = st.lists(st.sampled_from([f"video-{number}" for number in range(40)]), unique=True, min_size=1)


def items(keys: list[str]) -> list[Item]:
    return [Item(key=key, title=key.title()) for key in keys]


def numbered(count: int) -> list[str]:
    return [f"video-{number}" for number in range(count)]


def lineup_of(keys: list[str], *, loop: bool = False, shuffle: bool = False, seed: int = 0) -> Lineup:
    lineup = Lineup(loop=loop, shuffle=shuffle, random=Random(seed))
    lineup.add(items(keys))
    lineup.listing_ended()
    return lineup


def resumed(lineup: Lineup, keys: list[str], *, loop: bool = False, shuffle: bool = False) -> Lineup:
    again = Lineup.resume(lineup.cursor(), loop=loop, shuffle=shuffle, random=Random(99))
    again.add(items(keys))
    again.listing_ended()
    return again


def play(lineup: Lineup, count: int | None = None) -> list[str]:
    """The keys of the next `count` items, or of all up to the end."""
    played: list[str] = []
    while len(played) != count and (item := lineup.advance()):
        played.append(item.key)
    return played


def fail_all(lineup: Lineup) -> list[str]:
    tried: list[str] = []
    while item := lineup.upcoming():
        tried.append(item.key)
        lineup.pass_over(item.key)
    return tried


# Rounds


@unhurried
@given(keys=KEYS)
def test_without_shuffle_the_order_of_the_list_is_kept_round_after_round(keys: list[str]) -> None:
    assert play(lineup_of(keys, loop=True), 3 * len(keys)) == 3 * keys


@unhurried
@given(keys=KEYS, seed=SEEDS)
def test_shuffled_every_item_plays_once_a_round(keys: list[str], seed: int) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=True, seed=seed)

    for _ in range(4):
        assert sorted(play(lineup, len(keys))) == sorted(keys)


@unhurried
@given(count=st.integers(1, 40), seed=SEEDS)
def test_shuffled_no_item_comes_again_before_half_of_the_list_has_played(count: int, seed: int) -> None:
    played = play(lineup_of(numbered(count), loop=True, shuffle=True, seed=seed), 5 * count)

    for key in numbered(count):
        places = [place for place, other in enumerate(played) if other == key]
        assert all(later - earlier > count // 2 for earlier, later in pairwise(places))


def test_any_item_may_open_a_shuffled_lineup_and_any_other_may_follow() -> None:
    openings = {tuple(play(lineup_of(numbered(4), shuffle=True, seed=seed), 2)) for seed in range(300)}

    assert len(openings) == 4 * 3


def test_shuffled_rounds_do_not_follow_one_another_in_the_same_order() -> None:
    lineup = lineup_of(numbered(30), loop=True, shuffle=True)
    pairs = [set(pairwise(play(lineup, 30))) for _ in range(10)]

    assert all(len(one & next_one) < 10 for one, next_one in pairwise(pairs))


def test_without_loop_it_ends_after_the_last_item() -> None:
    lineup = lineup_of(["a", "b"])

    assert play(lineup, 2) == ["a", "b"]
    assert (lineup.upcoming(), lineup.is_over, lineup.is_exhausted) == (None, True, False)
    assert lineup.advance() is None


# While the listing goes on


@pytest.mark.parametrize("shuffle", [False, True])
def test_no_round_ends_before_the_listing_does(shuffle: bool) -> None:
    lineup = Lineup(loop=True, shuffle=shuffle, random=Random(1))
    lineup.add(items(["a", "b"]))
    assert sorted(play(lineup, 2)) == ["a", "b"]

    assert (lineup.upcoming(), lineup.is_over) == (None, False)
    lineup.add(items(["c"]))
    assert play(lineup, 1) == ["c"]
    lineup.listing_ended()
    assert sorted(play(lineup, 3)) == ["a", "b", "c"]


@unhurried
@given(keys=KEYS, seed=SEEDS, data=st.data())
def test_items_that_arrive_while_others_play_are_all_played_once_in_the_first_round(
    keys: list[str], seed: int, data: st.DataObject
) -> None:
    lineup = Lineup(loop=True, shuffle=True, random=Random(seed))
    played: list[str] = []
    for item in items(keys):
        lineup.add([item])
        played += play(lineup, data.draw(st.integers(0, 1)))
    lineup.listing_ended()

    assert sorted(played + play(lineup, len(keys) - len(played))) == sorted(keys)


@unhurried
@given(count=st.integers(1, 30), seed=SEEDS)
def test_the_upcoming_item_is_the_one_that_plays_whatever_arrives(count: int, seed: int) -> None:
    lineup = Lineup(loop=False, shuffle=True, random=Random(seed))
    lineup.add(items(numbered(count)))
    upcoming = lineup.upcoming()
    lineup.add(items(numbered(2 * count)))
    lineup.listing_ended()
    lineup.replace(items(numbered(3 * count)[::-1]))

    assert lineup.advance() == upcoming
    assert upcoming
    assert upcoming.key not in play(lineup)


def test_listing_the_same_items_twice_does_no_harm() -> None:
    lineup = lineup_of(["a", "b"])
    lineup.add(items(["a", "b", "c"]))

    assert play(lineup) == ["a", "b", "c"]


# What cannot be played


def test_an_item_passed_over_is_not_tried_again_in_its_round() -> None:
    lineup = lineup_of(["a", "b", "c"], loop=True)
    lineup.advance()
    assert lineup.upcoming() == Item("b", "B")
    lineup.pass_over("b")

    assert play(lineup, 4) == ["c", "a", "b", "c"]


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("loop", [False, True])
def test_a_round_with_nothing_playable_ends_the_lineup_and_is_told_apart(loop: bool, shuffle: bool) -> None:
    lineup = lineup_of(numbered(5), loop=loop, shuffle=shuffle)

    assert sorted(fail_all(lineup)) == numbered(5)
    assert (lineup.is_over, lineup.is_exhausted) == (True, True)


def test_an_item_that_fails_while_it_plays_counts_as_unplayable() -> None:
    lineup = lineup_of(["a"], loop=True)
    lineup.advance()
    assert lineup.upcoming() == Item("a", "A")
    lineup.pass_over("a")

    assert lineup.is_exhausted


def test_one_playable_item_is_enough_to_go_on_for_ever() -> None:
    lineup = lineup_of(["a", "b", "c"], loop=True)
    played = []
    for _ in range(5):
        while (upcoming := lineup.upcoming()) and upcoming.key != "b":
            lineup.pass_over(upcoming.key)
        played += play(lineup, 1)

    assert played == ["b"] * 5
    assert not lineup.is_exhausted


def test_an_empty_list_is_exhausted_once_it_is_known_to_be_empty() -> None:
    lineup = Lineup(loop=True, shuffle=True, random=Random(1))
    assert not lineup.is_over
    lineup.listing_ended()

    assert (lineup.upcoming(), lineup.is_over, lineup.is_exhausted) == (None, True, True)


def test_listing_anew_gives_an_exhausted_lineup_another_chance() -> None:
    lineup = lineup_of(["a", "b"], loop=True)
    fail_all(lineup)
    lineup.replace(items(["a", "b"]))

    assert play(lineup, 3) == ["a", "b", "a"]


# Listed anew


@unhurried
@given(keys=KEYS, listed_anew=KEYS, shuffle=st.booleans(), peeks=st.booleans(), seed=SEEDS, data=st.data())
def test_a_new_listing_neither_repeats_nor_loses_what_is_in_it(
    *, keys: list[str], listed_anew: list[str], shuffle: bool, peeks: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, shuffle=shuffle, seed=seed)
    before = play(lineup, data.draw(st.integers(0, len(keys))))
    if peeks:
        lineup.upcoming()
    lineup.replace(items(listed_anew))
    after = play(lineup)

    assert sorted(after) == sorted(set(listed_anew) - set(before))


def test_what_is_left_of_the_round_plays_in_the_new_order_with_new_items_among_it() -> None:
    lineup = lineup_of(["a", "b", "c", "d", "e"])
    assert play(lineup, 2) == ["a", "b"]
    lineup.replace(items(["new", "a", "e", "b", "d"]))

    assert lineup.present == Item("b", "B")
    assert play(lineup) == ["new", "e", "d"]


def test_the_present_item_plays_on_when_it_is_gone_from_the_list() -> None:
    lineup = lineup_of(["a", "b", "c"], loop=True)
    lineup.advance()
    lineup.replace(items(["b", "c"]))

    assert lineup.present == Item("a", "A")
    assert play(lineup, 3) == ["b", "c", "b"]


# Cursors


@unhurried
@given(keys=KEYS, shuffle=st.booleans(), peeks=st.booleans(), seed=SEEDS, data=st.data())
def test_a_resumed_lineup_has_the_future_of_the_first(
    keys: list[str], shuffle: bool, peeks: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    play(lineup, data.draw(st.integers(0, 3 * len(keys))))
    if peeks and (upcoming := lineup.upcoming()) and data.draw(st.booleans()):
        lineup.pass_over(upcoming.key)
    again = resumed(lineup, keys, loop=True, shuffle=shuffle)

    assert again.present == lineup.present
    assert again.cursor() == lineup.cursor()
    assert play(again, 2 * len(keys)) == play(lineup, 2 * len(keys))


@unhurried
@given(keys=KEYS, listed_anew=KEYS, shuffle=st.booleans(), data=st.data())
def test_a_list_that_changed_while_nothing_ran_is_merged_like_any_other(
    keys: list[str], listed_anew: list[str], shuffle: bool, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, shuffle=shuffle)
    before = play(lineup, data.draw(st.integers(0, len(keys))))
    lineup.upcoming()
    again = resumed(lineup, listed_anew, shuffle=shuffle)

    assert sorted(play(again)) == sorted(set(listed_anew) - set(before))


def test_the_present_and_the_next_item_are_known_before_anything_is_listed_again() -> None:
    lineup = lineup_of(["a", "b", "c"])
    lineup.advance()
    lineup.upcoming()
    again = Lineup.resume(lineup.cursor(), loop=False, shuffle=False, random=Random(1))

    assert again.present == Item("a", "A")
    assert again.advance() == Item("b", "B")
    assert (again.upcoming(), again.is_over) == (None, False)


def test_failures_are_remembered_over_a_restart() -> None:
    lineup = lineup_of(["a", "b"], loop=True)
    for key in ("a", "b"):
        lineup.upcoming()
        lineup.pass_over(key)

    assert resumed(lineup, ["a", "b"], loop=True).is_exhausted


@pytest.mark.parametrize("cursor", ["", "null", "[]", "7", "{}", '{"seed":1}', "{"])
def test_what_is_no_cursor_begins_a_new_lineup(cursor: str) -> None:
    lineup = Lineup.resume(cursor, loop=False, shuffle=False, random=Random(1))
    lineup.add(items(["a", "b"]))

    assert play(lineup, 2) == ["a", "b"]


# Size


@pytest.mark.parametrize("shuffle", [False, True])
def test_ten_thousand_items_cost_next_to_nothing(shuffle: bool) -> None:
    lineup = Lineup(loop=True, shuffle=shuffle, random=Random(1))
    started = time.process_time()
    for page in range(100):
        lineup.add(Item(key=f"{page}-{number}", title="A video") for number in range(100))
    lineup.listing_ended()
    play(lineup, 15_000)
    cursor = lineup.cursor()

    assert time.process_time() - started < 5  # 0.5 s; work on every item at each change would take minutes
    assert len(cursor) < 100_000


# What is played next, and another chance


@given(KEYS, st.randoms(use_true_random=False), st.booleans(), SEEDS)
@unhurried
def test_what_is_to_play_next_does_and_nothing_else_is_lost_or_repeated(
    keys: list[str], choices: Random, shuffle: bool, seed: int
) -> None:
    lineup = lineup_of(keys, shuffle=shuffle, seed=seed)
    heard: list[str] = []
    while upcoming := lineup.upcoming():
        others = sorted(item.key for item in lineup.others())
        assert upcoming.key not in others
        if others and choices.random() < 0.5:
            chosen = choices.choice(others)
            lineup.play_next(chosen)
            upcoming = lineup.upcoming()
            assert upcoming and upcoming.key == chosen
        lineup.advance()
        heard.append(upcoming.key)
    assert sorted(heard) == sorted(keys)


def test_what_had_to_wait_comes_back_to_its_place() -> None:
    lineup = lineup_of(numbered(4))
    lineup.advance()
    lineup.play_next("video-3")
    heard = [item.key for _ in range(3) if (item := lineup.advance())]
    assert heard == ["video-3", "video-1", "video-2"]


def test_a_round_in_vain_can_be_followed_by_another_one() -> None:
    lineup = lineup_of(numbered(2), loop=True)
    for key in numbered(2):
        lineup.upcoming()
        lineup.pass_over(key)
    assert lineup.is_exhausted
    lineup.begin_another_round()
    assert not lineup.is_exhausted
    upcoming = lineup.upcoming()
    assert upcoming and upcoming.key == "video-0"
