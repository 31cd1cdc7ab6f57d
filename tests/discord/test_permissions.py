"""Who may do what: everybody may look, who manages the server or has its operator role may run streams."""

from typing import Any

import pytest

from bot.client import NonstopBot
from bot.discord.permissions import FOR_EVERYBODY
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.guilds import GuildChoice
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from tests.discord.actor import Person

LOOKING = ["stream list", "stream status", "playlist list", "settings"]
CHANGING: dict[str, dict[str, str]] = {
    "stream start": {"playlist": "demo"},
    "stream stop": {},
    "stream skip": {},
    "stream panel": {},
    "stream previous": {},
    "stream jump": {"item": "x"},
    "stream restart": {},
    "stream edit": {"title": "x"},
    "stream delete": {"stream": "#1"},
    "playlist add": {"playlist": "PLaaaaaaaaaaaaaaaa"},
    "playlist refresh": {"playlist": "demo"},
    "playlist remove": {"playlist": "demo"},
    "target list": {},
    "target add": {"platform": "twitch"},
    "target edit": {"target": "main"},
    "target remove": {"target": "main"},
    "target test": {"target": "main"},
}


@pytest.fixture
def crew(guild: Any) -> Any:
    return guild.create_role("Crew")


@pytest.fixture
def bob(simcord_env: Any, guild: Any) -> Person:
    """Nobody in particular."""
    return Person(simcord_env, guild, "bob", may_manage=False)


@pytest.fixture
async def on_air(services: Services, alice: Person) -> None:
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    await services.streams.start(setup, StartRequest("demo", title="Night loop"))


async def choose_operators(services: Services, person: Person, role: Any) -> None:
    await services.guilds.change(Actor(person.guild_id, 1, "Setup"), GuildChoice(operator_role_id=role.id))


def test_every_command_is_known_to_change_something_or_not(simcord_bot: NonstopBot) -> None:
    """A command that is new and only looks is to be named in FOR_EVERYBODY; all else stays guarded."""
    leaves = {
        command.qualified_name for command in simcord_bot.tree.walk_commands() if not hasattr(command, "commands")
    }
    assert set(CHANGING) == leaves - FOR_EVERYBODY


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize("command", LOOKING)
async def test_everybody_may_look(bob: Person, command: str) -> None:
    answer = await bob.slash(command)
    assert answer.is_private
    assert not answer.is_failure


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize("command", CHANGING)
async def test_who_may_not_is_told_whom_to_ask(bob: Person, services: Services, command: str) -> None:
    before = await services.streams.all(bob.guild_id), await services.targets.all(bob.guild_id)
    answer = await bob.slash(command, **CHANGING[command])
    assert answer.card.title == "🔴 You don't have permission"
    assert "members with Manage Server" in answer.text
    assert (answer.is_private, answer.is_only_message) == (True, True)
    assert (await services.streams.all(bob.guild_id), await services.targets.all(bob.guild_id)) == before


@pytest.mark.usefixtures("on_air")
async def test_who_may_not_learns_no_names_by_typing(bob: Person) -> None:
    assert await bob.suggestions("target remove", "target", "") == []
    assert await bob.suggestions("stream stop", "stream", "") == []
    assert await bob.suggestions("stream status", "stream", "") == ["#1"]


@pytest.mark.usefixtures("on_air")
async def test_operator_role_is_enough(simcord_env: Any, guild: Any, services: Services, crew: Any) -> None:
    carol = Person(simcord_env, guild, "carol", may_manage=False, roles=[crew])
    assert (await carol.slash("stream stop")).is_failure
    await choose_operators(services, carol, crew)
    assert not (await carol.slash("stream stop")).is_failure
    assert await carol.suggestions("target remove", "target", "") == ["main"]


async def test_refusal_names_the_operator_role_without_pinging(bob: Person, services: Services, crew: Any) -> None:
    await choose_operators(services, bob, crew)
    assert f"or the <@&{crew.id}>" in (await bob.slash("stream stop")).text


async def test_everyone_can_be_made_operators(bob: Person, services: Services, guild: Any) -> None:
    await choose_operators(services, bob, guild)
    assert "no streams yet" in (await bob.slash("stream stop")).text


async def test_operators_of_one_guild_are_nobody_in_another(
    simcord_env: Any, alice: Person, services: Services, crew: Any
) -> None:
    await choose_operators(services, alice, crew)
    elsewhere = Person(simcord_env, simcord_env.create_guild(), "mallory", may_manage=False)
    assert (await elsewhere.slash("stream stop")).is_failure


async def test_form_filled_in_after_losing_the_role_saves_nothing(
    simcord_env: Any, guild: Any, services: Services, crew: Any
) -> None:
    carol = Person(simcord_env, guild, "carol", may_manage=False, roles=[crew])
    await choose_operators(services, carol, crew)
    form = await carol.open_form("target add", platform="twitch")
    await choose_operators(services, carol, guild.create_role("Others"))
    answer = await carol.submit(form, {"url": "rtmp://127.0.0.1/live", "key": "planted-9f3c-key-4711"})
    assert answer.is_failure
    assert await services.targets.all(carol.guild_id) == []
