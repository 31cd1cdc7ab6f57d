"""Command lines end with the promised codes and sentences, and their logs keep secrets."""

import asyncio
import inspect
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from streaming.command_line import configure_logging, log_about, run_or_explain
from streaming.model.errors import EXIT_SOFTWARE, ConfigurationError, ServiceUnavailable
from streaming.model.message import Message

ROOT = Path(__file__).parents[3]


async def ends_with(error: Exception | None) -> None:
    if error:
        raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (None, 0, ""),
        (ServiceUnavailable(Message("It is away."), hint=Message("Wait.")), 69, "nonstop: It is away. Wait.\n"),
        (ConfigurationError("One.", "Two."), 78, "nonstop: One.\nnonstop: Two.\n"),
    ],
)
def test_errors_are_told_in_a_sentence(
    error: Exception | None, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_or_explain(ends_with(error)) == code
    assert capsys.readouterr().err == said


def test_the_unexpected_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_or_explain(ends_with(KeyError("rtmp://a/b/secretkey"))) == EXIT_SOFTWARE
    said = capsys.readouterr().err
    assert said.startswith("nonstop: Unexpected KeyError")
    assert "Traceback" not in said
    assert "secretkey" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_program_put_its_things_away(number: signal.Signals) -> None:
    steps: list[str] = []

    async def work() -> None:
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.05)
            steps.append("put away")

    before = signal.getsignal(number)
    assert run_or_explain(work()) == 128 + number
    assert steps == ["put away"]
    assert signal.getsignal(number) == before


STUBBORN = """
import asyncio
from contextlib import suppress
from streaming.process.subprocesses import Child
from streaming.command_line import run_or_explain

async def work():
    child = await Child.start(["sleep", "60"])
    print(child.pid, flush=True)
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        print("told", flush=True)

raise SystemExit(run_or_explain(work()))
"""


def test_a_second_signal_ends_everything_at_once() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        child = psutil.Process(int(program.stdout.readline()))
        program.terminate()
        assert program.stdout.readline() == "told\n"
        program.terminate()  # as `timeout` does it, and not yet a second wish
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(1.2)
        program.terminate()
        assert program.wait(5) == 128 + signal.SIGTERM
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running()


@contextmanager
def logging_configured() -> Iterator[None]:
    """The log as our programs write it, for a while."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure_logging()
        yield
    finally:
        root.handlers[:], _ = before
        root.setLevel(before[1])


def test_log_lines_say_what_they_are_about_and_keep_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_configured():
        with log_about("stream 3"):
            logging.getLogger("uplink").info("to %s", "rtmp://host/app/secretkey")
        logging.getLogger("uplink").debug("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("INFO    uplink: [stream 3] to rtmp://host/app/…")


def test_a_child_that_ended_while_it_was_closed_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    told = "Unknown child process pid %d, will report returncode 255"
    assert told in inspect.getsource(asyncio.unix_events)
    with logging_configured():
        logging.getLogger("asyncio").warning(told, 1)
        logging.getLogger("asyncio").warning("Executing took %.3f seconds", 2.0)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("Executing took 2.000 seconds")


def run_bot(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NONSTOP", "DISCORD_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_token_the_bot_says_how_to_try_the_console(tmp_path: Path) -> None:
    finished = run_bot(folder=tmp_path)
    assert finished.returncode == 78
    (sentence,) = finished.stderr.splitlines()
    assert "python -m bot console" in sentence


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--nope",), 2, "nonstop: No such option: --nope"),
        (("conssole",), 2, "nonstop: No such command 'conssole'"),
        (("check", "--config", "nowhere.toml"), 78, "nonstop: There is no configuration file nowhere.toml."),
        (("--config", "nowhere.toml", "migrate"), 78, "nonstop: There is no configuration file nowhere.toml."),
    ],
)
def test_wrong_command_lines_are_told_in_a_sentence(
    arguments: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    finished = run_bot(*arguments, folder=tmp_path)
    assert (finished.returncode, finished.stdout) == (code, "")
    assert finished.stderr.startswith(said)
    assert len(finished.stderr.splitlines()) == 1


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    finished = run_bot("migrate", folder=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert (tmp_path / "data" / "nonstop.db").exists()


def test_a_log_line_is_one_line_whatever_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    hostile = "a\x1b[2Jb\nc\r\t\x07\x9b31m\u202ed\u2028e\x7f\x00\ud800"
    log = logging.getLogger("streaming.test")
    log.warning("the title is %s", hostile + "\n2026-01-01 00:00:00,000 INFO    streaming: all is well")
    error = ValueError("bad\n2026-01-01 00:00:00,000 INFO    streaming: all is well\x1b[2J")
    log.error("it failed", exc_info=error)
    lines = capsys.readouterr().err.split("\n")
    assert "\x1b" not in "".join(lines)
    assert not any(line.startswith("2026-01-01 00:00:00,000") for line in lines)
    assert sum("streaming.test:" in line for line in lines) == 2
    assert "    ValueError: bad" in lines
