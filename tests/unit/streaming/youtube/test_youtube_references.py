"""What people may write for a playlist, and that nothing else ever leads to a request."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.model.errors import UsageError
from streaming.youtube.references import Reference, parse_reference

PLAYLIST = "PLaaaaaaaaaaaaaaaa"
VIDEO = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (PLAYLIST, Reference(PLAYLIST)),
        (f"  <https://www.youtube.com/playlist?list={PLAYLIST}>\n", Reference(PLAYLIST)),
        (f"youtube.com/playlist?list={PLAYLIST}&si=x", Reference(PLAYLIST)),
        (f"https://music.youtube.com/playlist?list=OLAK5uy_{'a' * 33}", Reference(f"OLAK5uy_{'a' * 33}")),
        (f"https://m.youtube.com/watch?v={VIDEO}&list={PLAYLIST}&index=3", Reference(PLAYLIST, VIDEO)),
        ("UUxxxxxxxxxxxxxxxxxxxxxx", Reference("UUxxxxxxxxxxxxxxxxxxxxxx")),
        (f"RD{VIDEO}", Reference(f"RD{VIDEO}", VIDEO)),
        (f"RDMM{VIDEO}", Reference(f"RDMM{VIDEO}", VIDEO)),
        (VIDEO, Reference(video_id=VIDEO)),
        ("PLabcdefghi", Reference(video_id="PLabcdefghi")),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=10s", Reference(video_id=VIDEO)),
        (f"http://youtu.be/{VIDEO}?si=abc", Reference(video_id=VIDEO)),
        (f"https://youtu.be/{VIDEO}?list={PLAYLIST}", Reference(PLAYLIST, VIDEO)),
        (f"https://youtube.com/shorts/{VIDEO}", Reference(video_id=VIDEO)),
        (f"https://www.youtube.com/live/{VIDEO}?feature=share", Reference(video_id=VIDEO)),
    ],
)
def test_ids_and_addresses_of_youtube_are_understood(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not the ID"),
        ("PLshort", "is not the ID of a YouTube playlist or video"),
        ("my favourite songs", "is not the ID"),
        ("https://vimeo.com/123456", "is not a link to YouTube"),
        (f"https://youtube.com.evil.example/watch?v={VIDEO}", "is not a link to YouTube"),
        (f"https://evil.example/watch?v={VIDEO}&list={PLAYLIST}", "is not a link to YouTube"),
        (f"https://youtube.com@evil.example/watch?v={VIDEO}", "is not a link to YouTube"),
        (f"file:///etc/passwd?v={VIDEO}", "is not a link to YouTube"),
        ("http://127.0.0.1:8080/watch", "is not a link to YouTube"),
        ("https://[::1", "is not a link"),
        ("https://www.youtube.com/@somebody", "is neither a playlist nor a video"),
        ("https://www.youtube.com/watch?v=tooshort", "is neither a playlist nor a video"),
        ("https://www.youtube.com/playlist?list=nonsense", "contains “nonsense”"),
    ],
)
def test_everything_else_is_refused_in_one_sentence_that_says_what_would_be_right(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        parse_reference(text)
    assert "playlist?list=PL" in caught.value.hint


def test_a_long_mistake_is_quoted_shortly() -> None:
    with pytest.raises(UsageError) as caught:
        parse_reference("x" * 10_000)
    assert len(caught.value.message) < 200


@given(st.text() | st.from_regex(r"https?://[a-z.@:/]*youtube\.com[a-z.@:/]*\?(v|list)=[A-Za-z0-9_-]+"))
def test_whatever_is_accepted_leads_to_youtube_and_nowhere_else(text: str) -> None:
    try:
        reference = parse_reference(text)
    except UsageError:
        return
    assert urlsplit(reference.url).netloc == "www.youtube.com"
    assert parse_reference(reference.url) == reference
