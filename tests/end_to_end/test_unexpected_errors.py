"""What happens to a stream when a part of it fails in a way nobody foresaw: nothing that its viewers would see."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from streaming.bitstream.matroska import Cluster
from streaming.lineup.lineup import Lineup
from streaming.model.backoff import Backoff
from streaming.model.errors import PlaylistError
from streaming.model.items import Item, Playlist
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.output.uplink import Uplink
from streaming.playlists.files import FilesPlaylist
from streaming.playout import playlist_reader, slate_maker, uplinks
from streaming.playout import playout as playouts
from streaming.playout.cuer import Cuer
from streaming.playout.health import HealthMonitor
from streaming.playout.sequencer import Sequencer
from streaming.process.supervision import GivenUp, RestartPolicy
from streaming.timeline.writer import ProgramWriter
from tests.end_to_end.playouts import OnAir, files, on_air
from tests.end_to_end.videos import small
from tests.standins.clips import ClipSpec, render
from tests.standins.ingest import Ingest
from tests.standins.recording import Showing, frames, showings

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

PATIENCE_SECONDS = 60.0
PLANTED = "planted-9f3c"
SPECS = small(2, seconds=3.0)


class Failing:
    """A method that raises so many times, and then does what it always did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, times: float = 1) -> None:
        self.failures = 0
        method: Callable[..., Any] = getattr(owner, name)

        def failing(*arguments: Any, **options: Any) -> Any:
            if self.failures < times:
                self.failures += 1
                raise KeyError(PLANTED)
            return method(*arguments, **options)

        monkeypatch.setattr(owner, name, failing)


class BrokenListing(FilesPlaylist):
    """A listing that breaks off behind its first item, or before it, again and again."""

    def __init__(self, references: Sequence[str], error: Exception, times: int, *, known: int = 1) -> None:
        super().__init__(references)
        self._error = error
        self._times = times
        self._known = known

    async def items(self) -> AsyncIterator[Item]:
        number = 0
        async for item in super().items():
            number += 1
            if number > self._known and self._times:
                self._times -= 1
                raise self._error
            yield item


async def played(playlist: Playlist, title: str = "A test") -> tuple[Ingest, OnAir]:
    """Plays to the end of the lineup."""
    async with Ingest() as ingest, on_air(playlist, ingest.url("key"), title=title) as stream:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.playing
    return ingest, stream


def seen(ingest: Ingest, place: Path, specs: Sequence[ClipSpec] = SPECS) -> list[Showing]:
    """What was shown, all in one publication."""
    (session,) = ingest.sessions
    return showings(frames(session.to_flv(place / "seen.flv")), list(specs))


def shown(ingest: Ingest, place: Path, specs: Sequence[ClipSpec] = SPECS) -> list[tuple[int, bool]]:
    """The clips in the order of their showing, and whether each was whole."""
    return [(showing.clip_number, showing.is_whole) for showing in seen(ingest, place, specs)]


def told(stream: OnAir, level: LogLevel = LogLevel.ERROR) -> list[str]:
    assert all(PLANTED not in line for _, line in stream.lines), "what an exception says is for the process log"
    return [line for each, line in stream.lines if each is level]


@pytest.mark.parametrize(
    "part",
    [
        (HealthMonitor, "check", "The health monitor"),
        (playouts.Playout, "_follow", "The status report"),
        (playouts.Playout, "_prepare_slate", "The slate"),
    ],
)
async def test_an_auxiliary_part_that_fails_again_and_again_is_told_once_and_costs_no_picture(
    part: tuple[type, str, str], monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path
) -> None:
    owner, name, subject = part
    failing = Failing(monkeypatch, owner, name, times=float("inf"))
    ingest, stream = await played(files(clips, SPECS))
    assert failing.failures >= 2
    assert shown(ingest, place) == [(1, True), (2, True)]
    (sentence,) = told(stream)
    assert sentence.startswith(subject)


async def test_a_slate_that_cannot_be_drawn_is_done_without(
    monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path
) -> None:
    Failing(monkeypatch, slate_maker, "render", times=float("inf"))
    ingest, stream = await played(files(clips, SPECS))
    assert shown(ingest, place) == [(1, True), (2, True)]
    assert told(stream) == []
    assert "The slate cannot be drawn with its text." in told(stream, LogLevel.WARNING)


@pytest.mark.parametrize("title", ["half \ud83d of a sign", "NUL \0 and \x1b[31m", "%{pts} ' : \\ \n" * 20])
async def test_any_title_is_drawn(title: str, clips: Path, place: Path) -> None:
    ingest, stream = await played(files(clips, SPECS[:1]), title)
    assert shown(ingest, place, SPECS[:1]) == [(1, True)]
    assert [line for line in told(stream, LogLevel.WARNING) if "slate" in line] == []


async def test_files_whose_names_are_no_utf8_play_from_a_folder(clips: Path, place: Path) -> None:
    folder = place / "media"
    folder.mkdir()
    for spec, name in zip(SPECS, (b"1 Caf\xe9.mp4", b"2 \xff\xfe \x1b.mp4"), strict=True):
        clip = await asyncio.to_thread(render, clips, spec)
        await asyncio.to_thread(shutil.copy, clip, os.fsdecode(os.fsencode(folder) + b"/" + name))
    ingest, stream = await played(FilesPlaylist([str(folder)]))
    assert shown(ingest, place) == [(1, True), (2, True)]
    assert "Now playing “1 Café”." in told(stream, LogLevel.INFO)


