"""How children are begun: what they know, what they may have, and that they never outlive who began them."""

import ast
import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from streaming.process import launcher as launching
from streaming.process.launcher import bare_environment, launched
from streaming.process.subprocesses import Child
from tests.unit.streaming.process.test_subprocesses import closed

ROOT = Path(__file__).parents[4]
LIMIT_SECONDS = 10
RUNS_A_PROGRAM = {"Popen", "check_call", "check_output", "create_subprocess_exec", "create_subprocess_shell", "system"}
RUNS_A_PROGRAM |= {"subprocess_exec", "subprocess_shell", "getoutput", "popen", "posix_spawn"}
OF_OURS = {
    "DISCORD_TOKEN": "planted-1",
    "DATABASE_URL": "planted-2",
    "NONSTOP__DISCORD__TOKEN": "planted-3",
    "nonstop__database__url": "planted-4",
    "NONSTOP_CONFIG": "planted-5",
    "AWS_SECRET_ACCESS_KEY": "planted-6",
    "https_proxy": "http://name:planted-7@127.0.0.1:1",
}
TELLS_OF_ITSELF = """
    import json, os
    print(json.dumps({
        "environment": dict(os.environ),
        "pid": os.getpid(),
        "group": os.getpgrp(),
        "session": os.getsid(0),
        "parent": os.getppid(),
        "niceness": os.nice(0),
    }))
"""
STARTS_ONE = """
    import asyncio, sys
    from streaming.process.subprocesses import Child

    async def main():
        waiting = "import signal; print('ready', flush=True); signal.pause()"
        child = await Child.start([sys.executable, "-c", waiting], inherit=[int(sys.argv[1])], niceness=3)
        print((await child.stdout.readline()).decode(), end="", flush=True)
        await child.wait()

    asyncio.run(main())
"""
COUNTS_FORKS = """
    import asyncio, os
    from streaming.process.subprocesses import Child

    forks = 0
    def count():
        global forks
        forks += 1
    os.register_at_fork(before=count)

    async def main():
        child = await Child.start(["true"], niceness=5, memory_mb=100)
        assert await child.stop() in (0, -15)

    asyncio.run(main())
    print(forks)
"""


def program(text: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(text)]


async def told(environment: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """What a child says of itself, and by which id we know it."""
    child = await Child.start(program(TELLS_OF_ITSELF), environment=environment, **options)
    async with asyncio.timeout(LIMIT_SECONDS):
        of_itself: dict[str, Any] = json.loads(await child.stdout.read())
        assert await child.wait() == 0
    return of_itself | {"known as": child.pid}


async def test_a_child_knows_nothing_of_our_environment_but_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OF_OURS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LC_NUMERIC", "C")
    environment = (await told())["environment"]

    assert "planted" not in json.dumps(environment)
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["LC_NUMERIC"] == "C"


@pytest.mark.parametrize("path", sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("streaming/**/*.py")]), ids=str)
def test_nothing_is_run_with_all_of_our_environment_unasked(path: Path) -> None:
    """Whoever starts a program otherwise than as a Child says what it may know."""
    for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        if name == "subprocess.run" or name.rpartition(".")[2] in RUNS_A_PROGRAM:
            assert "env" in {keyword.arg for keyword in call.keywords}, f"{path}:{call.lineno}"


async def test_an_environment_that_is_given_is_all_there_is() -> None:
    environment = (await told({"ONLY": "this"}))["environment"]

    assert environment["ONLY"] == "this"
    assert set(environment) - {"PWD", "LC_CTYPE", "_", "OLDPWD", "SHLVL"} == {"ONLY"}  # the shell's and Python's own


def test_what_is_bare_keeps_certificates_and_language() -> None:
    kept = {"PATH": "/bin", "LANG": "de_DE.UTF-8", "LC_ALL": "C", "TMPDIR": "/t", "SSL_CERT_FILE": "/ca.pem"}
    assert bare_environment(kept | OF_OURS) == kept


