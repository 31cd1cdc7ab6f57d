"""The bot and the engine, two processes that share a database: from a slash command to the ingest and off it again."""

import asyncio
import signal
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from tests.end_to_end.processes import streaming
from tests.end_to_end.videos import LIST, upload
from tests.standins.clips import ClipSpec
from tests.standins.discord_wire import DiscordWire, Exchange, running_bot
from tests.standins.ingest import Ingest
from tests.standins.recording import frames, showings
from tests.standins.session import End
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE_SECONDS = 20.0
KEY = "planted-9f3c-key-4711"
ENDED_BY_SIGTERM = 128 + signal.SIGTERM


async def card(exchange: Exchange, words: str) -> str:
    """Waits until the answer is a card with these words, and gives all of it."""
    await exchange.until(
        lambda e: e.original is not None and words in str(e.original.embeds), timeout_seconds=PATIENCE_SECONDS
    )
    return str(exchange.message.embeds)


async def test_slash_command_puts_a_playlist_on_air_and_takes_it_off(
    youtube: YouTube, config: Path, data_dir: Path, place: Path, clips: Path
) -> None:
    lengths = {3: 30.0}  # the third is left by its skip alone
    specs = [ClipSpec(number, lengths.get(number, 5.0), 320, 180) for number in range(1, 5)]
    await youtube.add_playlist(LIST, "All parts", await upload(youtube, clips, specs, prefix="shown"))
    log = place / "bot.log"
    async with AsyncExitStack() as stack:
        ingest = await stack.enter_async_context(Ingest())
        discord = await stack.enter_async_context(DiscordWire())
        discord.add_guild().add_channel("control")
        alice = discord.add_user("alice")
        engine = await stack.enter_async_context(streaming("run", "--config", config, folder=place))
        environment = {"NONSTOP_CONFIG": str(config)}
        bot = await stack.enter_async_context(running_bot(discord, "bot", log=log, environment=environment))
        await discord.until_connected(timeout_seconds=PATIENCE_SECONDS)
        await engine.until("The engine is ready")

        form = await alice.slash("target add", platform="custom", name="main")
        address, _, _ = ingest.url(KEY).rpartition("/")
        await card(await alice.submit(form, {"url": address, "key": KEY}), "Target saved")
        start = await alice.slash("stream start", playlist=LIST, mode="direct", encode="copy")
        await card(start, "🟢 On air")
        session = await ingest.session(KEY)
        await ingest.wait_for(lambda: session.media_seconds > 10.5)
        shown = await card(await alice.slash("stream status"), "🟢 On air")
        skipped_at = session.media_seconds
        skipped = await card(await alice.slash("stream skip"), "Skipped")
        await ingest.wait_for(lambda: session.media_seconds > skipped_at + 1)
        await card(await alice.slash("stream stop"), "⚫")
        assert await session.ended() is End.UNPUBLISHED

        engine.process.terminate()
        bot.terminate()
        assert await engine.finished() == ENDED_BY_SIGTERM
        assert await asyncio.wait_for(bot.wait(), PATIENCE_SECONDS) == ENDED_BY_SIGTERM
        assert engine.tree() == []
    print("\n".join(str(edit.embeds) for edit in start.edits), shown, skipped, engine.output, sep="\n")
    assert not start.followups
    assert all(words in shown for words in ("Shown 3", "🟢 **main** live", "copied", "3 of 4 played"))
    assert "Skipped “Shown 3”" in skipped
    assert len(ingest.sessions) == 1
    order = [s.clip_number for s in showings(frames(session.to_flv(place / "recording.flv")), specs)]
    assert order[:4] == [1, 2, 3, 4]
    said = engine.output + log.read_text()
    assert all(secret not in said for secret in (KEY, "expire=", "sig=", "Traceback"))
    assert states(data_dir) == [("off_air", "stopped")]


def states(data_dir: Path) -> list[tuple[str, str]]:
    """What was wanted last and what became of it, from a database that has to be sound."""
    with closing(sqlite3.connect(data_dir / "nonstop.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM engine_heartbeat").fetchone() == (0,)
        query = "SELECT desired_state, status FROM stream JOIN run ON run.stream_id = stream.id WHERE ended_at NOT NULL"
        return database.execute(query).fetchall()
