"""The bot as a process: logs in over the wire, answers in time, and ends as it should."""

import asyncio
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from tests.standins.discord_wire import AnswerKind, DiscordWire, Exchange, User, running_bot
from tests.standins.paper_engine import PaperEngine

pytestmark = pytest.mark.long

PATIENCE_SECONDS = 20.0
ENDED_BY_SIGTERM = 128 + signal.SIGTERM
PLANTED = "planted-9f3c-key-4711"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordWire]:
    async with DiscordWire() as discord:
        discord.add_guild().add_channel("control")
        yield discord


@pytest.fixture
def alice(discord: DiscordWire) -> User:
    return discord.add_user("alice")


def started(
    discord: DiscordWire, tmp_path: Path, *, arguments: tuple[str, ...] = (), **variables: str
) -> AbstractAsyncContextManager[Process]:
    """The bot with its data in the test's folder, from the moment it is started."""
    config = tmp_path / "config.toml"
    config.write_text('[targets]\nallow = ["127.0.0.0/8"]\n')
    environment = {"NONSTOP_CONFIG": str(config), "NONSTOP__STREAMING__DATA_DIR": str(tmp_path), **variables}
    return running_bot(discord, "bot", *arguments, log=tmp_path / "bot.log", environment=environment)


@asynccontextmanager
async def logged_in(discord: DiscordWire, tmp_path: Path) -> AsyncIterator[Process]:
    """The bot, ready for commands."""
    sessions = len(discord.gateway.sessions)
    async with started(discord, tmp_path) as process:
        await discord.until(lambda: len(discord.gateway.sessions) > sessions, timeout_seconds=PATIENCE_SECONDS)
        yield process


async def card(exchange: Exchange, words: str) -> dict[str, object]:
    """Waits until the answer is a card with these words."""
    await exchange.until(
        lambda e: e.original is not None and words in str(e.original.embeds), timeout_seconds=PATIENCE_SECONDS
    )
    return dict(exchange.message.embeds[0])


async def test_commands_are_answered_in_time(discord: DiscordWire, alice: User, tmp_path: Path) -> None:
    async with logged_in(discord, tmp_path):
        exchange = await alice.slash("stream list")
        await card(exchange, "no streams yet")
    assert exchange.ephemeral
    assert exchange.acked_after_seconds is not None
    assert exchange.acked_after_seconds < 3


async def test_second_start_with_the_same_commands_registers_nothing(
    discord: DiscordWire, alice: User, tmp_path: Path
) -> None:
    async with logged_in(discord, tmp_path):
        await card(await alice.slash("stream list"), "no streams yet")
    async with logged_in(discord, tmp_path):
        await card(await alice.slash("target list"), "no targets yet")
    assert discord.command_syncs == 1


async def test_stream_goes_on_air_in_one_message(
    discord: DiscordWire, alice: User, services: Services, engine: PaperEngine, tmp_path: Path
) -> None:
    async with logged_in(discord, tmp_path):
        form = await alice.slash("target add", platform="custom", name="main")
        saved = await alice.submit(form, {"url": "rtmp://127.0.0.1/live", "key": PLANTED})
        await card(saved, "Target saved")
        assert await alice.autocomplete("stream start", option="to", value="ma") == [{"name": "main", "value": "main"}]
        exchange = await alice.slash("stream start", playlist="demo")
        await card(exchange, "make run")
        await engine.bring_to_air(await engine.wanted())
        shown = await card(exchange, "On air")
        assert (await services.streams.all(discord.world.guilds[0].id))[0].title == "Demo"
    assert shown["title"] == "🟢 On air · Demo"
    assert not exchange.ephemeral
    assert not exchange.followups
    assert PLANTED not in (tmp_path / "bot.log").read_text()


async def test_busy_database_is_waited_for_with_the_interaction_acknowledged(
    discord: DiscordWire, alice: User, services: Services, tmp_path: Path
) -> None:
    setup = Actor(discord.world.guilds[0].id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret(PLANTED))
    async with logged_in(discord, tmp_path):
        form = await alice.slash("target add", platform="custom", name="ours")
        with somebody_else_writing(tmp_path):
            removal = await alice.slash("target remove", target="main")
            saving = await alice.submit(form, {"url": "rtmp://127.0.0.1/live", "key": PLANTED})
        await card(removal, "Target removed")
        await card(saving, "Target saved")
    assert (removal.kind, saving.kind) == (AnswerKind.DEFERRED, AnswerKind.DEFERRED)
    assert (removal.ephemeral, saving.ephemeral) == (True, True)


