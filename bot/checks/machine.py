"""Checks of this machine: settings, folders, database, FFmpeg, yt-dlp and its JavaScript runtime."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import deno  # type: ignore[import-untyped]  # has no types
from sqlalchemy.engine import make_url

from bot.checks.result import Passed
from streaming.ffmpeg import binary
from streaming.model.errors import ConfigurationError, DatabaseDamaged
from streaming.model.message import Message
from streaming.process.launcher import bare_environment
from streaming.settings import Settings
from streaming.storage.database import migrate
from streaming.storage.keyring import key_path, unreadable_keys

_ANSWERS_WITHIN_SECONDS = 20.0
_ENCODERS = ("libx264", "aac")
_GROWS_OLD_AFTER = timedelta(days=92)
"""YouTube changes every few weeks, and yt-dlp follows."""
_PASSWD_COLONS = 6
_FIRST_PERSON, _NOBODY = 1000, 65534
_HIDING = ("1", "2", "noaccess", "invisible", "ptraceable")
"""proc(5): values that hide command lines from other users."""
_RECOVERY = (
    "Stop bot and engine and keep a copy of it. Then restore a backup, "
    "or recover what can be read: sqlite3 {path} .recover | sqlite3 {new} && mv {new} {path}. "
    "In both cases remove {path}-wal and {path}-shm, then check again."
)
_TOO_LITTLE_BYTES = 100 << 20
_LITTLE_BYTES = 1 << 30


def settings(settings: Settings) -> Passed:
    """Whether there is a token; the settings themselves were validated when they were read."""
    has_token = bool(settings.discord.token.get_secret_value())
    return Passed(
        "valid, with a Discord token" if has_token else "valid; no Discord token, so only the console will run"
    )


def data_folder(settings: Settings) -> Passed:
    """Whether the data folder can be written."""
    folder = settings.streaming.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Passed(f"{folder} can be written")
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}.",
            hint=Message("Set [streaming] data_dir to a folder of this user."),
        ) from error


def disk(settings: Settings) -> Passed:
    """Whether there is room for the database and the logs."""
    folder = settings.streaming.data_dir
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be read: {error.strerror}.") from error
    if free_bytes < _TOO_LITTLE_BYTES:
        raise ConfigurationError(
            f"Only {free_bytes / 1e6:.0f} MB are free in {folder}.", hint=Message("Free some space there.")
        )
    return Passed(f"{free_bytes / 1e9:.1f} GB free in {folder}", is_doubtful=free_bytes < _LITTLE_BYTES)


def database(settings: Settings) -> Passed:
    """Migrates the database to this version's schema."""
    path = Path(make_url(settings.database_url).database or "")
    try:
        migrate(settings.database_url)
    except DatabaseDamaged as error:
        hint = _RECOVERY.format(path=path, new=path.with_suffix(".new"))
        raise ConfigurationError(error.message, hint=Message(hint)) from error
    return Passed(f"{path} has the schema of this version")


def stream_keys(settings: Settings) -> Passed | None:
    """Whether the key file decrypts every stored stream key; None where neither exists."""
    path, unreadable = key_path(settings), unreadable_keys(settings)
    if unreadable:
        raise ConfigurationError(
            f"{path} cannot decrypt the stream keys of {', '.join(unreadable)}.",
            hint=Message("Put the old key file back, or give them up with `python -m bot rekey --forget`."),
        )
    return Passed(f"{path} decrypts all stored keys") if path.exists() else None


def processes(_: Settings) -> Passed | None:
    """Whether other users of this host can read FFmpeg's command lines, which hold stream keys."""
    if not Path("/proc/self").exists():
        return None
    others = login_users(Path("/etc/passwd").read_text(errors="replace"), os.geteuid())
    mounts = Path("/proc/self/mounts").read_text(errors="replace")
    if not others or hides_processes(mounts):
        return None
    return Passed(
        f"{len(others)} other users of this host ({', '.join(others[:3])}) can read stream keys on command lines; "
        "hide them: mount -o remount,hidepid=2 /proc",
        is_advice=True,
    )


def login_users(passwd: str, own_id: int) -> list[str]:
    """Users in /etc/passwd who can log in, without root and the user with `own_id`."""
    rows = [line.split(":") for line in passwd.splitlines() if line.count(":") == _PASSWD_COLONS]
    return [
        name
        for name, _, number, _, _, _, shell in rows
        if number.isdecimal() and _FIRST_PERSON <= int(number) < _NOBODY and int(number) != own_id
        if not shell.endswith(("nologin", "false"))
    ]


def hides_processes(mounts: str) -> bool:
    """Whether /proc/mounts shows a /proc that hides the processes of other users."""
    options = [words[3] for words in map(str.split, mounts.splitlines()) if words[1:2] == ["/proc"]]
    return any(f"hidepid={value}" in options[-1].split(",") for value in _HIDING) if options else False


def ffmpeg(settings: Settings) -> Passed:
    """FFmpeg's version, and whether it has the encoders we need."""
    program = binary.find(settings.streaming)
    listed = _output([program, "-hide_banner", "-encoders"])
    encoders = {line.split()[1] for line in listed.splitlines() if line.split()[1:]}
    missing = [encoder for encoder in _ENCODERS if encoder not in encoders]
    if missing:
        raise ConfigurationError(
            f"{program} cannot encode {' and '.join(missing)}.",
            hint=Message("Remove [streaming] ffmpeg to use the bundled FFmpeg."),
        )
    return Passed(f"{binary.version(program)} with {', '.join(_ENCODERS)}")


def yt_dlp(_: Settings) -> Passed:
    """yt-dlp's version, and whether it is too old for YouTube."""
    installed = version("yt-dlp")
    age = age_of(installed, datetime.now(UTC).date())
    detail = f"{installed} with yt-dlp-ejs {version('yt-dlp-ejs')}"
    if age <= _GROWS_OLD_AFTER:
        return Passed(detail)
    return Passed(f"{detail}; it is {age.days} days old and YouTube changes often: update it", is_doubtful=True)


def age_of(release: str, today: date) -> timedelta:
    """Time since a release of yt-dlp, by its version (`2026.10.26`, `2026.10.26.1`)."""
    year, month, day = (int(part) for part in release.split(".")[:3])
    return today - date(year, month, day)


def deno_runtime(_: Settings) -> Passed:
    """Deno's version; yt-dlp runs YouTube's JavaScript challenges with it."""
    try:
        return Passed(_output([deno.find_deno_bin(), "--version"]).split()[1])
    except FileNotFoundError as error:
        raise ConfigurationError(
            "Deno is not installed.", hint=Message("Install it with: pip install 'yt-dlp[deno]'")
        ) from error


def _output(command: list[str]) -> str:
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            timeout=_ANSWERS_WITHIN_SECONDS,
            env=bare_environment(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        why = getattr(error, "strerror", None) or "it fails or does not answer"
        raise ConfigurationError(f"{command[0]} does not run: {why}.") from error
    return answer.stdout


CHECKS: dict[str, Callable[[Settings], Passed]] = {
    "Settings": settings,
    "Data folder": data_folder,
    "Disk": disk,
    "Database": database,
    "FFmpeg": ffmpeg,
    "yt-dlp": yt_dlp,
    "Deno": deno_runtime,
}

OPTIONAL_CHECKS: dict[str, Callable[[Settings], Passed | None]] = {
    "Stream keys": stream_keys,
    "Processes": processes,
}
"""Checks that get a line only if they return something."""
