"""Child processes that never outlive us: started in a group of their own, stopped by TERM and then KILL."""

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
    """One running program. Its standard error is read to its end by `on_error_line`, a line at a time."""

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
        """Starts a program.

        `stdin` and `stdout` ask for pipes; `inherit` lists descriptors the program keeps open; a child with more
        `niceness` leaves the processor to others, and one with a limit of `memory_mb` can have no more than that.
        Without an `environment` it gets a bare one: what it needs to run, and no secret of ours. Raises OSError when it
        cannot be started.
        """
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.subprocess_exec(  # create_subprocess_exec() keeps the transport to itself
            lambda: SubprocessStreamProtocol(buffer_bytes, loop),
            *launched(command, niceness=niceness, memory_mb=memory_mb),
            stdin=PIPE if stdin else DEVNULL,
            stdout=PIPE if stdout else DEVNULL,
            stderr=PIPE if on_error_line else DEVNULL,
            env=dict(environment) if environment is not None else bare_environment(),
            pass_fds=inherit,
            start_new_session=True,  # a Ctrl-C on the terminal is ours to hand on, in our order
        )
        return cls(Process(transport, protocol, loop), transport, on_error_line)

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, or None while it runs; negative for the signal that killed it."""
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
        """Waits for its end; gives the return code. Who does not read its output to the end calls `stop` after it.

        The last line of standard error has been handed on by then.
        """
        code = await self._process.wait()
        if self._errors:
            await asyncio.wait([self._errors], timeout=1.0)
        return code

    async def stop(
        self, *, first: signal.Signals = signal.SIGTERM, patience_seconds: float = _TERMINATE_SECONDS
    ) -> int:
        """Ends it: `first`, and KILL when it is still there after `patience_seconds`. Stopping twice does no harm.

        Nobody may be reading its output any more; what is left of it is thrown away. Once it has ended, or the wait for
        that was cancelled, nothing of it is open here.
        """
        if self._process.stdout and self._draining is None:
            self._draining = asyncio.create_task(_read_away(self._process.stdout))
        try:
            if self._process.returncode is None:
                self.signal(first)
                try:
                    # Not wait_for(): before Python 3.12 it forgets a cancellation that comes just as the child ends.
                    async with asyncio.timeout(patience_seconds):
                        return await self.wait()
                except TimeoutError:
                    self.signal(signal.SIGKILL)
            return await self.wait()
        finally:
            self._transport.close()

    def kill(self) -> None:
        """Ends it at once, with everything in its group."""
        if self._process.returncode is None:
            self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to everything in its group; one that has ended is left in peace."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    async def _read_errors(self, on_line: Callable[[str], None]) -> None:
        """Reads to the end whatever becomes of the lines: a program that is not read stands still."""
        assert self._process.stderr
        has_failed = False
        async for line in lines(self._process.stderr):
            try:
                on_line(clean(line))
            except Exception:  # noqa: BLE001  (told once)
                if not has_failed:
                    _log.exception("A line of process %d could not be taken in", self._process.pid)
                has_failed = True


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yields a program's output line by line, without line ends; carriage returns part lines too."""
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
