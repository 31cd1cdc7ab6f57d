"""Lines come from pipes, files and terminals alike."""

import os
import pty
import termios
from pathlib import Path

import pytest

from bot.console.lines import Lines
from streaming.model.errors import UsageError


async def read_all(lines: Lines) -> list[str]:
    found = []
    while (line := await lines.read()) is not None:
        found.append(line)
    return found


async def test_a_pipe_is_read_line_by_line() -> None:
    read, write = os.pipe()
    os.write(write, "one\n\n  zwölf \nlast".encode())
    os.close(write)
    assert await read_all(Lines(read)) == ["one", "", "zwölf", "last"]
    os.close(read)


async def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "commands").write_text("one\ntwo\n")
    with (tmp_path / "commands").open() as file:
        lines = Lines(file.fileno())
        assert not lines.is_terminal
        assert await read_all(lines) == ["one", "two"]


async def test_an_endless_line_is_refused() -> None:
    read, write = os.pipe()
    lines = Lines(read)
    os.write(write, b"a" * 60_000)
    os.write(write, b"a" * 60_000)
    with pytest.raises(UsageError, match="longer than any command"):
        await lines.read()
    os.close(write)
    await read_all(lines)
    os.close(read)


async def test_a_terminal_shows_nothing_of_a_hidden_line() -> None:
    outside, inside = pty.openpty()
    lines = Lines(inside)
    assert lines.is_terminal
    with lines.hidden():
        assert not termios.tcgetattr(inside)[3] & termios.ECHO
        os.write(outside, b"secret\n")
        assert await lines.read() == "secret"
    assert termios.tcgetattr(inside)[3] & termios.ECHO
    os.write(outside, b"\x04")
    assert await lines.read() is None
    os.close(outside)
    os.close(inside)
