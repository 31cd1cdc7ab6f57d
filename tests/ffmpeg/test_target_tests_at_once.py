"""Many targets tested at once: few FFmpegs, and a sentence for those there is no place for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import imageio_ffmpeg
import pytest

from streaming.engine import target_tests
from streaming.engine.target_tests import TargetTester
from streaming.model.errors import ServiceUnavailable
from streaming.network.egress import Egress
from streaming.redaction.secrets import Secret
from streaming.storage.database import Database, migrate
from streaming.storage.tables import Target
from streaming.storage.vault import Vault
from tests.ffmpeg.feeding import PROFILE

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
TESTS = 40


class SilentIngest:
    """Takes connections and says nothing, until it is told to end them."""

    def __init__(self) -> None:
        self.connected = self.most = 0
        self.changed = asyncio.Condition()
        self._is_over = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self.let_go()
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        assert self._server
        return f"rtmp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/live"

    def let_go(self) -> None:
        self._is_over.set()

    async def _serve(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._count(1)
        await self._is_over.wait()
        writer.close()
        await self._count(-1)

    async def _count(self, change: int) -> None:
        async with self.changed:
            self.connected += change
            self.most = max(self.most, self.connected)
            self.changed.notify_all()


@pytest.fixture
async def ingest() -> AsyncIterator[SilentIngest]:
    async with SilentIngest() as silent:
        yield silent


@pytest.fixture
async def tester(tmp_path: Path, ingest: SilentIngest) -> AsyncIterator[TargetTester]:
    """With forty targets of one guild, and one of another."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'nonstop.db'}"
    await asyncio.to_thread(migrate, url)
    database, vault = Database(url), Vault.open(tmp_path)
    key = vault.encrypt(Secret("planted-9f3c-key-4711"))
    async with database.session() as session:
        for number in range(1, TESTS + 2):
            guild_id = 2 if number > TESTS else 1
            row = Target(
                id=number, guild_id=guild_id, name=str(number), url=ingest.url, key_encrypted=key, key_hint="4711"
            )
            session.add(row)
        await session.commit()
    yield TargetTester(FFMPEG, database, vault, PROFILE, tmp_path, egress=Egress.allowing(["127.0.0.0/8"]))
    await database.close()


async def test_forty_tests_are_two_at_once(tester: TargetTester, ingest: SilentIngest) -> None:
    tests = [asyncio.create_task(tester.test(number)) for number in range(1, TESTS + 1)]
    other = asyncio.create_task(tester.test(TESTS + 1))
    async with asyncio.timeout(30), ingest.changed:
        await ingest.changed.wait_for(lambda: ingest.connected == 2)
    while sum(task.done() for task in tests) < TESTS - target_tests._AT_ONCE - target_tests._MOST_WAITING:
        await asyncio.wait([task for task in tests if not task.done()], return_when=asyncio.FIRST_COMPLETED)
    refused = [task.exception() for task in tests if task.done()]
    assert all(isinstance(error, ServiceUnavailable) and "Too many targets" in str(error) for error in refused)
    ingest.let_go()
    outcomes = await asyncio.gather(*tests, other, return_exceptions=True)
    assert sum("Too many targets" in str(outcome) for outcome in outcomes) == len(refused)
    assert "Too many targets" not in str(outcomes[-1]), "another guild waited in vain"
    assert ingest.most == 2


async def test_who_waits_too_long_is_told(
    tester: TargetTester, ingest: SilentIngest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target_tests, "_WAIT_SECONDS", 0.5)
    tests = [asyncio.create_task(tester.test(number)) for number in (1, 2)]
    async with asyncio.timeout(30), ingest.changed:
        await ingest.changed.wait_for(lambda: ingest.connected == 2)
    with pytest.raises(ServiceUnavailable, match="Too many targets"):
        await tester.test(TESTS + 1)
    ingest.let_go()
    await asyncio.gather(*tests, return_exceptions=True)
