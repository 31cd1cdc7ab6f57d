"""Shared by all command lines: exit codes, error messages, signals, and the log."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import traceback
from collections.abc import Coroutine, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, NoReturn

import psutil
import typer

from streaming import settings
from streaming.model.errors import EXIT_SOFTWARE, ConfigurationError, NonstopError
from streaming.model.text import visible_signs
from streaming.redaction.secrets import redact
from streaming.storage.private_files import keep_private

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The settings (default: config.toml).")]
"""The option every command has."""
Debug = Annotated[bool, typer.Option("--debug", help="Log everything, to standard error.")]
"""The option of every long-running command."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SIGNALLED = 128  # what shells add to the signal's number
_ORDERLY_END_SECONDS = 25.0
"""The limit for an orderly end after a signal: service managers kill after 30 s."""
_SAME_SIGNAL_SECONDS = 1.0
"""`timeout`, shells and honcho send signals twice; the second of a pair must not cut the orderly end short."""
_NOISY_LOGGERS = ("aiosqlite", "alembic", "asyncio", "matplotlib", "sqlalchemy")

_log = logging.getLogger(__name__)

_subject: ContextVar[str] = ContextVar("subject", default="")


def run_app(app: typer.Typer) -> NoReturn:
    """Runs a command line and exits: with 0, or with the error's code after a sentence on standard error."""
    keep_private()
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = _SIGNALLED + signal.SIGINT
    except Exception as error:  # noqa: BLE001  (the outermost edge, where every error is reported)
        code = explain(error)
    sys.exit(code)


def run_or_explain(main: Coroutine[Any, Any, int | None]) -> int:
    """Runs the program's main coroutine and returns the exit code.

    The first SIGINT or SIGTERM cancels the coroutine. If it then returns, that is its exit code; otherwise it is 130 or
    143. A second signal, or 25 s, ends the process at once. Any other error becomes a sentence on standard error and
    its own code.
    """
    gc.collect()
    gc.freeze()  # start-up objects live forever; scanning them would pause all streams for 60 ms each time
    try:
        return asyncio.run(_until_signalled(main))
    except Exception as error:  # noqa: BLE001  (the outermost edge, where every error is reported)
        return explain(error)


def explain(error: Exception) -> int:
    """Prints an error to standard error, one line for each problem, and returns its exit code."""
    if isinstance(error, ConfigurationError):
        settings.print_problems(error)
        return error.exit_code
    if isinstance(error, NonstopError | typer.TyperException):
        _say(error.format_message() if isinstance(error, typer.TyperException) else str(error))
        return error.exit_code
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    _log.debug("Unexpected failure", exc_info=error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    first_line = str(error).partition("\n")[0]
    _say(f"Unexpected {type(error).__name__}: {first_line} ({where.name}, line {where.lineno}); --debug shows more.")
    return EXIT_SOFTWARE


def configure_logging(level: int = logging.INFO) -> None:
    """Logs to standard error, redacted, each line prefixed with its stream or guild."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter())
    handler.addFilter(_is_news)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextlib.contextmanager
def log_about(subject: str) -> Iterator[None]:
    """Prefixes the log lines of this task and its children with a subject: `stream 3`, `guild 5`."""
    before = _subject.set(subject)
    try:
        yield
    finally:
        _subject.reset(before)


def _is_news(record: logging.LogRecord) -> bool:
    """Drops asyncio's warning about a child that was reaped when its transport was closed, which is harmless.

    A task that is cancelled while it waits for a child closes the child's transport, which polls the child once
    (`BaseSubprocessTransport.close`). The thread that watches for its exit then finds no such process.
    """
    return not (record.name == "asyncio" and str(record.msg).startswith("Unknown child process pid"))


class _Formatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(subject)s%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.subject = f"[{_subject.get()}] " if _subject.get() else ""
        return redact(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """Keeps each record to one line, whatever it quotes."""
        return visible_signs(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802  (logging's)
        """Indents tracebacks, so that no quoted line can pass for a record."""
        return "\n".join(f"    {visible_signs(line)}" for line in super().formatException(ei).split("\n"))


async def _until_signalled(main: Coroutine[Any, Any, int | None]) -> int:
    task = asyncio.ensure_future(main)
    received: list[signal.Signals] = []
    loop = asyncio.get_running_loop()
    first_at = 0.0

    def stop(number: signal.Signals) -> None:
        nonlocal first_at
        if not received:
            first_at = loop.time()
            loop.call_later(_ORDERLY_END_SECONDS, _leave_at_once, number)
            task.cancel()
        elif loop.time() - first_at >= _SAME_SIGNAL_SECONDS:
            _leave_at_once(number)
        received.append(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task or 0
    except asyncio.CancelledError:
        if not received:
            raise
        return _SIGNALLED + received[0]
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


def _leave_at_once(number: signal.Signals) -> NoReturn:
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(_SIGNALLED + number)


def _say(sentence: str) -> None:
    print(f"nonstop: {visible_signs(redact(sentence))}", file=sys.stderr)  # noqa: T201  (command-line output)
