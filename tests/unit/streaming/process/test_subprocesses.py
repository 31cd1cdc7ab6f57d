"""Child processes, with small Python programs as the children."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from streaming.process.subprocesses import Child

LIMIT_SECONDS = 10

DEAF = """
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", flush=True)
    signal.pause()
"""
POLITE = """
    import signal, sys
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    print("ready", flush=True)
    signal.pause()
"""


def program(text: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(text)]


@asynccontextmanager
async def ready(text: str) -> AsyncIterator[Child]:
    """The program as a child that has said it is ready."""
    child = await Child.start(program(text))
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            assert await child.stdout.readline() == b"ready\n"
        yield child
    finally:
        await child.stop(first=signal.SIGKILL)


async def heard(text: str) -> list[str]:
    """What the program says on its standard error."""
    lines: list[str] = []
    child = await Child.start(program(text), on_error_line=lines.append)
    async with asyncio.timeout(LIMIT_SECONDS):
        await child.wait()
    return lines


async def closed(descriptor: int) -> None:
    """Waits until nobody holds the pipe's other end any more."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await reader.read()
    finally:
        transport.close()


async def test_a_child_that_heeds_term_ends_in_its_own_way() -> None:
    async with ready(POLITE) as child:
        assert await child.stop() == 7


async def test_a_child_that_ignores_term_is_killed() -> None:
    async with ready(DEAF) as child:
        assert await child.stop(patience_seconds=0.2) == -signal.SIGKILL


async def test_stopping_twice_does_no_harm() -> None:
    async with ready(POLITE) as child:
        assert await child.stop() == 7
        assert await child.stop() == 7
        child.kill()
        assert child.returncode == 7


async def test_stopping_from_two_tasks_at_once_does_no_harm() -> None:
    async with ready(DEAF) as child:
        codes = await asyncio.gather(child.stop(patience_seconds=0.2), child.stop(patience_seconds=0.1))

        assert set(codes) == {-signal.SIGKILL}


async def test_grandchildren_die_with_a_killed_child() -> None:
    watched, held = os.pipe()
    child = await Child.start(
        program(f"""
            import subprocess, sys
            waiting = "import signal; print('ready', flush=True); signal.pause()"
            subprocess.run([sys.executable, "-c", waiting], pass_fds=[{held}])
        """),
        inherit=[held],
    )
    os.close(held)
    async with asyncio.timeout(LIMIT_SECONDS):
        assert await child.stdout.readline() == b"ready\n"
    child.kill()

    await closed(watched)
    assert await child.stop() == -signal.SIGKILL


async def test_children_die_with_a_parent_that_is_killed_outright() -> None:
    watched, held = os.pipe()
    parent = await Child.start(
        program(f"""
            import asyncio, sys
            from streaming.process.subprocesses import Child

            async def main():
                waiting = "import signal; print('ready', flush=True); signal.pause()"
                child = await Child.start([sys.executable, "-c", waiting], inherit=[{held}])
                print((await child.stdout.readline()).decode(), end="", flush=True)
                await child.wait()

            asyncio.run(main())
        """),
        inherit=[held],
    )
    os.close(held)
    async with asyncio.timeout(LIMIT_SECONDS):
        assert await parent.stdout.readline() == b"ready\n"
    os.kill(parent.pid, signal.SIGKILL)  # the parent alone: its child has a group of its own

    await closed(watched)
    assert await parent.stop() == -signal.SIGKILL


async def test_standard_error_comes_line_by_line_with_carriage_returns_parting_lines() -> None:
    assert await heard(r"""
        import sys
        sys.stderr.buffer.write(b"one\ntwo\rthree\r\n\nfo\xffur\nlast")
    """) == ["one", "two", "three", "fo\ufffdur", "last"]


async def test_a_line_without_end_does_not_fill_the_memory() -> None:
    lines = await heard("""
        import sys
        sys.stderr.write("x" * (3 << 20) + "end")
    """)

    assert len(lines) == 1
    assert len(lines[0]) <= 1 << 20
    assert lines[0].endswith("end")


async def test_everything_said_is_heard_before_the_end_is_told() -> None:
    assert len(await heard("import sys; sys.stderr.write('word\\n' * 50_000)")) == 50_000


async def test_what_goes_in_comes_out() -> None:
    child = await Child.start(program("print(input().upper())"), stdin=True)
    child.stdin.write("héllo\n".encode())
    child.stdin.close()

    async with asyncio.timeout(LIMIT_SECONDS):
        assert await child.stdout.read() == "HÉLLO\n".encode()
        assert await child.wait() == 0


async def test_a_program_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(FileNotFoundError):
        await Child.start(["/nowhere/ffmpeg"])