@pytest.mark.parametrize("error", [KeyError(PLANTED), PlaylistError(Message("There is no such playlist."))])
async def test_a_listing_that_fails_behind_its_first_page_goes_on(error: Exception, clips: Path, place: Path) -> None:
    references = [str(await asyncio.to_thread(render, clips, spec)) for spec in SPECS]
    ingest, _ = await played(BrokenListing(references, error, times=2))
    first, *_, last = shown(ingest, place)  # what was good before may play again meanwhile
    assert (first, last) == ((1, True), (2, True))


async def test_a_list_that_was_played_before_is_waited_for_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, clips: Path
) -> None:
    monkeypatch.setattr(playlist_reader, "_RETRY_SECONDS", (0.01, 0.02))
    references = [str(await asyncio.to_thread(render, clips, spec)) for spec in SPECS]
    playlist = BrokenListing(
        references, PlaylistError(Message("There is no such playlist, or it is private.")), 100, known=0
    )
    cursor = Lineup(loop=False, shuffle=False, random=Random(0))
    cursor.add([item async for item in FilesPlaylist(references).items()])
    cursor.advance()
    async with Ingest() as ingest, on_air(playlist, ingest.url("key"), cursor=cursor.cursor()) as stream:
        await ingest.first_media("key", timeout_seconds=PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.playing
    assert sum(line.startswith("The playlist cannot be read now") for _, line in stream.lines) == 1


async def test_a_listing_that_cannot_be_read_to_its_end_leaves_what_is_known(clips: Path, place: Path) -> None:
    references = [str(await asyncio.to_thread(render, clips, spec)) for spec in SPECS]
    ingest, stream = await played(BrokenListing(references, KeyError(PLANTED), times=1000))
    assert shown(ingest, place)[0] == (1, True)
    assert any(line.endswith("the part that was read plays on.") for line in told(stream, LogLevel.WARNING))


async def test_what_fails_while_an_item_is_fed_loses_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add, added = ProgramWriter.add, []

    def overflow_once(self: ProgramWriter, cluster: Cluster) -> None:
        added.append(cluster)
        if len(added) == 5:
            raise OverflowError(PLANTED)
        add(self, cluster)

    monkeypatch.setattr(ProgramWriter, "add", overflow_once)
    ingest, stream = await played(files(clips, SPECS))
    first, second = seen(ingest, place)
    assert (first.lost, first.lost_before, first.lost_after, second.is_whole) == ((), 0, 0, True)
    assert any("unexpected error" in line for line in told(stream, LogLevel.WARNING)), stream.lines
    assert PLANTED in caplog.text


async def test_an_item_that_cannot_be_prepared_for_no_known_reason_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path
) -> None:
    playlist = files(clips, SPECS)
    resolve = playlist.resolve

    async def fail_for_the_first(item: Item, **options: Any) -> Any:
        if item.key == str(playlist._references[0]):  # type: ignore[attr-defined]
            raise KeyError(PLANTED)
        return await resolve(item, **options)

    monkeypatch.setattr(playlist, "resolve", fail_for_the_first)
    ingest, stream = await played(playlist)
    assert shown(ingest, place) == [(2, True)]
    assert any("Skipped" in line and "unexpected error" in line for line in told(stream, LogLevel.WARNING))


@pytest.mark.parametrize(
    "part",
    [
        (Cuer, "next", "The sequencer"),
        (Sequencer, "_is_over", "The sequencer"),
        (Uplink, "_publish", "The uplink to target 1"),
    ],
)
async def test_an_essential_part_that_fails_twice_is_begun_again(
    part: tuple[type, str, str], monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path
) -> None:
    owner, name, subject = part
    failing = Failing(monkeypatch, owner, name, times=2)
    ingest, stream = await played(files(clips, SPECS))
    assert failing.failures == 2
    assert shown(ingest, place) == [(1, True), (2, True)]
    (sentence,) = told(stream)
    assert sentence.startswith(subject)


async def test_an_essential_part_that_cannot_be_kept_at_work_ends_the_run_for_no_final_reason(
    monkeypatch: pytest.MonkeyPatch, clips: Path
) -> None:
    Failing(monkeypatch, Cuer, "next", times=float("inf"))
    monkeypatch.setattr(playouts, "_ESSENTIAL", RestartPolicy(Backoff(0.01, 30.0), limit=3))
    with pytest.raises(ExceptionGroup) as raised:
        await played(files(clips, SPECS))
    assert [type(error) for error in raised.value.exceptions] == [GivenUp]


async def test_one_uplink_that_cannot_be_kept_at_work_does_not_end_the_others(
    monkeypatch: pytest.MonkeyPatch, clips: Path, place: Path
) -> None:
    publish = Uplink._publish

    async def fail_for_the_second(self: Uplink) -> Any:
        if self.destination.name == "target 2":
            raise KeyError(PLANTED)
        return await publish(self)

    monkeypatch.setattr(Uplink, "_publish", fail_for_the_second)
    monkeypatch.setattr(playouts, "_ESSENTIAL", RestartPolicy(Backoff(0.5, 0.5), limit=3))
    monkeypatch.setattr(uplinks, "_STRAGGLER_SECONDS", 0.1)
    async with Ingest() as ingest, on_air(files(clips, SPECS), ingest.url("key"), ingest.url("other")) as stream:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.playing
    assert shown(ingest, place) == [(1, True), (2, True)]
