"""What commands may ask of streams, and what they get told instead."""

import asyncio
from contextlib import aclosing

import pytest
from sqlmodel import select

from streaming.control.control import Control, StartRequest, Wish
from streaming.control.status import StreamState
from streaming.model.errors import AlreadyOnAir, NeedsChoice, NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.states import CommandState, EncodeMode, RunStatus, ServeMode, StreamSource, TargetKind
from streaming.redaction.secrets import Secret
from streaming.storage.database import Database
from streaming.storage.tables import Stream, StreamLog
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

PLAYLIST = "PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-"
DEMO = StartRequest("demo")


async def add_target(control: Control, name: str) -> None:
    await control.add_target(ALICE, name, TargetKind.TWITCH, "", Secret(f"live_12345678_{name}"))


async def states(control: Control, wish: Wish) -> list[StreamState]:
    async with asyncio.timeout(10), aclosing(control.follow(wish.stream_id, wish.wish)) as statuses:
        return [status.state async for status in statuses]


# Starting


async def test_start_writes_down_a_wish_with_plain_defaults(
    control: Control, database: Database, main_target: str
) -> None:
    wish = await control.start(ALICE, StartRequest(f"https://www.youtube.com/playlist?list={PLAYLIST}"))
    assert (wish.wish, wish.title, wish.targets) == (1, f"Playlist {PLAYLIST}", (main_target,))
    async with database.session() as session:
        stream = await session.get_one(Stream, wish.stream_id)
    assert (stream.guild_id, stream.owner_id, stream.playlist_id) == (1, 10, PLAYLIST)
    assert (stream.source, stream.serve_mode) == (StreamSource.PLAYLIST, ServeMode.DIRECT)
    assert (stream.is_looped, stream.is_shuffled, stream.encode) == (True, False, EncodeMode.AUTO)


async def test_start_without_a_target_says_how_to_add_one(control: Control) -> None:
    with pytest.raises(NotFound, match="Add one with /target add"):
        await control.start(ALICE, DEMO)


async def test_start_asks_which_of_several_targets(control: Control, main_target: str) -> None:
    await add_target(control, "backup")
    with pytest.raises(NeedsChoice, match=f"backup, {main_target}.*the to option"):
        await control.start(ALICE, DEMO)


async def test_start_takes_several_targets_in_any_case(control: Control, main_target: str) -> None:
    await add_target(control, "backup")
    wish = await control.start(ALICE, StartRequest("DEMO", to=" Backup ,main, main"))
    assert wish.targets == ("backup", main_target)


async def test_start_on_an_unknown_target_lists_those_there_are(control: Control, main_target: str) -> None:
    with pytest.raises(NotFound, match=f"no target 'nope'.*{main_target}"):
        await control.start(ALICE, StartRequest("demo", to="nope"))


@pytest.mark.parametrize("playlist", ["", "PL", "nonsense!", "https://example.com/list", "x" * 10_000])
@pytest.mark.usefixtures("main_target")
async def test_malformed_playlist_is_refused_and_nothing_is_kept(control: Control, playlist: str) -> None:
    with pytest.raises(UsageError) as refusal:
        await control.start(ALICE, StartRequest(playlist))
    assert len(str(refusal.value)) < 500
    assert await control.streams(1) == []


@pytest.mark.usefixtures("main_target")
async def test_mode_that_is_not_there_yet_is_refused(control: Control) -> None:
    with pytest.raises(UsageError, match="mode:direct"):
        await control.start(ALICE, StartRequest("demo", mode=ServeMode.HYBRID))


@pytest.mark.usefixtures("main_target")
async def test_endless_titles_are_trimmed(control: Control) -> None:
    wish = await control.start(ALICE, StartRequest("demo", title="  so\n" + "long " * 10_000))
    assert wish.title.startswith("so long")
    assert len(wish.title) == 100


async def test_second_start_on_a_target_names_the_stream_that_has_it(control: Control, main_target: str) -> None:
    await control.start(ALICE, StartRequest("demo", title="Night loop"))
    with pytest.raises(AlreadyOnAir, match=f"'{main_target}' is used by the stream 'Night loop'.*/stream stop"):
        await control.start(ALICE, StartRequest(PLAYLIST))


@pytest.mark.usefixtures("main_target")
async def test_of_racing_starts_on_one_target_exactly_one_wins(control: Control) -> None:
    starts = [control.start(ALICE, StartRequest(PLAYLIST, title=str(number))) for number in range(8)]
    results = await asyncio.gather(*starts, return_exceptions=True)
    winners = [result for result in results if isinstance(result, Wish)]
    assert len(winners) == 1
    assert sum(isinstance(result, AlreadyOnAir) for result in results) == 7
    assert [status.title for status in await control.streams(1)] == [winners[0].title]


