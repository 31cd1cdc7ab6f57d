"""The formats and options requested from yt-dlp, and the conversion of its answer to Media."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from streaming.model.errors import ItemUnplayable
from streaming.model.items import Item, Media, MediaInfo, PartKind, RemotePart
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings
from streaming.youtube.messages import Videos

Json = dict[str, Any]  # what crosses the pipe to a worker

_FFMPEG_NAMES = {"avc1": "h264", "mp4a.40": "aac"}
_AAC_PROFILES = {"mp4a.40.2": "LC", "mp4a.40.5": "HE-AAC", "mp4a.40.29": "HE-AACv2"}
"""The codecs that can be copied, and so have to be known exactly. Others are probed and encoded."""

NONE = "none"
"""yt-dlp's codec name for a missing video or audio stream."""


def options(settings: YouTubeSettings, cache_dir: Path) -> Json:
    """yt-dlp's options as JSON values. The operator's come last and so override ours."""
    chosen: Json = {
        "format": selector(settings.max_height),
        "format_sort": [f"res:{settings.max_height}", "fps:30"],  # 30 fps before 60 fps of the same height
        "allowed_extractors": ["youtube.*"],
        "cachedir": str(cache_dir / "yt-dlp"),
        "extractor_retries": 1,
        "noprogress": True,
        "quiet": True,
        "skip_download": True,
        "socket_timeout": 10,
    }
    if settings.proxy:
        chosen["proxy"] = settings.proxy
    if settings.ca_file:
        chosen["compat_opts"] = ["no-certifi"]  # or SSL_CERT_FILE is ignored
    if settings.cookies_file:
        chosen["cookiefile"] = str(settings.cookies_file)
    return chosen | settings.options


def selector(max_height: int) -> str:
    """The format selector: H.264 and AAC over plain HTTP, split before muxed, anything else last.

    HLS and DASH manifests are excluded: they cannot be read by byte ranges. A video without sound has no audio to join.
    """
    low = f"[height<={max_height}][protocol^=http]"
    h264, aac, http = "[vcodec^=avc1]", "[acodec^=mp4a]", "[protocol^=http]"
    return "/".join(
        [
            f"bv{low}{h264}+ba{aac}{http}",
            f"b{low}{h264}{aac}",
            f"bv{low}{h264}+ba{http}",
            f"bv{low}+ba{http}",
            f"b{low}[acodec!=none]",
            f"bv{low}{h264}",
            f"bv{low}",
            f"bv{http}+ba{http}",
            f"b{http}",
        ]
    )


def media(answer: Json) -> Media:
    """Converts a worker's answer: `id`, `title`, `duration` in whole seconds, and the chosen `formats` of yt-dlp."""
    duration_seconds = _duration_seconds(answer)
    item = Item(answer["id"], answer["title"] or answer["id"], duration_seconds, link(answer["id"]))
    parts = tuple(_part(fmt) for fmt in answer["formats"])
    if not parts:
        raise ItemUnplayable(Videos.NO_FORMAT())
    return Media(item, parts, duration_seconds, _info(answer["formats"]))


def link(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def _duration_seconds(answer: Json) -> float | None:
    """The longest `dur` in the URLs, exact to the millisecond; else the page's duration."""
    exact = [
        float(text) for fmt in answer["formats"] if (text := _query(fmt["url"], "dur")).replace(".", "", 1).isdecimal()
    ]
    return max(exact, default=answer["duration"])


def _part(fmt: Json) -> RemotePart:
    return RemotePart(
        kind=_kind(fmt),
        url=Secret(fmt["url"]),
        headers=fmt["http_headers"] or {},
        length_bytes=fmt["filesize"],
        bitrate_kbps=fmt["tbr"],
        expires_at=_expiry(fmt["url"]),
        available_at=fmt["available_at"],
        format_id=fmt["format_id"],
        client_format=fmt["client_format"],
    )


def _kind(fmt: Json) -> PartKind:
    if fmt["acodec"] == NONE:
        return PartKind.VIDEO
    return PartKind.AUDIO if fmt["vcodec"] == NONE else PartKind.BOTH


def _info(chosen: list[Json]) -> MediaInfo | None:
    """The formats' own description in FFmpeg's terms; None when something that matters is missing."""
    video = next((fmt for fmt in chosen if fmt["vcodec"] != NONE), None)
    audio = next((fmt for fmt in chosen if fmt["acodec"] != NONE), None)
    known: Json = {}
    if video:
        known |= {key: video[key] for key in ("width", "height", "fps")}
        known |= {"video_codec": _ffmpeg_name(video["vcodec"]), "pixel_format": _pixel_format(video["vcodec"])}
    if audio:
        known |= {"sample_rate": audio["asr"], "channels": audio["audio_channels"]}
        known |= {"audio_codec": _ffmpeg_name(audio["acodec"]), "audio_profile": _AAC_PROFILES.get(audio["acodec"])}
    return MediaInfo(**known) if all(known.values()) else None


def _ffmpeg_name(codec: str | None) -> str | None:
    return next((name for start, name in _FFMPEG_NAMES.items() if (codec or "").startswith(start)), None)


def _pixel_format(codec: str | None) -> str | None:
    """H.264's first two digits are the profile; baseline, main and high allow 8-bit 4:2:0 only."""
    return "yuv420p" if (codec or "").lower().startswith(("avc1.42", "avc1.4d", "avc1.64")) else None


def _expiry(url: str) -> float | None:
    """`expire` in the query, or the path segment after it, as in manifests."""
    _, _, after = urlsplit(url).path.partition("/expire/")
    text = _query(url, "expire") or after.partition("/")[0]
    return float(text) if text.isdecimal() else None


def _query(url: str, key: str) -> str:
    return parse_qs(urlsplit(url).query).get(key, [""])[0]
