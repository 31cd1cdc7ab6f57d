"""The queue in the database as the engine writes it: in parts, what changed alone, and never less than there was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from streaming.engine.queue_writer import QueueWritten, write_queue
from streaming.model.items import Item
from streaming.model.states import RunStatus
from streaming.playout.snapshot import QueuePart
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import QueueItem, RunLive
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine


@dataclass
class PaperPlayout:
    """As much of a playout as its queue is read from."""

    count: int
    is_listed: bool = False
    removed: frozenset[str] = frozenset()
    upcoming: tuple[str, ...] = ()
    renamed: str = "Title"
    list_version: int = 0
    items: Sequence[Item] = ()

    async def queue(self, start: int, count: int) -> QueuePart:
        items = self.items or [Item(f"key{number}", f"{self.renamed} {number}") for number in range(self.count)]
        return QueuePart(
            items=tuple(items[start : start + count]),
            length=len(items),
            list_version=self.list_version,
            is_listed=self.is_listed,
            title="Quiet hours",
            removed=self.removed,
            upcoming=self.upcoming,
        )


@pytest.fixture
async def run_id(services: Services, engine: PaperEngine, main_target: str) -> int:
    await services.streams.start(ALICE, StartRequest("demo", to=main_target))
    return await engine.write_run(1, RunStatus.ON_AIR)


async def written(
    database: Database, run_id: int, playout: PaperPlayout, before: QueueWritten | None = None
) -> QueueWritten:
    """Writes until nothing is left to write."""
    now = before or QueueWritten()
    while True:
        async with database.session() as session:
            now = await write_queue(session, 1, run_id, cast("Any", playout), now)
            await session.commit()
        if not now.is_behind(await playout.queue(0, 0)):
            return now


async def rows(database: Database) -> list[QueueItem]:
    async with database.session() as session:
        return list(await session.exec(select(QueueItem).order_by(col(QueueItem.place))))


async def test_ten_thousand_entries_are_written_in_parts_in_their_order(database: Database, run_id: int) -> None:
    await written(database, run_id, PaperPlayout(10_000, is_listed=True))
    entries = await rows(database)
    assert [entry.key for entry in entries] == [f"key{number}" for number in range(10_000)]


async def test_only_what_changed_is_written_again(database: Database, run_id: int) -> None:
    before = await written(database, run_id, PaperPlayout(50))
    statements: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    now = await written(database, run_id, PaperPlayout(50), before)
    await written(database, run_id, PaperPlayout(50))
    assert now == before
    assert not [statement for statement in statements if not statement.startswith("SELECT")]


async def test_a_new_listing_replaces_the_old_one_when_it_is_complete(database: Database, run_id: int) -> None:
    await written(database, run_id, PaperPlayout(20, is_listed=True))
    playout = PaperPlayout(5, renamed="New")
    now = await written(database, run_id, playout)
    assert [entry.title for entry in await rows(database)][4:6] == ["New 4", "Title 5"]
    playout.is_listed = True
    await written(database, run_id, playout, now)
    assert len(await rows(database)) == 5


async def test_what_is_removed_and_brought_back_is_marked(database: Database, run_id: int) -> None:
    playout = PaperPlayout(3, removed=frozenset({"key1"}))
    now = await written(database, run_id, playout)
    assert [entry.is_removed for entry in await rows(database)] == [False, True, False]
    playout.removed = frozenset({"key2"})
    await written(database, run_id, playout, now)
    assert [entry.is_removed for entry in await rows(database)] == [False, False, True]


async def test_what_comes_next_is_in_the_run(database: Database, run_id: int) -> None:
    await written(database, run_id, PaperPlayout(2, upcoming=("key1", "key0")))
    async with database.session() as session:
        assert (await session.get_one(RunLive, run_id)).upcoming == '["key1", "key0"]'


async def test_saved_playlist_learns_its_title_and_count_once_it_is_listed(
    database: Database, services: Services, engine: PaperEngine, main_target: str
) -> None:
    playlist = "PLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    for guild in (ALICE, MALLORY):
        await services.playlists.add(guild, playlist, "Night")
    await services.streams.start(ALICE, StartRequest("Night", to=main_target))
    run_id = await engine.write_run(1, RunStatus.ON_AIR)
    await written(database, run_id, PaperPlayout(3))
    (known,) = await services.playlists.all(ALICE.guild_id)
    assert (known.title, known.items_listed) == ("", None)
    await written(database, run_id, PaperPlayout(3, is_listed=True))
    (known,) = await services.playlists.all(ALICE.guild_id)
    assert (known.name, known.title, known.items_listed) == ("Night", "Quiet hours", 3)
    (others,) = await services.playlists.all(MALLORY.guild_id)
    assert others.items_listed is None


async def test_a_list_that_was_read_anew_is_written_anew(database: Database, run_id: int) -> None:
    before = await written(database, run_id, PaperPlayout(2_500, is_listed=True, removed=frozenset({"key7"})))
    playout = PaperPlayout(2_400, is_listed=True, removed=frozenset({"key8"}), renamed="New", list_version=1)
    assert before.is_behind(await playout.queue(0, 0))
    now = await written(database, run_id, playout, before)
    entries = await rows(database)
    assert (len(entries), now.entries, now.is_complete) == (2_400, 2_400, True)
    assert [entry.title for entry in entries[:2]] == ["New 0", "New 1"]
    assert [entry.key for entry in entries if entry.is_removed] == ["key8"]


async def test_each_occurrence_is_an_entry_of_its_own(database: Database, run_id: int) -> None:
    playout = PaperPlayout(0, is_listed=True, removed=frozenset({"2:a"}), upcoming=("b", "3:a"))
    items = [Item("a", "A"), Item("a", "A", occurrence=2), Item("b", "B"), Item("a", "A", occurrence=3)]
    playout.items = items
    await written(database, run_id, playout)
    assert [(entry.key, entry.is_removed) for entry in await rows(database)] == [
        ("a", False),
        ("2:a", True),
        ("b", False),
        ("3:a", False),
    ]
