"""The ingests, from outside their process."""

import asyncio
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from streaming.process.subprocesses import Child
from tests.chaos.tapes import Tape

_ANSWER_SECONDS = 20.0


class Ingests:
    """`async with Ingests(folder, keys)`: one ingest for each key, taping into the folder; `urls` says where."""

    def __init__(self, folder: Path, keys: Sequence[str]) -> None:
        self._folder = folder
        self._keys = keys
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.urls: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        command = [sys.executable, "-m", "tests.chaos.taping", str(self._folder), *self._keys]
        self._child = await Child.start(command, stdin=True, on_error_line=print, buffer_bytes=1 << 24)
        hello = await asyncio.wait_for(self._child.stdout.readline(), _ANSWER_SECONDS)
        self.urls = json.loads(hello)["urls"]
        self._listening = asyncio.create_task(self._listen(), name="hear the ingests")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.wait([self._listening])
        await self._child.stop()

    async def drop(self, key: str) -> float:
        """Resets what is published under a key; gives the moment (monotonic, as all of them)."""
        moment: float = await self._ask("drop", key=key)
        return moment

    async def away(self, key: str, *, seconds: float) -> tuple[float, float]:
        """Lets an ingest refuse connections for a while; gives when it left and when it was back."""
        left_at, back_at = await self._ask("away", seconds + _ANSWER_SECONDS, key=key, seconds=seconds)
        return left_at, back_at

    async def media_after(self, key: str, moment: float, *, timeout_seconds: float) -> float | None:
        """Waits until media arrive after a moment; gives when, or nothing when another fault keeps the ingest away.

        Raises AssertionError when there are none in time.
        """
        limit = timeout_seconds + _ANSWER_SECONDS
        arrival: float | None = await self._ask(
            "media_after", limit, key=key, after=moment, timeout_seconds=timeout_seconds
        )
        return arrival

    async def cut(self) -> list[Tape]:
        """Has everything so far put on disk, and gives all publications."""
        await self._ask("cut")
        return await self.tapes()

    async def tapes(self) -> list[Tape]:
        """All publications; of those still open, the parts that are on disk."""
        return [Tape.read(values) for values in await self._ask("tapes")]

    async def forget(self) -> list[Tape]:
        """The same, but the parts on disk are the caller's from now on: they are not named again."""
        return [Tape.read(values) for values in await self._ask("forget")]

    async def _ask(self, do: str, limit_seconds: float = _ANSWER_SECONDS, **arguments: Any) -> Any:
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._child.stdin.write(json.dumps({"id": number, "do": do, "with": arguments}).encode() + b"\n")
        try:
            answer = await asyncio.wait_for(answered, limit_seconds)
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise AssertionError(f"the ingests could not {do} {arguments}: {answer['error']}")
        return answer["result"]

    async def _listen(self) -> None:
        while line := await self._child.stdout.readline():
            answer = json.loads(line)
            if (waiting := self._waiting.get(answer["id"])) and not waiting.done():
                waiting.set_result(answer)
