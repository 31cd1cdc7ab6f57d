"""How high messages are, which only a browser knows: Chromium is asked. It is a tool for drawing, not for the bot."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LIMIT_SECONDS = 120.0
_OPTIONS = ("--headless", "--disable-gpu", "--no-sandbox", "--virtual-time-budget=5000", "--dump-dom")
_SCRIPT = """<pre id="found"></pre><script>
const heights = Object.fromEntries([...document.querySelectorAll(".discord")].map(d => [d.id, d.offsetHeight]));
document.getElementById("found").textContent = JSON.stringify(heights);
</script>"""


def heights(drawings: Mapping[str, str], style: str, width: int) -> dict[str, int]:
    """The height in pixels of each drawing in HTML, by name. Raises SystemExit when there is no Chromium."""
    browser = next(filter(None, map(shutil.which, _NAMES)), None)
    if browser is None:
        raise SystemExit("Chromium is needed to draw these pictures.")
    page = "".join(
        f'<div class="discord" id="{name}" style="width:{width}px;box-sizing:border-box">{html}</div>'
        for name, html in drawings.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(f'<!doctype html><meta charset="utf-8"><style>{style}</style>{page}{_SCRIPT}')
        command = [browser, *_OPTIONS, f"--user-data-dir={folder}/profile", file.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=True).stdout
    found = re.search(r'<pre id="found">(.*?)</pre>', shown, re.DOTALL)
    assert found, "Chromium shows no heights"
    return {name: int(height) for name, height in json.loads(unescape(found[1])).items()}
