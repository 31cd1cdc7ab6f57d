"""What has to be on this machine: settings, folders, a database, FFmpeg, yt-dlp and what that needs."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version

import deno  # type: ignore[import-untyped]  # it says nothing of its types
from sqlalchemy.engine import make_url

from bot.checking.finding import Seen
from streaming.database import migrate
from streaming.errors import ConfigurationError
from streaming.ffmpeg import binary
from streaming.settings import Settings

_ANSWERS_WITHIN_SECONDS = 20.0
_ENCODERS = ("libx264", "aac")
_GROWS_OLD_AFTER = timedelta(days=92)
"""YouTube changes, and yt-dlp with it, every few weeks."""
_TOO_LITTLE_BYTES = 100 << 20
_LITTLE_BYTES = 1 << 30


def settings(settings: Settings) -> Seen:
    """The settings, which were read already."""
    has_token = bool(settings.discord.token.get_secret_value())
    return Seen("valid, with a Discord token" if has_token else "valid; no Discord token, so only the console will run")


def data_folder(settings: Settings) -> Seen:
    """Whether the data folder can be written."""
    folder = settings.streaming.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Seen(f"{folder} can be written")
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}.", hint="Set [streaming] data_dir to a folder of this user."
        ) from error


def disk(settings: Settings) -> Seen:
    """Whether there is room for the database and its log."""
    folder = settings.streaming.data_dir
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be looked at: {error.strerror}.") from error
    if free_bytes < _TOO_LITTLE_BYTES:
        raise ConfigurationError(f"Only {free_bytes / 1e6:.0f} MB are free in {folder}.", hint="Make room there.")
    return Seen(f"{free_bytes / 1e9:.1f} GB free in {folder}", is_doubtful=free_bytes < _LITTLE_BYTES)


def database(settings: Settings) -> Seen:
    """Whether the database can be brought to this version's schema, which is done."""
    migrate(settings.database_url)
    return Seen(f"{make_url(settings.database_url).database} has this version's schema")


def ffmpeg(settings: Settings) -> Seen:
    """Which FFmpeg there is, and whether it can encode what we need."""
    program = binary.find(settings.streaming)
    listed = _said([program, "-hide_banner", "-encoders"])
    encoders = {line.split()[1] for line in listed.splitlines() if line.split()[1:]}
    missing = [encoder for encoder in _ENCODERS if encoder not in encoders]
    if missing:
        raise ConfigurationError(
            f"{program} cannot encode {' and '.join(missing)}.", hint="Leave [streaming] ffmpeg out to use our own."
        )
    return Seen(f"{binary.version(program)} with {', '.join(_ENCODERS)}")


def yt_dlp(_: Settings) -> Seen:
    """Which yt-dlp there is, and whether it has grown old."""
    installed = version("yt-dlp")
    age = age_of(installed, datetime.now(UTC).date())
    detail = f"{installed} with yt-dlp-ejs {version('yt-dlp-ejs')}"
    if age <= _GROWS_OLD_AFTER:
        return Seen(detail)
    return Seen(f"{detail}; it is {age.days} days old, and YouTube changes: update it", is_doubtful=True)


def age_of(release: str, today: date) -> timedelta:
    """How long ago a yt-dlp was released, as its version says (`2026.10.26`, `2026.10.26.1`)."""
    year, month, day = (int(part) for part in release.split(".")[:3])
    return today - date(year, month, day)


def deno_runtime(_: Settings) -> Seen:
    """Which Deno there is for yt-dlp to solve YouTube's riddles with."""
    try:
        return Seen(_said([deno.find_deno_bin(), "--version"]).split()[1])
    except FileNotFoundError as error:
        raise ConfigurationError("Deno is not installed.", hint="It comes with: pip install 'yt-dlp[deno]'") from error


def _said(command: list[str]) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_ANSWERS_WITHIN_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        why = getattr(error, "strerror", None) or "it fails, or does not answer"
        raise ConfigurationError(f"{command[0]} does not run: {why}.") from error
    return answer.stdout


PREREQUISITES: dict[str, Callable[[Settings], Seen]] = {
    "Settings": settings,
    "Data folder": data_folder,
    "Disk": disk,
    "Database": database,
    "FFmpeg": ffmpeg,
    "yt-dlp": yt_dlp,
    "Deno": deno_runtime,
}
