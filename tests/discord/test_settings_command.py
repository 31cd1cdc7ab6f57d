"""`/settings`: what a server decides for itself, by those who manage it."""

import asyncio
from typing import Any

import discord
import pytest

from bot.client import NonstopBot
from streaming.services.actor import Actor
from streaming.services.guilds import GuildChoice, Language
from streaming.services.services import Services
from tests.discord.actor import Person


@pytest.fixture
def crew(guild: Any) -> Any:
    return guild.create_role("Crew")


@pytest.fixture
def alerts(guild: Any) -> Any:
    return guild.create_text_channel("alerts")


async def test_settings_show_what_holds_where_nothing_was_chosen(alice: Person) -> None:
    answer = await alice.slash("settings")
    assert answer.card.title == "Settings"
    assert "None (Manage Server only)" in answer.text
    assert "Alerts channel: Not set" in answer.text
    assert answer.is_private


async def test_chosen_settings_are_kept_and_shown(alice: Person, services: Services, crew: Any, alerts: Any) -> None:
    answer = await alice.slash("settings", operator_role=crew, alerts_channel=alerts, language="de")
    assert answer.card.title == "🟢 Settings saved"
    assert answer.is_private
    shown = await alice.slash("settings")
    for text in (f"Operator role: <@&{crew.id}>", f"Alerts channel: <#{alerts.id}>", "Language: Deutsch"):
        assert text in shown.text
    assert await services.guilds.settings(alice.guild_id) == GuildChoice(crew.id, alerts.id, Language.GERMAN)


async def test_one_choice_leaves_the_others(alice: Person, services: Services, crew: Any) -> None:
    await alice.slash("settings", operator_role=crew)
    await alice.slash("settings", language="en")
    assert await services.guilds.settings(alice.guild_id) == GuildChoice(crew.id, None, Language.ENGLISH)


@pytest.mark.parametrize("setting", ["operator_role", "alerts_channel", "language"])
async def test_each_choice_can_be_forgotten(
    alice: Person, services: Services, crew: Any, alerts: Any, setting: str
) -> None:
    everything = {"operator_role": crew, "alerts_channel": alerts, "language": "de"}
    await alice.slash("settings", **everything)
    await alice.slash("settings", clear=setting)
    del everything[setting]
    left = await services.guilds.settings(alice.guild_id)
    kept = {
        "operator_role": left.operator_role_id,
        "alerts_channel": left.alerts_channel_id,
        "language": left.language,
    }
    assert {name for name, value in kept.items() if value} == set(everything)


async def test_operators_do_not_choose_operators(
    simcord_env: Any, guild: Any, alice: Person, services: Services, crew: Any
) -> None:
    await alice.slash("settings", operator_role=crew)
    carol = Person(simcord_env, guild, "carol", may_manage=False, roles=[crew])
    answer = await carol.slash("settings", operator_role=guild.create_role("Friends"))
    assert "Only members with Manage Server" in answer.text
    assert answer.is_private
    assert (await services.guilds.settings(alice.guild_id)).operator_role_id == crew.id


@pytest.mark.parametrize(
    ("denied", "told"),
    [
        ({"view_channel": False}, "View Channel"),
        ({"send_messages": False}, "Send Messages"),
        ({"embed_links": False, "attach_files": False}, "Embed Links and Attach Files"),
    ],
)
async def test_channel_we_may_not_post_in_is_declined_with_what_is_missing(
    simcord_bot: NonstopBot, guild: Any, alice: Person, denied: dict[str, bool], told: str
) -> None:
    denying = {simcord_bot.user: discord.PermissionOverwrite(**denied)}
    closed = guild.create_text_channel("closed", overwrites=denying)
    answer = await alice.slash("settings", alerts_channel=closed)
    assert "I can't post in \\#closed" in answer.text
    assert f"I'm missing {told}." in answer.text
    assert "Not set" in (await alice.slash("settings")).text


async def test_guilds_choose_for_themselves(simcord_env: Any, alice: Person, crew: Any) -> None:
    await alice.slash("settings", operator_role=crew, language="de")
    mallory = Person(simcord_env, simcord_env.create_guild(), "mallory")
    assert "Deutsch" not in (await mallory.slash("settings")).text


async def test_two_who_choose_at_once_both_have_their_way(alice: Person, services: Services) -> None:
    setup = Actor(alice.guild_id, 1, "Setup")
    await asyncio.gather(
        services.guilds.change(setup, GuildChoice(operator_role_id=5)),
        services.guilds.change(setup, GuildChoice(alerts_channel_id=6)),
        services.guilds.change(setup, GuildChoice(language=Language.GERMAN)),
    )
    assert await services.guilds.settings(alice.guild_id) == GuildChoice(5, 6, Language.GERMAN)
