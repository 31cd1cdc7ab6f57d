"""What people do to the order of play: back, there, next, out, and shuffled or looped from now on."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.lineup.lineup import Lineup
from streaming.model.items import Item
from streaming.model.message import Message
from tests.unit.streaming.lineup.test_lineup import KEYS, SEEDS, items, lineup_of, numbered, play, resumed, unhurried

DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["advance", "previous", "jump", "next", "remove", "shuffle", "loop", "pass over"]),
        st.integers(0, 100),
    ),
    max_size=30,
)


def previous(lineup: Lineup) -> None:
    if found := lineup.before(lineup.play_number):
        lineup.rewind(found[0])


def ask(lineup: Lineup, doing: str, key: str, *, shuffle: bool) -> bool:
    """Does one thing to a lineup; gives whether it is shuffled from then on."""
    match doing:
        case "advance":
            lineup.advance()
        case "previous":
            previous(lineup)
            lineup.advance()
        case "jump":
            lineup.jump(key)
        case "next":
            lineup.play_next(key)
        case "remove":
            lineup.remove(key)
        case "pass over":
            if upcoming := lineup.upcoming():
                lineup.pass_over(upcoming.key)
        case "shuffle":
            shuffle = not shuffle
            lineup.set_order(loop=lineup.is_looped, shuffle=shuffle)
        case "loop":
            lineup.set_order(loop=not lineup.is_looped, shuffle=shuffle)
    return shuffle


# Back


def test_previous_goes_back_and_comes_back() -> None:
    lineup = lineup_of(["a", "b", "c"])
    assert play(lineup, 2) == ["a", "b"]
    previous(lineup)

    assert play(lineup) == ["a", "b", "c"]


def test_previous_goes_back_several_times_and_across_a_round() -> None:
    lineup = lineup_of(["a", "b", "c"], loop=True)
    assert play(lineup, 4) == ["a", "b", "c", "a"]
    previous(lineup)
    assert play(lineup, 1) == ["c"]
    previous(lineup)

    assert play(lineup, 6) == ["b", "c", "a", "b", "c", "a"]


@unhurried
@given(keys=KEYS, seed=SEEDS, shuffle=st.booleans(), data=st.data())
def test_what_was_gone_back_on_is_heard_again_in_the_same_order(
    keys: list[str], seed: int, shuffle: bool, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    heard = play(lineup, data.draw(st.integers(1, 90)))
    back = data.draw(st.integers(1, len(heard)))
    future = lineup.upcoming_entries(20)
    lineup.rewind(lineup.play_number - back + 1)

    assert play(lineup, back + len(future)) == heard[-back:] + future


def test_nothing_lies_before_the_first_item() -> None:
    lineup = lineup_of(["a", "b"])
    lineup.advance()

    assert lineup.before(lineup.play_number) is None


def test_previous_passes_by_what_is_no_longer_there() -> None:
    lineup = lineup_of(["a", "b", "c", "d"])
    play(lineup, 4)
    lineup.remove("c")
    lineup.replace(items(["a", "c", "d"]))
    previous(lineup)

    assert play(lineup) == ["a", "d"]


# There


def test_in_order_a_jump_goes_on_behind_its_item() -> None:
    lineup = lineup_of(numbered(6), loop=True)
    play(lineup, 1)
    lineup.jump("video-3")

    assert play(lineup, 5) == ["video-3", "video-4", "video-5", "video-0", "video-1"]


def test_in_order_a_jump_back_plays_again_what_follows() -> None:
    lineup = lineup_of(numbered(4))
    play(lineup, 4)
    lineup.jump("video-1")

    assert play(lineup) == ["video-1", "video-2", "video-3"]


@unhurried
@given(keys=KEYS, seed=SEEDS, data=st.data())
def test_shuffled_a_jump_only_brings_its_item_forward(keys: list[str], seed: int, data: st.DataObject) -> None:
    lineup = lineup_of(keys, shuffle=True, seed=seed)
    heard = play(lineup, data.draw(st.integers(0, len(keys))))
    goal = data.draw(st.sampled_from(keys))
    lineup.jump(goal)
    after = play(lineup)

    assert after[0] == goal
    assert sorted(after[1:]) == sorted(set(keys) - {goal} - set(heard))


def test_what_was_asked_to_come_next_comes_after_a_jump() -> None:
    lineup = lineup_of(numbered(6))
    play(lineup, 2)
    previous(lineup)
    lineup.play_next("video-5")
    lineup.jump("video-3")

    assert play(lineup) == ["video-3", "video-5", "video-4"]


def test_a_jump_to_what_is_not_in_the_list_does_nothing() -> None:
    lineup = lineup_of(["a", "b"])
    lineup.jump("elsewhere")
    lineup.play_next("elsewhere")

    assert play(lineup) == ["a", "b"]


# Next


def test_an_item_that_has_played_can_come_next_once_more() -> None:
    lineup = lineup_of(["a", "b", "c"])
    play(lineup, 2)
    assert lineup.upcoming() == Item("c", "C")
    lineup.play_next("a")
    lineup.play_next("b")

    assert play(lineup) == ["b", "a", "c"]


@unhurried
@given(keys=KEYS, seed=SEEDS, shuffle=st.booleans(), data=st.data())
def test_what_came_next_by_wish_is_not_drawn_again_in_its_round(
    keys: list[str], seed: int, shuffle: bool, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, shuffle=shuffle, seed=seed)
    heard = play(lineup, data.draw(st.integers(0, len(keys) - 1)))
    left = sorted(set(keys) - set(heard))
    lineup.upcoming()
    lineup.play_next(data.draw(st.sampled_from(left)))

    assert sorted(play(lineup)) == left


# Out


@unhurried
@given(keys=KEYS, shuffle=st.booleans(), seed=SEEDS, data=st.data())
def test_what_was_removed_plays_no_more_after_a_restart_and_a_new_listing_either(
    keys: list[str], shuffle: bool, seed: int, data: st.DataObject
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    play(lineup, data.draw(st.integers(0, len(keys))))
    out = data.draw(st.sampled_from(keys))
    lineup.remove(out)
    again = resumed(lineup, keys, loop=True, shuffle=shuffle)
    again.replace(items([*keys[::-1], "new"]))

    assert lineup.find(out)
    assert (out in play(lineup, 2 * len(keys))) == (len(keys) == 1)
    assert (out in play(again, 3 * len(keys))) == (len(keys) == 1)


def test_removed_before_anything_is_listed() -> None:
    lineup = Lineup(loop=False, shuffle=False, random=Random(1), removed=["b"])
    lineup.add(items(["a", "b", "c"]))
    lineup.listing_ended()

    assert play(lineup) == ["a", "c"]


def test_the_upcoming_item_can_be_removed_and_brought_back() -> None:
    lineup = lineup_of(["a", "b", "c"], loop=True)
    play(lineup, 1)
    assert lineup.upcoming() == Item("b", "B")
    lineup.remove("b")
    assert play(lineup, 3) == ["c", "a", "c"]
    lineup.play_next("b")

    assert play(lineup, 4) == ["b", "a", "b", "c"]


# From now on


def test_shuffled_from_now_on_the_rest_of_the_round_is_still_what_was_not_played() -> None:
    lineup = lineup_of(numbered(20))
    heard = play(lineup, 5)
    following = lineup.upcoming()
    lineup.set_order(loop=False, shuffle=True)
    rest = play(lineup)

    assert following and rest[0] == following.key
    assert sorted(heard + rest) == sorted(numbered(20))
    assert rest != sorted(rest, key=numbered(20).index)


def test_in_order_from_now_on_the_rest_of_the_round_is_in_the_order_of_the_list() -> None:
    lineup = lineup_of(numbered(20), shuffle=True)
    heard = play(lineup, 5)
    lineup.set_order(loop=False, shuffle=False)
    rest = play(lineup)

    assert sorted(heard + rest) == sorted(numbered(20))
    assert rest == sorted(rest, key=numbered(20).index)


def test_looped_from_now_on_it_begins_again() -> None:
    lineup = lineup_of(["a", "b"])
    play(lineup, 2)
    assert lineup.is_over
    lineup.set_order(loop=True, shuffle=False)

    assert play(lineup, 3) == ["a", "b", "a"]


@pytest.mark.parametrize("keys", [["a"], ["a", "b"]])
def test_no_longer_looped_it_ends_with_the_present_round(keys: list[str]) -> None:
    lineup = lineup_of(keys, loop=True)
    play(lineup, len(keys))
    assert lineup.upcoming() == Item("a", "A")
    lineup.set_order(loop=False, shuffle=False)

    assert (lineup.upcoming(), lineup.is_over, lineup.is_exhausted) == (None, True, False)
    lineup.set_order(loop=True, shuffle=False)
    assert play(lineup, 1) == ["a"]


# All of it


@settings(unhurried, max_examples=300)
@given(keys=KEYS, shuffle=st.booleans(), seed=SEEDS, doings=DOINGS)
def test_whatever_is_asked_the_forecast_comes_true_and_survives_a_restart(
    keys: list[str], shuffle: bool, seed: int, doings: list[tuple[str, int]]
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    for doing, number in doings:
        shuffle = ask(lineup, doing, keys[number % len(keys)], shuffle=shuffle)
    lineup.upcoming()
    before = lineup.cursor()
    forecast = lineup.upcoming_entries(3 * len(keys))
    again = resumed(lineup, keys, loop=lineup.is_looped, shuffle=shuffle)

    assert lineup.cursor() == before
    assert again.cursor() == before
    assert again.present == lineup.present
    assert play(again, len(forecast)) == forecast
    assert play(lineup, len(forecast)) == forecast


@unhurried
@given(keys=KEYS, shuffle=st.booleans(), seed=SEEDS, count=st.integers(1, 90), back=st.integers(0, 20))
def test_those_who_see_an_earlier_turn_are_told_what_comes_after_that(
    keys: list[str], shuffle: bool, seed: int, count: int, back: int
) -> None:
    lineup = lineup_of(keys, loop=True, shuffle=shuffle, seed=seed)
    heard = play(lineup, count)
    play_number = max(1, lineup.play_number - back)
    version, seen = lineup.version, lineup.seen_from(play_number)

    assert seen.present and seen.present.key == heard[play_number - 1]
    assert seen.upcoming_entries(5) == (heard[play_number:] + lineup.upcoming_entries(5))[:5]
    assert (lineup.version, play(resumed(seen, keys, loop=True, shuffle=shuffle), 5)) == (version, play(seen, 5))


def test_the_forecast_passes_by_what_the_listing_rules_out() -> None:
    lineup = Lineup(loop=True, shuffle=False, random=Random(1))
    lineup.add([Item("a", "A"), Item("b", "B", reason_unplayable=Message("private")), Item("c", "C")])
    lineup.listing_ended()

    assert lineup.upcoming_entries(4) == ["a", "c", "a", "c"]


def test_after_a_restart_what_comes_ahead_is_waited_for() -> None:
    lineup = lineup_of(numbered(5))
    play(lineup, 1)
    for key in ("video-4", "video-3"):
        lineup.play_next(key)
    again = Lineup.resume(lineup.cursor(), loop=False, shuffle=False, random=Random(1))
    again.add(items(numbered(2)))
    assert (again.upcoming(), again.is_over) == (None, False)
    again.add(items(numbered(5)))
    again.listing_ended()

    assert play(again) == ["video-3", "video-4", "video-1", "video-2"]


@pytest.mark.parametrize("shuffle", [False, True])
def test_everything_that_may_be_asked_of_ten_thousand_items_costs_next_to_nothing(shuffle: bool) -> None:
    lineup = lineup_of(numbered(10_000), loop=True, shuffle=shuffle)
    play(lineup, 5_000)
    started = time.process_time()
    for number in range(20):
        lineup.jump(f"video-{number * 400}")
        lineup.play_next(f"video-{number * 300}")
        lineup.remove(f"video-{number * 200}")
        play(lineup, 2)
        previous(lineup)
        lineup.seen_from(lineup.play_number - 1).upcoming_entries(100)

    assert time.process_time() - started < 10  # 0.4 s
