"""A key that an ingest repeats, and an address that may not be used: neither is seen anywhere, whoever asks."""

import asyncio
import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from streaming.model.states import UplinkState
from streaming.services.services import Services
from streaming.settings import Settings, TargetsSettings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.end_to_end.engines import ALICE, Station, settings_for, station
from tests.end_to_end.processes import streaming
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.loopback import LOOPBACK
from tests.standins.publisher import Refusal
from tests.standins.youtube import YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

KEY = "planted-9f3c-key-4711"
SPELLINGS = (
    *(KEY, KEY.upper(), quote(KEY, safe=""), "".join(f"%{ord(sign):02x}" for sign in KEY), KEY.encode().hex()),
    base64.b64encode(KEY.encode()).decode(),
)
PATIENCE_SECONDS = 30.0


def contents(folder: Path) -> bytes:
    """Everything that is kept in files."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def refused(engine: Station, ingest: Ingest) -> str:
    """Has the ingest refuse the key once for each spelling; gives all that people are told of it."""
    await engine.add_target("Sunday", ingest.url(KEY))
    told = []
    for number, spelt in enumerate(SPELLINGS):
        ingest.refuse_key(KEY, Refusal("NetStream.Publish.BadName", f"attempt {number}: no {spelt} here"))
        told += [repr(test) async for test in engine.services.targets.test(ALICE, "Sunday")]
    started = await engine.start(LIST, "Sunday")
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while not any(target.state is UplinkState.REFUSED for target in (await engine.status(started)).targets):
            await changes.wait(1)
    told += [repr(await engine.status(started)), *await engine.log(started)]
    await engine.stop(started)
    return "\n".join([*told, *await engine.log(started)])


async def test_a_key_that_an_ingest_repeats_is_neither_told_nor_kept(
    youtube: YouTube, config: Path, data_dir: Path, place: Path, clips: Path
) -> None:
    await youtube.add_playlist(LIST, "All parts", await upload(youtube, clips, small(2, seconds=2.0), prefix="shown"))
    async with Ingest() as ingest, streaming("run", "--debug", "--config", config, folder=place) as process:
        await process.until("The engine is ready")
        database = Database(f"sqlite+aiosqlite:///{data_dir}/nonstop.db")
        services = Services.create(Settings(), database, Vault.open(data_dir), egress=LOOPBACK)
        engine = Station(services, database, database)
        told = await refused(engine, ingest)
        await database.close()
        process.process.terminate()
        await process.finished()
    assert "refuses the stream key" in told
    assert "Server error: attempt 5: no " in told
    assert "Server error: attempt 0: no " in process.output
    places = {"people": told.encode(), "log": process.output.encode(), "files": contents(data_dir)}
    found = [(where, spelt) for where, text in places.items() for spelt in SPELLINGS if spelt.encode() in text]
    assert found == []
    assert "127.0.0.1" not in told
    assert f":{ingest.port}" not in told
    assert "Sunday" in told


async def test_an_address_that_may_not_be_used_any_more_is_judged_before_each_publication(
    youtube: YouTube, data_dir: Path, clips: Path
) -> None:
    await youtube.add_playlist(LIST, "All parts", await upload(youtube, clips, small(2, seconds=2.0), prefix="shown"))
    settings = settings_for(youtube, data_dir).model_copy(update={"targets": TargetsSettings()})
    async with Ingest() as ingest, station(settings) as engine:
        lax = Services.create(Settings(), engine.database, Vault.open(data_dir), egress=LOOPBACK)
        before = Station(lax, engine.database, engine.engines_own)
        await before.add_target("here", f"rtmp://localhost:{ingest.port}/live/{KEY}")
        tests = [test async for test in engine.services.targets.test(ALICE, "here")]
        started = await engine.start(LIST, "here")
        async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
            while not (status := await engine.status(started)).reason:
                await changes.wait(1)
        assert ingest.attempts == []
    assert tests[-1].is_accepted is False
    assert "it is not public" in tests[-1].answer
    assert "it is not public" in status.reason