@pytest.mark.usefixtures("main_target")
async def test_start_with_the_same_playlist_and_target_is_a_new_wish_for_its_stream(control: Control) -> None:
    first = await control.start(ALICE, StartRequest("demo", title="Night loop"))
    await control.stop(ALICE)
    second = await control.start(ALICE, StartRequest("demo", loop=False))
    assert (second.stream_id, second.wish, second.title) == (first.stream_id, 2, "Night loop")


async def test_start_with_other_targets_is_another_stream(control: Control, main_target: str) -> None:
    first = await control.start(ALICE, DEMO)
    await control.stop(ALICE)
    await add_target(control, "backup")
    second = await control.start(ALICE, StartRequest("demo", to=f"{main_target},backup"))
    assert second.stream_id != first.stream_id


@pytest.mark.usefixtures("main_target")
async def test_target_is_free_again_once_its_lineup_was_played(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, StartRequest("demo", loop=False))
    await engine.write_run(wish.stream_id, RunStatus.ENDED)
    await control.start(ALICE, StartRequest(PLAYLIST))


# Following


@pytest.mark.usefixtures("main_target")
async def test_follow_tells_every_step_and_ends_on_air(control: Control, engine: PaperEngine) -> None:
    await engine.beat()
    wish = await control.start(ALICE, DEMO)
    seen = []
    async with asyncio.timeout(10), aclosing(control.follow(wish.stream_id, wish.wish)) as statuses:
        async for status in statuses:
            seen.append(status.state.name)
            if not status.is_settled:
                await engine.write_run(wish.stream_id, list(RunStatus)[len(seen) - 1])
    assert seen == ["WAITING", "STARTING", "LISTING", "RESOLVING", "CONNECTING", "ON_AIR"]


@pytest.mark.usefixtures("main_target")
async def test_follow_ends_with_the_reason_when_the_run_fails(control: Control, engine: PaperEngine) -> None:
    await engine.beat()
    wish = await control.start(ALICE, DEMO)
    await engine.write_run(wish.stream_id, RunStatus.FAILED, reason="The playlist is private.")
    assert await states(control, wish) == [StreamState.FAILED]
    assert (await control.streams(1))[0].reason == "The playlist is private."


@pytest.mark.usefixtures("main_target")
async def test_follow_ends_when_somebody_stops_the_stream_first(control: Control, engine: PaperEngine) -> None:
    await engine.beat()
    wish = await control.start(ALICE, DEMO)
    await control.stop(ALICE)
    assert await states(control, wish) == [StreamState.OFF_AIR]


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("has_been_there", [False, True])
async def test_wish_without_an_engine_is_kept_and_says_what_to_do(
    control: Control, engine: PaperEngine, *, has_been_there: bool
) -> None:
    if has_been_there:
        await engine.beat(age_seconds=13)
    wish = await control.start(ALICE, DEMO)
    async with asyncio.timeout(10), aclosing(control.follow(wish.stream_id, wish.wish)) as statuses:
        first = await anext(statuses)
        assert first.state is StreamState.NO_ENGINE
        assert "No engine is running" in first.reason
        assert "make run" in first.reason
        await engine.bring_to_air(wish.stream_id)
        assert [status.state async for status in statuses][-1] is StreamState.ON_AIR


# Stopping


@pytest.mark.usefixtures("main_target")
async def test_stopping_the_stopped_does_no_harm(control: Control) -> None:
    await control.start(ALICE, DEMO)
    await control.stop(ALICE, "Demo")
    assert (await control.stop(ALICE, "Demo")).state is StreamState.OFF_AIR


