"""`python -m bot check`: every prerequisite on a line, here and outside, and an end within seconds."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.checks.machine import age_of
from bot.checks.network import judge_clock
from streaming.model.errors import ConfigurationError
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.engines import ingest_addresses
from streaming.services.services import Services
from tests.standins.discord_wire import DiscordWire
from tests.standins.youtube import YouTube

ROOT = Path(__file__).parents[2]
KEY = "planted-9f3c-key-4711"
OPERATOR = Actor(guild_id=1, user_id=10, name="Operator")
HERE = ("Settings", "Data folder", "Disk", "Database", "FFmpeg", "yt-dlp", "Deno")
PATIENCE_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What the operator read."""

    exit_code: int
    marks: dict[str, str]
    """The mark of each line; of several ingests that of the last."""
    text: str
    took_seconds: float


@pytest.fixture
async def discord() -> AsyncIterator[DiscordWire]:
    async with DiscordWire() as discord:
        yield discord


@pytest.fixture
async def youtube() -> AsyncIterator[YouTube]:
    async with YouTube() as youtube:
        yield youtube


@pytest.fixture
def outside(discord: DiscordWire, youtube: YouTube) -> dict[str, str]:
    """Where everything outside is, all of it well."""
    return {
        **discord.environment(),
        "NONSTOP__YOUTUBE__PROXY": youtube.proxy_url,
        "NONSTOP__YOUTUBE__CA_FILE": str(youtube.ca_file),
    }


@pytest.fixture
def nowhere() -> dict[str, str]:
    """Where nothing is: as good as no internet."""
    port = free_port()
    return {
        "DISCORD_TOKEN": "a.token.of-ours",
        "NONSTOP_TEST_DISCORD_REST": f"http://127.0.0.1:{port}/api/v10",
        "NONSTOP_TEST_DISCORD_GATEWAY": f"ws://127.0.0.1:{port}",
        "NONSTOP__YOUTUBE__PROXY": f"http://127.0.0.1:{port}",
    }


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def check(data_dir: Path, environment: dict[str, str]) -> Checked:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NONSTOP", "DISCORD_"))}
    variables = {**clean, "NONSTOP__STREAMING__DATA_DIR": str(data_dir), "COLUMNS": "300", **environment}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins.discord_wire.launcher", "--", "bot", "check"),
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            text = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    marks = {line[4:17].strip(): line[:2] for line in text.splitlines() if line[:2].strip()}
    return Checked(process.returncode or 0, marks, text, time.monotonic() - began)


async def test_everything_there_is_told_line_by_line(outside: dict[str, str], tmp_path: Path) -> None:
    checked = await check(tmp_path, outside)
    assert checked.marks == dict.fromkeys((*HERE, "Discord", "Intents", "YouTube", "Clock"), "ok")
    assert "accepts the token of nonstop" in checked.text
    assert checked.exit_code == 0


async def test_stored_keys_that_cannot_be_read_are_told(
    nowhere: dict[str, str], services: Services, tmp_path: Path
) -> None:
    await services.targets.add(OPERATOR, "main", TargetKind.TWITCH, "", Secret(KEY))
    (tmp_path / "secret.key").write_bytes(b"A" * 43 + b"=")
    checked = await check(tmp_path, nowhere)
    assert checked.marks["Stream keys"] == "no"
    assert "cannot decrypt the stream keys of main" in checked.text
    assert "rekey --forget" in checked.text


async def test_without_a_token_discord_is_not_asked(outside: dict[str, str], tmp_path: Path) -> None:
    checked = await check(tmp_path, {**outside, "DISCORD_TOKEN": ""})
    assert checked.marks == dict.fromkeys((*HERE, "YouTube", "Clock"), "ok")
    assert "only the console will run" in checked.text
    assert checked.exit_code == 0


async def test_without_internet_it_ends_soon_and_says_so_per_line(nowhere: dict[str, str], tmp_path: Path) -> None:
    checked = await check(tmp_path, nowhere)
    assert {name for name, mark in checked.marks.items() if mark == "no"} == {"Discord", "YouTube", "Clock"}
    assert checked.exit_code == 69
    assert checked.took_seconds < 20
    assert "Traceback" not in checked.text


