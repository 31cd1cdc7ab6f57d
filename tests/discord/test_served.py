"""Guilds that are not served, and those that have commands of ours but not us, get a sentence and nothing else."""

from typing import Any

import pytest

from bot.client import NonstopBot, create_bot
from streaming.services.services import Services
from streaming.settings import DiscordSettings, Settings, StreamingSettings
from tests.discord.actor import Person

SENTENCE = "not set up for this server"


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    """Another guild than the one people are in is served."""
    return Settings(
        discord=DiscordSettings(guilds=frozenset({4711})),
        streaming=StreamingSettings(data_dir=tmp_path),
    )


@pytest.fixture
def simcord_bot(settings: Settings, services: Services) -> NonstopBot:
    """As configured, but that it does not leave, which Discord may keep it from for a while."""

    class Staying(NonstopBot):
        async def _turn_away(self, _: Any) -> None:
            pass

    return Staying(settings, services, shard_count=1)


@pytest.mark.parametrize("command", ["stream list", "stream stop", "target list", "playlist list", "settings"])
async def test_command_is_declined(alice: Person, command: str) -> None:
    answer = await alice.slash(command)
    assert SENTENCE in answer.text
    assert answer.is_private


@pytest.mark.parametrize(
    ("command", "option"), [("stream status", "stream"), ("stream stop", "stream"), ("target remove", "target")]
)
async def test_completion_offers_nothing(alice: Person, command: str, option: str) -> None:
    assert await alice.suggestions(command, option, "") == []


async def test_help_is_for_everybody(alice: Person) -> None:
    assert not (await alice.slash("help")).is_failure


@pytest.mark.parametrize(
    ("guilds", "guild_id", "is_served"),
    [(set(), 7, True), ({7}, 7, True), ({7}, 8, False), ({7}, 9, True), ({7}, 0, True)],
)
def test_guilds_that_are_named_are_served(guilds: set[int], guild_id: int, *, is_served: bool) -> None:
    """And the development guild, and the console."""
    discord = DiscordSettings(guilds=frozenset(guilds), dev_guild_id=9)
    assert discord.serves(guild_id) is is_served


def test_guild_that_does_not_have_us_is_not_served(services: Services, tmp_path: Any) -> None:
    bot = create_bot(Settings(streaming=StreamingSettings(data_dir=tmp_path)), services, shard_count=1)
    assert not bot.serves(7)
