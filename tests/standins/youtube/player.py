"""What YouTube answers about one video: the watch page and the player API."""

import json
from typing import Any

from tests.standins.youtube.catalog import Catalog, Video, VideoState
from tests.standins.youtube.media import AAC, MUXED, OPUS, Format
from tests.standins.youtube.signing import Signer

Json = dict[str, Any]
PLAYER_PATH = "/s/player/0123abcd/player_ias.vflset/en_US/base.js"
_VISITOR = "CgtzdGFuZGluLXlvdQ%3D%3D"
_BOT_CHECK = "Sign in to confirm you’re not a bot"
_RATE_LIMIT = "This content isn't available, try again later."
_COUNTRY = "The uploader has not made this video available in your country"
_MEMBERS = "Join this channel to get access to members-only content like this video, and other exclusive perks."

_STATUS: dict[VideoState, tuple[str, str, str]] = {
    VideoState.PUBLIC: ("OK", "", ""),
    VideoState.LIVE: ("OK", "", ""),
    VideoState.UPCOMING: ("LIVE_STREAM_OFFLINE", "This live event will begin in 3 days.", ""),
    VideoState.PRIVATE: ("LOGIN_REQUIRED", "Private video", "Sign in if you've been granted access to this video"),
    VideoState.DELETED: ("ERROR", "Video unavailable", "This video has been removed by the uploader"),
    VideoState.TERMINATED: (
        "ERROR",
        "Video unavailable",
        "This video is no longer available because the YouTube account associated with this video has been terminated.",
    ),
    VideoState.UNAVAILABLE: ("ERROR", "Video unavailable", ""),
    VideoState.MEMBERS_ONLY: ("UNPLAYABLE", _MEMBERS, ""),
    VideoState.AGE_GATED: (
        "LOGIN_REQUIRED",
        "Sign in to confirm your age",
        "This video may be inappropriate for some users.",
    ),
    VideoState.GEO_BLOCKED: ("UNPLAYABLE", "Video unavailable", _COUNTRY),
    VideoState.RENTAL: ("UNPLAYABLE", "This video requires payment to watch", ""),
}
"""Status, reason and the line below it, as YouTube words them."""


def watch_page(catalog: Catalog, signer: Signer, video_id: str, contents: Json | None = None) -> str:
    """The page a browser gets; `contents` replaces the usual initial data, for a mix beside the video."""
    configuration = {
        "INNERTUBE_CONTEXT": {
            "client": {"clientName": "WEB", "clientVersion": "2.20261101.00.00", "visitorData": _VISITOR}
        },
        "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
        "INNERTUBE_CLIENT_VERSION": "2.20261101.00.00",
        "PLAYER_JS_URL": PLAYER_PATH,
        "VISITOR_DATA": _VISITOR,
    }
    answer = player_answer(catalog, signer, video_id, client="WEB")
    data = contents or {"contents": {"twoColumnWatchNextResults": {"results": {}}}}
    return page(configuration, ytInitialPlayerResponse=answer, ytInitialData=data)


def page(configuration: Json, **variables: Json) -> str:
    """An HTML page that sets YouTube's configuration and the named variables."""
    scripts = "".join(f"<script>var {name} = {json.dumps(value)};</script>" for name, value in variables.items())
    return f"<!DOCTYPE html><html><script>ytcfg.set({json.dumps(configuration)});</script>{scripts}</html>"


def player_answer(catalog: Catalog, signer: Signer, video_id: str, *, client: str) -> Json:
    """The player API's answer to one client; the WEB client gets no usable URLs, as in 2026."""
    video = catalog.video(video_id)
    status = _playability(catalog, video, client)
    answer: Json = {"playabilityStatus": status}
    if video.state in _SHOWN:
        answer["videoDetails"] = _details(video)
    if video.state is VideoState.GEO_BLOCKED:
        answer["microformat"] = {"playerMicroformatRenderer": {"availableCountries": ["IS", "NO"]}}
    if status["status"] == "OK":
        answer["streamingData"] = _streaming_data(catalog, signer, video, client)
    if video.preroll_seconds:
        answer["adPlacements"] = [_preroll(video.preroll_seconds)]
    return answer


_SHOWN = frozenset(VideoState) - {VideoState.PRIVATE, VideoState.DELETED, VideoState.TERMINATED}


