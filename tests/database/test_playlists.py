"""Playlists of a guild: saved, suggested, and looked at through an engine."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streaming.control.control import Actor, Control, StartRequest
from streaming.control.saved import MOST_RECENT
from streaming.model.errors import NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.listed import Listed
from streaming.model.states import CommandState, TargetKind
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

LIST = "PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-"
OTHER = "PLaaaaaaaaaaaaaaaa"
ELEVEN = "Synthwave80"
"""A name that could be the id of a video."""


async def names(control: Control, actor: Actor = ALICE) -> list[str]:
    return [playlist.name for playlist in await control.playlists(actor.guild_id)]


async def suggested(control: Control, text: str) -> list[str]:
    return [each.value for each in await control.suggest_playlists(ALICE.guild_id, text)]


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
async def test_playlist_is_saved_by_whatever_names_it(control: Control, written: str) -> None:
    saved = await control.add_playlist(ALICE, written, " Night   loop ")
    assert (saved.playlist, saved.name) == (LIST, "Night loop")
    assert await names(control) == ["Night loop"]


@pytest.mark.parametrize(
    "written", ["", "nonsense!", "https://example.com/x", "@everyone", "x" * 10_000, "\u202e\u200b"]
)
async def test_what_is_no_playlist_is_not_saved(control: Control, written: str) -> None:
    with pytest.raises(UsageError):
        await control.add_playlist(ALICE, written, "Night loop")
    assert await names(control) == []


@pytest.mark.parametrize("name", ["x" * 51, "DEMO"])
async def test_name_nobody_could_use_is_declined(control: Control, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        await control.add_playlist(ALICE, LIST, name)


async def test_playlist_without_a_name_is_called_by_its_id(control: Control) -> None:
    assert (await control.add_playlist(ALICE, LIST)).name == LIST


async def test_saving_again_gives_another_name_or_keeps_the_old(control: Control) -> None:
    await control.add_playlist(ALICE, LIST, "Night")
    await control.add_playlist(ALICE, LIST, "Day")
    await control.add_playlist(ALICE, LIST)
    assert await names(control) == ["Day"]


async def test_name_is_taken_whatever_its_case_but_only_in_the_guild(control: Control) -> None:
    await control.add_playlist(ALICE, LIST, "Nächte")
    with pytest.raises(WantedStateError, match="'Nächte'"):
        await control.add_playlist(ALICE, OTHER, "NÄCHTE")
    await control.add_playlist(MALLORY, OTHER, "nächte")


async def test_two_who_take_a_name_at_once_do_not_both_get_it(control: Control) -> None:
    both = (control.add_playlist(ALICE, playlist, "Night") for playlist in (LIST, OTHER))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(outcome, WantedStateError) for outcome in outcomes) == 1
    assert await names(control) == ["Night"]


@pytest.mark.parametrize("written", ["NIGHT loop", LIST, f"https://youtube.com/playlist?list={LIST}"])
async def test_removed_playlist_is_forgotten(control: Control, written: str) -> None:
    await control.add_playlist(ALICE, LIST, "Night loop")
    assert (await control.remove_playlist(ALICE, written)).name == "Night loop"
    assert await control.playlists(ALICE.guild_id) == []
    with pytest.raises(NotFound):
        await control.remove_playlist(ALICE, written)


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("name", ["Night loop", ELEVEN])
async def test_start_takes_a_saved_name_and_calls_the_stream_by_it(control: Control, name: str) -> None:
    await control.add_playlist(ALICE, LIST, name)
    await control.start(ALICE, StartRequest(name.upper()))
    (status,) = await control.streams(ALICE.guild_id)
    assert (status.playlist, status.title) == (LIST, name)


@pytest.mark.usefixtures("main_target")
async def test_name_of_another_guild_means_nothing(control: Control) -> None:
    await control.add_playlist(MALLORY, LIST, "Theirs!")
    with pytest.raises(UsageError):
        await control.start(ALICE, StartRequest("Theirs!"))
    with pytest.raises(NotFound):
        await control.remove_playlist(ALICE, "Theirs!")
    assert "Theirs!" not in await suggested(control, "")
    assert await control.playlists(ALICE.guild_id) == []


@pytest.mark.usefixtures("main_target")
async def test_suggestions_are_saved_then_played_lately_then_the_demo(control: Control) -> None:
    await control.start(ALICE, StartRequest(OTHER))
    await control.add_playlist(ALICE, LIST, "Night loop")
    assert await suggested(control, "") == ["Night loop", OTHER, "demo"]
    assert await suggested(control, "NIGHT") == ["Night loop"]
    assert await suggested(control, "dem") == ["demo"]
    assert await suggested(control, "nothing") == []


async def test_no_more_is_suggested_than_discord_takes(control: Control) -> None:
    for number in range(40):
        await control.add_playlist(ALICE, f"PL{number:016}", f"{number} {'x' * 45}")
    found = await control.suggest_playlists(ALICE.guild_id, "")
    assert len(found) == 25
    assert found[-1].value == "demo"
    assert all(0 < len(each.name) <= 100 and 0 < len(each.value) <= 100 for each in found)


async def test_only_the_latest_of_what_was_played_is_kept(control: Control, main_target: str) -> None:
    await control.add_playlist(ALICE, LIST, "Night loop")
    for number in range(MOST_RECENT + 2):
        await control.start(ALICE, StartRequest(f"PL{number:016}", to=main_target))
        await control.stop(ALICE, f"#{number + 1}")
    await control.start(ALICE, StartRequest("demo"))
    found = [playlist.playlist for playlist in await control.playlists(ALICE.guild_id)]
    assert len(found) == 1 + MOST_RECENT
    assert found[:2] == [LIST, f"PL{MOST_RECENT + 1:016}"]


async def test_refreshed_playlist_is_kept_with_title_and_count(control: Control, engine: PaperEngine) -> None:
    await control.add_playlist(ALICE, LIST, "Night loop")
    await engine.beat()
    seen: list[Listed] = []

    async def see(so_far: Listed) -> None:
        seen.append(so_far)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        refreshing = tasks.create_task(control.refresh_playlist(ALICE, "night LOOP", on_progress=see))
        await engine.take_command(CommandState.TAKEN, str(Listed("Evenings", 100, 98)))
        while not seen:
            await asyncio.sleep(0.01)
        await engine.finish_command(CommandState.DONE, str(Listed("Evenings", 120, 110)))
    assert (seen, refreshing.result()) == ([Listed("Evenings", 100, 98)], Listed("Evenings", 120, 110))
    (kept,) = await control.playlists(ALICE.guild_id)
    assert (kept.title, kept.items_listed) == ("Evenings", 120)
    assert kept.listed_at is not None
    assert (datetime.now(UTC) - kept.listed_at).total_seconds() < 60


async def test_refresh_without_an_engine_says_so_at_once(control: Control) -> None:
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await control.refresh_playlist(ALICE, LIST, on_progress=ignore)


@pytest.mark.usefixtures("nobody_answers")
async def test_refresh_no_engine_takes_is_taken_back(control: Control, engine: PaperEngine) -> None:
    await engine.beat()
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await control.refresh_playlist(ALICE, LIST, on_progress=ignore)


async def test_refresh_the_engine_declines_says_why(control: Control, engine: PaperEngine) -> None:
    await engine.beat()
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.FAILED, "The playlist is private."))
        with pytest.raises(WantedStateError, match="private"):
            await control.refresh_playlist(ALICE, LIST, on_progress=ignore)


# The operator's account


@pytest.mark.parametrize("playlist", ["WL", "LL", "https://www.youtube.com/playlist?list=WL", "RDMM"])
@pytest.mark.parametrize("has_account", [True, False])
async def test_playlists_of_the_operators_account_are_for_guilds_that_may_use_it(
    database: Database, engine: PaperEngine, tmp_path: Path, playlist: str, *, has_account: bool
) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.touch()
    youtube = YouTubeSettings(cookies_file=cookies if has_account else None, account_guilds=frozenset({ALICE.guild_id}))
    control = Control(database, Vault.open(tmp_path), youtube=youtube, command_life_seconds=0.1)
    await engine.beat()
    for who in (ALICE, MALLORY):
        await control.add_target(who, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
        asked = (
            control.start(who, StartRequest(playlist)),
            control.add_playlist(who, playlist, "Mine"),
            control.refresh_playlist(who, playlist, on_progress=ignore),
        )
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        refused = [isinstance(each, UsageError) and "operator's account" in each.message for each in outcomes]
        assert refused == [not (has_account and who is ALICE)] * 3
