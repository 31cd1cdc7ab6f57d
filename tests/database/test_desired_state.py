"""What an engine reads when it begins: where the run before got to, and what each target had not got by then."""

from pathlib import Path

import pytest
from sqlmodel import col, update

from streaming.engine.desired_state import read_desired_streams, resume_plan
from streaming.model.states import RunStatus, TargetKind, UplinkState
from streaming.playout.plan import Plan
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import RunTarget
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE
from tests.standins.paper_engine import PaperEngine

NAMES = ("one", "other", "third")


@pytest.fixture
async def stream_id(services: Services) -> int:
    for name in NAMES:
        await services.targets.add(ALICE, name, TargetKind.TWITCH, "", Secret(f"live_12345678_{name}"))
    started = await services.streams.start(ALICE, StartRequest("demo", to=", ".join(NAMES)))
    return started.stream_id


async def planned(database: Database, place: Path, stream_id: int) -> Plan:
    """The plan an engine that begins now would play."""
    async with database.session() as session:
        wanted = await read_desired_streams(session, Vault.open(place), lead_seconds=10.0)
        return await resume_plan(session, wanted[stream_id])


async def sent(database: Database, run_id: int, target_id: int, seconds: float, state: UplinkState) -> None:
    async with database.session() as session:
        await session.exec(
            update(RunTarget)
            .where(col(RunTarget.run_id) == run_id, col(RunTarget.target_id) == target_id)
            .values(sent_seconds=seconds, state=state)
        )
        await session.commit()


async def test_what_was_never_on_air_begins_at_the_beginning(
    database: Database, tmp_path: Path, stream_id: int
) -> None:
    plan = await planned(database, tmp_path, stream_id)
    assert (plan.cursor, plan.position_seconds) == ("", 0.0)
    assert [destination.missed_seconds for destination in plan.destinations] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "third",
    [
        (UplinkState.LIVE, 99.4, 0.0),  # written at another moment, and not behind
        (UplinkState.RETRYING, 40.0, 60.0),
        (UplinkState.REFUSED, 40.0, 0.0),  # an ingest that refuses has no viewers
        (UplinkState.CONNECTING, 0.0, 0.0),
    ],
)
async def test_whoever_was_behind_the_first_target_has_missed_that(
    third: tuple[UplinkState, float, float],
    database: Database,
    engine: PaperEngine,
    tmp_path: Path,
    stream_id: int,
) -> None:
    run_id = await engine.write_run(stream_id, RunStatus.ON_AIR, cursor="{}", position_seconds=31.0)
    await engine.write_uplinks(stream_id, run_id, UplinkState.LIVE)
    first, other, last = (d.target_id for d in (await planned(database, tmp_path, stream_id)).destinations)
    await sent(database, run_id, first, 100.0, UplinkState.LIVE)
    await sent(database, run_id, other, 91.5, UplinkState.LIVE)
    state, seconds, missed_seconds = third
    await sent(database, run_id, last, seconds, state)
    plan = await planned(database, tmp_path, stream_id)
    assert (plan.cursor, plan.position_seconds) == ("{}", 31.0)
    assert [destination.missed_seconds for destination in plan.destinations] == [0.0, 8.5, missed_seconds]