@pytest.mark.usefixtures("main_target")
async def test_stream_on_air_is_stopping_until_the_engine_is_done(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    assert (await control.stop(ALICE)).state is StreamState.STOPPING
    await engine.write_run(wish.stream_id, RunStatus.STOPPED)
    assert (await control.status(1, "demo"))[0].state is StreamState.STOPPED


async def test_stop_without_any_stream_says_how_to_start_one(control: Control) -> None:
    with pytest.raises(NotFound, match="/stream start"):
        await control.stop(ALICE)


@pytest.mark.usefixtures("main_target")
async def test_unknown_stream_is_named_back(control: Control) -> None:
    await control.start(ALICE, DEMO)
    with pytest.raises(NotFound, match="no stream 'nope'"):
        await control.stop(ALICE, "nope")


async def test_stop_asks_which_of_several_on_air(control: Control, main_target: str) -> None:
    await add_target(control, "backup")
    first = await control.start(ALICE, StartRequest("demo", to=main_target, title="One"))
    await control.start(ALICE, StartRequest("demo", to="backup", title="Two"))
    with pytest.raises(NeedsChoice, match=r"'One' \(#1\), 'Two' \(#2\).*the stream option"):
        await control.stop(ALICE)
    assert (await control.stop(ALICE, f"#{first.stream_id}")).title == "One"
    assert (await control.stop(ALICE)).title == "Two"


# Skipping


@pytest.mark.usefixtures("main_target")
async def test_skip_brings_back_the_engines_answer(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    _, answer = await asyncio.gather(
        engine.take_command(CommandState.DONE, "Now playing Second."), control.skip(ALICE, "Demo")
    )
    assert answer == "Now playing Second."


@pytest.mark.usefixtures("main_target")
async def test_skip_that_the_engine_declines_says_why(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    with pytest.raises(WantedStateError, match="Nothing comes next"):
        await asyncio.gather(engine.take_command(CommandState.FAILED, "Nothing comes next."), control.skip(ALICE))


@pytest.mark.usefixtures("main_target", "nobody_answers")
async def test_skip_nobody_takes_expires_and_can_no_longer_be_taken(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await control.skip(ALICE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await engine.take_command(CommandState.DONE, "too late")


@pytest.mark.usefixtures("main_target")
async def test_skip_of_a_stream_off_air_is_declined_at_once(control: Control) -> None:
    await control.start(ALICE, DEMO)
    with pytest.raises(WantedStateError, match="'Demo' is not on air"):
        await control.skip(ALICE)


# Seeing


@pytest.mark.usefixtures("main_target")
async def test_status_joins_what_is_wanted_with_what_is(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    (status,) = await control.status(1)
    assert status.now_playing is not None
    assert (status.now_playing.title, status.next_title, status.start_seconds) == ("First", "Second", 1.5)
    assert [(target.name, target.state) for target in status.targets] == [("main", "live")]


async def test_idle_stream_sharing_a_target_does_not_borrow_its_light(
    control: Control, engine: PaperEngine, main_target: str
) -> None:
    await control.start(ALICE, StartRequest(PLAYLIST, title="Idle"))
    await control.stop(ALICE)
    wish = await control.start(ALICE, StartRequest("demo", title="Busy", to=main_target))
    await engine.bring_to_air(wish.stream_id)
    busy, idle = await control.streams(1)
    assert (busy.title, busy.targets[0].state) == ("Busy", "live")
    assert (idle.title, idle.targets[0].state) == ("Idle", None)


@pytest.mark.usefixtures("main_target")
async def test_suggestions_can_be_given_back_as_they_are(control: Control) -> None:
    await add_target(control, "backup")
    await control.start(ALICE, StartRequest("demo", to="main", title="Night " + "loop " * 30))
    (stream,) = await control.suggest_streams(1, "NIGHT")
    assert stream.facts == ("waiting for an engine",)
    assert (await control.stop(ALICE, stream.value)).title.startswith("Night")
    assert [each.value for each in await control.suggest_targets(1, "main, b")] == ["main, backup"]
    assert await control.suggest_streams(1, "nothing like it") == []


async def test_every_step_leaves_a_line_saying_who(control: Control, database: Database, main_target: str) -> None:
    await control.start(ALICE, DEMO)
    await control.stop(ALICE)
    async with database.session() as session:
        lines = (await session.exec(select(StreamLog.message).where(StreamLog.stream_id == 1))).all()
    assert lines == [f"Alice started it on {main_target}.", "Alice stopped it."]


# Guilds


@pytest.mark.usefixtures("main_target")
async def test_guilds_neither_see_nor_touch_each_others_things(control: Control, engine: PaperEngine) -> None:
    wish = await control.start(ALICE, DEMO)
    await engine.bring_to_air(wish.stream_id)
    assert await control.streams(2) == []
    assert await control.targets(2) == []
    assert await control.suggest_streams(2, "") == []
    assert await control.suggest_targets(2, "") == []
    for attempt in (
        control.start(MALLORY, StartRequest("demo", to="main")),
        control.stop(MALLORY, f"#{wish.stream_id}"),
        control.skip(MALLORY, "Demo"),
        control.status(2, "Demo"),
        control.remove_target(MALLORY, "main"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_guilds_may_use_the_same_names(control: Control, main_target: str) -> None:
    info = await control.add_target(MALLORY, main_target, TargetKind.KICK, "", Secret("sk_12345678_other"))
    assert (await control.targets(1))[0].key_hint != info.key_hint