async def test_the_id_we_know_is_the_programs_own_and_that_of_its_group_and_session() -> None:
    seen = await told(niceness=4, memory_mb=500)

    assert seen["known as"] == seen["pid"] == seen["group"] == seen["session"]
    assert seen["parent"] == os.getpid()


@pytest.mark.parametrize("more", [0, 5])
async def test_a_child_is_as_nice_as_it_is_meant_to_be(more: int) -> None:
    assert (await told(niceness=more))["niceness"] == min(19, os.nice(0) + more)


def test_starting_a_child_runs_nothing_of_ours_in_a_copy_of_us() -> None:
    """Python tells its hooks of every fork but those that are followed by exec at once, for which it uses vfork."""
    finished = subprocess.run(program(COUNTS_FORKS), capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True)
    assert finished.stdout == "0\n"


def test_a_child_that_was_orphaned_before_it_could_ask_does_not_begin(tmp_path: Path) -> None:
    """Here it is somebody else's child from the first: the same to it as a parent that has died already."""
    ours, begun = launched(["touch", str(tmp_path / "begun")], niceness=1), tmp_path / "begun"
    elsewhere = program("import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)")

    assert subprocess.run([*elsewhere, *ours], timeout=LIMIT_SECONDS, check=False).returncode == 1
    assert not begun.exists()
    assert subprocess.run(ours, timeout=LIMIT_SECONDS, check=False).returncode == 0
    assert begun.exists()


@pytest.mark.parametrize("found", ["as it is", "of Busybox", "not at all"])
async def test_children_die_with_a_parent_that_is_killed_whatever_setpriv_there_is(tmp_path: Path, found: str) -> None:
    environment = dict(os.environ)
    if found != "as it is":
        (tmp_path / "nice").symlink_to("/usr/bin/nice")
        environment["PATH"] = str(tmp_path)
    if found == "of Busybox":
        (tmp_path / "setpriv").write_text("#!/bin/sh\necho unrecognized option --pdeathsig >&2; exit 1\n")
        (tmp_path / "setpriv").chmod(0o755)
    watched, held = os.pipe()
    parent = await Child.start([*program(STARTS_ONE), str(held)], inherit=[held], environment=environment)
    os.close(held)
    async with asyncio.timeout(LIMIT_SECONDS):
        assert await parent.stdout.readline() == b"ready\n"
    os.kill(parent.pid, signal.SIGKILL)  # the parent alone: its child has a group of its own

    await closed(watched)
    assert await parent.stop() == -signal.SIGKILL


@pytest.mark.parametrize(("limit_mb", "outcome"), [(0, b"had it\n"), (400, b"had it\n"), (100, b"MemoryError\n")])
async def test_a_child_has_no_more_memory_than_it_may(limit_mb: int, outcome: bytes) -> None:
    child = await Child.start(
        program("""
            try:
                bytearray(200 << 20)
                print("had it")
            except MemoryError:
                print("MemoryError")
        """),
        memory_mb=limit_mb,
    )
    async with asyncio.timeout(LIMIT_SECONDS):
        assert await child.stdout.read() == outcome
        await child.wait()


@pytest.mark.parametrize(("name", "error"), [("nowhere", FileNotFoundError), ("plain", PermissionError)])
async def test_what_cannot_be_run_is_told_before_it_is_begun(tmp_path: Path, name: str, error: type[OSError]) -> None:
    (tmp_path / "plain").write_text("not a program")
    with pytest.raises(error):
        await Child.start([str(tmp_path / name)])


def test_words_of_a_command_stay_words() -> None:
    said = subprocess.run(
        launched(["printf", "%s|", "a b", "$HOME", "", "'\"`id`", "-n", "é\n"]),
        capture_output=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    assert said.stdout.decode() == "a b|$HOME||'\"`id`|-n|é\n|"


def test_the_kernel_is_asked_in_the_cheapest_way_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setpriv of util-linux, as in our image, no Python is started beside FFmpeg."""
    (tmp_path / "setpriv").write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    (tmp_path / "setpriv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    found = launching._killed_with_us.__wrapped__()

    assert found == (str(tmp_path / "setpriv"), "--pdeathsig", "KILL", "--")
