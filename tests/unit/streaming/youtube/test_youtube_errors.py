"""The table of yt-dlp's words and what they mean, word for word as yt-dlp says them."""

import pytest

from streaming.model.errors import (
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    PlatformTrouble,
    PlaylistError,
    TransientError,
    UsageError,
)
from streaming.youtube.errors import Failure, item_error, playlist_error


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Private video. Sign in if you've been granted access to this video", ItemUnplayable),
        ("This video is private", ItemUnplayable),
        ("Video unavailable. This video has been removed by the uploader", ItemUnplayable),
        ("Video unavailable. … because the YouTube account associated with it has been terminated.", ItemUnplayable),
        ("Video unavailable. This video is no longer available due to a copyright claim by X", ItemUnplayable),
        ("Video unavailable", ItemUnavailable),
        ("This video is not available", ItemUnavailable),
        ("The uploader has not made this video available in your country", ItemUnplayable),
        ("This video contains content from X, who has blocked it in your country on copyright grounds", ItemUnplayable),
        ("Sign in to confirm your age. This video may be inappropriate for some users", ItemUnplayable),
        ("Sign in to confirm you’re not a bot. Use --cookies for the authentication", PlatformTrouble),
        ("This content isn't available, try again later. The session has been rate-limited", PlatformTrouble),
        ("X. YouTube is requiring a captcha challenge before playback", PlatformTrouble),
        ("All player responses are invalid. Your IP is likely being blocked by Youtube", PlatformTrouble),
        ("Join this channel to get access to members-only content like this video", ItemUnplayable),
        ("This video is available to this channel's members on level: Friends", ItemUnplayable),
        ("This video is only available to Music Premium members", ItemUnplayable),
        ("This video requires payment to watch", ItemUnplayable),
        ("This video is DRM protected", ItemUnplayable),
        ("This live event will begin in 3 days.", ItemUnavailable),
        ("Premieres in 2 hours", ItemUnavailable),
        ("This live stream recording is not available.", ItemUnplayable),
        ("The page needs to be reloaded.", ItemUnavailable),
        ("Requested format is not available. Use --list-formats", ItemUnplayable),
        ("Failed to extract any player response", TransientError),
        ("Unable to download API page: HTTP Error 503: Service Unavailable", TransientError),
        ("Unable to download webpage: The read operation timed out", TransientError),
        ("Something nobody has seen before", ItemUnavailable),
    ],
)
def test_each_word_of_yt_dlp_means_one_thing_for_a_video(message: str, error: type[NonstopError]) -> None:
    found = item_error(Failure("ExtractorError", message, is_expected=True))
    assert type(found) is error
    assert found.message


@pytest.mark.parametrize(
    ("warning", "error"),
    [
        ("Unable to download API page: HTTP Error 503: Service Unavailable", TransientError),
        ("Unable to download API page: [Errno 104] Connection reset by peer", TransientError),
        ("Unable to download API page: HTTP Error 429: Too Many Requests", PlatformTrouble),
        ("The provided YouTube account cookies are no longer valid.", PlatformTrouble),
        ("Some formats have been skipped as they are missing a URL.", ItemUnavailable),
    ],
)
def test_without_formats_the_warnings_decide(warning: str, error: type[NonstopError]) -> None:
    failure = Failure("ExtractorError", "No video formats found!", warnings=("Something harmless", warning))
    assert type(item_error(failure)) is error


def test_an_unavailable_video_is_not_excused_by_a_warning() -> None:
    failure = Failure("ExtractorError", "Private video", warnings=("HTTP Error 503",))
    assert type(item_error(failure)) is ItemUnplayable


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Failure("ExtractorError", "YouTube said: The playlist does not exist."), PlaylistError),
        (Failure("ExtractorError", "This playlist type is unviewable."), PlaylistError),
        (Failure("UnsupportedError", "Unsupported URL: https://www.youtube.com/x"), UsageError),
        (Failure("ExtractorError", "Sign in to confirm you’re not a bot"), PlatformTrouble),
        (Failure("HTTPError", "Unable to download webpage", status=503), TransientError),
        (Failure("HTTPError", "Unable to download webpage", status=429), PlatformTrouble),
        (Failure("ProxyError", "Unable to connect to proxy"), TransientError),
        (Failure("KeyError", "'contents'"), PlaylistError),
    ],
)
def test_each_failure_means_one_thing_for_a_playlist(failure: Failure, error: type[NonstopError]) -> None:
    assert type(playlist_error(failure)) is error


def test_what_yt_dlp_says_of_an_unknown_failure_reaches_the_log_only_without_signatures(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "https://rr1.googlevideo.com/videoplayback?sig=abcdef"
    for error in (item_error(Failure("X", f"odd {secret}")), playlist_error(Failure("X", f"odd {secret}"))):
        assert "odd" not in str(error)
    assert "odd https://rr1.googlevideo.com/videoplayback?…" in caplog.text
    assert "abcdef" not in caplog.text
