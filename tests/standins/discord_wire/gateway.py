"""Discord's gateway: hello, identify, heartbeats, resume, and the faults a bot has to live with.

Everything is sent as plain text frames: discord.py asks for zlib, but inflates only what comes as bytes.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.standins.discord_wire.record import Record
from tests.standins.discord_wire.world import Guild, Json, World

_DISPATCH, _HEARTBEAT, _IDENTIFY, _PRESENCE, _RESUME = 0, 1, 2, 3, 6
_RECONNECT, _REQUEST_MEMBERS, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 7, 8, 9, 10, 11
_DECODE_ERROR, _NOT_AUTHENTICATED, _BAD_TOKEN, _DISALLOWED_INTENTS = 4002, 4003, 4004, 4014
_ENDED_BY_CLIENT = {1000, 1001}
# Members, presences and message content: Discord grants them on application only.
_PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15


@dataclass(eq=False, slots=True)
class Session:
    """One identified bot process (or shard of one); `sent` is kept for a resume."""

    intents: int
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[Json] = field(default_factory=list)

    def serves(self, guild: Guild) -> bool:
        """Discord's rule for which shard a guild belongs to."""
        number, count = self.shard
        return (guild.id >> 22) % count == number

    async def send(self, event: str, data: Json) -> None:
        """Send an event; while the bot is away it waits for the resume."""
        self.sent.append({"op": _DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data})
        if self.socket is not None and not self.socket.closed:
            await _send(self.socket, self.sent[-1])


@dataclass(slots=True)
class Gateway:
    """All sessions of one token; set `answers_heartbeats` to False for a connection that lives in name only."""

    world: World
    token: str
    record: Record
    heartbeat_interval_seconds: float
    url: str = ""
    answers_heartbeats: bool = True
    sessions: list[Session] = field(default_factory=list)
    identifies: int = 0
    resumes: int = 0
    heartbeats: int = 0
    presence: Json | None = None
    _transports: dict[web.WebSocketResponse, asyncio.Transport] = field(default_factory=dict)

    @property
    def is_connected(self) -> bool:
        return any(session.socket is not None for session in self.sessions)

    async def dispatch(self, guild: Guild, event: str, data: Json) -> None:
        """Send an event of a guild to every session that serves it: two processes with one token both get it."""
        serving = [session for session in self.sessions if session.serves(guild)]
        if not serving:
            raise RuntimeError("no bot is connected")
        for session in serving:
            await session.send(event, data)

    async def ask_to_reconnect(self) -> None:
        """Op 7, as before Discord moves a bot to another host: the bot is to come back with a resume."""
        for socket in list(self._transports):
            await _send(socket, {"op": _RECONNECT, "d": None})

    async def invalidate(self) -> None:
        """Op 9: the sessions are gone, and the bot is to identify anew."""
        self.sessions.clear()
        for socket in list(self._transports):
            await _send(socket, {"op": _INVALID_SESSION, "d": False})

    def drop(self) -> None:
        """Cut every TCP connection without a word; sessions can be resumed."""
        for transport in self._transports.values():
            transport.abort()

    async def close(self) -> None:
        for socket in list(self._transports):
            await socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        self._transports[socket] = request.transport
        try:
            await _send(socket, {"op": _HELLO, "d": {"heartbeat_interval": self.heartbeat_interval_seconds * 1000}})
            async for frame in socket:
                await self._receive(socket, frame.type, frame.data)
                self.record.announce()
        finally:
            del self._transports[socket]
            self._leave(socket)
            self.record.add(f"gateway connection ended with {socket.close_code}")
        return socket

    def _leave(self, socket: web.WebSocketResponse) -> None:
        for session in [session for session in self.sessions if session.socket is socket]:
            session.socket = None
            if socket.close_code in _ENDED_BY_CLIENT:
                self.sessions.remove(session)

    async def _receive(self, socket: web.WebSocketResponse, kind: WSMsgType, text: Any) -> None:
        if kind is not WSMsgType.TEXT:
            await socket.close(code=_DECODE_ERROR)
            return
        frame = json.loads(text)
        match frame["op"]:
            case 1:
                await self._heartbeat(socket)
            case 2:
                await self._identify(socket, frame["d"])
            case 6:
                await self._resume(socket, frame["d"])
            case _:
                await self._other(socket, frame)

    async def _heartbeat(self, socket: web.WebSocketResponse) -> None:
        self.heartbeats += 1
        if self.answers_heartbeats:
            await _send(socket, {"op": _HEARTBEAT_ACK, "d": None})

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.identifies += 1
        self.record.add("gateway identify")
        if data["token"] != self.token:
            await socket.close(code=_BAD_TOKEN)
        elif data["intents"] & _PRIVILEGED_INTENTS:
            self.record.violate(_DISALLOWED_INTENTS, f"identify with privileged intents {data['intents']:#b}")
            await socket.close(code=_DISALLOWED_INTENTS)
        else:
            number, count = data.get("shard", (0, 1))
            await self._welcome(Session(data["intents"], (number, count), socket))

    async def _welcome(self, session: Session) -> None:
        guilds = [guild for guild in self.world.guilds if session.serves(guild)]
        await session.send("READY", self._ready_json(session, guilds))
        for guild in guilds:
            await session.send("GUILD_CREATE", guild.to_json())
        self.sessions.append(session)

    def _ready_json(self, session: Session, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": self.world.bot.to_json(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self.world.bot.id), "flags": 0},
            "shard": list(session.shard),
        }

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        if data["token"] != self.token:
            await socket.close(code=_BAD_TOKEN)
            return
        session = next((session for session in self.sessions if session.id == data["session_id"]), None)
        if session is None:
            await _send(socket, {"op": _INVALID_SESSION, "d": False})
            return
        self.resumes += 1
        self.record.add("gateway resume")
        session.socket = socket
        for event in session.sent[data["seq"] :]:
            await _send(socket, event)
        await session.send("RESUMED", {})

    async def _other(self, socket: web.WebSocketResponse, frame: Json) -> None:
        session = next((session for session in self.sessions if session.socket is socket), None)
        if session is None:
            await socket.close(code=_NOT_AUTHENTICATED)
        elif frame["op"] == _PRESENCE:
            self.presence = frame["d"]
        else:
            self.record.violate(0, f"gateway operation {frame['op']}, which the bot's intents do not allow")


async def _send(socket: web.WebSocketResponse, frame: Json) -> None:
    try:
        await socket.send_str(json.dumps(frame))
    except ConnectionError:
        return  # the reading side of this connection notices, and the event waits for the resume
