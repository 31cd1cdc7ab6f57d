"""Migration 0005: everything a database of schema 0004 holds is there afterwards, under the new names."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from streaming.storage.database import migrate
from tests.database.test_migrations import alembic, url_of

Row = dict[str, Any]

LIVE = (
    *("heartbeat_at", "cursor", "item_key", "item_title", "item_link", "item_duration_seconds", "position_seconds"),
    *("next_title", "upcoming", "items_played", "items_listed", "is_copy", "treatment", "urls_expire_at"),
    *("rerun_seconds", "slate_seconds"),
)
NEW_NAMES: Mapping[str, Mapping[str, str]] = {
    "stream": {
        "stream_source": "source",
        "playlist_serve_mode": "serve_mode",
        "shuffle_playlist": "is_shuffled",
        "loop_enabled": "is_looped",
        "wish": "generation",
        "wished_at": "requested_at",
        "fulfilled_wish": "observed_generation",
    },
    "run": {"wish": "generation"},
    "command": {"about": "argument", "asked_by": "requested_by", "asked_at": "requested_at"},
    "incident": {
        "what": "description",
        "slate_seconds": "slate_seconds_before",
        "missed_seconds": "missed_seconds_before",
    },
    "panel": {"trouble": "problem"},
}
ORDER = (
    *("stream", "target", "stream_target", "run", "run_target", "command", "sample", "stream_log", "queue_item"),
    *(
        "preview",
        "saved_playlist",
        "guild_settings",
        "departed_guild",
        "panel",
        "incident",
        "engine_heartbeat",
        "lease",
    ),
)
"""Every table, those that others refer to first."""
CHOICES = {
    ("stream", "stream_source"): "media_files",
    ("stream", "playlist_serve_mode"): "hybrid",
    ("stream", "encode"): "copy",
    ("stream", "desired_state"): "on_air",
    ("target", "kind"): "kick",
    ("run", "status"): "reconnecting",
    ("run_target", "state"): "retrying",
    ("command", "action"): "jump",
    ("command", "state"): "taken",
    ("stream_log", "level"): "warning",
}


def connected(path: Path) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys=ON")
    return closing(connection)


def columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, bool]]:
    """Name, type, and whether it may be empty."""
    return [(row["name"], row["type"], not row["notnull"]) for row in connection.execute(f"PRAGMA table_info({table})")]


def example(table: str, name: str, kind: str, number: int) -> object:
    """A value that no other column of the row has."""
    if name.endswith("_id") and name.removesuffix("_id") in ORDER:
        return number
    if (table, name) in CHOICES:
        return CHOICES[table, name]
    mark = sum(map(ord, table + name)) * 10 + number
    kinds: Mapping[str, object] = {
        "INTEGER": mark,
        "BIGINT": 2**60 + mark,
        "BOOLEAN": mark % 2,
        "FLOAT": mark + 0.25,
        "BLOB": f"{table}.{name}.{number}".encode(),
        "DATETIME": f"2026-01-{number:02} 03:04:05.{mark:06}",
    }
    return kinds.get(kind, f"{table}.{name}.{number}")


def fill(connection: sqlite3.Connection) -> dict[str, list[Row]]:
    """Two rows of each table: the first has a value in every column, the second only where one is required."""
    written: dict[str, list[Row]] = {}
    for table in ORDER:
        for number in (1, 2):
            row: Row = {}
            for name, kind, may_be_empty in columns(connection, table):
                row[name] = None if may_be_empty and number == 2 else example(table, name, kind, number)
                if name == "id":
                    row[name] = number
            if table == "stream_log":
                row |= {"guild_id": None, "stream_id": 1} if number == 1 else {"guild_id": 77}
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
            written.setdefault(table, []).append(row)
    connection.commit()
    return written


def read(connection: sqlite3.Connection, table: str) -> list[Row]:
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def renamed(table: str, row: Row) -> Row:
    return {NEW_NAMES.get(table, {}).get(name, name): value for name, value in row.items()}


@pytest.fixture
def migrated_rows(tmp_path: Path) -> tuple[Path, dict[str, list[Row]]]:
    """A database filled under schema 0004 and then migrated, and what was put in."""
    path = tmp_path / "nonstop.db"
    command.upgrade(alembic(url_of(path)), "0004")
    with connected(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {row["name"] for row in tables} == {*ORDER, "alembic_version"}
        written = fill(connection)
    migrate(url_of(path))
    return path, written


def test_every_value_is_there_under_its_new_name(migrated_rows: tuple[Path, dict[str, list[Row]]]) -> None:
    path, written = migrated_rows
    with connected(path) as connection:
        for table, rows in written.items():
            kept = [{name: row[name] for name in row if table != "run" or name not in LIVE} for row in rows]
            assert read(connection, table) == [renamed(table, row) for row in kept], table
        live = [{"run_id": row["id"], **{name: row[name] for name in LIVE}} for row in written["run"]]
        assert read(connection, "run_live") == live


def test_references_indexes_and_checks_are_as_before(migrated_rows: tuple[Path, dict[str, list[Row]]]) -> None:
    path, _ = migrated_rows
    with connected(path) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert names(connection, "index", "run") == ["ix_run_stream_id", "ix_run_ended_at"]
        (run,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'run'").fetchone()
        (live,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'run_live'").fetchone()
        for constraint in ("pk_run", "fk_run_stream_id_stream", "ck_run_runstatus"):
            assert f"CONSTRAINT {constraint} " in run
        for constraint in ("pk_run_live", "fk_run_live_run_id_run"):
            assert f"CONSTRAINT {constraint} " in live
        for wrong in ("UPDATE run SET status = 'odd'", "UPDATE stream SET source = 'odd'"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(wrong)


def test_a_stream_takes_its_runs_along(migrated_rows: tuple[Path, dict[str, list[Row]]]) -> None:
    path, _ = migrated_rows
    with connected(path) as connection:
        connection.execute("DELETE FROM stream")
        for table in ("run", "run_live", "run_target", "incident", "panel", "queue_item"):
            assert read(connection, table) == []
        assert [row["run_id"] for row in read(connection, "sample")] == []


def names(connection: sqlite3.Connection, kind: str, table: str) -> Sequence[str]:
    """What is on a table, but for what SQLite makes itself."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = ? AND tbl_name = ?", (kind, table))
    return [row["name"] for row in found if not row["name"].startswith("sqlite_")]
