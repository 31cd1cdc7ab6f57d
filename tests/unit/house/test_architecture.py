"""What the import contracts in `pyproject.toml` cannot see: what is loaded when a process starts."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("module", ["bot.client", "bot.commands", "streaming.services.services"])
def test_discord_process_loads_no_resolver(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{'yt_dlp', 'imageio_ffmpeg'}} & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (finished.stdout.strip(), finished.stderr) == ("", "")
