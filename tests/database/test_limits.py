"""How much one guild may have and do: refused with the way out, also when two ask at once; one guild is not another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select, update

from streaming.model.errors import NonstopError, ServiceUnavailable, WantedStateError
from streaming.model.message import Message
from streaming.model.states import EncodeMode, RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import Edit, StartRequest
from streaming.services.targets import TargetEdit
from streaming.settings import LimitsSettings, Settings
from streaming.storage.database import Database
from streaming.storage.logs import KEPT_LOG_LINES
from streaming.storage.runs import RunStore
from streaming.storage.tables import Command, Run, StreamLog
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import NAME, PaperEngine

TRENT = Actor(guild_id=3, user_id=30, name="Trent")

TIGHT = LimitsSettings(
    streams_on_air=2,
    streams=3,
    targets=4,
    playlists=2,
    panels=1,
    target_tests_per_minute=2,
    playlist_refreshes_per_minute=2,
    previews_per_minute=2,
    encodes=1,
    encodes_per_engine=2,
)
ROOM_ON_AIR = TIGHT.model_copy(update={"streams_on_air": TIGHT.streams + 1})
"""Streams that are started at once are all on air for a moment."""
Ask = Callable[[Services, Actor, int], Awaitable[object]]


def services_with(limits: LimitsSettings, database: Database, tmp_path: Path) -> Services:
    return Services.create(Settings(limits=limits), database, Vault.open(tmp_path), command_life_seconds=0.1)


@pytest.fixture
def services(database: Database, tmp_path: Path) -> Services:
    return services_with(TIGHT, database, tmp_path)


@pytest.fixture
async def beating(engine: PaperEngine) -> None:
    """An engine that is there, and answers nothing."""
    await engine.beat()


async def add_target(services: Services, who: Actor, number: int) -> object:
    return await services.targets.add(who, f"to {number}", TargetKind.TWITCH, "", Secret(f"live_{number:08}"))


async def start(services: Services, who: Actor, number: int, encode: EncodeMode = EncodeMode.COPY) -> object:
    request = StartRequest("demo", to=f"to {number}", title=f"Stream {number}", encode=encode)
    return await services.streams.start(who, request)


async def start_encoded(services: Services, who: Actor, number: int) -> object:
    return await start(services, who, number, EncodeMode.ALWAYS)


async def start_and_stop(services: Services, who: Actor, number: int) -> object:
    await start(services, who, number)
    return await services.streams.stop(who, f"Stream {number}")


async def restart(services: Services, who: Actor, number: int) -> object:
    return await services.streams.restart(who, f"Stream {number}")


async def save_playlist(services: Services, who: Actor, number: int) -> object:
    return await services.playlists.add(who, f"PL{number:016}")


async def place_panel(services: Services, who: Actor, number: int) -> object:
    return await services.panels.place(who, f"Stream {number}", 7)


async def try_target(services: Services, who: Actor, number: int) -> object:
    return [step async for step in services.targets.test(who, f"to {number}")]


async def refresh(services: Services, who: Actor, number: int) -> object:
    async def ignore(_: object) -> None:
        pass

    return await services.playlists.refresh(who, f"PL{number:016}", on_progress=ignore)


async def preview(services: Services, who: Actor, number: int) -> object:
    del number  # one stream is enough
    return await services.previews.get(who.guild_id, requested_by=who.user_id)


async def nothing(*_: object) -> None:
    """Needs nothing to be there."""


async def with_targets(services: Services, who: Actor) -> None:
    for number in range(TIGHT.targets):
        await add_target(services, who, number)


async def with_streams_off_air(services: Services, who: Actor) -> None:
    await with_targets(services, who)
    for number in range(TIGHT.streams):
        await start_and_stop(services, who, number)


async def with_stream_playing(services: Services, who: Actor) -> None:
    await add_target(services, who, 0)
    await start(services, who, 0)
    (status,) = await services.streams.all(who.guild_id)
    async with services.streams._database.session() as session:
        run = Run(stream_id=status.stream_id, generation=1, engine=NAME, status=RunStatus.ON_AIR)
        await RunStore(session).begin(run, [])
        await session.commit()


async def with_streams_on_air(services: Services, who: Actor) -> None:
    await with_targets(services, who)
    for number in range(TIGHT.streams_on_air):
        await start(services, who, number)


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that is limited: what comes before it, how it is asked for, how often, and the way out."""

    prepare: Callable[[Services, Actor], Awaitable[None]]
    ask: Ask
    most: int
    called: str
    way_out: str
    at_once: int = 4
    """So many who ask at the same time."""
    limits: LimitsSettings = TIGHT


KINDS = (
    Kind(nothing, add_target, TIGHT.targets, "targets", "/target remove", at_once=6),
    Kind(with_targets, start_and_stop, TIGHT.streams, "streams", "/stream delete", limits=ROOM_ON_AIR),
    Kind(with_targets, start, TIGHT.streams_on_air, "streams on air", "/stream stop"),
    Kind(with_streams_off_air, restart, TIGHT.streams_on_air, "streams on air", "/stream stop", at_once=3),
    Kind(with_targets, start_encoded, TIGHT.encodes, "encoded streams", "encode:copy"),
    Kind(nothing, save_playlist, TIGHT.playlists, "saved playlists", "/playlist remove"),
    Kind(with_streams_on_air, place_panel, TIGHT.panels, "panels", "remove:True", at_once=2),
    Kind(with_targets, try_target, TIGHT.target_tests_per_minute, "target tests", "in a minute"),
    Kind(nothing, refresh, TIGHT.playlist_refreshes_per_minute, "playlist refreshes", "in a minute"),
    Kind(with_stream_playing, preview, TIGHT.previews_per_minute, "previews", "in a minute"),
)


