"""The real bot on a simulated Discord, with a real database and an engine on paper."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.client import NonstopBot, create_bot
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.settings import Settings, StreamingSettings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.discord.actor import Person
from tests.discord.panels import Scene
from tests.standins.loopback import LOOPBACK
from tests.standins.paper_engine import PaperEngine


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    database = Database(database_url)
    yield Services.create(Settings(), database, Vault.open(tmp_path), egress=LOOPBACK)
    await database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(streaming=StreamingSettings(data_dir=tmp_path))


@pytest.fixture
def simcord_bot(settings: Settings, services: Services) -> NonstopBot:
    return create_bot(settings, services, shard_count=1)


@pytest.fixture
async def simcord_env(simcord_env: Any) -> Any:
    """The environment, patient with a machine that is busy."""
    # Longer than anything waits for an engine (30 s): a sleep beyond this counts as settled.
    simcord_env.settle_timeout = 60.0
    return simcord_env


@pytest.fixture
def guild(simcord_env: Any) -> Any:
    return simcord_env.create_guild()


@pytest.fixture
def alice(simcord_env: Any, guild: Any) -> Person:
    return Person(simcord_env, guild, "alice")


@pytest.fixture
async def scene(
    simcord_env: Any, simcord_bot: NonstopBot, services: Services, engine: PaperEngine, alice: Person
) -> Scene:
    """A stream on air, and a channel to have its panel in."""
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    started = await services.streams.start(setup, StartRequest("demo", title="Night loop"))
    await engine.bring_to_air(started.stream_id)
    room = simcord_env.guild.create_text_channel("control-room")
    return Scene(simcord_env, simcord_bot, services, engine, alice, room, started.stream_id)
