"""The key that encrypts stream keys: made once, kept private, and missed in one sentence."""

import stat
import threading
from pathlib import Path

import pytest

from streaming.model.errors import ConfigurationError
from streaming.redaction.secrets import Secret
from streaming.storage.vault import Vault


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    stored = Vault.open(tmp_path / "data").encrypt(Secret("live_123"))
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600
    assert Vault.open(tmp_path / "data").decrypt(stored) == Secret("live_123")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_bot_and_engine_starting_together_agree_on_the_key(tmp_path: Path) -> None:
    vaults: list[Vault] = []
    threads = [threading.Thread(target=lambda: vaults.append(Vault.open(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    stored = vaults[0].encrypt(Secret("live_123"))
    assert [vault.decrypt(stored).reveal() for vault in vaults] == ["live_123"] * 8


def test_key_file_of_the_settings_is_used_and_nothing_is_made(tmp_path: Path) -> None:
    Vault.open(tmp_path / "made")
    vault = Vault.open(tmp_path / "data", tmp_path / "made" / "secret.key")
    assert vault.decrypt(vault.encrypt(Secret("x"))) == Secret("x")
    assert not (tmp_path / "data").exists()


def test_missing_key_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be read from .*nope.*key_file"):
        Vault.open(tmp_path, tmp_path / "nope")


def test_file_that_holds_no_key_is_told_without_quoting_it(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("hunter2")
    (tmp_path / "secret.key").chmod(0o600)
    with pytest.raises(ConfigurationError, match="does not contain a key") as refusal:
        Vault.open(tmp_path)
    assert "hunter2" not in str(refusal.value)
