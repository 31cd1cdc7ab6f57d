"""One session of the console, from its first line to the report of what was received."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.client import create_bot
from bot.console import cards, on_air
from bot.console.engine import EngineProcess
from bot.console.interaction import GUILD_ID
from bot.console.lines import Lines
from bot.console.screen import Ticker
from bot.console.shell import Shell
from streaming.ingest.local import LocalIngest
from streaming.model.errors import ServiceUnavailable
from streaming.model.message import Message
from streaming.model.states import TargetKind
from streaming.model.text import visible_signs
from streaming.network.egress import Egress
from streaming.process.file_lock import held
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.streams import StreamService
from streaming.services.targets import TargetEdit, TargetService
from streaming.settings import ENVIRONMENT_PREFIX, Settings
from streaming.storage.database import Database, migrate
from streaming.storage.keyring import opened_vault
from streaming.storage.vault import Vault

_DEMO = "/stream start playlist:demo mode:direct to:local"
_LEAVE = ("/quit", "/exit", "quit", "exit")
_TARGET = "local"
_PLAYED_OUT_SECONDS = 60.0
_REFRESH_SECONDS = 1.0


async def run(settings: Settings, *, engine_options: Sequence[str] = ()) -> int:
    """Runs the console on standard input; returns 1 when a command failed, else 0.

    Raises ServiceUnavailable when the engine ends or does not start. However the session ends, streams are stopped,
    children have ended, and a card shows what the ingest received.
    """
    await asyncio.to_thread(migrate, settings.database_url)
    screen = Console(highlight=False)
    screen.print("Starting an engine and an ingest on this machine …", style="dim")
    with _only_one(settings.streaming.data_dir):
        return await _run(settings, screen, engine_options)


async def _run(settings: Settings, screen: Console, engine_options: Sequence[str]) -> int:
    with opened_vault(settings) as vault:
        return await _run_with(vault, settings, screen, engine_options)


async def _run_with(vault: Vault, settings: Settings, screen: Console, engine_options: Sequence[str]) -> int:
    async with _database(settings) as database, LocalIngest(settings) as ingest:
        streaming = settings.streaming
        allowed = (*settings.targets.allow, ingest.network)
        services = Services.create(settings, database, vault, egress=Egress.allowing(allowed))
        await on_air.put_off_air(services.streams)  # a console that was killed may have left streams
        await set_target(services.targets, ingest)
        variables = {f"{ENVIRONMENT_PREFIX}TARGETS__ALLOW": json.dumps(allowed)}
        engine = EngineProcess(streaming.data_dir / "logs" / "engine.log", engine_options, variables=variables)
        try:
            await engine.start(database)
            tree, pictures = create_bot(settings, services).tree, streaming.data_dir / "pictures"
            shell = Shell(tree, screen, lines := Lines(), pictures)
            try:
                return await _unless_it_ends(engine, Session(screen, lines, shell, services.streams, database).run())
            finally:
                await on_air.put_off_air(services.streams)
                if engine.is_running:
                    await on_air.until_over(services.streams, database)
                screen.print(cards.render(cards.received(ingest.report())))
        finally:
            await engine.stop()


class Session:
    """Runs commands until there are no more, then lets streams play to their end."""

    def __init__(self, screen: Console, lines: Lines, shell: Shell, streams: StreamService, database: Database) -> None:
        self._screen = screen
        self._lines = lines
        self._shell = shell
        self._streams = streams
        self._database = database
        self._ticker = Ticker(screen)

    async def run(self) -> int:
        """Runs every command; returns the exit code."""
        before = await self._failed_generations()
        worked = await (self._typed() if self._lines.is_terminal else self._read())
        return 0 if worked and await self._failed_generations() <= before else 1

    async def _typed(self) -> bool:
        self._screen.print("The commands are the same as on Discord. /help lists them, /quit ends.", style="dim")
        while (line := await self._prompted()) is not None and line not in _LEAVE:
            if line:
                await self._shell.run(line)
        return True  # the user has seen what failed

    async def _prompted(self) -> str | None:
        """The next line; the streams' state stands above the prompt and is refreshed while somebody types."""
        self._ticker = Ticker(self._screen)
        self._ticker.show(await self._on_air())
        self._screen.print("› ", end="", style="bold")
        refreshing = asyncio.create_task(self._refresh())
        try:
            return await self._lines.read()
        finally:
            refreshing.cancel()

    async def _read(self) -> bool:
        worked, count = True, 0
        while (line := await self._lines.read()) is not None and line not in _LEAVE:
            if line and not line.startswith("#"):
                worked, count = await self._echoed(line) and worked, count + 1
        if not count:
            worked = await self._echoed(_DEMO)
        await self._play_out()
        return worked

    async def _echoed(self, line: str) -> bool:
        self._screen.print(f"› {visible_signs(line)}", style="bold", markup=False, soft_wrap=True)
        worked = await self._shell.run(line)
        if await on_air.until_stopped(self._streams, self._database):
            self._ticker.show(await self._on_air())
        return worked

    async def _play_out(self) -> None:
        """Waits until every stream is over, at most a minute, as looped ones never end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PLAYED_OUT_SECONDS), self._database.changes() as changes:
                while any(not status.state.is_over for status in await self._streams.all(GUILD_ID)):
                    self._ticker.show(await self._on_air())
                    await changes.wait(_REFRESH_SECONDS)

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            self._ticker.replace(await self._on_air())

    async def _on_air(self) -> str:
        return on_air.line(await self._streams.all(GUILD_ID), with_position=self._lines.is_terminal)

    async def _failed_generations(self) -> set[tuple[int, int]]:
        statuses = await self._streams.all(GUILD_ID)
        return {(status.stream_id, status.generation) for status in statuses if status.state is StreamState.FAILED}


def _only_one(data_dir: Path) -> contextlib.AbstractContextManager[None]:
    """Refuses a second console, which would stop the streams of the first."""
    refusal = ServiceUnavailable(
        Message(f"Another console is using the data in {data_dir}."),
        hint=Message("Use that one, or set another [streaming] data_dir."),
    )
    return held(data_dir / "console.lock", refusal)


async def set_target(targets: TargetService, ingest: LocalIngest) -> None:
    """Makes the ingest of this console the target; streams of earlier consoles keep it."""
    if _TARGET in {info.name for info in await targets.all(GUILD_ID)}:
        await targets.edit(on_air.CONSOLE, _TARGET, TargetEdit(_TARGET, ingest.url, ingest.key))
    else:
        await targets.add(on_air.CONSOLE, _TARGET, TargetKind.LOCAL, ingest.url, ingest.key)


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


async def _unless_it_ends(engine: EngineProcess, work: Coroutine[Any, Any, int]) -> int:
    """The result of the work; raises the engine's error if that ends first."""
    working, ended = asyncio.create_task(work), asyncio.create_task(engine.ended())
    try:
        await asyncio.wait((working, ended), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ended.result()
    finally:
        for task in (working, ended):
            task.cancel()
        await asyncio.wait((working, ended))