async def test_discord_that_stays_silent_is_not_waited_for(outside: dict[str, str], tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), await asyncio.start_server(hold, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        checked = await check(tmp_path, {**outside, "NONSTOP_TEST_DISCORD_REST": f"http://127.0.0.1:{port}"})
    assert "did not answer within 5 s" in checked.text
    assert checked.exit_code == 69


async def test_token_discord_does_not_know_is_a_matter_of_configuration(
    outside: dict[str, str], tmp_path: Path
) -> None:
    checked = await check(tmp_path, {**outside, "DISCORD_TOKEN": "somebody.elses.token"})
    assert checked.marks["Discord"] == "no"
    assert checked.exit_code == 78
    assert "somebody" not in checked.text


async def test_ingests_of_all_targets_are_reached_for(
    outside: dict[str, str], services: Services, tmp_path: Path
) -> None:
    async with await asyncio.start_server(hold, "127.0.0.1", 0) as ingest:
        there, gone = ingest.sockets[0].getsockname()[1], free_port()
        for guild, port in enumerate((there, there, gone), 1):
            who = Actor(guild, 10, "Operator")
            url = f"rtmp://127.0.0.1:{port}/live"
            await services.targets.add(who, "main", TargetKind.CUSTOM, url, Secret(KEY))
        checked = await check(tmp_path, outside)
    assert checked.text.count(f"127.0.0.1:{there} can be reached, in ") == 1
    assert f"127.0.0.1:{gone} cannot be reached: " in checked.text
    assert checked.exit_code == 69
    assert KEY not in checked.text


async def test_what_is_wrong_here_is_told_and_the_rest_still_shown(outside: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    (tmp_path / "not-ffmpeg").write_text("#!/bin/sh\n")
    (tmp_path / "not-ffmpeg").chmod(0o755)
    broken = {**outside, "NONSTOP__STREAMING__FFMPEG": str(tmp_path / "not-ffmpeg")}
    checked = await check(tmp_path / "data", broken)
    assert {name for name, mark in checked.marks.items() if mark == "no"} == {"Data folder", "Database", "FFmpeg"}
    assert checked.exit_code == 78


async def test_clock_that_others_contradict_is_told(nowhere: dict[str, str], tmp_path: Path) -> None:
    async def discord_of_yesteryear(_: web.Request) -> web.Response:
        return web.json_response({"username": "nonstop"}, headers={"Date": "Tue, 01 Apr 2025 12:00:00 GMT"})

    application = web.Application()
    application.router.add_get("/users/@me", discord_of_yesteryear)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port := free_port())
        await site.start()
        checked = await check(tmp_path, {**nowhere, "NONSTOP_TEST_DISCORD_REST": f"http://127.0.0.1:{port}"})
    finally:
        await runner.cleanup()
    assert "s ahead." in checked.text
    assert checked.marks["Clock"] == "no"
    assert checked.exit_code == 78


@pytest.mark.parametrize(
    ("ahead", "is_doubtful"), [([0.4], False), ([-4.0], False), ([20.0], True), ([90.0, -6.0], True)]
)
def test_clock_is_judged_by_who_agrees_most(ahead: list[float], is_doubtful: bool) -> None:
    assert judge_clock(ahead).is_doubtful == is_doubtful


@pytest.mark.parametrize(("ahead", "told"), [(61.0, "61 s ahead"), (-3600.0, "3600 s behind")])
def test_clock_that_is_wrong_is_a_matter_of_configuration(ahead: float, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        judge_clock([ahead])


@pytest.mark.parametrize(("release", "days"), [("2026.10.26", 27), ("2026.11.21.1", 1), ("2025.11.22", 365)])
def test_age_of_yt_dlp_is_read_from_its_version(release: str, days: int) -> None:
    assert age_of(release, date(2026, 11, 22)) == timedelta(days=days)


async def test_addresses_are_each_named_once_with_their_ports(services: Services, database_url: str) -> None:
    for name, kind, url in (
        ("a", TargetKind.YOUTUBE, ""),
        ("b", TargetKind.YOUTUBE, ""),
        ("c", TargetKind.CUSTOM, "rtmp://ingest.example/app"),
        ("d", TargetKind.LOCAL, "rtmp://127.0.0.1:1936/live"),
    ):
        await services.targets.add(OPERATOR, name, kind, url, Secret(KEY))
    assert await ingest_addresses(database_url) == [("a.rtmps.youtube.com", 443), ("ingest.example", 1935)]


async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes a connection and says nothing."""
    await reader.read()
    writer.close()
