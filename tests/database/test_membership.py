"""Guilds that remove the bot: off the air at once, their keys forgotten after a day, unless it is let in again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.guilds import KEYS_KEPT
from streaming.services.incidents import Cost
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import DepartedGuild, Incident
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

LATER = KEYS_KEPT + timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _two_guilds_on_air(services: Services) -> None:
    for who in (ALICE, MALLORY):
        await services.targets.add(who, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
        started = await services.streams.start(who, StartRequest("demo", title="Night loop"))
        await services.panels.place(who, "", 7)
        await services.incidents.open(started.stream_id, "Trouble", datetime.now(UTC), Cost(0.0, 0.0))


async def is_on_air(services: Services, who: Actor) -> bool:
    """Whether it is wanted there; no engine is running."""
    (status,) = await services.streams.all(who.guild_id)
    return status.state is StreamState.NO_ENGINE


async def kept(services: Services, database: Database, who: Actor) -> tuple[bool, bool, bool]:
    """Whether a guild's stream is wanted on air, its panel kept, and its incident open."""
    async with database.session() as session:
        is_open = col(Incident.ended_at).is_(None)
        incidents = (await session.exec(select(Incident).where(Incident.guild_id == who.guild_id, is_open))).all()
    (status,) = await services.streams.all(who.guild_id)
    has_panel = await services.panels.find_place(status.stream_id) is not None
    return await is_on_air(services, who), has_panel, bool(incidents)


async def test_guild_that_removes_the_bot_is_off_the_air_and_no_other_is(
    services: Services, database: Database
) -> None:
    await services.guilds.left(ALICE.guild_id)
    assert await kept(services, database, ALICE) == (False, False, False)
    assert await kept(services, database, MALLORY) == (True, True, True)
    assert "removed from this server" in (await services.streams.logs(ALICE.guild_id))[-1].message


async def test_guild_that_left_while_the_bot_was_away_is_found(services: Services, database: Database) -> None:
    await services.guilds.set_present([MALLORY.guild_id, 4711])
    assert await kept(services, database, ALICE) == (False, False, False)
    assert await kept(services, database, MALLORY) == (True, True, True)


async def test_keys_are_kept_for_a_day_and_then_forgotten(services: Services, engine: PaperEngine) -> None:
    await services.guilds.left(ALICE.guild_id)
    await services.guilds.forget_departed(datetime.now(UTC) + KEYS_KEPT - timedelta(minutes=1))
    assert len(await engine.key_texts()) == 2
    await services.guilds.forget_departed(datetime.now(UTC) + LATER)
    assert await services.targets.all(ALICE.guild_id) == []
    assert len(await services.targets.all(MALLORY.guild_id)) == 1
    assert len(await engine.key_texts()) == 1


@pytest.mark.parametrize("is_seen_joining", [True, False])
async def test_guild_that_is_back_keeps_its_keys(services: Services, *, is_seen_joining: bool) -> None:
    await services.guilds.left(ALICE.guild_id)
    if is_seen_joining:
        await services.guilds.joined(ALICE.guild_id)
    else:  # it came back while the bot was away
        await services.guilds.set_present([ALICE.guild_id, MALLORY.guild_id])
    await services.guilds.forget_departed(datetime.now(UTC) + LATER)
    assert len(await services.targets.all(ALICE.guild_id)) == 1
    assert not await is_on_air(services, ALICE)
    await services.streams.start(ALICE, StartRequest("demo"))
    assert await is_on_air(services, ALICE)


async def test_day_counts_from_when_it_left_however_often_the_bot_starts(
    services: Services, database: Database
) -> None:
    await services.guilds.left(ALICE.guild_id)
    async with database.session() as session:
        (before,) = await session.exec(select(DepartedGuild.left_at))
    for _ in range(2):
        await services.guilds.left(ALICE.guild_id)
        await services.guilds.set_present([MALLORY.guild_id])
    async with database.session() as session:
        (after,) = await session.exec(select(DepartedGuild.left_at))
    assert after == before
    assert sum("removed from" in line.message for line in await services.streams.logs(ALICE.guild_id)) == 1


async def test_nothing_is_kept_of_a_guild_that_nothing_is_known_of(services: Services, database: Database) -> None:
    await services.guilds.left(4711)
    async with database.session() as session:
        assert (await session.exec(select(DepartedGuild))).all() == []


async def test_console_is_no_guild_of_discords(services: Services) -> None:
    console = Actor(0, 0, "console")
    await services.targets.add(console, "local", TargetKind.LOCAL, "rtmp://127.0.0.1/live", Secret("key"))
    await services.streams.start(console, StartRequest("demo"))
    await services.guilds.set_present([])
    assert await is_on_air(services, console)
