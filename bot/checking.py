"""`python -m bot check`: what Nonstop needs on this machine, and whether it is there."""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import deno  # type: ignore[import-untyped]  # it says nothing of its types
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url

from streaming.database import migrate
from streaming.errors import ConfigurationError, NonstopError
from streaming.ffmpeg import binary
from streaming.settings import Settings

_ANSWERS_WITHIN_SECONDS = 20.0
_ENCODERS = ("libx264", "aac")


@dataclass(frozen=True, slots=True)
class Finding:
    """One prerequisite: what was found, or what is wrong and the exit code for it."""

    name: str
    detail: str
    exit_code: int = 0


def check(settings: Settings) -> int:
    """Prints a table of the prerequisites; gives 0, or the exit code of the worst that is wrong."""
    findings = [_look(name, find, settings) for name, find in _PREREQUISITES.items()]
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text("no", style="red") if finding.exit_code else Text("ok", style="green")
        table.add_row(mark, Text(finding.name, style="bold"), Text(finding.detail))
    Console(highlight=False).print(table)
    return max(finding.exit_code for finding in findings)


def _look(name: str, find: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, find(settings))
    except NonstopError as error:
        return Finding(name, str(error), error.exit_code)


def _settings(settings: Settings) -> str:
    has_token = bool(settings.discord.token.get_secret_value())
    return "valid, with a Discord token" if has_token else "valid; no Discord token, so only the console will run"


def _data_folder(settings: Settings) -> str:
    folder = settings.streaming.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return f"{folder} can be written"
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}.", hint="Set [streaming] data_dir to a folder of this user."
        ) from error


def _database(settings: Settings) -> str:
    migrate(settings.database_url)
    return f"{make_url(settings.database_url).database} has this version's schema"


def _ffmpeg(settings: Settings) -> str:
    program = binary.find(settings.streaming)
    encoders = {
        line.split()[1] for line in _said([program, "-hide_banner", "-encoders"]).splitlines() if line.split()[1:]
    }
    missing = [encoder for encoder in _ENCODERS if encoder not in encoders]
    if missing:
        raise ConfigurationError(
            f"{program} cannot encode {' and '.join(missing)}.", hint="Leave [streaming] ffmpeg out to use our own."
        )
    return f"{binary.version(program)} with {', '.join(_ENCODERS)}"


def _yt_dlp(_: Settings) -> str:
    return f"{version('yt-dlp')} with yt-dlp-ejs {version('yt-dlp-ejs')}"


def _deno(_: Settings) -> str:
    try:
        return _said([deno.find_deno_bin(), "--version"]).split()[1]
    except FileNotFoundError as error:
        raise ConfigurationError("Deno is not installed.", hint="It comes with: pip install 'yt-dlp[deno]'") from error


def _said(command: list[str]) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_ANSWERS_WITHIN_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(f"{command[0]} does not run: {error}.") from error
    return answer.stdout


_PREREQUISITES: dict[str, Callable[[Settings], str]] = {
    "Settings": _settings,
    "Data folder": _data_folder,
    "Database": _database,
    "FFmpeg": _ffmpeg,
    "yt-dlp": _yt_dlp,
    "Deno": _deno,
}
