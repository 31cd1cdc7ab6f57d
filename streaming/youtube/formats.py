"""Which formats are asked of yt-dlp, with which options, and how its answer becomes Media."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from streaming.model.errors import ItemUnplayable
from streaming.model.items import Item, Media, MediaInfo, PartKind, RemotePart
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings

Json = dict[str, Any]  # what crosses the pipe to a worker

_FFMPEG_NAMES = {"avc1": "h264", "mp4a.40": "aac"}
_AAC_PROFILES = {"mp4a.40.2": "LC", "mp4a.40.5": "HE-AAC", "mp4a.40.29": "HE-AACv2"}
"""Only what can be copied has to be known exactly; all else is probed and encoded."""

NONE = "none"
"""How yt-dlp says that a format lacks video or audio."""


def options(settings: YouTubeSettings, cache_dir: Path) -> Json:
    """yt-dlp's options as they can be written in JSON; what the operator chose comes last and so wins."""
    chosen: Json = {
        "format": selector(settings.max_height),
        "format_sort": [
            f"res:{settings.max_height}",
            "fps:30",
        ],  # of two with one height, the one with 30 frames a second
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
        chosen["compat_opts"] = ["no-certifi"]  # so that SSL_CERT_FILE is heard
    if settings.cookies_file:
        chosen["cookiefile"] = str(settings.cookies_file)
    return chosen | settings.options


def selector(max_height: int) -> str:
    """The format selector: H.264 and AAC over plain HTTP, split before muxed, and anything else only at last.

    Nothing over HLS or DASH manifests: those cannot be read by ranges. A video without sound has no audio to join.
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
    """Reads a worker's answer: `id`, `title`, `duration` in whole seconds, the chosen `formats` as yt-dlp has them."""
    duration_seconds = _duration_seconds(answer)
    item = Item(answer["id"], answer["title"] or answer["id"], duration_seconds, link(answer["id"]))
    parts = tuple(_part(fmt) for fmt in answer["formats"])
    if not parts:
        raise ItemUnplayable("in no format that can be streamed")
    return Media(item, parts, duration_seconds, _info(answer["formats"]))


def link(video_id: str) -> str:
    """The page of a video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def _duration_seconds(answer: Json) -> float | None:
    """The longest `dur` in the URLs, which is exact to the millisecond; else what the page says."""
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
    """What the formats say of themselves, in FFmpeg's words; None when they leave out something that matters."""
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
    """H.264's first two digits are its profile; baseline, main and high know 8-bit 4:2:0 only."""
    return "yuv420p" if (codec or "").lower().startswith(("avc1.42", "avc1.4d", "avc1.64")) else None


def _expiry(url: str) -> float | None:
    """`expire` in the query, or the path part after it, as manifests have it."""
    _, _, after = urlsplit(url).path.partition("/expire/")
    text = _query(url, "expire") or after.partition("/")[0]
    return float(text) if text.isdecimal() else None


def _query(url: str, key: str) -> str:
    return parse_qs(urlsplit(url).query).get(key, [""])[0]
