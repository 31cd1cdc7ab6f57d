"""Typed lines are understood as Discord would check them, and refused in words that help."""

from typing import Any

import pytest

from bot.console.syntax import Call, forms, parse
from streaming.model.errors import UsageError

COMMANDS: list[dict[str, Any]] = [
    {
        "name": "stream",
        "description": "Streams",
        "type": 1,
        "options": [
            {
                "name": "start",
                "description": "Put a playlist on air",
                "type": 1,
                "options": [
                    {"name": "playlist", "description": "", "type": 3, "required": True, "max_length": 60},
                    {"name": "title", "description": "", "type": 3},
                    {
                        "name": "mode",
                        "description": "",
                        "type": 3,
                        "choices": [{"name": "Direct", "value": "direct"}, {"name": "Download", "value": "download"}],
                    },
                    {"name": "loop", "description": "", "type": 5},
                    {"name": "height", "description": "", "type": 4, "min_value": 360, "max_value": 1080},
                ],
            },
            {"name": "stop", "description": "Take a stream off the air", "type": 1, "options": []},
        ],
    },
    {"name": "about", "description": "About", "type": 1, "options": []},
]
FORMS = forms(COMMANDS)


def test_values_get_the_types_of_their_options() -> None:
    call = parse('/stream start playlist:demo title:"two words" mode:DIRECT loop:no height:720', FORMS)
    assert call.values == {"playlist": "demo", "title": "two words", "mode": "direct", "loop": False, "height": 720}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://youtu.be/a?b=c", "https://youtu.be/a?b=c"),
        ("Don't", "Don't"),
        (r"a\b", r"a\b"),
        ("#1", "#1"),
        ('""', ""),
        ('a" b:c "d', "a b:c d"),
    ],
)
def test_text_is_taken_as_it_stands(text: str, value: str) -> None:
    assert parse(f"/stream start playlist:{text}", FORMS).values["playlist"] == value


def test_the_payload_is_what_discord_would_send() -> None:
    call = parse("stream start playlist:demo loop:yes", FORMS)
    assert call.payload == {
        "id": "0",
        "name": "stream",
        "type": 1,
        "options": [
            {
                "name": "start",
                "type": 1,
                "options": [
                    {"name": "playlist", "type": 3, "value": "demo"},
                    {"name": "loop", "type": 5, "value": True},
                ],
            }
        ],
    }


def test_a_command_without_group_or_options_is_understood() -> None:
    assert parse("/about", FORMS) == Call(FORMS[-1], {})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/stream strat", "There is no command /stream strat. Did you mean /stream start?"),
        ("/xyzzy", "There is no command /xyzzy. /help lists all commands."),
        ("/stream start", "/stream start needs playlist:. It takes playlist: [title:] [mode:] [loop:] [height:]"),
        ("/stream start playlst:demo", "/stream start has no option playlst:. Did you mean playlist:?"),
        ("/stream stop all:yes", "/stream stop has no option all:. It takes none."),
        ("/stream start playlist:a playlist:b", "playlist: was given twice."),
        ("/stream start demo", "'demo' does not belong to an option. Write option:value, or option:\"two words\"."),
        ("/stream start playlist:a mode:directly", "mode: cannot be 'directly'. Did you mean direct?"),
        ("/stream start playlist:a mode:x", "mode: cannot be 'x'. Available: direct, download."),
        ("/stream start playlist:a loop:maybe", "loop: must be yes or no, not 'maybe'."),
        ("/stream start playlist:a height:tall", "height: must be a number, not 'tall'."),
        ("/stream start playlist:a height:100", "height: must be at least 360, not 100."),
        (f"/stream start playlist:{'a' * 61}", "playlist: must be at most 60 characters, not 61."),
        ('/stream start playlist:"a', "A quotation mark is missing."),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_was_expected(line: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(line, FORMS)
    assert str(caught.value) == sentence