def _playability(catalog: Catalog, video: Video, client: str) -> Json:
    behaviour = catalog.behaviour
    if behaviour.bot_check:
        return _status("LOGIN_REQUIRED", _BOT_CHECK, "")
    if behaviour.rate_limited:
        return _status("UNPLAYABLE", _RATE_LIMIT, "")
    if client in behaviour.failing_clients:
        return _status("ERROR", "Video unavailable", "")
    return _status(*_STATUS[video.state])


def _status(status: str, reason: str, subreason: str) -> Json:
    if status == "OK":
        return {"status": status}
    screen: Json = {"reason": {"simpleText": reason}}
    if subreason:
        screen["subreason"] = {"simpleText": subreason}
    return {"status": status, "reason": reason, "errorScreen": {"playerErrorMessageRenderer": screen}}


def _details(video: Video) -> Json:
    is_live = video.state is VideoState.LIVE
    is_upcoming = video.state is VideoState.UPCOMING
    return {
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": str(round(video.duration_seconds)),
        "channelId": "UCstandinstandinstandin0",
        "author": "Stand-in",
        "viewCount": "1",
        "isLiveContent": is_live or is_upcoming,
        **({"isLive": True} if is_live else {}),
        **({"isUpcoming": True} if is_upcoming else {}),
    }


def _streaming_data(catalog: Catalog, signer: Signer, video: Video, client: str) -> Json:
    if video.state is VideoState.LIVE:
        return {"hlsManifestUrl": f"https://manifest.googlevideo.com/api/manifest/hls_variant/id/{video.id}/index.m3u8"}
    formats = video.files.formats if video.files else ()
    wanted = [f for f in formats if f.itag == MUXED or not video.only_muxed]
    described = [_described(catalog, signer, video, fmt, client) for fmt in wanted]
    return {
        "expiresInSeconds": str(int(catalog.behaviour.url_life_seconds)),
        "formats": [f for f in described if f["itag"] == MUXED],
        "adaptiveFormats": [f for f in described if f["itag"] != MUXED],
    }


def _described(catalog: Catalog, signer: Signer, video: Video, fmt: Format, client: str) -> Json:
    described: Json = {
        "itag": fmt.itag,
        "mimeType": f'{fmt.mime}; codecs="{fmt.codecs}"',
        "bitrate": _bitrate(video, fmt),
        "approxDurationMs": str(round(video.duration_seconds * 1000)),
    }
    if fmt.length_bytes is not None:
        described["contentLength"] = str(fmt.length_bytes)
    if client != "WEB":
        described["url"] = signer.sign(
            video,
            fmt,
            client=client,
            life_seconds=catalog.behaviour.url_life_seconds,
            challenged=catalog.behaviour.challenges and client == "TVHTML5",
        )
    return described | (_picture(fmt) if fmt.height else _SOUND_ONLY) | (_sound(fmt) if fmt.channels else {})


def _picture(fmt: Format) -> Json:
    quality = (
        "hd1080" if fmt.height > 720 else "hd720" if fmt.height > 480 else "large" if fmt.height > 360 else "medium"
    )
    label = f"{fmt.height}p{fmt.fps if fmt.fps > 30 else ''}"
    size = {"width": fmt.width, "height": fmt.height, "fps": fmt.fps}
    return {**size, "quality": quality, "qualityLabel": label}


def _sound(fmt: Format) -> Json:
    return {"audioSampleRate": str(fmt.sample_rate_hz), "audioChannels": fmt.channels}


_SOUND_ONLY: Json = {"quality": "tiny", "audioQuality": "AUDIO_QUALITY_MEDIUM"}


def _bitrate(video: Video, fmt: Format) -> int:
    if fmt.length_bytes and video.duration_seconds:
        return round(fmt.length_bytes * 8 / video.duration_seconds)
    return {OPUS: 160_000, AAC: 128_000}.get(fmt.itag, 900_000)


def _preroll(seconds: int) -> Json:
    return {
        "adPlacementRenderer": {
            "config": {"adPlacementConfig": {"kind": "AD_PLACEMENT_KIND_START"}},
            "renderer": {"instreamVideoAdRenderer": {"playerVars": f"length_seconds={seconds}"}},
        }
    }
