"""Whatever text comes from outside can be encoded, bound to a statement and printed once it is inside."""

import json
import os
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.text import clean, clean_all, visible_signs

ANY_TEXT = st.text(st.characters(exclude_categories=[]))

CASES = (
    ("Aria in F", "Aria in F"),
    ("Ein Lied – “live” 🎸", "Ein Lied – “live” 🎸"),
    ("family 👩\u200d👧", "family 👩\u200d👧"),
    ("half \ud83d of one", "half � of one"),
    (json.loads('"\\ud83c\\udfb8"'), "🎸"),
    ("\ud83c\udfb8", "🎸"),
    ("NUL\0 and \x1b[31mred\x07", "NUL and [31mred"),
    ("two\nlines\tand\ra tab", "two lines and a tab"),
    ("\x9b31m and \x7f", "31m and "),
    (os.fsdecode("Café".encode("latin-1")), "Café"),
    ("", ""),
)


@pytest.mark.parametrize(("text", "cleaned"), CASES)
def test_text_of_others_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_lines_are_kept_where_there_may_be_several() -> None:
    assert clean("first\r\nsecond\0", keeps_lines=True) == "first \nsecond"


@given(ANY_TEXT)
def test_whatever_it_was_it_can_be_bound_and_encoded(text: str) -> None:
    cleaned = clean(text)
    with closing(sqlite3.connect(":memory:")) as database:
        assert database.execute("SELECT ?", (cleaned,)).fetchone() == (cleaned,)
    assert "\0" not in cleaned
    assert "\n" not in cleaned
    assert clean(cleaned) == cleaned


@given(ANY_TEXT)
def test_an_item_is_clean_however_it_was_made(text: str) -> None:
    item = Item("key", text, link=text, reason_unplayable=Message(text))
    assert (item.title, item.link, item.reason_unplayable) == (clean(text),) * 3


def test_all_of_an_answer_is_cleaned() -> None:
    answer = {"title": "\ud800", "entries": [{"id": "a", "title": "b\0", "duration": 3.0, "live": None}]}
    assert clean_all(answer) == {
        "title": "�",
        "entries": [{"id": "a", "title": "b", "duration": 3.0, "live": None}],
    }


def test_control_signs_are_shown_as_signs() -> None:
    shown = visible_signs("a\x1b[2Jb\nc\r\t\x07\x9b31m\u202ed\u2028e\x7f\x00\ud800")
    assert shown == "a␛[2Jb␤c␍␉␇\\u009b31m\\u202ed\\u2028e␡␀\\ud800"
    assert visible_signs("a\nb\x1b", keeps_lines=True) == "a\nb␛"
    assert visible_signs("Größe 👩‍👩‍👧 …") == "Größe 👩‍👩‍👧 …"