async def outcome(asking: Awaitable[object]) -> NonstopError | None:
    """What refused it; an engine that is not there did not."""
    try:
        await asking
    except ServiceUnavailable:
        return None
    except NonstopError as refusal:
        return refusal
    return None


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind.ask.__name__}")
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.mark.usefixtures("beating")
async def test_one_too_many_is_refused_with_the_way_out(services: Services, kind: Kind) -> None:
    await kind.prepare(services, ALICE)
    for number in range(kind.most):
        assert await outcome(kind.ask(services, ALICE, number)) is None
    refusal = await outcome(kind.ask(services, ALICE, kind.most))
    assert isinstance(refusal, WantedStateError)
    assert f"limit of {kind.called} ({kind.most}" in refusal.message
    assert kind.way_out in refusal.hint


@pytest.mark.usefixtures("beating")
async def test_limit_of_one_guild_is_not_anothers(services: Services, kind: Kind) -> None:
    for who in (ALICE, MALLORY):
        await kind.prepare(services, who)
    for number in range(kind.most):
        await outcome(kind.ask(services, ALICE, number))
    assert await outcome(kind.ask(services, MALLORY, 0)) is None


@pytest.mark.usefixtures("beating")
async def test_many_at_once_do_not_pass_the_limit(database: Database, tmp_path: Path, kind: Kind) -> None:
    services = services_with(kind.limits, database, tmp_path)
    await kind.prepare(services, ALICE)
    asked = (outcome(kind.ask(services, ALICE, number)) for number in range(kind.at_once))
    assert (await asyncio.gather(*asked)).count(None) == kind.most


@pytest.mark.usefixtures("beating")
async def test_one_machine_has_one_limit_of_encoded_streams(services: Services) -> None:
    for who in (ALICE, MALLORY, TRENT):
        await with_targets(services, who)
    await start_encoded(services, ALICE, 0)
    await start_encoded(services, MALLORY, 0)
    refusal = await outcome(start_encoded(services, TRENT, 0))
    assert refusal
    assert "This machine has reached its limit" in refusal.message
    assert await outcome(start(services, TRENT, 1)) is None
    refusal = await outcome(services.streams.edit(TRENT, "Stream 1", Edit(encode=EncodeMode.ALWAYS)))
    assert refusal
    assert "This machine" in refusal.message
    await services.streams.stop(ALICE, "Stream 0")
    assert await outcome(services.streams.edit(TRENT, "Stream 1", Edit(encode=EncodeMode.ALWAYS))) is None


async def test_renaming_is_not_one_more(services: Services) -> None:
    await with_targets(services, ALICE)
    assert await outcome(services.targets.edit(ALICE, "to 0", TargetEdit("Renamed", ""))) is None
    for number in range(TIGHT.playlists):
        await save_playlist(services, ALICE, number)
    assert await outcome(services.playlists.add(ALICE, f"PL{0:016}", "Renamed")) is None


@pytest.mark.usefixtures("beating")
async def test_pictures_that_panels_want_are_not_counted(services: Services) -> None:
    await with_stream_playing(services, ALICE)
    for _ in range(TIGHT.previews_per_minute + 1):
        with pytest.raises(ServiceUnavailable):
            await services.previews.get(ALICE.guild_id)
    assert await outcome(preview(services, ALICE, 0)) is None


async def test_a_minute_later_it_may_be_asked_again(
    services: Services, engine: PaperEngine, database: Database
) -> None:
    await engine.beat()
    for number in range(TIGHT.playlist_refreshes_per_minute):
        await outcome(refresh(services, ALICE, number))
    async with database.session() as session:
        await session.exec(update(Command).values(requested_at=datetime.now(UTC) - timedelta(seconds=61)))
        await session.commit()
    assert await outcome(refresh(services, ALICE, 0)) is None


@pytest.mark.parametrize("is_of_stream", [True, False])
async def test_log_of_a_guild_has_an_end(services: Services, database: Database, *, is_of_stream: bool) -> None:
    await with_targets(services, ALICE)
    await start_and_stop(services, ALICE, 0)
    await add_target(services, MALLORY, 0)
    about: dict[str, Any] = {"stream_id": 1} if is_of_stream else {"guild_id": ALICE.guild_id}
    async with database.session() as session:
        session.add_all(StreamLog(message=Message("Filler"), **about) for _ in range(KEPT_LOG_LINES + 10))
        await session.commit()
    if is_of_stream:
        await services.streams.edit(ALICE, "", Edit(title="Renamed"))
    else:
        await services.targets.remove(ALICE, "to 3")
    mine = [getattr(StreamLog, name) == value for name, value in about.items()]
    async with database.session() as session:
        lines = select(func.count()).select_from(StreamLog)
        assert (await session.exec(lines.where(*mine))).one() == KEPT_LOG_LINES
        newest = (await session.exec(select(StreamLog.message).where(*mine).order_by(col(StreamLog.id).desc()))).first()
        assert newest
        assert "Filler" not in newest
        assert (await session.exec(lines.where(StreamLog.guild_id == MALLORY.guild_id))).one() == 1
