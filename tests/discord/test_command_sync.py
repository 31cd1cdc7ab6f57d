"""Discord is told of the commands when they changed, and only then."""

from pathlib import Path
from typing import Any

import pytest

from bot.client import NonstopBot, create_bot
from streaming.model.errors import ConfigurationError
from streaming.services.services import Services
from streaming.settings import DiscordSettings, Settings, StreamingSettings
from tests.discord.actor import Person
from tests.standins.no_services import NO_SERVICES

ALL = len(create_bot(Settings(), NO_SERVICES).tree.get_commands())
"""So many commands there are."""


def tellings(env: Any) -> list[tuple[str, int]]:
    """Where commands were registered, and how many."""
    return [
        ("guild" if "/guilds/" in request.path else "everywhere", len(request.json))
        for request in env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]


def bot_for(tmp_path: Path, services: Services, dev_guild_id: int | None = None) -> NonstopBot:
    discord = DiscordSettings(dev_guild_id=dev_guild_id)
    return create_bot(
        Settings(discord=discord, streaming=StreamingSettings(data_dir=tmp_path)), services, shard_count=1
    )


async def test_second_start_with_the_same_commands_tells_nothing(
    simcord_env: Any, tmp_path: Path, services: Services
) -> None:
    assert tellings(simcord_env) == [("everywhere", ALL)]
    await simcord_env.restart_bot(bot_for(tmp_path, services))
    assert tellings(simcord_env) == [("everywhere", ALL)]


async def test_changed_commands_are_told(simcord_env: Any, tmp_path: Path, services: Services) -> None:
    bot = bot_for(tmp_path, services)
    bot.tree.remove_command("target")
    await simcord_env.restart_bot(bot)
    assert tellings(simcord_env) == [("everywhere", ALL), ("everywhere", ALL - 1)]


async def test_unreadable_record_counts_as_none(simcord_env: Any, tmp_path: Path, services: Services) -> None:
    (tmp_path / "commands.json").write_text('{"application_id": 1}')
    await simcord_env.restart_bot(bot_for(tmp_path, services))
    assert tellings(simcord_env) == [("everywhere", ALL)] * 2


async def test_development_guild_alone_has_the_commands_then_everywhere_again(
    simcord_env: Any, guild: Any, alice: Person, tmp_path: Path, services: Services
) -> None:
    await simcord_env.restart_bot(bot_for(tmp_path, services, guild.id))
    assert tellings(simcord_env)[1:] == [("everywhere", 0), ("guild", ALL)]
    assert "no streams yet" in (await alice.slash("stream list")).text
    await simcord_env.restart_bot(bot_for(tmp_path, services, guild.id))
    assert len(tellings(simcord_env)) == 3
    assert "no streams yet" in (await alice.slash("stream list")).text
    await simcord_env.restart_bot(bot_for(tmp_path, services))
    assert tellings(simcord_env)[3:] == [("guild", 0), ("everywhere", ALL)]
    assert "no streams yet" in (await alice.slash("stream list")).text


async def test_development_guild_that_is_not_ours_is_told_in_a_sentence(
    simcord_env: Any, tmp_path: Path, services: Services
) -> None:
    simcord_env.inject_error("PUT", "/applications/*/guilds/*/commands", status=403, code=50001, message="Missing")
    with pytest.raises(ConfigurationError, match=r"guild 4711.*dev_guild_id"):
        await simcord_env.restart_bot(bot_for(tmp_path, services, 4711))


async def test_a_record_that_cannot_be_written_is_told_as_that_and_keeps_nobody_off_discord(
    simcord_env: Any, alice: Person, tmp_path: Path, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """As on a full disk: Discord can very well be reached."""
    (tmp_path / "commands.json").unlink(missing_ok=True)
    (tmp_path / "commands.json").mkdir()
    await simcord_env.restart_bot(bot_for(tmp_path, services))

    assert tellings(simcord_env) == [("everywhere", ALL)] * 2
    assert "no streams yet" in (await alice.slash("stream list")).text
    assert "commands.json cannot be written: Is a directory" in caplog.text
    assert "cannot be reached" not in caplog.text
