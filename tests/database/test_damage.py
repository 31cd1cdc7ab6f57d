"""A damaged database is told once, in a sentence, by everybody, and `check` says how to recover."""

import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from streaming.model.errors import DatabaseDamaged
from streaming.storage.database import migrate

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
PAGE_BYTES = 4096


def damaged_inside(path: Path) -> None:
    """Good to its first page, which is all that a look at the schema's version reads."""
    migrate(f"sqlite+aiosqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // PAGE_BYTES):
        content[page * PAGE_BYTES : page * PAGE_BYTES + 200] = b"\xa5" * 200
    path.write_bytes(content)


def no_database(path: Path) -> None:
    path.write_bytes(b"this was never a database" * 400)


DAMAGE = pytest.mark.parametrize("damage", [damaged_inside, no_database])


async def ran(arguments: Sequence[str], data_dir: Path) -> tuple[int, str]:
    """A program of ours: its exit code and all it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NONSTOP", "DISCORD_"))}
    variables = {
        **clean,
        "NONSTOP__STREAMING__DATA_DIR": str(data_dir),
        "DISCORD_TOKEN": "a.token.of-ours",
        "NONSTOP__YOUTUBE__PROXY": "http://127.0.0.1:9",
        "COLUMNS": "500",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        env=variables,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, said


@DAMAGE
@pytest.mark.parametrize("program", [("bot", "run"), ("streaming", "run")])
async def test_it_is_told_once_in_a_sentence_and_ends_the_start(
    damage: Callable[[Path], None], program: tuple[str, str], tmp_path: Path
) -> None:
    await asyncio.to_thread(damage, tmp_path / "nonstop.db")
    code, said = await ran(program, tmp_path)
    assert code == 78
    assert said.count("damaged") == 1
    assert "python -m bot check" in said
    assert all(line.startswith("nonstop: ") for line in said.splitlines())


@DAMAGE
async def test_check_says_how_to_recover(damage: Callable[[Path], None], tmp_path: Path) -> None:
    await asyncio.to_thread(damage, tmp_path / "nonstop.db")
    code, said = await ran(("bot", "check"), tmp_path)
    assert code == 78
    (line,) = [line for line in said.splitlines() if re.match(r"no +Database", line)]
    assert ".recover" in line
    assert "backup" in line
    assert "Traceback" not in said


def test_damage_is_told_from_another_program_that_writes(tmp_path: Path) -> None:
    path = tmp_path / "nonstop.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        migrate(f"sqlite+aiosqlite:///{path}")
    damaged_inside(path)
    with pytest.raises(DatabaseDamaged):
        migrate(f"sqlite+aiosqlite:///{path}")
