"""The schema: made from nothing, recognised when it is there, and refused when it is not ours."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from streaming.model.errors import ConfigurationError, SchemaError
from streaming.storage import database
from streaming.storage.database import Database, migrate


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def test_missing_database_is_made_with_every_table(tmp_path: Path) -> None:
    path = tmp_path / "new" / "nonstop.db"
    migrate(url_of(path))
    with sqlite3.connect(path) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {"stream", "target", "stream_target", "run", "run_target", "command", "sample", "stream_log"} <= names


def test_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    url = url_of(tmp_path / "nonstop.db")
    migrate(url)
    command.check(alembic(url))


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_what_an_older_version_wrote_is_kept(revision: str, tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    command.upgrade(alembic(url_of(path)), revision)
    execute(
        path,
        "INSERT INTO stream (id, guild_id, owner_id, title, description, stream_source, playlist_id, "
        "playlist_serve_mode, shuffle_playlist, loop_enabled, encode, profile, desired_state, wish, "
        "fulfilled_wish, created_at) "
        "VALUES (7, 1, 10, 'Radio', '', 'playlist', 'demo', 'direct', 0, 1, 'auto', '720p30', "
        "'off_air', 1, 0, '2026-01-01')",
    )
    line = "(stream_id, level, message, created_at) VALUES (7, 'info', 'On air.', '2026-01-01')"
    execute(path, f"INSERT INTO stream_log {line}")
    migrate(url_of(path))
    assert execute(path, "SELECT title FROM stream") == [("Radio",)]
    assert execute(path, "SELECT stream_id, guild_id, message FROM stream_log") == [(7, None, "On air.")]


def test_migrating_again_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    migrate(url_of(path))
    execute(path, "INSERT INTO engine_heartbeat VALUES ('one', 1, '2026-01-01', '2026-01-01', '')")
    migrate(url_of(path))
    assert execute(path, "SELECT name FROM engine_heartbeat") == [("one",)]


def test_bot_and_engine_may_migrate_at_the_same_moment(tmp_path: Path) -> None:
    url = url_of(tmp_path / "nonstop.db")
    failures: list[BaseException] = []

    def one_of_them() -> None:
        try:
            migrate(url)
        except BaseException as error:  # noqa: BLE001  (told to the test)
            failures.append(error)

    threads = [threading.Thread(target=one_of_them) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []


def test_database_from_the_future_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    migrate(url_of(path))
    execute(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match=r"made by a newer Nonstop \(schema 9999\)\. Update Nonstop"):
        migrate(url_of(path))


def test_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    execute(path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(SchemaError, match="holds another program's tables"):
        migrate(url_of(path))
    assert execute(path, "SELECT name FROM sqlite_master") == [("recipes",)]


def test_damaged_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    path.write_bytes(b"this was never a database" * 400)
    with pytest.raises(SchemaError, match=r"nonstop\.db cannot be used as a database"):
        migrate(url_of(path))


def test_folder_that_cannot_be_made_is_a_matter_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        migrate(url_of(tmp_path / "data" / "nonstop.db"))


async def test_connections_use_the_write_ahead_log_and_check_references(tmp_path: Path) -> None:
    await asyncio.to_thread(migrate, url_of(tmp_path / "nonstop.db"))
    database = Database(url_of(tmp_path / "nonstop.db"))
    async with database.engine.connect() as connection:
        journal = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        checks = (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one()
    await database.close()
    assert (journal, checks) == ("wal", 1)


def test_newest_revision_is_the_one_its_file_is_named_after() -> None:
    folder = Path(database.__file__).parent / "migrations"
    assert database._newest() == ScriptDirectory(str(folder)).get_current_head()


def test_database_that_needs_no_migration_is_opened_without_alembic(migrated: Path) -> None:
    """An engine that was killed is back by a third of a second sooner."""
    program = f"import sys; from streaming.storage.database import migrate; migrate('sqlite+aiosqlite:///{migrated}'); "
    program += "sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url)
    return config


def execute(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()
