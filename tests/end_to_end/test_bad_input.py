"""What cannot work is told in one sentence and an exit code, at the console of whoever typed it."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from streaming.storage.database import migrate
from tests.end_to_end.processes import streaming
from tests.end_to_end.videos import small
from tests.standins.clips import render
from tests.standins.ingest import Ingest
from tests.standins.youtube import VideoState, YouTube

KEY = "planted-9f3c-key-4711"
EMPTY, HOPELESS = "PLemptyemptyempty", "PLhopelesshopeless"
NOBODY_HOME = "rtmp://127.0.0.1:9/live"


@dataclass(frozen=True, slots=True)
class Case:
    """A command, what it should end with, and words it should say."""

    command: str
    code: int
    words: tuple[str, ...]
    settings: str = ""
    prepare: Callable[[Path], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it said and left."""

    code: int
    output: str
    errors: str
    children_left: int


def database_from_the_future(folder: Path) -> None:
    data = folder / "data"
    migrate(f"sqlite+aiosqlite:///{data / 'nonstop.db'}")
    with closing(sqlite3.connect(data / "nonstop.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()


def file_where_the_data_belong(folder: Path) -> None:
    (folder / "data").write_text("in the way")


CASES = {
    "unreachable ingest": Case(f"play {{clip}} --to {NOBODY_HOME}/{KEY}", 69, ("The ingest cannot be reached.",)),
    "malformed id": Case("play PL!nonsense --to {ingest}", 2, ("“PL!nonsense”", "playlist?list=PL")),
    "unknown playlist": Case(
        "play PLnowherenowhere --to {ingest}", 1, ("There is no such playlist, or it is private.",)
    ),
    "empty playlist": Case(f"play {EMPTY} --to {{ingest}}", 1, ("playlist is empty.",)),
    "nothing playable": Case(f"play {HOPELESS} --to {{ingest}}", 1, ("Nothing in this playlist can be played.",)),
    "no such file": Case("play ./nowhere.mp4 --to {ingest}", 1, ("nowhere.mp4",)),
    "not an ingest": Case("play {clip} --to http://127.0.0.1/live", 2, ("is not the URL of an ingest.",)),
    "no such profile": Case("play {clip} --profile 721p", 2, ("'721p'", "720p30")),
    "refused key": Case("play {clip} --to {refusing}", 69, ("The ingest refuses the stream key.",)),
    "no FFmpeg": Case(
        "play {clip} --to {ingest}",
        78,
        ("streaming.ffmpeg names a program that cannot be run: /nowhere/ffmpeg.",),
        '[streaming]\nffmpeg = "/nowhere/ffmpeg"',
    ),
    "not FFmpeg": Case("run", 78, ("This is not FFmpeg: /bin/true.",), '[streaming]\nffmpeg = "/bin/true"'),
    "unknown settings": Case(
        "run",
        78,
        ("streaming.led_seconds; did you mean streaming.lead_seconds?", "streaming.lead_seconds"),
        "[streaming]\nled_seconds = 1\nlead_seconds = 1",
    ),
    "unwritable data folder": Case("run", 78, ("cannot be written",), prepare=file_where_the_data_belong),
    "database from the future": Case("run", 78, ("made by a newer Nonstop",), prepare=database_from_the_future),
    "temporary folder that is not there": Case(
        "run", 78, ("Cannot create a working folder in /nowhere", "temp_dir"), '[streaming]\ntemp_dir = "/nowhere"'
    ),
    "temporary folder too deep for sockets": Case(
        "play {clip} --to {ingest}",
        78,
        ("too long for the sockets", "temp_dir"),
        f'[streaming]\ntemp_dir = "{"deep/" * 20}"',
        prepare=lambda folder: (folder / ("deep/" * 20)).mkdir(parents=True),
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outcomes(
    running_youtube: YouTube, clips: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcome]:
    """What came of every case. They run side by side, for most of the time of each is Python's start."""
    await set_up_playlists(running_youtube)
    clip = await asyncio.to_thread(render, clips, small(1, seconds=2.0)[0])
    few = asyncio.Semaphore(6)
    place = tmp_path_factory.mktemp("mistakes")
    async with Ingest() as ingest:
        ingest.refuse_key(KEY)

        places = {"clip": clip, "ingest": ingest.url("open"), "refusing": ingest.url(KEY)}

        async def outcome(case: Case, folder: Path) -> Outcome:
            async with few:
                return await run(case, folder, running_youtube, case.command.format(**places))

        folders = [place / str(number) for number in range(len(CASES))]
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(outcome(*each)) for each in zip(CASES.values(), folders, strict=True)]
        assert ingest.sessions == []
    return dict(zip(CASES, (task.result() for task in running), strict=True))


async def set_up_playlists(youtube: YouTube) -> None:
    await youtube.reset()
    await youtube.add_video("privatevide", "Secret", state=VideoState.PRIVATE)
    await youtube.add_video("agegatevide", "Late", state=VideoState.AGE_GATED)
    await youtube.add_playlist(EMPTY, "Empty", [])
    await youtube.add_playlist(HOPELESS, "Hopeless", ["privatevide", "agegatevide"])


async def run(case: Case, folder: Path, youtube: YouTube, command: str) -> Outcome:
    await asyncio.to_thread(set_up, case, folder, youtube)
    async with streaming(*command.split(), folder=folder) as process:
        code = await process.finished()
        return Outcome(code, process.output, process.errors, len(process.tree()))


def set_up(case: Case, folder: Path, youtube: YouTube) -> None:
    folder.mkdir()
    reach = f'[youtube]\nproxy = "{youtube.proxy_url}"\nca_file = "{youtube.ca_file}"\n'
    (folder / "config.toml").write_text(reach + case.settings)
    case.prepare(folder)


@pytest.mark.parametrize("name", CASES)
def test_mistake_gets_its_sentence_and_its_code(name: str, outcomes: dict[str, Outcome]) -> None:
    case, outcome = CASES[name], outcomes[name]
    said = outcome.errors.splitlines()
    assert outcome.code == case.code, outcome.output
    assert said, outcome.output
    assert all(line.startswith("nonstop: ") for line in said), outcome.output
    assert all(words in outcome.errors for words in case.words), outcome.output
    assert "Traceback" not in outcome.output
    assert KEY not in outcome.output
    assert outcome.children_left == 0
