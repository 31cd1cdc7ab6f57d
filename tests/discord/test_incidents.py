"""Incidents: trouble that lasts is told once, followed in the same message, and closed with what it cost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from discord import Embed
from sqlalchemy.exc import OperationalError

from bot import live_messages
from bot.i18n.words import incidents as words
from bot.incidents import cards as incident_cards
from bot.incidents import tracker
from bot.live_messages import LiveMessages
from streaming.model.message import Message
from streaming.model.states import RunStatus, UplinkState
from streaming.services.incidents import Cost, IncidentReport
from streaming.services.status import StreamState
from streaming.storage.tables import GuildSettings
from tests.discord.card_examples import ASKED_FOR, LIVE, ON_AIR
from tests.discord.panels import Scene, until, words_of
from tests.standins.discord_wire.limits import message_problems

BEGAN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REPORT = IncidentReport(1, 7, 2, "Night loop", 5, 6, "It is broken.", BEGAN, None, 1, Cost(12.4, 30.0))
CALM = replace(ON_AIR, targets=(LIVE,))


@pytest.fixture
async def alerts(scene: Scene, guild: Any) -> Any:
    """The channel where the guild wants incidents told."""
    channel = guild.create_text_channel("alerts")
    async with scene.engine.database.session() as session:
        session.add(GuildSettings(guild_id=guild.id, alerts_channel_id=channel.id))
        await session.commit()
    return channel


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "_PAUSE_SECONDS", 0.0)


@asynccontextmanager
async def live(scene: Scene, *, debounce_seconds: float = 0.2) -> AsyncIterator[LiveMessages]:
    """The bot, which looks every other second, or as soon as something changes."""
    async with scene.live() as live:
        live.incidents._debounce_seconds = debounce_seconds
        heart = asyncio.create_task(beating(scene))
        try:
            yield live
        finally:
            heart.cancel()
            await asyncio.wait({heart})


async def beating(scene: Scene) -> None:
    while True:
        await scene.engine.beat()
        await asyncio.sleep(0.1)


async def told(scene: Scene, channel: Any, title: str) -> Any:
    return await scene.message(title, channel)


async def slate(scene: Scene, seconds: float = 0.0) -> None:
    await scene.engine.write_run(scene.stream_id, RunStatus.SLATE, slate_seconds=seconds, reason="No video plays.")


async def on_air(scene: Scene, **fields: Any) -> None:
    await scene.engine.write_run(scene.stream_id, RunStatus.ON_AIR, reason="", **fields)


async def test_incident_is_one_message_from_its_beginning_to_its_end(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await slate(scene)
        opened = await told(scene, alerts, "🟠 Problem · Night loop")
        assert words.SLATE in words_of(opened)
        assert "No video plays." in words_of(opened)
        await scene.engine.write_run(scene.stream_id, RunStatus.RECONNECTING, slate_seconds=12.0)
        await told(scene, alerts, words.NO_TARGET_TAKES_IT)
        await on_air(scene, slate_seconds=42.0)
        over = await told(scene, alerts, "🟢 Resolved after")
    assert over.id == opened.id
    assert "42 s (slate shown)" in words_of(over)


async def test_blip_is_no_incident(scene: Scene, alerts: Any) -> None:
    async with live(scene, debounce_seconds=60.0) as watching:
        await slate(scene)
        await until(lambda: scene.stream_id in watching.incidents._cases)
        await on_air(scene)
        await until(lambda: scene.stream_id not in watching.incidents._cases)
    assert not alerts.history()


async def test_trouble_that_comes_back_is_told_in_the_same_message(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await slate(scene)
        first = await told(scene, alerts, "🟠")
        await on_air(scene)
        await told(scene, alerts, "🟢")
        await slate(scene)
        again = await told(scene, alerts, "🟠")
        assert again.id == first.id
        assert "happened 2 times" in words_of(again)  # the first time, and once more


async def test_incident_goes_on_after_the_bot_was_restarted(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await slate(scene)
        opened = await told(scene, alerts, "🟠")
    async with live(scene):
        await on_air(scene)
        assert (await told(scene, alerts, "🟢 Resolved after")).id == opened.id


async def test_database_that_cannot_be_read_at_first_keeps_nothing_from_being_told(
    scene: Scene, alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_messages, "_RESTART_SECONDS", 0.0)
    answers = iter([OperationalError("SELECT", {}, Exception("the connection is lost"))])
    all_open = scene.services.incidents.all_open

    async def read() -> list[IncidentReport]:
        for trouble in answers:
            raise trouble
        return await all_open()

    monkeypatch.setattr(scene.services.incidents, "all_open", read)
    async with live(scene):
        await slate(scene)
        await told(scene, alerts, "🟠")


async def test_what_was_done_leaves_nothing_behind(scene: Scene, alerts: Any) -> None:
    async with live(scene) as watching:
        await slate(scene)
        await told(scene, alerts, "🟠")
        await on_air(scene)
        await told(scene, alerts, "🟢")
        await until(lambda: not watching.incidents._cases)
    assert not watching.incidents._steps


async def test_incident_that_was_over_while_the_bot_was_away_is_closed(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await slate(scene)
        opened = await told(scene, alerts, "🟠")
    await scene.services.streams.stop(scene.setup)
    await scene.engine.write_run(scene.stream_id, RunStatus.STOPPED)
    async with live(scene):
        assert (await told(scene, alerts, "⚫ Off air after")).id == opened.id
    assert await scene.services.incidents.all_open() == []


async def test_incident_that_ends_in_failure_says_so(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await slate(scene)
        await told(scene, alerts, "🟠")
        await scene.engine.write_run(scene.stream_id, RunStatus.FAILED, reason="The playlist is private.")
        await told(scene, alerts, "🔴 Failed after")


async def test_without_a_channel_for_alerts_the_panels_is_taken(scene: Scene) -> None:
    async with live(scene):
        panel = await scene.ask_for_panel()
        await slate(scene)
        await until(lambda: any("🟠 Problem" in words_of(message) for message in scene.room.history()))
        assert "🟠 On air with the slate" in words_of(scene.room.history()[0])
    assert scene.room.history()[0].id == panel.id


async def test_without_any_channel_nothing_is_told(scene: Scene) -> None:
    async with live(scene) as watching:
        await slate(scene)
        await until(lambda: any(case.is_settled for case in watching.incidents._cases.values()))
        await on_air(scene)
        await until(lambda: not watching.incidents._cases)
    assert await scene.services.incidents.all_open() == []


async def test_channel_that_takes_no_alerts_is_asked_once_for_an_incident(scene: Scene, alerts: Any) -> None:
    scene.env.inject_error("POST", f"/channels/{alerts.id}/messages", status=403, code=50013, times=None)
    async with live(scene) as watching:
        await slate(scene)
        await until(lambda: any(case.is_settled for case in watching.incidents._cases.values()))
        await scene.engine.write_run(scene.stream_id, RunStatus.RECONNECTING)
        await on_air(scene)
        await until(lambda: not watching.incidents._cases)
    posts = [r for r in scene.env.http_requests if r.method == "POST" and f"/channels/{alerts.id}/" in r.path]
    assert len(posts) == 1
    assert await scene.services.incidents.all_open() == []


async def test_target_that_refuses_is_an_incident(scene: Scene, alerts: Any) -> None:
    async with live(scene):
        await scene.engine.write_uplinks(scene.stream_id, 1, UplinkState.REFUSED, reason="It does not know the key.")
        assert "**main** refuses the stream: It does not know the key." in words_of(await told(scene, alerts, "🟠"))


async def test_engine_that_is_gone_is_an_incident(scene: Scene, alerts: Any) -> None:
    async with scene.live() as watching:
        watching.incidents._debounce_seconds = 0.1
        await scene.engine.beat(age_seconds=60)
        await told(scene, alerts, words.ENGINE_GONE)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (CALM, ""),
        (ASKED_FOR, ""),
        (replace(CALM, state=StreamState.LISTING, reason=Message("It is listed.")), ""),
        (replace(CALM, state=StreamState.FAILED, reason=Message("It failed.")), ""),
        (replace(ASKED_FOR, state=StreamState.NO_ENGINE), ""),
        (replace(CALM, state=StreamState.NO_ENGINE), words.ENGINE_GONE),
        (replace(CALM, reason=Message("Sound and picture drift apart.")), "Sound and picture drift apart."),
        (ON_AIR, "Reconnecting to **backup**: Connection reset by peer"),
        (
            replace(CALM, targets=(replace(LIVE, reason=Message("the uplink is behind")),)),
            "**main**: the uplink is behind",
        ),
    ],
)
def test_trouble_is_told_in_words(status: Any, told: str) -> None:
    assert incident_cards.describe_trouble(status) == told


@pytest.mark.parametrize(
    ("cost", "seen"),
    [
        (Cost(0.0, 0.4), "nothing"),
        (Cost(200.0, 0.0), "3 min 20 s (slate shown)"),
        (Cost(7.0, 9.0), "7 s (slate shown) · 9 s"),
    ],
)
def test_end_says_what_viewers_saw(cost: Cost, seen: str) -> None:
    card = over(StreamState.ON_AIR, cost=cost)
    assert card.title == "🟢 Resolved after 1 min 30 s · Night loop"
    assert f"Viewers missed: {seen}." in (card.description or "")


@pytest.mark.parametrize("state", [None, *StreamState])
def test_every_end_has_a_card_within_the_limits(state: StreamState | None) -> None:
    card = over(state, title="@everyone **x** " * 900, description="x" * 1000)
    assert list(message_problems({"embeds": [card.to_dict()]})) == []
    assert "@everyone" not in str(card.to_dict())


def over(state: StreamState | None, **fields: Any) -> Embed:
    ended = replace(REPORT, ended_at=BEGAN + timedelta(seconds=90), **fields)
    return incident_cards.incident_over(ended, state)
