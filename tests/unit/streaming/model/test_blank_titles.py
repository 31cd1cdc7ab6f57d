"""Titles and names with nothing to see in them: they are called by something else, and names like that are refused."""

import pytest
from discord import app_commands

from bot.cards import text
from bot.discord import autocomplete
from bot.i18n.words import in_language, numbers
from bot.queue.views import _option
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.model.text import is_blank
from streaming.services import playlists, target_validation
from streaming.services.guilds import Language
from streaming.services.lookup import Suggestion
from streaming.services.queue import QueueEntry

BLANK = [
    "",
    " \t\n",
    "\u200b",
    "\u200d\u200d",
    "\u2060\ufeff",
    "\u3164",
    "\u2800 \u2800",
    "\u115f\u1160",
    "\ufe0f\u034f",
    "\u202e\u202c",
    "\U000e0041",
    "\u00ad",
    "\u3000\u00a0",
    "\ud800",
    "\u200b" * 1000,
]
SEEN = ["a", "\u200ba", "日本", "🎵", ".", "\u3164x", "👨\u200d👩"]


@pytest.mark.parametrize("title", BLANK)
def test_blank_titles_are_called_by_something(title: str) -> None:
    assert is_blank(title)
    assert text.visible(title, 50) == ""
    assert text.named(title, 50) == numbers.UNTITLED
    assert text.linked(title, "https://youtu.be/x", 50) == f"[{numbers.UNTITLED}](https://youtu.be/x)"
    with in_language(Language.GERMAN):
        assert text.named(title, 50) == "(ohne Titel)"


@pytest.mark.parametrize("title", SEEN)
def test_others_keep_their_own(title: str) -> None:
    assert not is_blank(title)
    assert text.named(title, 50) not in ("", numbers.UNTITLED)


@pytest.mark.parametrize("title", BLANK)
@pytest.mark.parametrize("key", ["dQw4w9WgXcQ", "\u200b"])
def test_lists_and_completions_have_a_label_that_discord_takes(title: str, key: str) -> None:
    (choice,) = autocomplete._choices([Suggestion(title, key, (Message("3 items"),))])
    assert isinstance(choice, app_commands.Choice)
    for label in (choice.name, _option(QueueEntry(key, title), is_alike=False).label):
        assert not is_blank(label)
        assert len(label) <= 100


@pytest.mark.parametrize("name", BLANK)
def test_blank_names_are_refused(name: str) -> None:
    for checked_name in (target_validation.checked_name, playlists.checked_name):
        with pytest.raises(UsageError):
            checked_name(name)
