"""The stream in the pictures: the demo on two targets, with made-up times, and all that belongs to it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from streaming.ffmpeg.messages import Treatments
from streaming.model.states import EncodeMode, ServeMode, TargetKind, UplinkState
from streaming.playlists.demo.clips import CLIP_SECONDS, clips
from streaming.services.history import HealthHistory, HealthPoint, Span, TargetHealth
from streaming.services.incidents import Cost, IncidentReport
from streaming.services.playlists import PlaylistInfo
from streaming.services.queue import Queue, QueueEntry
from streaming.services.status import Health, NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.services.targets import TargetInfo

NOW = datetime.now(UTC)
CLIP = clips()[2]
"""What is on air."""
POSITION_SECONDS = 17
_LINK = "https://www.youtube.com/watch?v=example0000"
_PLAYLIST = "PLexampleexampleexampleexample00"

ON_AIR = StreamStatus(
    stream_id=7,
    generation=1,
    title="Harbour radio",
    description="",
    playlist=_PLAYLIST,
    mode=ServeMode.DIRECT,
    encode=EncodeMode.AUTO,
    profile="720p30",
    is_looped=True,
    is_shuffled=True,
    state=StreamState.ON_AIR,
    targets=(
        TargetStatus("YouTube", TargetKind.YOUTUBE, UplinkState.LIVE),
        TargetStatus("Twitch", TargetKind.TWITCH, UplinkState.LIVE, reconnects=1),
    ),
    now_playing=NowPlaying(CLIP.title, _LINK, POSITION_SECONDS, CLIP_SECONDS),
    next_title="Northern Night",
    items_played=41,
    items_listed=118,
    is_copy=True,
    treatment=Treatments.COPIED(),
    urls_expire_at=NOW + timedelta(hours=5),
    on_air_at=NOW - timedelta(days=3),
    engine="studio",
    slate_seconds=12.0,
    health=Health(speed=1.0, bitrate_kbps=2504, lead_seconds=10),
)

_TITLES = ("Northern Night", "First Light", "Open Water", "Rain on the breakwater", "Night ferry", "Fog signals")
QUEUE = Queue(
    stream_id=7,
    title=ON_AIR.title,
    is_playing=True,
    is_shuffled=True,
    is_looped=True,
    now_playing=ON_AIR.now_playing,
    upcoming=tuple(
        QueueEntry(f"key{n}", _TITLES[n % len(_TITLES)], _LINK, 44.0 + 37 * (n * 5 % 7)) for n in range(118)
    ),
    listed=118,
    removed=1,
)

TARGETS = (
    TargetInfo(
        "Twitch",
        TargetKind.TWITCH,
        "rtmps://ingest.global-contribute.live-video.net:443/app",
        "…4711",
        ("Harbour radio",),
    ),
    TargetInfo("YouTube", TargetKind.YOUTUBE, "rtmps://a.rtmps.youtube.com:443/live2", "…9f3c", ("Harbour radio",)),
    TargetInfo("stage", TargetKind.CUSTOM, "rtmp://stage.example.org/live", "…0815"),
)

PLAYLISTS = (
    PlaylistInfo(_PLAYLIST, "Harbour", "Harbour sounds, all seasons", 118, NOW - timedelta(minutes=20)),
    PlaylistInfo(
        "PLexampleexampleexampleexample01", "Night shift", "Lo-fi for the small hours", 1204, NOW - timedelta(days=2)
    ),
    PlaylistInfo("PLexampleexampleexampleexample02", "", "Choirs of the coast", 64, NOW - timedelta(days=6)),
)

INCIDENT = IncidentReport(
    incident_id=1,
    stream_id=7,
    guild_id=1,
    title=ON_AIR.title,
    channel_id=1,
    message_id=1,
    description="Reconnecting to **Twitch**: The ingest does not answer.",
    opened_at=NOW - timedelta(minutes=2),
    ended_at=None,
    times=1,
    cost=Cost(0.0, 0.0),
)
INCIDENT_OVER = replace(
    INCIDENT,
    opened_at=NOW - timedelta(seconds=184),
    ended_at=NOW,
    times=2,
    cost=Cost(slate_seconds=0.0, missed_seconds=21.0),
)


def history() -> HealthHistory:
    """An hour: calm, but for a moment of the slate and a target that had to be connected to again."""
    chance = random.Random(7)

    def of(name: str, kbps: float, reconnect_at: int) -> TargetHealth:
        points = (
            HealthPoint(
                NOW - Span.HOUR.length + number * Span.HOUR.step,
                speed=chance.gauss(1.0, 0.004),
                bitrate_kbps=chance.gauss(kbps, 45),
                lead_seconds=max(0.0, 10 - 3 * (150 <= number < 154) + chance.gauss(0, 0.12)),
                is_slate=150 <= number < 153,
                reconnects=int(number >= reconnect_at),
            )
            for number in range(240)
        )
        return TargetHealth(name, tuple(points))

    return HealthHistory(7, ON_AIR.title, Span.HOUR, NOW, (of("Twitch", 2380, 88), of("YouTube", 2500, 999)))
