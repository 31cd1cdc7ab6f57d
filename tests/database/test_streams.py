"""What commands may ask of streams, and what they get told instead."""

import asyncio
from contextlib import aclosing

import pytest
from sqlmodel import select

from streaming.model.errors import AlreadyOnAir, NeedsChoice, NotFound, ServiceUnavailable, UsageError, WantedStateError
from streaming.model.states import CommandState, EncodeMode, RunStatus, ServeMode, StreamSource, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import StartRequest
from streaming.services.streams import StartedStream
from streaming.storage.database import Database
from streaming.storage.tables import Stream, StreamLog
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

PLAYLIST = "PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-"
DEMO = StartRequest("demo")


async def add_target(services: Services, name: str) -> None:
    await services.targets.add(ALICE, name, TargetKind.TWITCH, "", Secret(f"live_12345678_{name}"))


async def states(services: Services, started: StartedStream) -> list[StreamState]:
    async with (
        asyncio.timeout(10),
        aclosing(services.streams.follow(started.stream_id, started.generation)) as statuses,
    ):
        return [status.state async for status in statuses]


# Starting


async def test_start_writes_down_a_wish_with_plain_defaults(
    services: Services, database: Database, main_target: str
) -> None:
    started = await services.streams.start(ALICE, StartRequest(f"https://www.youtube.com/playlist?list={PLAYLIST}"))
    assert (started.generation, started.title, started.targets) == (1, f"Playlist {PLAYLIST}", (main_target,))
    async with database.session() as session:
        stream = await session.get_one(Stream, started.stream_id)
    assert (stream.guild_id, stream.owner_id, stream.playlist_id) == (1, 10, PLAYLIST)
    assert (stream.source, stream.serve_mode) == (StreamSource.PLAYLIST, ServeMode.DIRECT)
    assert (stream.is_looped, stream.is_shuffled, stream.encode) == (True, False, EncodeMode.AUTO)


async def test_start_without_a_target_says_how_to_add_one(services: Services) -> None:
    with pytest.raises(NotFound, match="Add one with /target add"):
        await services.streams.start(ALICE, DEMO)


async def test_start_asks_which_of_several_targets(services: Services, main_target: str) -> None:
    await add_target(services, "backup")
    with pytest.raises(NeedsChoice, match=f"backup, {main_target}.*with to:"):
        await services.streams.start(ALICE, DEMO)


async def test_start_takes_several_targets_in_any_case(services: Services, main_target: str) -> None:
    await add_target(services, "backup")
    started = await services.streams.start(ALICE, StartRequest("DEMO", to=" Backup ,main, main"))
    assert started.targets == ("backup", main_target)


async def test_start_on_an_unknown_target_lists_those_there_are(services: Services, main_target: str) -> None:
    with pytest.raises(NotFound, match=f"no target “nope”.*{main_target}"):
        await services.streams.start(ALICE, StartRequest("demo", to="nope"))


@pytest.mark.parametrize("playlist", ["", "PL", "nonsense!", "https://example.com/list", "x" * 10_000])
@pytest.mark.usefixtures("main_target")
async def test_malformed_playlist_is_refused_and_nothing_is_kept(services: Services, playlist: str) -> None:
    with pytest.raises(UsageError) as refusal:
        await services.streams.start(ALICE, StartRequest(playlist))
    assert len(str(refusal.value)) < 500
    assert await services.streams.all(1) == []


@pytest.mark.usefixtures("main_target")
async def test_mode_that_is_not_there_yet_is_refused(services: Services) -> None:
    with pytest.raises(UsageError, match="mode:direct"):
        await services.streams.start(ALICE, StartRequest("demo", mode=ServeMode.HYBRID))


@pytest.mark.usefixtures("main_target")
async def test_endless_titles_are_trimmed(services: Services) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo", title="  so\n" + "long " * 10_000))
    assert started.title.startswith("so long")
    assert len(started.title) == 100


async def test_second_start_on_a_target_names_the_stream_that_has_it(services: Services, main_target: str) -> None:
    await services.streams.start(ALICE, StartRequest("demo", title="Night loop"))
    with pytest.raises(AlreadyOnAir, match=f"“{main_target}” is used by the stream “Night loop”.*/stream stop"):
        await services.streams.start(ALICE, StartRequest(PLAYLIST))


@pytest.mark.usefixtures("main_target")
async def test_of_racing_starts_on_one_target_exactly_one_wins(services: Services) -> None:
    starts = [services.streams.start(ALICE, StartRequest(PLAYLIST, title=str(number))) for number in range(8)]
    results = await asyncio.gather(*starts, return_exceptions=True)
    winners = [result for result in results if isinstance(result, StartedStream)]
    assert len(winners) == 1
    assert sum(isinstance(result, AlreadyOnAir) for result in results) == 7
    assert [status.title for status in await services.streams.all(1)] == [winners[0].title]


