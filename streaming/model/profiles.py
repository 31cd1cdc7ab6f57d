"""Output profiles: the one format into which all encoded items of a stream are converted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Picture, sound and rates of a stream, accepted by YouTube Live and Twitch alike."""

    name: str
    width: int
    height: int
    fps: int
    video_kbps: int
    audio_kbps: int = 128
    audio_rate: int = 44_100
    gop_seconds: int = 2
    preset: str = "veryfast"

    @property
    def gop_frames(self) -> int:
        """Frames from one keyframe to the next."""
        return self.gop_seconds * self.fps


DEFAULT_PROFILE = "720p30"
PROFILES = {
    profile.name: profile
    for profile in (
        Profile("480p30", 854, 480, 30, 1200),
        # 2.5 Mbit/s because home uplinks are small; the platforms recommend about 4.
        Profile("720p30", 1280, 720, 30, 2500),
        Profile("1080p30", 1920, 1080, 30, 6000),
    )
}
