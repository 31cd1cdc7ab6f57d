"""The ingests as a process of their own, so that what they measure is not our own haste: JSON lines in and out."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.chaos.tapes import TapedSession
from tests.standins.ingest import Ingest
from tests.standins.publisher import Publisher, Refusal
from tests.standins.session import Session

_CUT_SECONDS = 10.0


class TapingIngest(Ingest):
    """An ingest for one key, which puts what it hears on disk. Two at once are let in, so that they are seen."""

    def __init__(self, folder: Path, writer: ThreadPoolExecutor) -> None:
        super().__init__()
        self._folder = folder
        self._writer = writer
        self.is_away = False
        """Whether a fault keeps it away at present."""

    @property
    def tapes(self) -> list[TapedSession]:
        """Every publication there was."""
        return [session for session in self.sessions if isinstance(session, TapedSession)]

    def open_session(self, key: str, publisher: Publisher) -> Session:
        """A new publication begins."""
        session = TapedSession(key, len(self.sessions) + 1, self._folder, self._writer)
        self.sessions.append(session)
        self._publishers[session] = publisher
        return session

    def refusal_of_key(self, key: str) -> Refusal | None:
        """Nobody is refused for a key that is on air."""
        return self._refused_keys.get(key)


class Commands:
    """What may be asked; each method is one command, and `key` names the ingest."""

    def __init__(self, ingests: dict[str, TapingIngest], writer: ThreadPoolExecutor) -> None:
        self._ingests = ingests
        self._writer = writer

    async def drop(self, key: str) -> float:
        """Resets what is published there; gives the moment."""
        ingest = self._ingests[key]
        for session in ingest.tapes:
            if session.end is None:
                ingest.drop(session)
        return time.monotonic()

    async def away(self, key: str, seconds: float) -> list[float]:
        """Resets everything and refuses connections for a while; gives when that began and ended.

        What is away already does not go away for it once more.
        """
        ingest, began_at = self._ingests[key], time.monotonic()
        if not ingest.is_away:
            ingest.is_away = True
            async with ingest.away():
                began_at = time.monotonic()
                await asyncio.sleep(seconds)
            ingest.is_away = False
        return [began_at, time.monotonic()]

    async def media_after(self, key: str, after: float, timeout_seconds: float) -> float | None:
        """Waits for media that arrive after a moment; gives when they did, or nothing once the ingest is away."""
        ingest = self._ingests[key]
        await ingest.wait_for(lambda: _newest(ingest) > after or ingest.is_away, timeout_seconds=timeout_seconds)
        return _newest(ingest) if _newest(ingest) > after else None

    async def cut(self) -> None:
        """Puts on disk what was received so far, up to the next keyframes."""
        await asyncio.gather(*(self._cut(ingest) for ingest in self._ingests.values()))
        await self._written()

    async def tapes(self) -> list[dict[str, Any]]:
        """Every publication there was, of all keys."""
        return [session.describe() for ingest in self._ingests.values() for session in ingest.tapes]

    async def forget(self) -> list[dict[str, Any]]:
        """The same, leaving the parts on disk to whoever asks."""
        await self._written()
        given = await self.tapes()
        for ingest in self._ingests.values():
            for session in ingest.tapes:
                session.forget()
        return given

    async def _written(self) -> None:
        """Waits until the writer is through with what it was given; it does one thing after the other."""
        await asyncio.wrap_future(self._writer.submit(lambda: None))

    @staticmethod
    async def _cut(ingest: TapingIngest) -> None:
        for session in ingest.tapes:
            if session.end is None:
                session.cut_at_next_keyframe()
        try:
            await ingest.wait_for(lambda: all(tape.is_cut for tape in ingest.tapes), timeout_seconds=_CUT_SECONDS)
        except TimeoutError:  # nothing comes any more
            for session in ingest.tapes:
                session.end_part()


def _newest(ingest: TapingIngest) -> float:
    return max((session.last_media_at for session in ingest.tapes), default=0.0)


async def _serve(folder: Path, keys: list[str]) -> None:
    async with AsyncExitStack() as stack:
        writer = stack.enter_context(ThreadPoolExecutor(1))
        ingests = {key: await stack.enter_async_context(TapingIngest(folder, writer)) for key in keys}
        _say({"urls": {key: ingest.url(key) for key, ingest in ingests.items()}})
        commands, asked = Commands(ingests, writer), set[asyncio.Task[None]]()
        while line := await asyncio.to_thread(sys.stdin.readline):
            task = asyncio.create_task(_obey(commands, json.loads(line)))
            asked.add(task)
            task.add_done_callback(asked.discard)


async def _obey(commands: Commands, command: dict[str, Any]) -> None:
    method: Callable[..., Any] = getattr(commands, command["do"])
    try:
        _say({"id": command["id"], "result": await method(**command["with"])})
    except Exception as error:  # noqa: BLE001  (whoever asked is told)
        _say({"id": command["id"], "error": repr(error)})


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2:]))
