"""The key file: for its owner alone, never replaced while it is needed, and changed so that no crash loses a key."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.checks.machine import hides_processes, login_users
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.redaction.secrets import Secret
from streaming.settings import Settings, StreamingSettings
from streaming.storage.database import migrate
from streaming.storage.keyring import opened_vault, rekey, unreadable_keys
from streaming.storage.private_files import tighten
from streaming.storage.vault import Vault

KEYS = {"main": "live_1", "other": "live_2"}
REKEY_AND_DIE = """
import os, signal, sys
from pathlib import Path
from streaming.storage.keyring import rekey
from streaming.settings import Settings, StreamingSettings
steps = rekey(Settings(streaming=StreamingSettings(data_dir=Path(sys.argv[1]))))
for _ in range(int(sys.argv[2])):
    next(steps)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with two stored keys."""
    found = Settings(streaming=StreamingSettings(data_dir=tmp_path / "data"))
    migrate(found.database_url)
    with opened_vault(found) as vault, closing(sqlite3.connect(database(found))) as connection:
        for name, key in KEYS.items():
            connection.execute(
                "INSERT INTO target (guild_id, name, kind, url, key_encrypted, key_hint, created_at) "
                "VALUES (1, ?, 'custom', 'rtmp://x/y', ?, '', '2026-01-01')",
                (name, vault.encrypt(Secret(key))),
            )
        connection.commit()
    return found


def database(settings: Settings) -> Path:
    return settings.streaming.data_dir / "nonstop.db"


def key_file(settings: Settings) -> Path:
    return settings.streaming.data_dir / "secret.key"


def stored(settings: Settings) -> dict[str, str]:
    with closing(sqlite3.connect(database(settings))) as connection:
        return dict(connection.execute("SELECT name, key_encrypted FROM target"))


def revealed(settings: Settings) -> dict[str, str]:
    with opened_vault(settings) as vault:
        return {name: vault.decrypt(text).reveal() for name, text in stored(settings).items()}


def test_lost_key_is_not_replaced_while_it_is_needed(settings: Settings) -> None:
    key_file(settings).unlink()
    with pytest.raises(ConfigurationError, match=r"is gone, and 2 stream keys .*backup.*rekey --forget"):
        revealed(settings)
    assert not key_file(settings).exists()


def test_key_is_made_where_nothing_needs_one(tmp_path: Path) -> None:
    fresh = Settings(streaming=StreamingSettings(data_dir=tmp_path / "data"))
    migrate(fresh.database_url)
    with opened_vault(fresh):
        assert stat.S_IMODE(key_file(fresh).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_key_file_that_others_can_read_is_refused(settings: Settings, mode: int) -> None:
    key_file(settings).chmod(mode)
    with pytest.raises(ConfigurationError, match=rf"Others can read .*{mode:04o}.*chmod 600"):
        revealed(settings)


def test_rekeyed_keys_are_the_same_under_another_key(settings: Settings) -> None:
    old, before = key_file(settings).read_bytes().strip(), stored(settings)
    assert len(list(rekey(settings))) == 3
    assert revealed(settings) == KEYS
    assert old not in key_file(settings).read_bytes()
    assert not any(Vault(old).can_decrypt(text) for text in stored(settings).values())
    assert all(stored(settings)[name] != text for name, text in before.items())
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_no_key_is_lost_wherever_rekeying_is_killed(settings: Settings, steps: int) -> None:
    old = key_file(settings).read_bytes().strip()
    command = [sys.executable, "-c", REKEY_AND_DIE, str(settings.streaming.data_dir), str(steps)]
    assert subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[4]).returncode == -9
    assert revealed(settings) == KEYS
    list(rekey(settings))
    assert revealed(settings) == KEYS
    (key,) = key_file(settings).read_bytes().split()
    assert key != old


def test_database_that_fails_while_rekeying_loses_nothing(settings: Settings) -> None:
    steps = rekey(settings)
    next(steps)
    with closing(sqlite3.connect(database(settings))) as connection:
        connection.execute(
            "CREATE TRIGGER fail BEFORE UPDATE ON target WHEN NEW.name = 'other' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(sqlite3.Error):
        next(steps)
    assert revealed(settings) == KEYS


def test_nobody_rekeys_while_the_bot_or_the_engine_is_at_work(settings: Settings) -> None:
    before = key_file(settings).read_bytes()
    with opened_vault(settings), opened_vault(settings), pytest.raises(ServiceUnavailable, match="Stop them"):
        next(rekey(settings))
    assert key_file(settings).read_bytes() == before


def test_nobody_starts_while_keys_are_changed(settings: Settings) -> None:
    steps = rekey(settings)
    next(steps)
    with pytest.raises(ServiceUnavailable, match="re-encrypted"), opened_vault(settings):
        pass
    list(steps)
    assert revealed(settings) == KEYS


def test_keys_of_a_lost_key_file_are_given_up_only_when_asked(settings: Settings) -> None:
    key_file(settings).unlink()
    with pytest.raises(ConfigurationError, match=r"is gone, and 2 stream keys .*rekey --forget"):
        next(rekey(settings))
    told = list(rekey(settings, forget=True))
    assert "Removed: main (#1), other (#2)" in told[1]
    assert stored(settings) == {}
    assert revealed(settings) == {}


def test_only_what_cannot_be_read_is_given_up(settings: Settings) -> None:
    with closing(sqlite3.connect(database(settings))) as connection:
        stranger = Vault(b"A" * 43 + b"=").encrypt(Secret("live_3"))
        connection.execute("UPDATE target SET key_encrypted = ? WHERE name = 'other'", (stranger,))
        connection.commit()
    assert unreadable_keys(settings) == ["other (#2)"]
    with pytest.raises(ConfigurationError, match=r"other \(#2\).*--forget"):
        next(rekey(settings))
    list(rekey(settings, forget=True))
    assert revealed(settings) == {"main": "live_1"}


def test_files_from_before_are_taken_from_others(settings: Settings) -> None:
    folder = settings.streaming.data_dir
    (folder / "recordings").mkdir()
    for path in (folder, folder / "recordings", database(settings), folder / "nonstop.db.migrating"):
        path.chmod(0o755)
    tighten(settings)
    assert {stat.S_IMODE(p.stat().st_mode) & 0o077 for p in (folder, *folder.iterdir())} == {0}


def test_what_belongs_to_all_is_left_as_it_is(settings: Settings) -> None:
    folder = settings.streaming.data_dir
    folder.chmod(0o1777)
    tighten(settings)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o1777


def test_what_a_program_of_ours_makes_is_for_its_user_alone(tmp_path: Path) -> None:
    os.umask(0o022)
    environment = {**os.environ, "NONSTOP__STREAMING__DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "bot", "migrate"]
    subprocess.run(command, check=True, env=environment, timeout=60, cwd=Path(__file__).parents[4])
    made = [tmp_path / "data", *(tmp_path / "data").iterdir()]
    assert len(made) > 1
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made} == {0}


def test_people_who_may_log_in_are_counted_and_services_are_not() -> None:
    passwd = (
        "root:x:0:0::/root:/bin/bash\nwww:x:33:33::/:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/bash\n"
        "ben:x:1001:1001::/home/ben:/bin/zsh\nnonstop:x:1002:1002::/srv:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"
    )
    assert login_users(passwd, own_id=1002) == ["ann", "ben"]


@pytest.mark.parametrize(
    ("options", "is_hidden"),
    [("rw,nosuid", False), ("rw,hidepid=2", True), ("rw,hidepid=invisible,gid=3", True), ("rw,hidepid=off", False)],
)
def test_hidden_command_lines_are_seen_in_the_mounts(options: str, is_hidden: bool) -> None:
    assert hides_processes(f"sysfs /sys sysfs rw 0 0\nproc /proc proc {options} 0 0\n") is is_hidden
