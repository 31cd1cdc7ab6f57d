"""The wall clock jumps: it may date what is written down, and judge what others have dated, and nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STREAMING = sorted(path.relative_to(ROOT) for path in (ROOT / "streaming").rglob("*.py"))
MAY_LOOK = {
    "streaming/storage/column_types.py": "dates rows",
    "streaming/services/incidents.py": "dates rows",
    "streaming/services/guilds.py": "dates departures",
    "streaming/services/history.py": "reads the rows of the last hour or day",
    "streaming/services/panels.py": "dates rows",
    "streaming/services/previews.py": "judges pictures, which the engine dates",
    "streaming/services/stream_requests.py": "dates requests",
    "streaming/playlists/demo/playlist.py": "its origin dates URLs",
    "streaming/storage/playlists.py": "dates rows",
    "streaming/engine/engine.py": "dates rows",
    "streaming/engine/previews.py": "dates pictures",
    "streaming/engine/run_writer.py": "dates rows; requests are dated by the bot",
    "streaming/engine/retention.py": "compares the dates of rows",
    "streaming/engine/url_refresh.py": "minds that the scheduler's clock may jump",
    "streaming/engine/desired_state.py": "dates a request without a date",
    "streaming/storage/commands.py": "dates rows; counts what was asked in the last minute",
    "streaming/storage/runs.py": "dates rows",
    "streaming/storage/tables.py": "dates rows",
    "streaming/playout/playout.py": "dates the way to air",
    "streaming/playout/cuer.py": "URLs are dated by their origin",
    "streaming/network/connectivity.py": "tells whether the clock is right",
    "streaming/sources/remote.py": "URLs are dated by their origin",
    "streaming/sources/refresh.py": "URLs are dated by their origin",
    "streaming/youtube/resolver.py": "URLs are dated by their origin",
}
WALL_CLOCKS = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}


def looks(path: Path) -> bool:
    """Whether a module looks at the wall clock, itself or with what dates rows."""
    nodes = list(ast.walk(ast.parse((ROOT / path).read_text())))
    imports = [
        node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "streaming.storage.column_types"
    ]
    if any(each.name == "now" for node in imports for each in node.names):
        return True
    names = (node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return any((node.value.id, node.attr) in WALL_CLOCKS for node in names if isinstance(node.value, ast.Name))


@pytest.mark.parametrize("path", STREAMING, ids=str)
def test_only_who_dates_things_looks_at_the_wall_clock(path: Path) -> None:
    assert looks(path) == (str(path) in MAY_LOOK)
