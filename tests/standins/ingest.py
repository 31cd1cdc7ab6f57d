"""A loopback RTMP ingest that writes down every media message it receives, and fails when a test asks it to."""

import argparse
import asyncio
import json
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.standins.media import MediaMessage
from tests.standins.publisher import Attempt, Publisher, Refusal
from tests.standins.session import End, Session

T = TypeVar("T")

HOST = "127.0.0.1"
TLS_HOST = "localhost"  # certificates are for names
RECEIVE_BUFFER_BYTES = 256 << 10  # fixed, so that a stalled ingest is felt after a known amount
BAD_NAME = Refusal("NetStream.Publish.BadName")
REJECTED = Refusal("NetConnection.Connect.Rejected")


class Absence(StrEnum):
    """How an ingest is away."""

    REFUSES = "refuses"  # nobody listens: connection refused
    RESETS = "resets"  # accepts and resets at once


class Ingest:
    """`async with Ingest() as ingest:` listens on a free port until the block ends.

    `sessions` holds every publication in the order of opening, `attempts` every connection that was accepted.
    """

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._tls = tls
        self.sessions: list[Session] = []
        self.attempts: list[Attempt] = []
        self._changed = asyncio.Condition()
        self._publishers: dict[Session, Publisher] = {}
        self._talks: set[asyncio.Task[None]] = set()
        self._refused_keys: dict[str, Refusal] = {}
        self._refused_applications: dict[str, Refusal] = {}
        self._absence: Absence | None = None
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        bound = _bound_socket(self.port)
        self.port = bound.getsockname()[1]
        await self._listen(bound)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def url(self, key: str, *, application: str = "live") -> str:
        """Where to publish the key."""
        return f"{f'rtmps://{TLS_HOST}' if self._tls else f'rtmp://{HOST}'}:{self.port}/{application}/{key}"

    def sessions_of(self, key: str) -> list[Session]:
        """The key's publications, oldest first."""
        return [session for session in self.sessions if session.key == key]

    @property
    def protocol_errors(self) -> list[str]:
        """What publishers did wrong; a good run leaves it empty."""
        return [attempt.outcome for attempt in self.attempts if attempt.outcome.startswith(End.PROTOCOL_ERROR)]

    # Waiting

    async def wait_for(self, predicate: Callable[[], T], *, timeout_seconds: float = 10.0) -> T:
        """Waits until the predicate holds and returns what it gave. The TimeoutError tells what was received."""
        try:
            async with asyncio.timeout(timeout_seconds), self._changed:
                return await self._changed.wait_for(predicate)
        except TimeoutError as error:
            raise TimeoutError(f"not within {timeout_seconds} s; the ingest has {self.report()}") from error

    async def session(self, key: str, *, number: int = 1, timeout_seconds: float = 10.0) -> Session:
        """The key's publication of that number, counted from 1, once it is open."""
        await self.wait_for(lambda: len(self.sessions_of(key)) >= number, timeout_seconds=timeout_seconds)
        return self.sessions_of(key)[number - 1]

    async def first_media(self, key: str, *, timeout_seconds: float = 10.0) -> MediaMessage:
        """The first picture or sound ever received for the key."""
        found = await self.wait_for(lambda: self._first_media(key), timeout_seconds=timeout_seconds)
        assert found is not None
        return found

    def _first_media(self, key: str) -> MediaMessage | None:
        return next((s.first_media for s in self.sessions_of(key) if s.first_media), None)

    # Faults

    def refuse_key(self, key: str, refusal: Refusal = BAD_NAME) -> None:
        """Answers every publication of this key with an error."""
        self._refused_keys[key] = refusal

    def refuse_application(self, application: str, refusal: Refusal = REJECTED) -> None:
        """Answers every connect for this application with an error."""
        self._refused_applications[application] = refusal

    def accept_all(self) -> None:
        """Ends every refusal."""
        self._refused_keys.clear()
        self._refused_applications.clear()

    def drop(self, session: Session) -> None:
        """Resets the session's connection."""
        self._publishers[session].reset(End.DROPPED)

    @asynccontextmanager
    async def stalled(self, session: Session) -> AsyncIterator[None]:
        """Reads nothing of the session inside the block."""
        publisher = self._publishers[session]
        publisher.stall()
        try:
            yield
        finally:
            publisher.resume()

    @asynccontextmanager
    async def away(self, how: Absence = Absence.REFUSES) -> AsyncIterator[None]:
        """Resets every session and takes no new one inside the block; the port is the same afterwards."""
        bound = await self._leave(how)
        try:
            yield
        finally:
            self._absence = None
            if bound:
                await self._listen(bound)

    async def _leave(self, how: Absence) -> socket.socket | None:
        """Goes away; returns the socket that keeps the port when nobody listens on it."""
        self._absence = how
        bound = None
        if how is Absence.REFUSES and self._server:
            self._server.close()
            bound = _bound_socket(self.port)
        for session in self.sessions:
            if session.end is None:
                self.drop(session)
        return bound

    # What publishers ask (publisher.Desk)

    def refusal_of_application(self, application: str) -> Refusal | None:
        """What to answer a connect with, or None to accept it."""
        return self._refused_applications.get(application)

    def refusal_of_key(self, key: str) -> Refusal | None:
        """What to answer a publication with, or None to accept it; as on platforms, a key that is on air is taken."""
        is_taken = any(session.end is None for session in self.sessions_of(key))
        return BAD_NAME if is_taken else self._refused_keys.get(key)

    def open_session(self, key: str, publisher: Publisher) -> Session:
        """A new publication of the key begins."""
        session = Session(key)
        self.sessions.append(session)
        self._publishers[session] = publisher
        return session

    async def announce(self) -> None:
        """Wakes everybody who waits."""
        async with self._changed:
            self._changed.notify_all()

    # Listening

    async def _listen(self, bound: socket.socket) -> None:
        self._server = await asyncio.start_server(self._welcome, sock=bound, ssl=self._tls)

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        publisher = Publisher(self, reader, writer)
        self.attempts.append(publisher.attempt)
        if self._absence:
            publisher.attempt.outcome = "reset"
            publisher.reset(End.DROPPED)
            return
        talk = asyncio.create_task(publisher.talk(), name=f"publisher {len(self.attempts)}")
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    # For people and other processes

    def report(self) -> list[dict[str, Any]]:
        """The sessions as plain values, for JSON."""
        return [session.report() for session in self.sessions]


def _bound_socket(port: int) -> socket.socket:
    """A socket that holds the port; connections to it are refused until somebody listens."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    bound.bind((HOST, port))
    return bound


async def serve(port: int, report: Path, record: Path | None) -> None:
    """Listens until SIGTERM or SIGINT, then writes the report, and each session as FLV into the folder `record`."""
    told_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
    async with Ingest(port=port) as ingest:
        print(ingest.port, flush=True)
        await told_to_end.wait()
    _write_down(ingest, report, record)


def _write_down(ingest: Ingest, report: Path, record: Path | None) -> None:
    report.write_text(json.dumps(ingest.report(), indent=2))
    if record:
        for number, session in enumerate(ingest.sessions):
            session.to_flv(record / f"{number}.flv")


def main() -> None:
    """`python -m tests.standins.ingest --port 0 --report FILE [--record FOLDER]`; prints the port it listens on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--record", type=Path)
    asked = parser.parse_args()
    asyncio.run(serve(asked.port, asked.report, asked.record))


if __name__ == "__main__":
    main()
