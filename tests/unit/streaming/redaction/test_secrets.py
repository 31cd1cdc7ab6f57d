"""Secrets print as a hint, and are taken out of text that others wrote."""

import base64
import copy
import json
import pickle
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.redaction.secrets import Secret, redact, remember

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


def percent(text: str) -> str:
    return "".join(f"%{ord(sign):02X}" for sign in text)


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "quoted for a URL": lambda key: quote(key, safe=""),
    "percent-encoded": percent,
    "percent-encoded in small letters": lambda key: percent(key).lower(),
    "percent-encoded twice": lambda key: quote(percent(key)),
    "partly decoded": lambda key: percent(key[:5]) + key[5:12] + percent(key[12:]).lower(),
    "JSON": json.dumps,
    "JSON in escapes": escaped,
    "hexadecimal escapes": lambda key: "".join(f"\\x{ord(sign):02x}" for sign in key),
    "HTML": lambda key: "".join(f"&#x{ord(sign):x};" for sign in key),
    "hexadecimal": lambda key: key.encode().hex(),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 of more": lambda key: base64.b64encode(f"live/{key} on air".encode()).decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(f"to {key}".encode()).decode(),
    "with blanks": lambda key: key.replace("-", " "),
    "quoted": lambda key: f"'{key}'",
    "cut short": lambda key: key[:-2],
}
PIECE = 5
"""Nobody recognizes a key by fewer of its signs, and four may be shown."""


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "key", ["abcd-efgh-ijkl-9f3c", "live_12345678_AbCdEfGhIj", "FB-1-0-AbcDefGhiJkl?s_bl=1&a=bcdefgh"]
)
def test_a_key_is_found_however_it_is_spelt(spelling: str, key: str) -> None:
    spelt = SPELLINGS[spelling](key)
    text = redact(f"[rtmp @ 0x1] Server error: no such key {spelt}: refused", Secret(f"rtmp://host/live/{key}"))
    middle = len(spelt) // 2
    assert spelt[middle - PIECE : middle + PIECE] not in text
    assert text.startswith("[rtmp @ 0x1] Server error: no such key ")


def test_a_key_without_its_parameters_is_found() -> None:
    key = Secret("FB-1-0-AbcDefGhiJkl?s_bl=1&a=bcdefgh")
    assert redact("no stream FB-1-0-AbcDefGhiJkl here", key) == "no stream … here"


def test_a_short_key_is_found_where_it_is_used() -> None:
    assert redact("key test refused, of testing", Secret("rtmp://host/live/test")) == "key … refused, of testing"
    assert redact("key %74est refused", Secret("test")) == "key … refused"


def test_what_is_remembered_is_found_without_being_given() -> None:
    remember(Secret("rtmp://host/live/remembered-key-0815"))
    assert redact("no remembered%2Dkey-0815") == "no …0815"
    assert redact("a remembered thing") == "a remembered thing"


def test_of_a_url_or_a_short_key_nothing_is_shown() -> None:
    assert str(Secret("rtmp://host/live/9f3c")) == "…"
    assert str(Secret("key-of-9f3c")) == "…"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("407 from HTTP://USER:PASS@proxy:3128", "407 from HTTP://…@proxy:3128"),
        ("socks5h://u:p@h:1: refused", "socks5h://…@h:1: refused"),
        ("rtmps://u:p@h/app/key refused", "rtmps://…@h/app/… refused"),
        ("RTMP://host/app/KEY refused", "RTMP://host/app/… refused"),
        ("http://user:pa/ss@proxy:3128: 407", "http://…@proxy:3128: 407"),
        ("http://user:pa?ss#@proxy:3128", "http://…@proxy:3128"),
        ("http://token@host/x", "http://…@host/x"),
        ("http:\\/\\/u:p@h\\/x", "http:\\/\\/…@h\\/x"),
        ("to?url=http%3A%2F%2Fu%3Ap%40h&x=1", "to?url=http%3A%2F%2F…"),
        ("('https://h/a?sig=b')", "('https://h/a?…')"),
        ("https://h/a#access_token=b", "https://h/a#…"),
        ("https://r1.googlevideo.com/videoplayback/expire/17/sig/AB/x", "https://r1.googlevideo.com/videoplayback/…"),
        ("https://m.example/api/hls/expire/17/sig/abc", "https://m.example/api/hls/expire/…"),
        ("https://cdn.example/hdnts=exp=1~acl=/*~hmac=abc/a.ts", "https://cdn.example/…"),
        ("https://cdn.example/Token/abc/a.ts", "https://cdn.example/Token/…"),
        ("https://cdn.example/v/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.a/x", "https://cdn.example/v/…"),
        ("https://cdn.example/0123456789abcdef0123456789abcdef/a.mp4", "https://cdn.example/…"),
        ("https://discord.com/api/v10/webhooks/12/t-k/messages/@original", "https://discord.com/api/v10/webhooks/12/…"),
        ("https://discord.com/api/v10/interactions/12/t-k/callback", "https://discord.com/api/v10/interactions/12/…"),
        ("Proxy-Authorization: Basic dXNlcjpw", "Proxy-Authorization: …"),
        ("{'Cookie': 'a=b; c=d', 'Range': 'x'}", "{'Cookie': …, 'Range': 'x'}"),
        ("sent Bearer abcdefgh.ijk", "sent Bearer …"),
        ('{"token": "aW5", "type": 2}', '{"token": "…", "type": 2}'),
        ("GET /videoplayback?sig=abc&ip=1", "GET /videoplayback?sig=…&ip=1"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "jwt …"),
    ],
)
def test_what_is_secret_by_its_place_is_taken_out(line: str, expected: str) -> None:
    assert redact(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "https://youtube.com/watch?v=abc&list=PLx&t=10s",
        "https://youtube.com/@name/videos",
        "https://youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw",
        "https://cdn.example/2024/My%20holiday-in-Spain.mp4",
        "http://[::1]:80/x and tls://127.0.0.1:36451: refused",
        "lasts 10:20, and 3:4 of 5",
        "Guild 123456789012345678: Alice set the target 'main' (custom)",
    ],
)
def test_what_is_public_stays(line: str) -> None:
    assert redact(line) == line


HOSTILE = (
    *("http://", "http://a:b@", "://", "http://user:", "https://a/b/", "http://x/?v=", "a", "A1", "%25", "%", "\\"),
    *(
        "&#x000000",
        "eyJaaaaaaaa-",
        "token=",
        "'token':\"",
        "Cookie:'",
        "x-token-",
        "bearer ",
        "/sig",
        "@",
        "abcd-efgh-",
    ),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_no_more(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        began = time.process_time()
        redact(text, KEY)
        return time.process_time() - began

    seconds(1000)
    assert seconds(200_000) < 8 * seconds(50_000) + 0.1


def test_a_line_of_a_megabyte_is_no_trouble() -> None:
    began = time.process_time()
    redact("http://" * 150_000, KEY)
    assert time.process_time() - began < 10
