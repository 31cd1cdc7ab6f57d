"""Guilds that come and go, and those that are not served: the real bot process at the stand-in."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import StartRequest
from tests.standins.discord_wire import Channel, DiscordWire, Guild, running_bot

PATIENCE_SECONDS = 30.0


@pytest.fixture
async def discord() -> AsyncIterator[DiscordWire]:
    async with DiscordWire() as discord:
        discord.add_guild("Ours").add_channel("control")
        yield discord


@pytest.fixture
def ours(discord: DiscordWire) -> Guild:
    return discord.world.guilds[0]


@pytest.fixture
def theirs(discord: DiscordWire) -> Guild:
    """Another guild that has the bot."""
    guild = discord.add_guild("Theirs")
    guild.add_channel("lobby")
    return guild


@asynccontextmanager
async def bot(discord: DiscordWire, folder: Path, *served: Guild) -> AsyncIterator[None]:
    """The bot, once it has seen which guilds it is in; without any named, every guild is served."""
    config, log = folder / "config.toml", folder / "bot.log"
    config.write_text(f"[discord]\nguilds = {json.dumps([guild.id for guild in served])}\n")
    environment = {"NONSTOP_CONFIG": str(config), "NONSTOP__STREAMING__DATA_DIR": str(folder)}
    before = log.read_text().count("Logged in as") if log.exists() else 0
    async with running_bot(discord, "bot", log=log, environment=environment):
        await until(lambda: log.read_text().count("Logged in as") > before)
        yield


async def until(is_true: Callable[[], bool]) -> None:
    """Waits for what another process does to files, or the stand-in to its world."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_true():
            await asyncio.sleep(0.02)


async def put_on_air(services: Services, guild_id: int) -> int:
    """Wants a stream on air; no engine is there to fulfil it."""
    who = Actor(guild_id, 1, "Setup")
    await services.targets.add(who, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    return (await services.streams.start(who, StartRequest("demo", title="Night loop"))).stream_id


async def until_wanted_no_more(services: Services, guild_id: int) -> None:
    (status,) = await services.streams.all(guild_id)
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for present in services.streams.follow(status.stream_id, status.generation):
            if present.state is not StreamState.NO_ENGINE:
                return


async def is_wanted(services: Services, guild_id: int) -> bool:
    (status,) = await services.streams.all(guild_id)
    return status.state is StreamState.NO_ENGINE


def told(channel: Channel) -> list[str]:
    return [str(message.embeds) for message in channel.messages.values()]


async def test_guild_that_removes_the_bot_goes_off_the_air(
    discord: DiscordWire, services: Services, ours: Guild, theirs: Guild, tmp_path: Path
) -> None:
    for guild in (ours, theirs):
        await put_on_air(services, guild.id)
    async with bot(discord, tmp_path):
        await discord.remove(theirs)
        await until_wanted_no_more(services, theirs.id)
    assert await is_wanted(services, ours.id)


async def test_outage_of_discord_takes_nobody_off_the_air(
    discord: DiscordWire, services: Services, ours: Guild, theirs: Guild, tmp_path: Path
) -> None:
    for guild in (ours, theirs):
        await put_on_air(services, guild.id)
    async with bot(discord, tmp_path):
        await discord.lose(ours)
        await discord.remove(theirs)
        await until_wanted_no_more(services, theirs.id)  # what came before it has been seen
        assert await is_wanted(services, ours.id)


async def test_guild_that_removed_the_bot_while_it_was_away_goes_off_the_air(
    discord: DiscordWire, services: Services, ours: Guild, tmp_path: Path
) -> None:
    for guild_id in (ours.id, 4711):
        await put_on_air(services, guild_id)
    async with bot(discord, tmp_path):
        await until_wanted_no_more(services, 4711)
    assert await is_wanted(services, ours.id)


@pytest.mark.parametrize("is_there_before", [True, False])
async def test_guild_that_is_not_served_is_told_so_and_left(
    discord: DiscordWire, services: Services, ours: Guild, tmp_path: Path, *, is_there_before: bool
) -> None:
    await put_on_air(services, ours.id)
    theirs = Guild("Theirs", discord.world.bot, discord.world.owner)
    lobby = theirs.add_channel("lobby")
    if is_there_before:
        discord.world.guilds.append(theirs)
    async with bot(discord, tmp_path, ours):
        if not is_there_before:
            await discord.let_in(theirs)
        await until(lambda: theirs not in discord.world.guilds)
        assert ours in discord.world.guilds
    (sentence,) = told(lobby)
    assert "this is not one of them" in sentence
    assert not any("not one of them" in text for text in told(ours.channels[0]))
    assert await is_wanted(services, ours.id)


async def test_guild_that_is_not_served_is_left_also_where_it_cannot_be_told(
    discord: DiscordWire, ours: Guild, tmp_path: Path
) -> None:
    silent = discord.add_guild("Silent")
    async with bot(discord, tmp_path, ours):
        await until(lambda: silent not in discord.world.guilds)


async def test_without_a_list_everybody_is_served(
    discord: DiscordWire, ours: Guild, theirs: Guild, tmp_path: Path
) -> None:
    async with bot(discord, tmp_path):
        late = Guild("Late", discord.world.bot, discord.world.owner)
        channel = late.add_channel("lobby")
        await discord.let_in(late)
        await until(lambda: bool(told(channel)))
    assert discord.world.guilds == [ours, theirs, late]
    assert "keeps your channel on air" in told(channel)[0]
