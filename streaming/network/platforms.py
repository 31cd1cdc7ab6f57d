"""The platforms' ingest addresses."""

import re

from streaming.model.states import TargetKind

INGEST_URLS = {
    TargetKind.YOUTUBE: "rtmps://a.rtmps.youtube.com:443/live2",
    TargetKind.TWITCH: "rtmps://ingest.global-contribute.live-video.net:443/app",
    TargetKind.KICK: "rtmps://fa723fc1b171.global-contribute.live-video.net:443/app",
    TargetKind.FACEBOOK: "rtmps://live-api-s.facebook.com:443/rtmp",
}
"""Any other ingest is given by its URL."""


_YOUTUBE_PRIMARY = re.compile(r"^(rtmps?://)a(\.rtmps?\.youtube\.com(?::\d+)?/live2)$")


def backup_url(url: str) -> str | None:
    """A platform's second ingest for the same keys, or None. YouTube shows whichever one receives."""
    found = _YOUTUBE_PRIMARY.match(url)
    return f"{found[1]}b{found[2]}?backup=1" if found else None
