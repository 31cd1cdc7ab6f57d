"""What is played on the stage: channels, their playlists and their clips."""

from dataclasses import dataclass

from streaming.model.states import EncodeMode
from tests.chaos.judge import Loop
from tests.standins.clips import ClipSpec


@dataclass(frozen=True, slots=True)
class Channel:
    """One stream of the stage; its targets are called as their keys are."""

    name: str
    keys: tuple[str, ...]
    encode: EncodeMode

    @property
    def playlist_id(self) -> str:
        """Its playlist."""
        return f"PLchaos{self.name:_>11}"

    def video_id(self, number: int) -> str:
        """Its video of a number, counted from 1."""
        return f"{self.name}{number:0{11 - len(self.name)}}"

    def title(self, number: int) -> str:
        """What that video is called."""
        return f"{self.name} {number}"


CHANNELS = (
    Channel("alpha", ("alpha",), EncodeMode.COPY),
    Channel("beta", ("beta", "beside"), EncodeMode.COPY),
    Channel("gamma", ("gamma",), EncodeMode.ALWAYS),
)


@dataclass(frozen=True, slots=True)
class Scenery:
    """What is played: clips that follow each other again and again, each time as videos of their own."""

    clips: int = 12
    seconds: float = 40.0
    videos: int = 60
    channels: tuple[Channel, ...] = CHANNELS

    @property
    def specs(self) -> list[ClipSpec]:
        """The clips, numbered from 1; so many bits that a video is read in several ranges."""
        return [ClipSpec(number, self.seconds, 640, 360) for number in range(1, self.clips + 1)]

    @property
    def loop(self) -> Loop:
        """The same for the judge."""
        return Loop(tuple(spec.frames for spec in self.specs))

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that is published."""
        return tuple(key for channel in self.channels for key in channel.keys)

    def channel_of(self, key: str) -> Channel:
        """Who publishes under a key."""
        return next(channel for channel in self.channels if key in channel.keys)
