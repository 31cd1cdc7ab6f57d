"""The key file in use: nobody changes it meanwhile, and none is made while stored stream keys need one that is lost."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.model.message import Message
from streaming.process.file_lock import held
from streaming.settings import Settings
from streaming.storage.vault import Vault, read_keys

_BUSY_SECONDS = 10.0
_STORED = "SELECT id, name, key_encrypted FROM target WHERE key_encrypted != ''"


@contextmanager
def opened_vault(settings: Settings) -> Iterator[Vault]:
    """The vault, for as long as a program works with it.

    Raises ConfigurationError when its key is lost, open to others, or none; ServiceUnavailable while keys are changed.
    """
    refusal = ServiceUnavailable(
        Message("Stream keys are being re-encrypted."), hint=Message("Start again in a moment.")
    )
    with held(_lock(settings), refusal, is_shared=True):
        _check_is_not_lost(settings)
        yield Vault.open(settings.streaming.data_dir, settings.secrets.key_file)


def key_path(settings: Settings) -> Path:
    """Where the key is."""
    return settings.secrets.key_file or settings.streaming.data_dir / "secret.key"


def unreadable_keys(settings: Settings) -> list[str]:
    """The targets whose stored keys the key file does not read.

    Raises ConfigurationError when others can read that, or it is none.
    """
    path = key_path(settings)
    return _unreadable(settings, read_keys(path) if path.exists() or settings.secrets.key_file else [])


def rekey(settings: Settings, *, forget: bool = False) -> Iterator[str]:
    """Encrypts every stored stream key with a new key, step by step; tells of each step when it is done.

    After every step all stored keys can be read with what the key file holds, so it may end anywhere and be begun anew.
    Targets whose keys cannot be read are removed to `forget` them. Raises ConfigurationError when there are such and
    they are not to be forgotten, ServiceUnavailable while somebody works with the vault.
    """
    refusal = ServiceUnavailable(
        Message("The bot, the engine or a console is running."), hint=Message("Stop them and run rekey again.")
    )
    with held(_lock(settings), refusal):
        if not forget:
            _check_is_not_lost(settings)
        path = key_path(settings)
        old = _readable_keys(path, forget=forget)
        lost = _unreadable(settings, old)
        if lost and not forget:
            raise ConfigurationError(
                f"The stream keys of {', '.join(lost)} were encrypted with a key that is not in {path}.",
                hint=Message("Put the old key file back, or add --forget to remove these targets."),
            )
        new = Fernet.generate_key()
        _write(path, new, *old)
        yield f"{path} has a new key beside the old one."
        changed = _encrypt_anew(settings, Vault(new, *old), forgotten=lost)
        yield f"{changed} stream keys are encrypted with it." + (f" Removed: {', '.join(lost)}." if lost else "")
        _write(path, new)
        yield f"{path} has the new key alone. Keep a copy of it, and none beside the database's backup."


def _check_is_not_lost(settings: Settings) -> None:
    path = key_path(settings)
    if not path.exists() and (stored := len(_stored_keys(settings))):
        raise ConfigurationError(
            f"The key file {path} is gone, and {stored} stream keys in the database need it.",
            hint=Message("Put it back from your backup, or give them up with `python -m bot rekey --forget`."),
        )


def _lock(settings: Settings) -> Path:
    return settings.streaming.data_dir / "keys.lock"


def _readable_keys(path: Path, *, forget: bool) -> list[bytes]:
    """The keys there are; to forget, a file that is gone or holds none is as good as empty."""
    try:
        return read_keys(path)
    except ConfigurationError:
        if not forget:
            raise
        return []


def _stored_keys(settings: Settings) -> dict[str, str]:
    """Every target's stored key, by the number and name of the target."""
    if not _database(settings).exists():
        return {}
    with closing(sqlite3.connect(_database(settings), timeout=_BUSY_SECONDS)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'target'").fetchone():
            return {}
        rows = connection.execute(f"{_STORED} ORDER BY id").fetchall()
    return {f"{name} (#{number})": stored for number, name, stored in rows}


def _unreadable(settings: Settings, keys: list[bytes]) -> list[str]:
    stored = _stored_keys(settings)
    return [target for target, text in stored.items() if not keys or not Vault(*keys).can_decrypt(text)]


def _encrypt_anew(settings: Settings, vault: Vault, *, forgotten: list[str]) -> int:
    """All in one transaction; gives how many were."""
    if not _stored_keys(settings):
        return 0
    with closing(sqlite3.connect(_database(settings), timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute(_STORED).fetchall()
        for number, name, stored in rows:
            if f"{name} (#{number})" in forgotten:
                connection.execute("DELETE FROM target WHERE id = ?", (number,))
            else:
                anew = vault.encrypt(vault.decrypt(stored))
                connection.execute("UPDATE target SET key_encrypted = ? WHERE id = ?", (anew, number))
        connection.execute("COMMIT")
    return len(rows) - len(forgotten)


def _database(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _write(path: Path, *keys: bytes) -> None:
    """Puts the keys into the file, all or nothing, whenever the power fails."""
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"\n".join(keys) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}.",
            hint=Message("Allow this user to write there, or run rekey as a user who can."),
        ) from error
