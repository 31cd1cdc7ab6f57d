"""The platforms' ingest addresses."""

import re

from streaming.model.states import TargetKind

INGEST_URLS = {
    TargetKind.YOUTUBE: "rtmps://a.rtmps.youtube.com:443/live2",
    TargetKind.TWITCH: "rtmps://ingest.global-contribute.live-video.net:443/app",
    TargetKind.KICK: "rtmps://fa723fc1b171.global-contribute.live-video.net:443/app",
    TargetKind.FACEBOOK: "rtmps://live-api-s.facebook.com:443/rtmp",
}
"""Where the platforms take streams; any other ingest has to be given by its URL."""


_YOUTUBE_PRIMARY = re.compile(r"^(rtmps?://)a(\.rtmps?\.youtube\.com(?::\d+)?/live2)$")


def backup_url(url: str) -> str | None:
    """The second ingest that takes the same keys, where a platform has one: YouTube shows whichever publishes."""
    found = _YOUTUBE_PRIMARY.match(url)
    return f"{found[1]}b{found[2]}?backup=1" if found else None
