"""A server that lets the bot in is shown the way, once, and the buttons do what they say."""

import asyncio
from typing import Any

import discord
import pytest
from simcord.backend.serializers import guild_create_payload

from bot.client import NonstopBot, create_bot
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.settings import Settings
from tests.discord.actor import Person
from tests.standins.paper_engine import PaperEngine

KEY = "planted-9f3c-key-4711"


@pytest.fixture
def lobby(guild: Any) -> Any:
    """The channel that people see first."""
    return guild.create_text_channel("lobby")


@pytest.fixture
async def welcome(simcord_env: Any, simcord_bot: NonstopBot, guild: Any, lobby: Any) -> Any:
    """The card in the server's system channel, after somebody let the bot in."""
    simcord_env.backend.edit_guild(guild.id, {"system_channel_id": lobby.id})
    await joined(simcord_bot, guild)
    (message,) = lobby.history()
    return message


@pytest.fixture
async def main_target(services: Services, guild: Any) -> None:
    await services.targets.add(Actor(guild.id, 1, "Setup"), "main", TargetKind.TWITCH, "", Secret(KEY))


async def joined(bot: NonstopBot, guild: Any) -> None:
    """Discord tells the bot of a guild that it was not in before."""
    found = bot.get_guild(guild.id)
    assert found
    await bot.on_guild_join(found)


def denying(bot: NonstopBot, **denied: bool) -> dict[Any, discord.PermissionOverwrite]:
    assert bot.user
    return {bot.user: discord.PermissionOverwrite(**dict.fromkeys(denied, False))}


async def test_guild_that_lets_the_bot_in_is_welcomed(simcord_env: Any, guild: Any, lobby: Any) -> None:
    backend = simcord_env.backend
    payload = guild_create_payload(backend, backend.get_guild(guild.id))
    del payload["unavailable"]  # as Discord tells of a guild that is new to us, and not only back
    backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    backend.emit("GUILD_CREATE", payload)
    async with asyncio.timeout(10):
        while not lobby.history():
            await asyncio.sleep(0.01)  # the simulation has no event to wait for


async def test_guild_that_is_back_after_a_reconnect_is_not(simcord_env: Any, guild: Any, lobby: Any) -> None:
    backend = simcord_env.backend
    backend.emit("GUILD_CREATE", guild_create_payload(backend, backend.get_guild(guild.id)))
    await simcord_env.settle()
    assert lobby.history() == []


async def test_welcome_shows_three_steps_with_a_button_each(welcome: Any) -> None:
    (card,) = welcome.embeds
    assert card.title == "👋 Nonstop keeps your channel on air"
    assert "</settings:" in card.description
    buttons = [button for row in welcome.components for button in row.children]
    assert [button.custom_id for button in buttons] == ["welcome:target", "welcome:start", "welcome:status"]


@pytest.mark.usefixtures("welcome")
async def test_welcome_is_posted_once(
    simcord_env: Any, simcord_bot: NonstopBot, guild: Any, lobby: Any, settings: Settings
) -> None:
    await joined(simcord_bot, guild)
    restarted = create_bot(settings, simcord_bot.services, shard_count=1)
    await simcord_env.restart_bot(restarted)
    await joined(restarted, guild)
    assert len(lobby.history()) == 1


@pytest.mark.parametrize("denied", ["view_channel", "send_messages", "embed_links"])
async def test_welcome_is_posted_where_it_may_be(simcord_bot: NonstopBot, guild: Any, denied: str) -> None:
    closed = guild.create_text_channel("closed", overwrites=denying(simcord_bot, **{denied: True}))
    lobby = guild.create_text_channel("lobby")
    await joined(simcord_bot, guild)
    assert (len(closed.history()), len(lobby.history())) == (0, 1)


async def test_server_without_a_channel_for_us_is_welcomed_when_it_has_one(simcord_bot: NonstopBot, guild: Any) -> None:
    await joined(simcord_bot, guild)
    lobby = guild.create_text_channel("lobby")
    await joined(simcord_bot, guild)
    assert len(lobby.history()) == 1


async def test_welcome_discord_does_not_take_is_no_drama(
    simcord_env: Any, simcord_bot: NonstopBot, guild: Any, lobby: Any, caplog: pytest.LogCaptureFixture
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    await joined(simcord_bot, guild)
    assert "the welcome could not be posted" in caplog.text
    assert lobby.history() == []


async def test_target_is_added_by_button_platform_and_form(alice: Person, services: Services, welcome: Any) -> None:
    asked = await alice.press(welcome, "welcome:target")
    form = await alice.choose(asked, "welcome:platform", "twitch")
    answer = await alice.submit(form, {"url": "rtmp://127.0.0.1/live", "key": KEY})
    assert answer.card.title == "🟢 Target saved"
    assert answer.is_private
    (target,) = await services.targets.all(alice.guild_id)
    assert (target.name, target.kind) == ("twitch", TargetKind.TWITCH)


async def test_platform_that_has_a_target_opens_no_form(alice: Person, services: Services, welcome: Any) -> None:
    await services.targets.add(Actor(alice.guild_id, 1, "Setup"), "twitch", TargetKind.TWITCH, "", Secret(KEY))
    asked = await alice.press(welcome, "welcome:target")
    answer = alice.seen(await alice.choose(asked, "welcome:platform", "twitch"))
    assert "There is a target “twitch” already." in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("main_target")
async def test_demo_is_put_on_air_by_button_and_form(alice: Person, engine: PaperEngine, welcome: Any) -> None:
    async def bring_to_air() -> None:
        await engine.beat()
        await engine.bring_to_air(await engine.wanted())

    form = await alice.press(welcome, "welcome:start")
    assert form.modal["components"][0]["component"]["value"] == "demo"
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(bring_to_air())
        answer = await alice.submit(form, {"playlist": "demo", "to": ""})
    assert answer.card.title == "🟢 On air · Demo"
    assert not answer.is_private


@pytest.mark.parametrize("playlist", ["nonsense!", "@everyone", "x" * 300])
@pytest.mark.usefixtures("main_target")
async def test_form_with_something_else_than_a_playlist_is_declined(alice: Person, welcome: Any, playlist: str) -> None:
    form = await alice.press(welcome, "welcome:start")
    answer = await alice.submit(form, {"playlist": playlist, "to": ""})
    assert answer.is_failure
    assert answer.is_private


async def test_start_before_there_is_a_target_says_what_to_do(alice: Person, welcome: Any) -> None:
    form = await alice.press(welcome, "welcome:start")
    assert "/target add" in (await alice.submit(form, {"playlist": "demo", "to": ""})).text


async def test_buttons_work_after_a_restart(
    simcord_env: Any, settings: Settings, alice: Person, services: Services, welcome: Any
) -> None:
    asked = await alice.press(welcome, "welcome:target")
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    assert (await alice.choose(asked, "welcome:platform", "twitch")).modal
    assert (await alice.press(welcome, "welcome:start")).modal


async def test_who_may_not_is_told_at_every_button_but_may_look(
    simcord_env: Any, guild: Any, alice: Person, welcome: Any
) -> None:
    bob = Person(simcord_env, guild, "bob", may_manage=False)
    for step in ("target", "start"):
        assert (bob.seen(await bob.press(welcome, f"welcome:{step}"))).is_failure
    asked = await alice.press(welcome, "welcome:target")
    assert asked.response.ephemeral
    looked = bob.seen(await bob.press(welcome, "welcome:status"))
    assert "no streams yet" in looked.text
    assert looked.is_private
