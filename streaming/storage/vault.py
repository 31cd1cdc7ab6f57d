"""Stream keys at rest: encrypted with a key of this installation's own."""

import os
import stat
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from streaming.model.errors import ConfigurationError
from streaming.model.message import Message
from streaming.redaction.secrets import Secret, remember
from streaming.storage.messages import StoredKeys

_OTHERS = 0o077


class Vault:
    """Turns secrets into text that may be stored, and back."""

    def __init__(self, *keys: bytes) -> None:
        """Encrypts with the first key, and decrypts with any."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def open(cls, data_dir: Path, key_file: Path | None = None) -> "Vault":
        """Takes the key from `key_file`, else from `secret.key` in the data folder, which is made where there is none.

        Raises ConfigurationError when the file cannot be read or written, can be read by others, or holds no key.
        """
        path = key_file or data_dir / "secret.key"
        try:
            if key_file is None:
                _make_once(path)
        except OSError as error:
            raise ConfigurationError(
                f"The key for stream keys cannot be stored in {path}: {error.strerror}.",
                hint=Message("Set [secrets] key_file to a file this user can read."),
            ) from error
        return cls(*read_keys(path))

    def encrypt(self, secret: Secret) -> str:
        """The secret as text that may be stored."""
        return self._fernet.encrypt(secret.reveal().encode()).decode()

    def can_decrypt(self, text: str) -> bool:
        """Whether one of our keys encrypted it."""
        try:
            self._fernet.decrypt(text)
        except InvalidToken:
            return False
        return True

    def decrypt(self, text: str) -> Secret:
        """The secret behind what `encrypt` returned; raises ConfigurationError when another key encrypted it."""
        try:
            return remember(Secret(self._fernet.decrypt(text).decode()))
        except InvalidToken:
            raise ConfigurationError(StoredKeys.FOREIGN(), hint=StoredKeys.PUT_BACK()) from None


def read_keys(path: Path) -> list[bytes]:
    """The keys in a file, one a line: the first encrypts.

    Raises ConfigurationError when it cannot be read, can be read by others, or holds none.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        keys = path.read_bytes().split()
        MultiFernet([Fernet(key) for key in keys])
    except OSError as error:
        raise ConfigurationError(
            f"The key for stream keys cannot be read from {path}: {error.strerror}.",
            hint=Message("Set [secrets] key_file to a file this user can read."),
        ) from error
    except ValueError:
        # Not chained: the cause quotes nothing useful, and a traceback is no place for key material.
        raise ConfigurationError(
            f"{path} does not contain a key for stream keys (44 characters of URL-safe base64).",
            hint=Message("Put the old file back, or give up what it encrypted with `python -m bot rekey --forget`."),
        ) from None
    if mode & _OTHERS:
        raise ConfigurationError(
            f"Others can read the key file {path} (its mode is {mode:04o}).",
            hint=Message(f"Make it private: chmod 600 {path}"),
        )
    return keys


def _make_once(path: Path) -> None:
    """Makes the key file where there is none.

    Bot and engine may start together: the file appears complete or not at all, and only the first one's stays.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # opened with O_EXCL and 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        Path(path).hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
