"""How often messages may be edited."""

from hypothesis import given
from hypothesis import strategies as st

from bot.panels.edit_rate_limit import FRESH, OLD, EditRateLimit, Limit, Window
from tests.standins.discord_wire.rates import RateLimits

CHANNEL, OTHER = 1, 2


@given(st.lists(st.floats(0, 3), max_size=60))
def test_window_never_lets_more_through_than_is_allowed(pauses: list[float]) -> None:
    window, now, done = Window(Limit(3, 5.0)), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if not window.wait_seconds(now):
            window.record(now)
            done.append(now)
    for first, fourth in zip(done, done[3:], strict=False):
        assert fourth - first >= 5.0


def test_waiting_as_long_as_told_is_enough() -> None:
    window = Window(Limit(2, 5.0))
    window.record(0.0)
    window.record(1.0)
    assert window.wait_seconds(2.0) == 3.0
    assert window.wait_seconds(5.0) == 0.0


def test_one_channel_does_not_keep_another_waiting() -> None:
    pace = EditRateLimit()
    for _ in range(FRESH.count):
        pace.record_edit(CHANNEL, 0.0, is_old=False)
    assert pace.wait_seconds(CHANNEL, 0.0, is_old=False) == FRESH.seconds
    assert pace.wait_seconds(OTHER, 0.0, is_old=False) == 0.0


def test_old_messages_have_a_limit_of_their_own_and_count_for_the_channel() -> None:
    pace = EditRateLimit()
    for _ in range(OLD.count):
        pace.record_edit(CHANNEL, 0.0, is_old=True)
    assert pace.wait_seconds(CHANNEL, 0.0, is_old=True) == OLD.seconds
    assert pace.wait_seconds(CHANNEL, 0.0, is_old=False) == 0.0
    assert not pace.is_quiet(CHANNEL, 0.0, is_old=False)


def test_what_can_wait_leaves_half_of_the_room() -> None:
    pace = EditRateLimit()
    assert pace.is_quiet(CHANNEL, 0.0, is_old=False)
    pace.record_edit(CHANNEL, 0.0, is_old=False)
    assert pace.is_quiet(CHANNEL, 0.0, is_old=False)
    pace.record_edit(CHANNEL, 0.0, is_old=False)
    assert not pace.is_quiet(CHANNEL, 0.0, is_old=False)


def test_what_we_allow_ourselves_discord_allows() -> None:
    now = 0.0
    pace, discord = EditRateLimit(), RateLimits(clock=lambda: now)
    for _ in range(4000):
        for is_old in (False, True):
            if not pace.wait_seconds(CHANNEL, now, is_old=is_old):
                pace.record_edit(CHANNEL, now, is_old=is_old)
                route = "/api/v10/channels/{}/messages/{}"
                assert discord.take("PATCH", route, "1") is None
                assert discord.take_old_edit("1", 7200.0 if is_old else 60.0) is None
        now += 0.05
