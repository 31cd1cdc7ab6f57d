"""A migrated database, and both sides of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.settings import Settings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.standins.loopback import LOOPBACK

ALICE = Actor(guild_id=1, user_id=10, name="Alice")
MALLORY = Actor(guild_id=2, user_id=20, name="Mallory")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def services(database: Database, tmp_path: Path) -> Services:
    return Services.create(Settings(), database, Vault.open(tmp_path), egress=LOOPBACK)


@pytest.fixture
async def main_target(services: Services) -> str:
    await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    return "main"
