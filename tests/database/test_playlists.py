"""Playlists of a guild: saved, suggested, and looked at through an engine."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streaming.model.errors import NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.listed import Listed
from streaming.model.states import CommandState, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.playlists import MOST_RECENT
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.settings import Settings, YouTubeSettings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

LIST = "PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-"
OTHER = "PLaaaaaaaaaaaaaaaa"
ELEVEN = "Synthwave80"
"""A name that could be the id of a video."""


async def names(services: Services, actor: Actor = ALICE) -> list[str]:
    return [playlist.name for playlist in await services.playlists.all(actor.guild_id)]


async def suggested(services: Services, text: str) -> list[str]:
    return [each.value for each in await services.playlists.suggest(ALICE.guild_id, text)]


async def ignore(_: Listed) -> None:
    """For who does not mind how far it is."""


@pytest.mark.parametrize(
    "written",
    [
        LIST,
        f"  <https://www.youtube.com/playlist?list={LIST}> ",
        f"https://music.youtube.com/playlist?list={LIST}&si=x",
    ],
)
async def test_playlist_is_saved_by_whatever_names_it(services: Services, written: str) -> None:
    saved = await services.playlists.add(ALICE, written, " Night   loop ")
    assert (saved.playlist, saved.name) == (LIST, "Night loop")
    assert await names(services) == ["Night loop"]


@pytest.mark.parametrize(
    "written", ["", "nonsense!", "https://example.com/x", "@everyone", "x" * 10_000, "\u202e\u200b"]
)
async def test_what_is_no_playlist_is_not_saved(services: Services, written: str) -> None:
    with pytest.raises(UsageError):
        await services.playlists.add(ALICE, written, "Night loop")
    assert await names(services) == []


@pytest.mark.parametrize("name", ["x" * 51, "DEMO"])
async def test_name_nobody_could_use_is_declined(services: Services, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        await services.playlists.add(ALICE, LIST, name)


async def test_playlist_without_a_name_is_called_by_its_id(services: Services) -> None:
    assert (await services.playlists.add(ALICE, LIST)).name == LIST


async def test_saving_again_gives_another_name_or_keeps_the_old(services: Services) -> None:
    await services.playlists.add(ALICE, LIST, "Night")
    await services.playlists.add(ALICE, LIST, "Day")
    await services.playlists.add(ALICE, LIST)
    assert await names(services) == ["Day"]


async def test_name_is_taken_whatever_its_case_but_only_in_the_guild(services: Services) -> None:
    await services.playlists.add(ALICE, LIST, "Nächte")
    with pytest.raises(WantedStateError, match="“Nächte”"):
        await services.playlists.add(ALICE, OTHER, "NÄCHTE")
    await services.playlists.add(MALLORY, OTHER, "nächte")


async def test_two_who_take_a_name_at_once_do_not_both_get_it(services: Services) -> None:
    both = (services.playlists.add(ALICE, playlist, "Night") for playlist in (LIST, OTHER))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(outcome, WantedStateError) for outcome in outcomes) == 1
    assert await names(services) == ["Night"]


@pytest.mark.parametrize("written", ["NIGHT loop", LIST, f"https://youtube.com/playlist?list={LIST}"])
async def test_removed_playlist_is_forgotten(services: Services, written: str) -> None:
    await services.playlists.add(ALICE, LIST, "Night loop")
    assert (await services.playlists.remove(ALICE, written)).name == "Night loop"
    assert await services.playlists.all(ALICE.guild_id) == []
    with pytest.raises(NotFound):
        await services.playlists.remove(ALICE, written)


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("name", ["Night loop", ELEVEN])
async def test_start_takes_a_saved_name_and_calls_the_stream_by_it(services: Services, name: str) -> None:
    await services.playlists.add(ALICE, LIST, name)
    await services.streams.start(ALICE, StartRequest(name.upper()))
    (status,) = await services.streams.all(ALICE.guild_id)
    assert (status.playlist, status.title) == (LIST, name)


@pytest.mark.usefixtures("main_target")
async def test_name_of_another_guild_means_nothing(services: Services) -> None:
    await services.playlists.add(MALLORY, LIST, "Theirs!")
    with pytest.raises(UsageError):
        await services.streams.start(ALICE, StartRequest("Theirs!"))
    with pytest.raises(NotFound):
        await services.playlists.remove(ALICE, "Theirs!")
    assert "Theirs!" not in await suggested(services, "")
    assert await services.playlists.all(ALICE.guild_id) == []


@pytest.mark.usefixtures("main_target")
async def test_suggestions_are_saved_then_played_lately_then_the_demo(services: Services) -> None:
    await services.streams.start(ALICE, StartRequest(OTHER))
    await services.playlists.add(ALICE, LIST, "Night loop")
    assert await suggested(services, "") == ["Night loop", OTHER, "demo"]
    assert await suggested(services, "NIGHT") == ["Night loop"]
    assert await suggested(services, "dem") == ["demo"]
    assert await suggested(services, "nothing") == []


async def test_no_more_is_suggested_than_discord_takes(services: Services) -> None:
    for number in range(40):
        await services.playlists.add(ALICE, f"PL{number:016}", f"{number} {'x' * 45}")
    found = await services.playlists.suggest(ALICE.guild_id, "")
    assert len(found) == 25
    assert found[-1].value == "demo"
    assert all(0 < len(each.name) <= 100 and 0 < len(each.value) <= 100 for each in found)


async def test_only_the_latest_of_what_was_played_is_kept(services: Services, main_target: str) -> None:
    await services.playlists.add(ALICE, LIST, "Night loop")
    for number in range(MOST_RECENT + 2):
        await services.streams.start(ALICE, StartRequest(f"PL{number:016}", to=main_target))
        await services.streams.stop(ALICE, f"#{number + 1}")
    await services.streams.start(ALICE, StartRequest("demo"))
    found = [playlist.playlist for playlist in await services.playlists.all(ALICE.guild_id)]
    assert len(found) == 1 + MOST_RECENT
    assert found[:2] == [LIST, f"PL{MOST_RECENT + 1:016}"]


async def test_refreshed_playlist_is_kept_with_title_and_count(services: Services, engine: PaperEngine) -> None:
    await services.playlists.add(ALICE, LIST, "Night loop")
    await engine.beat()
    seen: list[Listed] = []

    async def see(so_far: Listed) -> None:
        seen.append(so_far)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        refreshing = tasks.create_task(services.playlists.refresh(ALICE, "night LOOP", on_progress=see))
        await engine.take_command(CommandState.TAKEN, Listed("Evenings", 100, 98).message)
        while not seen:
            await asyncio.sleep(0.01)
        await engine.finish_command(CommandState.DONE, Listed("Evenings", 120, 110).message)
    assert (seen, refreshing.result()) == ([Listed("Evenings", 100, 98)], Listed("Evenings", 120, 110))
    (kept,) = await services.playlists.all(ALICE.guild_id)
    assert (kept.title, kept.items_listed) == ("Evenings", 120)
    assert kept.listed_at is not None
    assert (datetime.now(UTC) - kept.listed_at).total_seconds() < 60


async def test_refresh_by_an_engine_of_another_version_says_so(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.DONE, '{"title": "Evenings", "items": 1, "playable": 1}'))
        with pytest.raises(ServiceUnavailable, match="Bring bot and engine to the same version"):
            await services.playlists.refresh(ALICE, LIST, on_progress=ignore)


async def test_refresh_without_an_engine_says_so_at_once(services: Services) -> None:
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await services.playlists.refresh(ALICE, LIST, on_progress=ignore)


@pytest.mark.usefixtures("nobody_answers")
async def test_refresh_no_engine_takes_is_taken_back(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await services.playlists.refresh(ALICE, LIST, on_progress=ignore)


async def test_refresh_the_engine_declines_says_why(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.FAILED, "The playlist is private."))
        with pytest.raises(WantedStateError, match="private"):
            await services.playlists.refresh(ALICE, LIST, on_progress=ignore)


# The operator's account


@pytest.mark.parametrize("playlist", ["WL", "LL", "https://www.youtube.com/playlist?list=WL", "RDMM"])
@pytest.mark.parametrize("has_account", [True, False])
async def test_playlists_of_the_operators_account_are_for_guilds_that_may_use_it(
    database: Database, engine: PaperEngine, tmp_path: Path, playlist: str, *, has_account: bool
) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.touch()
    youtube = YouTubeSettings(cookies_file=cookies if has_account else None, account_guilds=frozenset({ALICE.guild_id}))
    services = Services.create(Settings(youtube=youtube), database, Vault.open(tmp_path), command_life_seconds=0.1)
    await engine.beat()
    for who in (ALICE, MALLORY):
        await services.targets.add(who, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
        asked = (
            services.streams.start(who, StartRequest(playlist)),
            services.playlists.add(who, playlist, "Mine"),
            services.playlists.refresh(who, playlist, on_progress=ignore),
        )
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        refused = [isinstance(each, UsageError) and "operator's account" in each.message for each in outcomes]
        assert refused == [not (has_account and who is ALICE)] * 3
