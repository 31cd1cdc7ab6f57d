"""Whatever goes wrong, whoever asked is told once, and the log knows more than the chat."""

import re
from typing import Any

import discord
import pytest
from sqlalchemy import text

from bot.client import NonstopBot
from bot.setup import welcome
from streaming.storage.database import Database
from tests.discord.actor import Person


async def break_database(database_url: str) -> None:
    """Takes tables away, as no version of ours ever leaves it."""
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE target RENAME TO lost_target"))
        await connection.execute(text("ALTER TABLE stream RENAME TO lost_stream"))
    await database.close()


@pytest.fixture
async def broken_database(database_url: str) -> None:
    await break_database(database_url)


@pytest.mark.usefixtures("broken_database")
async def test_unexpected_failure_shows_a_number_that_is_in_the_log(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await alice.slash("target list")
    assert answer.is_private
    assert "Traceback" not in answer.text
    assert "sqlite" not in answer.text.lower()
    found = re.search(r"log: ([0-9a-f]{6})$", answer.text)
    assert found is not None
    assert f"Unexpected failure {found[1]}" in caplog.text
    assert "no such table" in caplog.text


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_interaction_that_is_gone_or_answered_is_no_drama(
    alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=status, code=code, message="gone")
    with pytest.raises(IndexError):  # nobody sees anything
        await alice.slash("target list")
    _ = simcord_env.errors
    (warning,) = [record for record in caplog.records if record.name == "bot.discord.errors"]
    assert warning.levelname == "WARNING"
    assert not warning.exc_info
    assert "no targets yet" in (await alice.slash("target list")).text


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (500, 0, "Discord is having problems (500)."),
        (503, 0, "Discord is having problems (503)."),
        (429, 0, "Discord is limiting my requests."),
        (403, 50013, "Discord doesn't let me do that here."),
        (403, 50001, "Discord doesn't let me do that here."),
    ],
)
async def test_discord_that_refuses_or_stumbles_is_told_in_a_sentence(
    alice: Person, simcord_env: Any, status: int, code: int, told: str
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=status, code=code, message="<html>")
    answer = await alice.slash("target list")
    assert told in answer.text
    assert "What to do" in answer.text
    assert "html" not in answer.text
    assert answer.is_private


async def test_number_of_discords_trouble_is_in_the_log(
    alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=503)
    found = re.search(r"It is in the log as ([0-9a-f]{6})\.", (await alice.slash("target list")).text)
    assert found is not None
    assert f"({found[1]})" in caplog.text


async def test_failure_nobody_can_be_told_of_is_in_the_log(
    alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=500, times=None)
    with pytest.raises(IndexError):  # nobody sees anything
        await alice.slash("target list")
    _ = simcord_env.errors
    assert "could not be shown" in caplog.text


async def test_answer_that_takes_longer_than_discord_waits_is_no_drama(
    alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """After a quarter of an hour the interaction's token is void."""
    simcord_env.inject_error(
        "POST", "/interactions/*/callback", status=401, code=50027, message="Invalid Webhook Token"
    )
    with pytest.raises(IndexError):
        await alice.slash("target list")
    _ = simcord_env.errors
    assert [record.levelname for record in caplog.records if record.name == "bot.discord.errors"] == ["WARNING"]


async def test_button_from_an_earlier_version_says_so(alice: Person, simcord_bot: NonstopBot, guild: Any) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id="something:of:yore"))
    message = await posted(simcord_bot, guild, view)
    view.stop()
    answer = alice.seen(await alice.press(message, "something:of:yore"))
    assert "no longer works" in answer.text
    assert answer.is_private


async def test_failure_in_a_form_is_told_like_any_other(alice: Person, database_url: str) -> None:
    form = await alice.open_form("target add", platform="custom")
    await break_database(database_url)
    answer = await alice.submit(form, {"url": "rtmp://127.0.0.1/live", "key": "planted-9f3c-key-4711"})
    assert re.search(r"log: ([0-9a-f]{6})$", answer.text)


@pytest.mark.usefixtures("broken_database")
async def test_failure_behind_a_button_is_told_like_any_other(
    alice: Person, simcord_bot: NonstopBot, guild: Any
) -> None:
    message = await posted(simcord_bot, guild, welcome.buttons())
    answer = alice.seen(await alice.press(message, "welcome:status"))
    assert re.search(r"log: ([0-9a-f]{6})$", answer.text)
    assert answer.is_private


async def posted(bot: NonstopBot, guild: Any, view: discord.ui.View) -> discord.Message:
    """A message of ours with these buttons."""
    channel = bot.get_channel(guild.create_text_channel("room").id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("Press", view=view)
