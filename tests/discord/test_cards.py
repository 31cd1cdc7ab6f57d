"""Cards look as they did when somebody last looked, and take whatever titles there are."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import Embed
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import basic, text
from bot.i18n.words import streams
from bot.streams import cards, status_card
from bot.targets import cards as target_cards
from streaming.model.message import Message
from streaming.model.states import TargetKind, UplinkState
from streaming.services.previews import Picture
from streaming.services.status import NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.services.targets import TargetTest
from tests.discord.card_examples import ON_AIR, SNAPSHOTS, TARGET, drawn, examples
from tests.standins.discord_wire.limits import message_problems

HOSTILE = [
    "x" * 10_000,
    "**bold** __under__ ~~gone~~ ||hidden|| `code` ```block``` > quote # head",
    "@everyone @here <@123> <@&456> <#789>",
    "[click](https://evil.example) https://evil.example",
    "\u202eright to left\u202c \u200bzero\u200bwidth\ufeff",
    "new\nline\ttab\x00nul",
    "](https://evil.example) [",
    "`" * 300,
    "ﷺ" * 400,
    "",
]


@pytest.mark.parametrize(("name", "card"), list(examples()), ids=[name for name, _ in examples()])
def test_card_looks_as_on_file(name: str, card: Embed) -> None:
    assert drawn(card) == (SNAPSHOTS / f"{name}.json").read_text()
    assert list(message_problems({"embeds": [card.to_dict()]})) == []


def test_every_file_has_its_example() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == {name for name, _ in examples()}


@pytest.mark.parametrize("state", list(StreamState))
def test_every_state_has_a_card_in_the_colour_of_its_light(state: StreamState) -> None:
    card = status_card.stream(replace(ON_AIR, state=state))
    assert card.title is not None
    assert (card.colour == basic.GREEN) == card.title.startswith("🟢")
    assert basic.is_failure(card) == (state is StreamState.FAILED)


@pytest.mark.parametrize("uplink", [None, *UplinkState])
def test_every_uplink_state_has_a_light(uplink: UplinkState | None) -> None:
    target = TargetStatus("main", TargetKind.TWITCH, uplink)
    assert streams.LIGHTS[uplink][0] in str(status_card.stream(replace(ON_AIR, targets=(target,))).to_dict())


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_neither_breaks_a_limit_nor_takes_effect(title: str) -> None:
    status = with_all_text(title)
    infos = [replace(TARGET, name=title, url=title, key_hint=title, used_by=(title,) * 20)] * 60
    drawings = [
        status_card.stream(status),
        status_card.stream(replace(status, state=StreamState.FAILED)),
        cards.stream_list([status] * 60),
        target_cards.target_list(infos),
        target_cards.saved(infos[0]),
        target_cards.removed(title),
        basic.answer("Skipped", title),
        cards.preview(Picture(b"", datetime.now(UTC), status)),
        target_cards.target_test(TargetTest(title)),
        target_cards.target_test(TargetTest(title, is_accepted=True, answer=Message(title))),
        target_cards.target_test(TargetTest(title, is_accepted=False, answer=Message(title))),
        basic.failure(title, title),
    ]
    for card in drawings:
        assert list(message_problems({"embeds": [card.to_dict()]})) == []
        words = str(card.to_dict())
        for trick in (
            "@everyone",
            "@here",
            "<@1",
            "<@&",
            "<#",
            "**bold**",
            "||hidden||",
            "https://evil",
            "\\u202e",
            "\\x00",
        ):
            assert trick not in words, trick


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.sampled_from(StreamState), st.floats(min_value=0, max_value=1e12))
def test_any_text_at_all_can_be_shown(title: str, state: StreamState, seconds: float) -> None:
    status = replace(with_all_text(title), state=state, slate_seconds=seconds, rerun_seconds=seconds)
    for card in (status_card.stream(status), target_cards.target_test(TargetTest(title, False, Message(title)))):
        assert list(message_problems({"embeds": [card.to_dict()]})) == []


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00"), (61.9, "1:01"), (3599, "59:59"), (3600, "1:00:00"), (90_061, "25:01:01")]
)
def test_durations_are_written_as_players_write_them(seconds: float, written: str) -> None:
    assert text.duration(seconds) == written


@pytest.mark.parametrize("position", [-1.0, 0.0, 122.0, 245.0, 9_999.0])
def test_position_bar_keeps_its_length(position: float) -> None:
    status = replace(ON_AIR, now_playing=NowPlaying("x", "", position, 245.0))
    (bar,) = [line for line in (status_card.stream(status).description or "").splitlines() if "●" in line]
    assert len(bar.split("`")[1]) == 16


def test_right_at_on_air_no_health_is_claimed() -> None:
    names = [field.name for field in status_card.stream(replace(ON_AIR, health=None)).fields]
    assert names == ["Targets", "Started", "Playlist", "Picture"]


def test_gaps_are_told_one_by_one_or_not_at_all() -> None:
    calm = replace(ON_AIR, targets=(), slate_seconds=0.4, rerun_seconds=0.0)
    assert on_air_field(calm).endswith("-# no gaps")
    assert on_air_field(replace(calm, slate_seconds=3600.0)).endswith("-# slate for 3,600 s")
    assert on_air_field(replace(ON_AIR)).endswith("slate for 12 s · reruns for 30 s · 3 reconnects · 42 s missed")


def test_tries_at_an_ingest_that_refuses_are_no_gaps() -> None:
    refused = TargetStatus(
        "main", TargetKind.YOUTUBE, UplinkState.REFUSED, Message("The key is refused."), reconnects=240
    )
    calm = replace(ON_AIR, targets=(refused,), slate_seconds=0.0, rerun_seconds=0.0)
    assert on_air_field(calm).endswith("-# no gaps")


def on_air_field(status: StreamStatus) -> str:
    (value,) = [field.value for field in status_card.stream(status).fields if field.name == "Started"]
    return value or ""


def test_lists_that_do_not_fit_say_how_much_is_left_out() -> None:
    card = cards.stream_list([replace(ON_AIR, stream_id=number) for number in range(200)])
    assert card.description is not None
    assert "… and" in card.description.splitlines()[-1]


def with_all_text(title: str) -> StreamStatus:
    """A stream on air in which every text of others is the same."""
    texts: dict[str, Any] = {field.name: title for field in fields(StreamStatus) if field.type is str}
    targets = tuple(
        TargetStatus(title, TargetKind.CUSTOM, UplinkState.RETRYING, Message(title), 3, 5.0) for _ in range(30)
    )
    return replace(ON_AIR, **texts, targets=targets, now_playing=NowPlaying(title, title, 1.0, 2.0))
