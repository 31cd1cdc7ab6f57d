"""The console tells when its engine is there, and in words when it is not."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.engine import EngineProcess
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.storage.database import Database, migrate

ENGINE = """
import asyncio, os, sys, time
from streaming.storage.database import Database
from streaming.storage.tables import EngineHeartbeat

async def beat() -> None:
    database = Database(sys.argv[1])
    async with database.session() as session:
        session.add(EngineHeartbeat(name="scripted", pid=os.getpid()))
        await session.commit()
    await database.close()

asyncio.run(beat())
print("rtmp trouble", file=sys.stderr, flush=True)
time.sleep(60) if len(sys.argv) == 2 else os._exit(3)
"""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    await asyncio.to_thread(migrate, url(tmp_path))
    database = Database(url(tmp_path))
    yield database
    await database.close()


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'nonstop.db'}"


def scripted(folder: Path, code: str, *arguments: str) -> EngineProcess:
    return EngineProcess(folder / "logs" / "engine.log", arguments, command=[sys.executable, "-c", code])


async def test_it_is_there_when_its_heart_beats_and_gone_when_stopped(database: Database, tmp_path: Path) -> None:
    engine = scripted(tmp_path, ENGINE, url(tmp_path))
    assert not engine.is_running
    await engine.start(database)
    assert engine.is_running
    await engine.stop()
    assert not engine.is_running
    assert (tmp_path / "logs" / "engine.log").read_text() == "rtmp trouble\n"


@pytest.mark.parametrize(
    ("code", "kind"), [(78, ConfigurationError), (69, ServiceUnavailable), (1, ServiceUnavailable)]
)
async def test_one_that_cannot_start_is_quoted(
    code: int, kind: type[Exception], database: Database, tmp_path: Path
) -> None:
    engine = scripted(tmp_path, f"import sys; print('nonstop: No luck.', file=sys.stderr); sys.exit({code})")
    with pytest.raises(kind, match=r"No luck\. Its log is .*engine\.log"):
        await engine.start(database)
    await engine.stop()


async def test_one_that_ends_later_is_quoted(database: Database, tmp_path: Path) -> None:
    engine = scripted(tmp_path, ENGINE, url(tmp_path), "dies")
    try:
        await engine.start(database)
        error = await asyncio.wait_for(engine.ended(), 10)
    except ServiceUnavailable as early:  # gone before it was seen
        error = early
    assert "ended unexpectedly: rtmp trouble." in str(error)
    await engine.stop()
