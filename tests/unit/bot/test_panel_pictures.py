"""When panels have their pictures taken: seldom, in turn, and at moments that show what plays."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.panels.pictures import PanelPictures
from streaming.model.errors import ServiceUnavailable
from streaming.model.message import Message
from streaming.services.guilds import Language
from streaming.services.history import HealthHistory, HistoryService, Span
from streaming.services.panels import Watched
from streaming.services.previews import Picture, PreviewService
from streaming.services.status import StreamState, StreamStatus
from tests.discord.card_examples import ON_AIR

GUILD = 1


@dataclass
class Engines:
    """All of the services that pictures come from; `asked` are the streams that were looked at, in order."""

    asked: list[str] = field(default_factory=list)
    is_silent: bool = False

    async def get(self, _: int, stream: str) -> Picture:
        self.asked.append(stream)
        if self.is_silent:
            raise ServiceUnavailable(Message("No engine is running."))
        return Picture(b"a frame", datetime.now(UTC), ON_AIR)

    async def health(self, _: int, __: str, span: Span) -> HealthHistory:
        return HealthHistory(7, "Night loop", span, datetime.now(UTC), ())


@dataclass
class Rotation:
    """Panels whose pictures are taken, and a clock that is set by hand."""

    engines: Engines = field(default_factory=Engines)
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.pictures = PanelPictures(
            cast("PreviewService", self.engines),
            cast("HistoryService", self.engines),
            lambda _: Language.ENGLISH,
            clock=lambda: self.now,
        )

    async def round(self, *statuses: StreamStatus, after_seconds: float = 0.0) -> int:
        """Whose picture was taken next, after so long; 0 where none was."""
        self.now += after_seconds
        self.pictures.update(Watched(GUILD, status, None) for status in statuses)
        stream_id, _ = await self.pictures.next() or (0, None)
        return stream_id


@pytest.fixture
def rounds() -> Rotation:
    return Rotation()


def playing(
    title: str = "Aria", *, at: float = 30.0, duration: float | None = 240.0, stream_id: int = 7
) -> StreamStatus:
    """A stream on air, so far into an item."""
    assert ON_AIR.now_playing
    item = replace(ON_AIR.now_playing, title=title, position_seconds=at, duration_seconds=duration)
    return replace(ON_AIR, stream_id=stream_id, now_playing=item)


@pytest.mark.parametrize(
    ("at", "duration", "is_looked_at"),
    [(0, 240, False), (9.9, 240, False), (10, 240, True), (10, None, True), (3, 8, False), (4, 8, True)],
)
async def test_item_is_looked_at_once_it_has_begun_in_earnest(
    rounds: Rotation, at: float, duration: float | None, *, is_looked_at: bool
) -> None:
    assert bool(await rounds.round(playing(at=at, duration=duration))) == is_looked_at


async def test_same_item_is_looked_at_every_five_minutes(rounds: Rotation) -> None:
    assert await rounds.round(playing())
    assert not await rounds.round(playing(at=200), after_seconds=299)
    assert await rounds.round(playing(at=201), after_seconds=1)


async def test_another_item_is_looked_at_a_minute_after_the_last_at_the_soonest(rounds: Rotation) -> None:
    assert await rounds.round(playing("Aria"))
    assert not await rounds.round(playing("Fugue"), after_seconds=59)
    assert await rounds.round(playing("Fugue"), after_seconds=1)


async def test_slate_is_shown_and_what_is_not_seen_is_not(rounds: Rotation) -> None:
    assert not await rounds.round(replace(playing(), state=StreamState.RECONNECTING))
    assert not await rounds.round(replace(playing(), state=StreamState.STOPPED))
    assert await rounds.round(replace(ON_AIR, state=StreamState.SLATE, now_playing=None))


async def test_panels_take_turns(rounds: Rotation) -> None:
    streams = [playing(stream_id=number) for number in (1, 2, 3)]
    assert [await rounds.round(*streams, after_seconds=1) for _ in range(4)] == [1, 2, 3, 0]
    assert [await rounds.round(*streams, after_seconds=300) for _ in range(3)] == [1, 2, 3]


async def test_engine_that_gives_none_is_asked_again_a_minute_later(rounds: Rotation) -> None:
    rounds.engines.is_silent = True
    assert not await rounds.round(playing())
    rounds.engines.is_silent = False
    assert not await rounds.round(playing(), after_seconds=59)
    assert await rounds.round(playing(), after_seconds=1)
    assert rounds.engines.asked == ["#7", "#7"]


async def test_panel_that_lost_its_picture_gets_one_of_the_same_item(rounds: Rotation) -> None:
    assert await rounds.round(playing())
    rounds.pictures.invalidate(7)
    assert not await rounds.round(playing(), after_seconds=59)
    assert await rounds.round(playing(), after_seconds=1)
