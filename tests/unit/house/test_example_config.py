"""The example configuration is complete, loads, and tells the defaults."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from streaming import settings
from streaming.settings import Settings

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
EXAMPLES_ONLY = {
    "token",
    "dev_guild_id",
    "url",
    "proxy",
    "ca_file",
    "cookies_file",
    "options",
    "temp_dir",
    "ffmpeg",
    "ingest_ca_file",
}
EXAMPLES_ONLY |= {"guilds", "account_guilds", "encodes_per_engine"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.PLAIN_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NONSTOP_CONFIG", "")  # what `load` sets is undone with it


def uncommented() -> str:
    return re.sub(r"^#(?=\w+ = )", "", EXAMPLE.read_text(), flags=re.MULTILINE)


def sections() -> dict[str, Any]:
    return tomllib.loads(uncommented())


def test_it_names_every_key_and_no_other() -> None:
    known = {name: set(type(section).model_fields) for name, section in dict(Settings()).items()}
    assert {name: set(section) for name, section in sections().items()} == known


def test_it_loads_with_every_line_uncommented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ca.pem", "cookies.txt", "ffmpeg", "ingest-ca.pem"):
        (tmp_path / name).touch(mode=0o755)
    config = tmp_path / "config.toml"
    config.write_text(uncommented())
    loaded = settings.load(config)
    assert loaded.youtube.options["socket_timeout"] == 20
    assert loaded.streaming.ffmpeg == Path("ffmpeg")


def test_as_it_is_it_changes_nothing(tmp_path: Path) -> None:
    before = Settings()
    config = tmp_path / "config.toml"
    config.write_text(EXAMPLE.read_text())
    assert settings.load(config) == before


def test_what_it_shows_is_the_default() -> None:
    for name, section in dict(Settings()).items():
        for key, shown in sections()[name].items():
            default = getattr(section, key)
            if key not in EXAMPLES_ONLY and default is not None:
                assert str(shown) == str(default), key
