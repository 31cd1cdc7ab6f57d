"""The arrows between the parts, kept: bot imports streaming, never the reverse."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STREAMING = sorted(path.relative_to(ROOT) for path in (ROOT / "streaming").rglob("*.py"))
BOT = sorted(path.relative_to(ROOT) for path in (ROOT / "bot").rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module named in an import anywhere in a file, in functions as well."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def test_there_is_something_to_check() -> None:
    assert len(STREAMING) > 10
    assert len(BOT) > 5


@pytest.mark.parametrize("path", STREAMING, ids=str)
def test_streaming_knows_neither_bot_nor_discord(path: Path) -> None:
    assert not packages(path) & {"bot", "discord"}


@pytest.mark.parametrize("path", BOT, ids=str)
def test_bot_resolves_nothing_itself(path: Path) -> None:
    assert not packages(path) & {"yt_dlp", "yt_dlp_ejs", "imageio_ffmpeg"}


@pytest.mark.parametrize("path", [*STREAMING, *BOT], ids=str)
def test_nothing_that_ships_needs_the_tests(path: Path) -> None:
    assert not packages(path) & {"tests", "pytest", "simcord", "hypothesis"}


@pytest.mark.parametrize("module", ["bot.client", "bot.commands", "streaming.control.control"])
def test_discord_process_loads_no_resolver(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{'yt_dlp', 'imageio_ffmpeg'}} & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (finished.stdout.strip(), finished.stderr) == ("", "")
