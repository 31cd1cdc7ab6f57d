"""Child processes that never outlive this one: each in its own process group, stopped by TERM and then KILL."""

import asyncio
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress

from streaming.model.text import clean
from streaming.process.launcher import bare_environment, launched

_log = logging.getLogger(__name__)

_TERMINATE_SECONDS = 3.0
_LINE_LIMIT_BYTES = 1 << 20


class Child:
    """One running program. Its standard error goes to `on_error_line`, line by line, to its end."""

    def __init__(
        self, process: Process, transport: asyncio.SubprocessTransport, on_error_line: Callable[[str], None] | None
    ) -> None:
        self._process = process
        self._transport = transport
        self._draining: asyncio.Task[None] | None = None
        self._errors = asyncio.create_task(self._read_errors(on_error_line)) if on_error_line else None

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        stdin: bool = False,
        stdout: bool = True,
        on_error_line: Callable[[str], None] | None = None,
        environment: Mapping[str, str] | None = None,
        inherit: Sequence[int] = (),
        niceness: int = 0,
        memory_mb: int = 0,
        buffer_bytes: int = _LINE_LIMIT_BYTES,
    ) -> "Child":
        """Starts a program. Raises OSError when it cannot be started.

        `stdin` and `stdout` ask for pipes; `inherit` lists descriptors that stay open in the program; `niceness` leaves
        the processor to others; `memory_mb` limits the memory. Without an `environment` the program gets a bare one,
        without any secret.
        """
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.subprocess_exec(  # create_subprocess_exec() does not return the transport
            lambda: SubprocessStreamProtocol(buffer_bytes, loop),
            *launched(command, niceness=niceness, memory_mb=memory_mb),
            stdin=PIPE if stdin else DEVNULL,
            stdout=PIPE if stdout else DEVNULL,
            stderr=PIPE if on_error_line else DEVNULL,
            env=dict(environment) if environment is not None else bare_environment(),
            pass_fds=inherit,
            start_new_session=True,  # a Ctrl-C reaches this process alone, which stops its children in order
        )
        return cls(Process(transport, protocol, loop), transport, on_error_line)

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The return code, negative for a signal; None while it runs."""
        return self._process.returncode

    @property
    def stdout(self) -> asyncio.StreamReader:
        """Its standard output."""
        assert self._process.stdout, "started without stdout"
        return self._process.stdout

    @property
    def stdin(self) -> asyncio.StreamWriter:
        """Its standard input."""
        assert self._process.stdin, "started without stdin"
        return self._process.stdin

    async def wait(self) -> int:
        """Waits for its end and returns the return code. Call `stop` afterwards unless its output was read to the end.

        The last line of standard error has been handed on by then.
        """
        code = await self._process.wait()
        if self._errors:
            await asyncio.wait([self._errors], timeout=1.0)
        return code

    async def stop(
        self, *, first: signal.Signals = signal.SIGTERM, patience_seconds: float = _TERMINATE_SECONDS
    ) -> int:
        """Ends it: sends `first`, and KILL if it still runs after `patience_seconds`. Stopping twice does no harm.

        No task may be reading its output; the rest of it is dropped. Afterwards, and after a cancellation, nothing of
        it is open in this process.
        """
        if self._process.stdout and self._draining is None:
            self._draining = asyncio.create_task(_read_away(self._process.stdout))
        try:
            if self._process.returncode is None:
                self.signal(first)
                try:
                    # Not wait_for(): before Python 3.12 it loses a cancellation that comes just as the child ends.
                    async with asyncio.timeout(patience_seconds):
                        return await self.wait()
                except TimeoutError:
                    self.signal(signal.SIGKILL)
            return await self.wait()
        finally:
            self._transport.close()

    def kill(self) -> None:
        """Kills its process group."""
        if self._process.returncode is None:
            self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to its process group, if that still exists."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    async def _read_errors(self, on_line: Callable[[str], None]) -> None:
        """Reads to the end even when `on_line` fails: a program whose output is not read stands still."""
        assert self._process.stderr
        has_failed = False
        async for line in lines(self._process.stderr):
            try:
                on_line(clean(line))
            except Exception:  # noqa: BLE001  (logged once)
                if not has_failed:
                    _log.exception("A line of process %d could not be handled", self._process.pid)
                has_failed = True


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yields a program's output line by line, without line ends. Carriage returns end lines, too."""
    rest = b""
    while chunk := await reader.read(1 << 16):
        *whole, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            if line:
                yield line.decode(errors="replace")
        rest = rest[-_LINE_LIMIT_BYTES:]
    if rest:
        yield rest.decode(errors="replace")


async def _read_away(reader: asyncio.StreamReader) -> None:
    while await reader.read(_LINE_LIMIT_BYTES):
        pass