async def test_sigterm_ends_the_bot_cleanly(discord: DiscordWire, tmp_path: Path) -> None:
    async with logged_in(discord, tmp_path) as process:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == ENDED_BY_SIGTERM
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_sigterm_ends_the_bot_with_a_start_under_way(
    discord: DiscordWire, alice: User, services: Services, tmp_path: Path
) -> None:
    setup = Actor(discord.world.guilds[0].id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret(PLANTED))
    async with logged_in(discord, tmp_path) as process:
        await card(await alice.slash("stream start", playlist="demo"), "make run")
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == ENDED_BY_SIGTERM
    assert "Traceback" not in (tmp_path / "bot.log").read_text()
    assert "Task was destroyed" not in (tmp_path / "bot.log").read_text()


async def test_discord_that_cannot_be_reached_is_told_once_and_tried_until_it_can(
    discord: DiscordWire, alice: User, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        async with discord.away():
            process = await stack.enter_async_context(started(discord, tmp_path))
            await said(tmp_path, "Discord cannot be reached")
        await discord.until_connected(timeout_seconds=PATIENCE_SECONDS)
        await card(await alice.slash("stream list"), "no streams yet")
        assert process.returncode is None
    log = (tmp_path / "bot.log").read_text()
    assert log.count("cannot be reached") == 1
    assert "Traceback" not in log


async def test_discord_that_goes_away_is_told_once_and_come_back_to(
    discord: DiscordWire, alice: User, tmp_path: Path
) -> None:
    async with logged_in(discord, tmp_path) as process:
        await card(await alice.slash("stream list"), "no streams yet")
        before = discord.gateway.identifies + discord.gateway.resumes
        async with discord.away():
            await said(tmp_path, "Attempting a reconnect")
        await discord.until(
            lambda: discord.gateway.identifies + discord.gateway.resumes > before, timeout_seconds=PATIENCE_SECONDS
        )
        await card(await alice.slash("target list"), "no targets yet")
        assert process.returncode is None
    log = (tmp_path / "bot.log").read_text()
    assert log.count("Attempting a reconnect") == 1
    assert "Traceback" not in log


async def said(folder: Path, words: str) -> None:
    """Waits until the bot has logged the words."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in (folder / "bot.log").read_text():
            await asyncio.sleep(0.05)


async def test_unknown_token_is_a_matter_of_configuration(discord: DiscordWire, tmp_path: Path) -> None:
    async with started(discord, tmp_path, DISCORD_TOKEN="somebody.elses.token") as process:
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 78
    told = (tmp_path / "bot.log").read_text()
    assert "Discord does not know the token." in told
    assert "Traceback" not in told
    assert "somebody" not in told


async def test_missing_token_is_a_matter_of_configuration(discord: DiscordWire, tmp_path: Path) -> None:
    async with started(discord, tmp_path, DISCORD_TOKEN="") as process:
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 78
    (sentence,) = (tmp_path / "bot.log").read_text().splitlines()
    assert "DISCORD_TOKEN" in sentence


async def test_second_bot_with_the_same_data_says_so_and_ends(
    discord: DiscordWire, alice: User, tmp_path: Path
) -> None:
    async with logged_in(discord, tmp_path):
        async with started(discord, tmp_path) as second:
            assert await asyncio.wait_for(second.wait(), PATIENCE_SECONDS) == 78
        assert "Another bot is running with the data in" in (tmp_path / "bot.log").read_text()
        await card(await alice.slash("stream list"), "no streams yet")  # the first one goes on


@contextmanager
def somebody_else_writing(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "nonstop.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def test_asked_for_everything_the_log_holds_nothing_that_was_typed_and_no_token(
    discord: DiscordWire, alice: User, tmp_path: Path
) -> None:
    sessions = len(discord.gateway.sessions)
    async with started(discord, tmp_path, arguments=("run", "--debug")):
        await discord.until(lambda: len(discord.gateway.sessions) > sessions, timeout_seconds=PATIENCE_SECONDS)
        form = await alice.slash("target add", platform="custom", name="main")
        await card(await alice.submit(form, {"url": "rtmp://127.0.0.1/live", "key": PLANTED}), "Target saved")
        form = await alice.slash("target add", platform="custom", name="other")
        wrong = await alice.submit(form, {"url": PLANTED, "key": f"{PLANTED} with blanks"})
        await card(wrong, "no spaces")
        listed = await alice.slash("stream start", playlist="planted-by-mistake-4711")
        await listed.until(lambda e: e.original is not None, timeout_seconds=PATIENCE_SECONDS)
    log = (tmp_path / "bot.log").read_text()
    tokens = [exchange.token for exchange in (form, wrong, listed)]
    assert [secret for secret in (PLANTED, PLANTED[-8:], "planted-by-mistake", *tokens) if secret in log] == []
    assert "INTERACTION_CREATE" in log
    assert "Dispatching event interaction" in log
    assert "has returned" in log
