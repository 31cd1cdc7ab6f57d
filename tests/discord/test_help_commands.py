"""`/help` and `/about`."""

from pathlib import Path
from typing import Any

import pytest

from bot.client import NonstopBot, create_bot
from bot.help.cards import leaves
from streaming.services.services import Services
from streaming.settings import DiscordSettings, Settings, StreamingSettings
from tests.discord.actor import Person
from tests.standins.discord_wire.limits import message_problems
from tests.standins.paper_engine import PaperEngine


async def test_help_lists_every_command_to_be_pressed(alice: Person, simcord_bot: NonstopBot) -> None:
    answer = await alice.slash("help")
    told = {command.name: command.id for command in await simcord_bot.tree.fetch_commands()}
    for command in leaves(simcord_bot.tree.get_commands()):
        top = command.qualified_name.partition(" ")[0]
        assert f"</{command.qualified_name}:{told[top]}> {command.description}" in answer.text
    assert answer.is_private
    assert list(message_problems({"embeds": [answer.card.to_dict()]})) == []


async def test_help_begins_with_three_steps(alice: Person) -> None:
    lines = (await alice.slash("help")).text.splitlines()
    steps = [line.partition(":")[0] for line in lines if line[:2] in ("1.", "2.", "3.")]
    assert steps == ["1. </target add", "2. </stream start", "3. </stream status"]


async def test_commands_can_be_pressed_after_a_start_that_told_discord_nothing(
    alice: Person, simcord_env: Any, settings: Settings, services: Services
) -> None:
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    assert "</stream start:" in (await alice.slash("help")).text


async def test_help_in_the_development_guild(
    simcord_env: Any, guild: Any, alice: Person, tmp_path: Path, services: Services
) -> None:
    here = Settings(discord=DiscordSettings(dev_guild_id=guild.id), streaming=StreamingSettings(data_dir=tmp_path))
    for _ in range(2):
        await simcord_env.restart_bot(create_bot(here, services, shard_count=1))
        assert "</stream start:" in (await alice.slash("help")).text


@pytest.mark.parametrize("named", ["stream start", " /Stream  START "])
async def test_help_for_one_command_lists_its_options(alice: Person, named: str) -> None:
    answer = await alice.slash("help", command=named)
    assert answer.card.title == "/stream start"
    assert "**playlist:**" in answer.text
    assert "(auto, always, copy) · optional" in answer.text


@pytest.mark.parametrize("named", ["nothing", "x" * 6000, "@everyone"])
async def test_help_for_what_is_no_command_is_declined(alice: Person, named: str) -> None:
    answer = await alice.slash("help", command=named)
    assert answer.is_failure
    assert "@everyone" not in answer.text


async def test_commands_are_suggested(alice: Person) -> None:
    assert await alice.suggestions("help", "command", "/target a") == ["target add"]
    assert "about" in await alice.suggestions("help", "command", "ab")


async def test_about_tells_version_engines_and_the_way_in(alice: Person, engine: PaperEngine) -> None:
    await engine.beat()
    answer = await alice.slash("about")
    assert answer.card.title == "Nonstop 0.1.0"
    assert "**paper**" in answer.text
    assert "permissions=52224" in answer.text
    assert "Licence: MIT" in answer.text
    assert answer.is_private


async def test_about_without_an_engine_says_what_to_do(alice: Person, engine: PaperEngine) -> None:
    await engine.beat(age_seconds=60)
    answer = await alice.slash("about")
    assert "No engine is running" in answer.text
    assert "paper" not in answer.text


async def test_about_and_help_are_for_everybody(simcord_env: Any, guild: Any) -> None:
    bob = Person(simcord_env, guild, "bob", may_manage=False)
    assert not (await bob.slash("about")).is_failure
    assert not (await bob.slash("help")).is_failure
