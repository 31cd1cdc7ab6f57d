"""Typed commands run through the real command tree, on a real database with an engine on paper."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from rich.console import Console

from bot.client import create_bot
from bot.console import on_air, session
from bot.console.lines import Lines
from bot.console.shell import Shell
from streaming.ingest.local import LocalIngest
from streaming.model.states import CommandState, RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.settings import Settings, StreamingSettings
from streaming.storage.database import Database, migrate
from streaming.storage.vault import Vault
from tests.standins.loopback import LOOPBACK
from tests.standins.paper_engine import PaperEngine

KEY = "live_1234_secret_9f3c"


@dataclass(frozen=True, slots=True)
class Desk:
    shell: Shell
    services: Services
    output: io.StringIO
    keyboard: int

    @property
    def printed(self) -> str:
        return self.output.getvalue()

    def type(self, *lines: str) -> None:
        os.write(self.keyboard, "".join(f"{line}\n" for line in lines).encode())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(streaming=StreamingSettings(data_dir=tmp_path))
    migrate(made.database_url)
    return made


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[PaperEngine]:
    engine = PaperEngine(settings.database_url)
    await engine.beat()
    yield engine
    await engine.close()


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    database = Database(settings.database_url)
    services = Services.create(settings, database, Vault.open(settings.streaming.data_dir), egress=LOOPBACK)
    await services.targets.add(on_air.CONSOLE, "local", TargetKind.LOCAL, "rtmp://127.0.0.1:1935/live", Secret(KEY))
    output = io.StringIO()
    input_end, keyboard = os.pipe()
    lines = Lines(input_end)
    tree = create_bot(settings, services).tree
    folder = settings.streaming.data_dir / "pictures"
    yield Desk(Shell(tree, Console(file=output, width=100), lines, folder), services, output, keyboard)
    os.close(keyboard)
    assert await lines.read() is None
    os.close(input_end)
    await database.close()


async def start(desk: Desk, engine: PaperEngine, line: str = "/stream start playlist:demo") -> bool:
    running = asyncio.create_task(desk.shell.run(line))
    await engine.bring_to_air(await engine.wanted())
    return await running


async def test_start_runs_until_the_stream_is_on_air(desk: Desk, engine: PaperEngine) -> None:
    assert await start(desk, engine, '/stream start playlist:demo mode:direct title:"two words" loop:no')
    assert "On air · two words" in desk.printed
    assert "took 1.5 s" in desk.printed
    (status,) = await desk.services.streams.all(0)
    assert (status.title, status.is_looped, status.state.is_playing) == ("two words", False, True)


async def test_the_way_to_air_is_told_line_by_line(desk: Desk, engine: PaperEngine) -> None:
    running = asyncio.create_task(desk.shell.run("/stream start playlist:demo"))
    stream_id = await engine.wanted()
    await engine.write_run(stream_id, RunStatus.LISTING)
    async with asyncio.timeout(10):
        while "Reading the playlist" not in desk.printed:
            await asyncio.sleep(0.02)
    await engine.bring_to_air(stream_id)
    assert await running
    lines = desk.printed.splitlines()
    assert "🔵 Reading the playlist · Demo · playlist → first video → connecting → on air" in lines
    assert lines[-1].startswith("╰")


async def test_status_skip_and_stop_answer_with_their_cards(desk: Desk, engine: PaperEngine) -> None:
    assert await start(desk, engine)
    assert await desk.shell.run("/stream status")
    skipping = asyncio.create_task(desk.shell.run("/stream skip"))
    await engine.take_command(CommandState.DONE, "Second is next.")
    assert await skipping
    assert await desk.shell.run("/stream stop")
    assert "Second is next." in desk.printed


async def test_pictures_are_kept_where_the_card_says(desk: Desk, engine: PaperEngine, tmp_path: Path) -> None:
    assert await start(desk, engine)
    looking = asyncio.create_task(desk.shell.run("/stream preview"))
    await engine.take_picture(1, b"a picture")
    assert await looking
    assert "Saved as" in desk.printed
    assert (tmp_path / "pictures" / "preview.jpg").read_bytes() == b"a picture"


async def test_the_test_of_a_target_runs_to_its_outcome(desk: Desk, engine: PaperEngine) -> None:
    testing = asyncio.create_task(desk.shell.run("/target test target:local"))
    await engine.take_command(CommandState.FAILED, "The ingest refuses the stream key. Check it.")
    assert not await testing
    assert "local doesn't work" in desk.printed


async def test_what_a_command_declines_is_a_failure(desk: Desk, engine: PaperEngine) -> None:
    assert not await desk.shell.run("/stream skip stream:nothing")
    assert not await desk.shell.run("/stream start playlist:demo to:elsewhere")
    assert "There is no target “elsewhere”" in desk.printed
    await start(desk, engine)
    assert not await desk.shell.run("/stream start playlist:demo title:again")


async def test_a_mistyped_command_is_a_failure_with_a_suggestion(desk: Desk) -> None:
    assert not await desk.shell.run("/strem status")
    assert "Did you mean /stream status?" in desk.printed


async def test_help_lists_the_tree(desk: Desk) -> None:
    assert await desk.shell.run("/help")
    for text in ("/stream start", "/target add", "Remove a target and its stream key"):
        assert text in desk.printed
    assert await desk.shell.run('/help command:"stream start"')
    for text in ("playlist:", "mode:", "optional", "auto, always, copy"):
        assert text in desk.printed
    assert not await desk.shell.run("/help command:nothing")


async def test_roles_and_channels_are_not_asked_for_here(desk: Desk) -> None:
    assert await desk.shell.run("/settings language:de")
    assert "Deutsch" in desk.printed
    assert not await desk.shell.run("/settings operator_role:crew")
    assert "It takes [language:] [clear:]" in desk.printed


async def test_about_tells_of_the_engine(desk: Desk, engine: PaperEngine) -> None:
    await engine.beat()
    assert await desk.shell.run("/about")
    assert "paper" in desk.printed
    assert "discord.com" not in desk.printed


async def test_forms_take_the_following_lines_and_show_no_key(desk: Desk) -> None:
    desk.type("", f"  {KEY}  ")
    assert await desk.shell.run("/target add platform:twitch name:main")
    desk.type("rtmp://ingest.example/app", KEY)
    assert await desk.shell.run("/target add platform:custom name:other")
    assert await desk.shell.run("/target list")
    assert "rtmp://ingest.example/app" in desk.printed
    assert KEY not in desk.printed
    assert sorted(info.name for info in await desk.services.targets.all(0)) == ["local", "main", "other"]


async def test_a_form_with_a_bad_value_is_a_failure(desk: Desk) -> None:
    desk.type("http://not.an.ingest", KEY)
    assert not await desk.shell.run("/target add platform:custom")
    assert [info.name for info in await desk.services.targets.all(0)] == ["local"]


async def test_wishes_left_behind_are_taken_back(desk: Desk, engine: PaperEngine) -> None:
    await start(desk, engine)
    await on_air.put_off_air(desk.services.streams)
    (status,) = await desk.services.streams.all(0)
    assert not status.state.is_playing


async def test_a_later_console_keeps_the_target_and_gives_it_its_own_key(desk: Desk) -> None:
    ingest = SimpleNamespace(url="rtmp://127.0.0.1:1936/live", key=Secret("another-key-0815"))
    await session.set_target(desk.services.targets, cast("LocalIngest", ingest))
    (info,) = await desk.services.targets.all(0)
    assert (info.name, info.url, info.key_hint) == ("local", ingest.url, "…0815")


async def test_the_line_on_air_moves_only_with_its_position(desk: Desk, engine: PaperEngine) -> None:
    assert on_air.line(await desk.services.streams.all(0), with_position=True) == "Nothing is on air."
    await start(desk, engine)
    statuses = await desk.services.streams.all(0)
    assert on_air.line(statuses, with_position=False) == "🟢 On air · Demo · First"
    assert on_air.line(statuses, with_position=True) == "🟢 On air · Demo · First · 0:00"


async def test_what_discord_has_buttons_for_commands_do(desk: Desk, engine: PaperEngine) -> None:
    assert await start(desk, engine)
    await engine.list_items(1, {"a": "First", "b": "Second", "c": "Third"}, upcoming=["b", "c"])
    assert await desk.shell.run("/stream queue search:thi page:1")
    assert "Third" in desk.printed
    for line in (
        "/stream previous",
        '/stream jump item:"second" when:next stream:demo',
        "/stream jump item:Third",
        "/stream queue remove:b",
    ):
        running = asyncio.create_task(desk.shell.run(line))
        await engine.take_command(CommandState.DONE, f"Did {line}")
        assert await running
        assert f"Did {line}" in desk.printed
    assert await desk.shell.run("/stream edit shuffle:yes loop:no")
    assert await desk.shell.run("/stream logs lines:2")
    assert "console set shuffle on, loop off." in desk.printed
    assert not await desk.shell.run("/stream delete stream:Demo confirm:yes")
    await engine.write_run(1, RunStatus.ENDED)
    assert await desk.shell.run("/stream delete stream:Demo confirm:yes")
    assert await desk.services.streams.all(0) == []
