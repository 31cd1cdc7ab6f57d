"""Secrets print as a hint, and are taken out of text that others wrote."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.secrets import Secret, redact

KEY = Secret("abcd-efgh-ijkl-9f3c")


def test_secret_prints_its_last_four_characters() -> None:
    assert f"{KEY} {KEY!r} {[KEY]}" == "…9f3c Secret('…9f3c') [Secret('…9f3c')]"


def test_short_secret_prints_nothing_of_itself() -> None:
    assert str(Secret("hunter2")) == "…"


@given(st.text(min_size=9, max_size=60))
def test_no_way_of_printing_shows_the_whole(value: str) -> None:
    assert value not in f"{Secret(value)}{Secret(value)!r}"


def test_secrets_compare_by_value_and_are_empty_or_not() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda secret: pickle.loads(pickle.dumps(secret))])
def test_copies_are_secrets_too(duplicate: object) -> None:
    assert callable(duplicate)
    assert duplicate(KEY) == KEY


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("key abcd-efgh-ijkl-9f3c refused", "key …9f3c refused"),
        ("rtmp://host/live2/abcd-efgh-ijkl-9f3c: Input/output error", "rtmp://host/live2/… Input/output error"),
        ("Opening rtmps://host:443/app/other-key?a=b for writing", "Opening rtmps://host:443/app/… for writing"),
        ("rtmp://host/key-without-application refused", "rtmp://host/… refused"),
        ("GET https://r1.example/videoplayback?sig=abc&ip=1.2.3.4 403", "GET https://r1.example/videoplayback?… 403"),
        ("https://youtube.example/playlist?list=PL… or", "https://youtube.example/playlist?list=PL… or"),
        ("https://youtube.example/watch?v=a-b_c.", "https://youtube.example/watch?v=a-b_c."),
        ("https://youtube.example/watch?v=abc&sig=1", "https://youtube.example/watch?…"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_lines_of_others_are_redacted(line: str, expected: str) -> None:
    assert redact(line, KEY) == expected


def test_longer_secret_goes_first_when_one_holds_the_other() -> None:
    assert redact("secret-long-0002", Secret("secret-long"), Secret("secret-long-0002")) == "…0002"


def test_empty_secret_leaves_text_alone() -> None:
    assert redact("as it was", Secret("")) == "as it was"
