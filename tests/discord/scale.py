"""The figures of the control room, of the real bot process: `python -m tests.discord.scale --minutes 10`.

Discord is the stand-in with its rate limits, the engine is on paper and writes as often as a real one. People use
commands all the time, and panels have to show what changes, and pictures.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlmodel import col, insert, select, update

from streaming.model.states import CommandState, DesiredState, RunStatus, UplinkState
from streaming.storage.database import Database, migrate
from streaming.storage.tables import (
    Command,
    EngineHeartbeat,
    Panel,
    Preview,
    Run,
    RunLive,
    RunTarget,
    Sample,
    Stream,
    StreamTarget,
    Target,
)
from tests.standins.discord_wire import Channel, DiscordWire, Guild, User, running_bot

_PATIENCE_SECONDS = 60.0
_COMMANDS = ("stream status", "stream list", "target list")
_TWO_HOURS_SECONDS = 7200.0
_WORTH_SEEING_SECONDS = 30.0
"""So far into an item it has its picture taken."""
_PICTURE_BYTES = 40_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; one panel in four is on an old message."""

    guilds: int = 20
    streams: int = 100
    panels: int = 20
    seconds: float = 600.0
    commands_a_second: float = 5.0


@dataclass(slots=True)
class Figures:
    """What was measured, in seconds and bytes."""

    acknowledged: list[float] = field(default_factory=list)
    completed: list[float] = field(default_factory=list)
    shown_fresh: list[float] = field(default_factory=list)
    shown_old: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    requests: int = 0
    pictured: int = 0
    """Panels that show a picture at the end."""
    refused_429: int = 0

    @property
    def memory_grown_bytes(self) -> float:
        """From the second quarter of the run, when all is warm, to the last."""
        quarter = max(1, len(self.memory) // 4)
        return statistics.mean(self.memory[-quarter:]) - statistics.mean(self.memory[quarter : 2 * quarter])


def percentile(values: list[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(slots=True)
class Stage:
    """All that takes part; `old` are the streams whose panels stand on old messages."""

    size: Size
    discord: DiscordWire
    database: Database
    channels: list[Channel]
    alice: User
    old: set[int] = field(default_factory=set)
    figures: Figures = field(default_factory=Figures)

    def channel_of(self, stream_id: int) -> Channel:
        """Where a stream's guild is."""
        return self.channels[stream_id % self.size.guilds]


async def measure(size: Size, folder: Path) -> Figures:
    """Runs the bot for so long, and counts."""
    url = f"sqlite+aiosqlite:///{folder / 'nonstop.db'}"
    await asyncio.to_thread(migrate, url)
    async with AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        discord = await stack.enter_async_context(DiscordWire())
        channels = [discord.add_guild(f"Guild {n}").add_channel("control") for n in range(size.guilds)]
        stage = Stage(size, discord, database, channels, discord.add_user("alice"))
        await _write_streams(stage)
        await _write_panels(stage)
        async with _bot(discord, folder) as bot:
            await discord.until_connected(timeout_seconds=_PATIENCE_SECONDS)
            engine = asyncio.gather(_play(stage), _take_pictures(stage))
            try:
                await _panels_are_there(stage)
                changes = (_change(stage, n) for n in _panels(size))
                await _live(size, [_use_commands(stage), _weigh(stage, bot), *changes])
            finally:
                engine.cancel()
                await asyncio.gather(engine, return_exceptions=True)
        stage.figures.pictured = sum(bool(m.attachments) for c in channels for m in c.messages.values())
        stage.figures.requests = len(discord.record.calls)
        stage.figures.refused_429 = sum(call.status == 429 for call in discord.record.calls)
    return stage.figures


def _panels(size: Size) -> range:
    """The streams that have panels."""
    return range(1, size.panels + 1)


def _streams(size: Size) -> range:
    return range(1, size.streams + 1)


@asynccontextmanager
async def _bot(discord: DiscordWire, folder: Path) -> AsyncIterator[psutil.Process]:
    config = folder / "config.toml"
    config.touch()
    environment = {"NONSTOP_CONFIG": str(config), "NONSTOP__STREAMING__DATA_DIR": str(folder)}
    async with running_bot(discord, "bot", log=folder / "bot.log", environment=environment) as process:
        yield psutil.Process(process.pid)


async def _live(size: Size, doings: list[Coroutine[Any, Any, None]]) -> None:
    """Lets everybody do what they do for the time of the run; what fails in it fails the run."""
    try:
        async with asyncio.timeout(size.seconds), asyncio.TaskGroup() as tasks:
            for doing in doings:
                tasks.create_task(doing)
    except TimeoutError:
        return


async def _write_streams(stage: Stage) -> None:
    """Streams on air, spread over the guilds, each to a target of its own."""
    numbers = _streams(stage.size)
    async with stage.database.session() as session:
        session.add(EngineHeartbeat(name="paper", pid=1))
        session.add_all(_stream(n, stage.channel_of(n).guild.id) for n in numbers)
        session.add_all(_target(n, stage.channel_of(n).guild.id) for n in numbers)
        await session.flush()
        session.add_all(StreamTarget(stream_id=n, target_id=n) for n in numbers)
        session.add_all(map(_run, numbers))
        await session.flush()
        session.add_all(map(_run_live, numbers))
        session.add_all(RunTarget(run_id=n, target_id=n, state=UplinkState.LIVE) for n in numbers)
        await session.commit()


def _stream(number: int, guild_id: int) -> Stream:
    return Stream(
        id=number,
        guild_id=guild_id,
        owner_id=1,
        title=f"Stream {number}",
        playlist_id="demo",
        desired_state=DesiredState.ON_AIR,
        generation=1,
    )


def _target(number: int, guild_id: int) -> Target:
    name = f"target {number}"
    return Target(id=number, guild_id=guild_id, name=name, url="rtmp://x", key_encrypted="", key_hint="")


def _run(number: int) -> Run:
    return Run(
        id=number,
        stream_id=number,
        generation=1,
        status=RunStatus.ON_AIR,
        engine="paper",
        on_air_at=datetime.now(UTC),
    )


def _run_live(number: int) -> RunLive:
    return RunLive(run_id=number, item_key="first", item_title="First", item_duration_seconds=3600.0)


async def _write_panels(stage: Stage) -> None:
    """Panels to be posted, and every fourth posted two hours ago."""
    async with stage.database.session() as session:
        for number in _panels(stage.size):
            channel = stage.channel_of(number)
            panel = Panel(stream_id=number, guild_id=channel.guild.id, channel_id=channel.id)
            panel.posted_at = datetime.now(UTC)
            if number % 4 == 0:
                stage.old.add(number)
                panel.message_id = channel.add_message(stage.discord.world.bot, ago_seconds=_TWO_HOURS_SECONDS).id
            session.add(panel)
        await session.commit()


async def _panels_are_there(stage: Stage) -> None:
    def are_there() -> bool:
        return sum(bool(m.components) for c in stage.channels for m in c.messages.values()) >= stage.size.panels

    await stage.discord.until(are_there, timeout_seconds=_PATIENCE_SECONDS)


async def _play(stage: Stage) -> None:
    """Writes every second what a real engine writes: positions, samples, and that it is there."""
    while True:
        now = datetime.now(UTC)
        async with stage.database.session() as session:
            await session.exec(
                update(RunLive).values(heartbeat_at=now, position_seconds=col(RunLive.position_seconds) + 1.0)
            )
            await session.exec(update(EngineHeartbeat).values(seen_at=now))
            health = {"taken_at": now, "speed": 1.0, "bitrate_kbps": 2500.0, "lead_seconds": 9.0, "dropped_frames": 0}
            samples = [{"run_id": n, "target_id": n, **health} for n in _streams(stage.size)]
            await session.exec(insert(Sample), params=samples)
            await session.commit()
        await asyncio.sleep(1.0)


async def _take_pictures(stage: Stage) -> None:
    """Gives a picture to everybody who asks an engine for one."""
    is_waiting = col(Command.state) == CommandState.WAITING
    while True:
        async with stage.database.session() as session:
            for command in (await session.exec(select(Command).where(is_waiting))).all():
                picture = Preview(stream_id=command.stream_id or 0, jpeg=random.randbytes(_PICTURE_BYTES))
                await session.merge(picture)
                command.state = CommandState.DONE
                session.add(command)
            await session.commit()
        await asyncio.sleep(0.1)


async def _change(stage: Stage, number: int) -> None:
    """Another item on one stream, now and then, and how long until its panel shows it."""
    is_old, pause = number in stage.old, min(5.0, stage.size.panels / 20)
    for count in range(10**6):
        await asyncio.sleep(random.uniform(12.0, 25.0) if is_old else random.uniform(3.0, 9.0) * pause)
        shown_after = await _shown_after(stage, number, f"Stream {number} item {count}")
        (stage.figures.shown_old if is_old else stage.figures.shown_fresh).append(shown_after)


async def _shown_after(stage: Stage, number: int, title: str) -> float:
    async with stage.database.session() as session:
        changed = {"item_title": title, "item_key": title, "position_seconds": _WORTH_SEEING_SECONDS}
        await session.exec(update(RunLive).where(col(RunLive.run_id) == number).values(**changed))
        await session.commit()
    changed_at, channel = time.monotonic(), stage.channel_of(number)
    await stage.discord.until(lambda: _shows(channel, title), timeout_seconds=_PATIENCE_SECONDS)
    return time.monotonic() - changed_at


def _shows(channel: Channel, title: str) -> bool:
    return any(title in str(message.embeds) for message in channel.messages.values())


async def _use_commands(stage: Stage) -> None:
    """Somebody somewhere always asks something."""
    while True:
        await asyncio.sleep(random.expovariate(stage.size.commands_a_second))
        guild = random.choice(stage.channels).guild
        if random.random() < 0.3:
            typed = random.choice(["", "str", "1"])
            asked_at = time.monotonic()
            await stage.alice.autocomplete("stream status", guild, option="stream", value=typed)
            stage.figures.completed.append(time.monotonic() - asked_at)
        else:
            stage.figures.acknowledged.append(await _acknowledged_after(stage.alice, guild))


async def _acknowledged_after(alice: User, guild: Guild) -> float:
    exchange = await alice.slash(random.choice(_COMMANDS), guild)
    assert exchange.acked_after_seconds is not None, exchange.what
    return exchange.acked_after_seconds


async def _weigh(stage: Stage, bot: psutil.Process) -> None:
    while True:
        stage.figures.memory.append(bot.memory_info().rss)
        await asyncio.sleep(1.0)


def table(size: Size, figures: Figures) -> Table:
    """The figures beside what they are to be."""
    title = f"{size.streams} streams, {size.panels} panels, {size.guilds} guilds, {size.seconds / 60:.1f} min"
    shown = Table(title=title, title_justify="left")
    for column in ("what", "times", "p50", "p99", "most", "wanted"):
        shown.add_column(column, justify="left" if column in ("what", "wanted") else "right")
    _row(shown, "acknowledged", figures.acknowledged, "p50 < 100 ms, p99 < 300 ms")
    _row(shown, "completed", figures.completed, "p99 < 100 ms")
    _row(shown, "panel shows a change, fresh message", figures.shown_fresh, "2 s")
    _row(shown, "panel shows a change, old message", figures.shown_old, "15 s")
    shown.add_row("panels with a picture", str(figures.pictured), "", "", "", "")
    shown.add_row("requests", str(figures.requests), "", "", "", "")
    shown.add_row("answers 429", str(figures.refused_429), "", "", "", "none")
    memory = f"{figures.memory[-1] / 2**20:.0f} MiB"
    shown.add_row("memory", memory, "", "", f"{figures.memory_grown_bytes / 2**20:+.1f} MiB", "flat")
    return shown


def _row(shown: Table, what: str, values: list[float], wanted: str) -> None:
    if values:
        found = [f"{percentile(values, p) * 1000:,.0f} ms" for p in (50, 99, 100)]
        shown.add_row(what, str(len(values)), *found, wanted)


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.discord.scale")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--guilds", type=int, default=20)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--panels", type=int, default=20)
    chosen = parser.parse_args()
    size = Size(chosen.guilds, chosen.streams, chosen.panels, chosen.minutes * 60)
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(size, Path(folder)))
    Console().print(table(size, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