@pytest.mark.usefixtures("main_target")
async def test_start_with_the_same_playlist_and_target_is_a_new_wish_for_its_stream(services: Services) -> None:
    first = await services.streams.start(ALICE, StartRequest("demo", title="Night loop"))
    await services.streams.stop(ALICE)
    second = await services.streams.start(ALICE, StartRequest("demo", loop=False))
    assert (second.stream_id, second.generation, second.title) == (first.stream_id, 2, "Night loop")


async def test_start_with_other_targets_is_another_stream(services: Services, main_target: str) -> None:
    first = await services.streams.start(ALICE, DEMO)
    await services.streams.stop(ALICE)
    await add_target(services, "backup")
    second = await services.streams.start(ALICE, StartRequest("demo", to=f"{main_target},backup"))
    assert second.stream_id != first.stream_id


@pytest.mark.usefixtures("main_target")
async def test_target_is_free_again_once_its_lineup_was_played(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo", loop=False))
    await engine.write_run(started.stream_id, RunStatus.ENDED)
    await services.streams.start(ALICE, StartRequest(PLAYLIST))


# Following


@pytest.mark.usefixtures("main_target")
async def test_follow_tells_every_step_and_ends_on_air(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    started = await services.streams.start(ALICE, DEMO)
    seen = []
    async with (
        asyncio.timeout(10),
        aclosing(services.streams.follow(started.stream_id, started.generation)) as statuses,
    ):
        async for status in statuses:
            seen.append(status.state.name)
            if not status.is_settled:
                await engine.write_run(started.stream_id, list(RunStatus)[len(seen) - 1])
    assert seen == ["WAITING", "STARTING", "LISTING", "RESOLVING", "CONNECTING", "ON_AIR"]


@pytest.mark.usefixtures("main_target")
async def test_follow_ends_with_the_reason_when_the_run_fails(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    started = await services.streams.start(ALICE, DEMO)
    await engine.write_run(started.stream_id, RunStatus.FAILED, reason="The playlist is private.")
    assert await states(services, started) == [StreamState.FAILED]
    assert (await services.streams.all(1))[0].reason == "The playlist is private."


@pytest.mark.usefixtures("main_target")
async def test_follow_ends_when_somebody_stops_the_stream_first(services: Services, engine: PaperEngine) -> None:
    await engine.beat()
    started = await services.streams.start(ALICE, DEMO)
    await services.streams.stop(ALICE)
    assert await states(services, started) == [StreamState.OFF_AIR]


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("has_been_there", [False, True])
async def test_wish_without_an_engine_is_kept_and_says_what_to_do(
    services: Services, engine: PaperEngine, *, has_been_there: bool
) -> None:
    if has_been_there:
        await engine.beat(age_seconds=13)
    started = await services.streams.start(ALICE, DEMO)
    async with (
        asyncio.timeout(10),
        aclosing(services.streams.follow(started.stream_id, started.generation)) as statuses,
    ):
        first = await anext(statuses)
        assert first.state is StreamState.NO_ENGINE
        assert "No engine is running" in first.reason
        assert "make run" in first.reason
        await engine.bring_to_air(started.stream_id)
        assert [status.state async for status in statuses][-1] is StreamState.ON_AIR


# Stopping


@pytest.mark.usefixtures("main_target")
async def test_stopping_the_stopped_does_no_harm(services: Services) -> None:
    await services.streams.start(ALICE, DEMO)
    await services.streams.stop(ALICE, "Demo")
    assert (await services.streams.stop(ALICE, "Demo")).state is StreamState.OFF_AIR


@pytest.mark.usefixtures("main_target")
async def test_stream_on_air_is_stopping_until_the_engine_is_done(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    assert (await services.streams.stop(ALICE)).state is StreamState.STOPPING
    await engine.write_run(started.stream_id, RunStatus.STOPPED)
    assert (await services.streams.statuses(1, "demo"))[0].state is StreamState.STOPPED


async def test_stop_without_any_stream_says_how_to_start_one(services: Services) -> None:
    with pytest.raises(NotFound, match="/stream start"):
        await services.streams.stop(ALICE)


@pytest.mark.usefixtures("main_target")
async def test_unknown_stream_is_named_back(services: Services) -> None:
    await services.streams.start(ALICE, DEMO)
    with pytest.raises(NotFound, match="no stream “nope”"):
        await services.streams.stop(ALICE, "nope")


async def test_stop_asks_which_of_several_on_air(services: Services, main_target: str) -> None:
    await add_target(services, "backup")
    first = await services.streams.start(ALICE, StartRequest("demo", to=main_target, title="One"))
    await services.streams.start(ALICE, StartRequest("demo", to="backup", title="Two"))
    with pytest.raises(NeedsChoice, match=r"'One' \(#1\), 'Two' \(#2\).*with stream:"):
        await services.streams.stop(ALICE)
    assert (await services.streams.stop(ALICE, f"#{first.stream_id}")).title == "One"
    assert (await services.streams.stop(ALICE)).title == "Two"


# Skipping


@pytest.mark.usefixtures("main_target")
async def test_skip_brings_back_the_engines_answer(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    _, answer = await asyncio.gather(
        engine.take_command(CommandState.DONE, "Now playing Second."), services.queue.skip(ALICE, "Demo")
    )
    assert answer == "Now playing Second."


@pytest.mark.usefixtures("main_target")
async def test_skip_that_the_engine_declines_says_why(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    with pytest.raises(WantedStateError, match="Nothing comes next"):
        await asyncio.gather(
            engine.take_command(CommandState.FAILED, "Nothing comes next."), services.queue.skip(ALICE)
        )


@pytest.mark.usefixtures("main_target", "nobody_answers")
async def test_skip_nobody_takes_expires_and_can_no_longer_be_taken(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await services.queue.skip(ALICE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await engine.take_command(CommandState.DONE, "too late")


@pytest.mark.usefixtures("main_target")
async def test_skip_of_a_stream_off_air_is_declined_at_once(services: Services) -> None:
    await services.streams.start(ALICE, DEMO)
    with pytest.raises(WantedStateError, match="“Demo” is not on air"):
        await services.queue.skip(ALICE)


# Seeing


@pytest.mark.usefixtures("main_target")
async def test_status_joins_what_is_wanted_with_what_is(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    (status,) = await services.streams.statuses(1)
    assert status.now_playing is not None
    assert (status.now_playing.title, status.next_title, status.start_seconds) == ("First", "Second", 1.5)
    assert [(target.name, target.state) for target in status.targets] == [("main", "live")]


async def test_idle_stream_sharing_a_target_does_not_borrow_its_light(
    services: Services, engine: PaperEngine, main_target: str
) -> None:
    await services.streams.start(ALICE, StartRequest(PLAYLIST, title="Idle"))
    await services.streams.stop(ALICE)
    started = await services.streams.start(ALICE, StartRequest("demo", title="Busy", to=main_target))
    await engine.bring_to_air(started.stream_id)
    busy, idle = await services.streams.all(1)
    assert (busy.title, busy.targets[0].state) == ("Busy", "live")
    assert (idle.title, idle.targets[0].state) == ("Idle", None)


@pytest.mark.usefixtures("main_target")
async def test_suggestions_can_be_given_back_as_they_are(services: Services) -> None:
    await add_target(services, "backup")
    await services.streams.start(ALICE, StartRequest("demo", to="main", title="Night " + "loop " * 30))
    (stream,) = await services.streams.suggest(1, "NIGHT")
    assert stream.facts == ("waiting for an engine",)
    assert (await services.streams.stop(ALICE, stream.value)).title.startswith("Night")
    assert [each.value for each in await services.targets.suggest(1, "main, b")] == ["main, backup"]
    assert await services.streams.suggest(1, "nothing like it") == []


async def test_every_step_leaves_a_line_saying_who(services: Services, database: Database, main_target: str) -> None:
    await services.streams.start(ALICE, DEMO)
    await services.streams.stop(ALICE)
    async with database.session() as session:
        lines = (await session.exec(select(StreamLog.message).where(StreamLog.stream_id == 1))).all()
    assert lines == [f"Alice started it on {main_target}.", "Alice stopped it."]


# Guilds


@pytest.mark.usefixtures("main_target")
async def test_guilds_neither_see_nor_touch_each_others_things(services: Services, engine: PaperEngine) -> None:
    started = await services.streams.start(ALICE, DEMO)
    await engine.bring_to_air(started.stream_id)
    assert await services.streams.all(2) == []
    assert await services.targets.all(2) == []
    assert await services.streams.suggest(2, "") == []
    assert await services.targets.suggest(2, "") == []
    for attempt in (
        services.streams.start(MALLORY, StartRequest("demo", to="main")),
        services.streams.stop(MALLORY, f"#{started.stream_id}"),
        services.queue.skip(MALLORY, "Demo"),
        services.streams.statuses(2, "Demo"),
        services.targets.remove(MALLORY, "main"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_guilds_may_use_the_same_names(services: Services, main_target: str) -> None:
    info = await services.targets.add(MALLORY, main_target, TargetKind.KICK, "", Secret("sk_12345678_other"))
    assert (await services.targets.all(1))[0].key_hint != info.key_hint
