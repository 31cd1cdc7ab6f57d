"""`/playlist`, and playlists by name in `/stream start`."""

import asyncio
from typing import Any

import pytest

from streaming.model.listed import Listed
from streaming.model.states import CommandState, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from tests.discord.actor import Person, cards_sent, shown
from tests.standins.paper_engine import PaperEngine

LIST = "PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-"
OTHER = "PLaaaaaaaaaaaaaaaa"
HOSTILE = "@everyone **bold** [x](https://evil.example) \u202e\u200b"


async def test_saved_playlist_is_listed_with_its_link(alice: Person) -> None:
    answer = await alice.slash("playlist add", playlist=f"https://youtu.be/aaaaaaaaaaa?list={LIST}", name="Night loop")
    assert answer.card.title == "🟢 Playlist saved"
    assert not answer.is_private
    listed = await alice.slash("playlist list")
    assert f"[Night loop](https://www.youtube.com/playlist?list={LIST})" in listed.text
    assert "not checked yet" in listed.text
    assert listed.is_private


async def test_list_of_nothing_says_how_to_begin(alice: Person) -> None:
    assert "/playlist add" in (await alice.slash("playlist list")).text


async def test_list_shows_what_was_played_lately(alice: Person, services: Services) -> None:
    await played(services, alice)
    assert f"Recently played: - [{OTHER}]" in (await alice.slash("playlist list")).text


@pytest.mark.parametrize("playlist", ["nonsense!", "https://example.com/x", HOSTILE, "x" * 6000])
@pytest.mark.parametrize("command", ["playlist add", "playlist refresh", "playlist remove"])
async def test_what_is_no_playlist_is_declined(alice: Person, command: str, playlist: str) -> None:
    answer = await alice.slash(command, playlist=playlist)
    assert answer.is_failure
    assert "What to do" in answer.text
    assert answer.is_private
    assert "@everyone" not in answer.text


async def test_hostile_name_pings_nobody_and_links_nowhere(alice: Person) -> None:
    await alice.slash("playlist add", playlist=LIST, name=HOSTILE)
    shown = (await alice.slash("playlist list")).text
    assert "@everyone" not in shown
    assert "(https://evil" not in shown


async def test_taken_name_is_declined(alice: Person) -> None:
    await alice.slash("playlist add", playlist=LIST, name="Night")
    answer = await alice.slash("playlist add", playlist=OTHER, name="night")
    assert "Another playlist is already called “Night”" in answer.text
    assert answer.is_private


async def test_removed_playlist_is_gone(alice: Person) -> None:
    await alice.slash("playlist add", playlist=LIST, name="Night loop")
    assert await alice.suggestions("playlist remove", "playlist", "NIGHT") == ["Night loop"]
    assert (await alice.slash("playlist remove", playlist="Night loop")).card.title == "⚫ Playlist removed"
    assert await alice.suggestions("playlist remove", "playlist", "") == []


async def test_start_offers_saved_and_recent_playlists(alice: Person, services: Services) -> None:
    await played(services, alice)
    await alice.slash("playlist add", playlist=LIST, name="Night loop")
    assert await alice.suggestions("stream start", "playlist", "") == ["Night loop", OTHER, "demo"]


async def test_refresh_tells_how_far_it_is_then_what_can_be_played(
    alice: Person, engine: PaperEngine, simcord_env: Any
) -> None:
    await engine.beat()

    async def look() -> None:
        await engine.take_command(CommandState.TAKEN, "")
        await answered(simcord_env)
        await engine.finish_command(CommandState.TAKEN, Listed("Evenings", 1100, 1090).message)
        await shown(simcord_env, "1,100 so far")
        await engine.finish_command(CommandState.DONE, Listed("Evenings", 1200, 1190).message)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(look())
        answer = await alice.slash("playlist refresh", playlist=LIST)
    assert answer.card.title == "🟢 Playlist checked"
    assert "1,190 of 1,200 items can be played" in answer.text
    assert (answer.is_private, answer.is_only_message) == (True, True)
    assert "🔵 Checking the playlist" in [card["title"] for card in cards_sent(simcord_env)]


async def test_refresh_without_an_engine_says_what_to_do(alice: Person) -> None:
    answer = await alice.slash("playlist refresh", playlist=LIST)
    assert "No engine is running" in answer.text
    assert answer.is_private


async def test_refresh_the_engine_declines_says_why(alice: Person, engine: PaperEngine) -> None:
    await engine.beat()
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.FAILED, "There is no such playlist, or it is private."))
        answer = await alice.slash("playlist refresh", playlist=LIST)
    assert "no such playlist" in answer.text
    assert answer.is_failure


async def test_other_guilds_see_nothing_of_it(alice: Person, simcord_env: Any) -> None:
    await alice.slash("playlist add", playlist=LIST, name="Night loop")
    mallory = Person(simcord_env, simcord_env.create_guild(), "mallory")
    assert "Night loop" not in (await mallory.slash("playlist list")).text
    assert (await mallory.slash("playlist remove", playlist="Night loop")).is_failure
    assert (await mallory.slash("playlist remove", playlist=LIST)).is_failure
    assert await mallory.suggestions("stream start", "playlist", "") == ["demo"]
    assert "Night loop" in (await alice.slash("playlist list")).text


async def played(services: Services, person: Person) -> None:
    """Somebody played OTHER a moment ago."""
    setup = Actor(person.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    await services.streams.start(setup, StartRequest(OTHER))


async def answered(env: Any) -> None:
    """Waits until the bot has acknowledged a command."""
    async with asyncio.timeout(10):
        while not any(request.path.endswith("/callback") for request in env.http_requests):
            await asyncio.sleep(0.01)  # the simulation has no event to wait for
