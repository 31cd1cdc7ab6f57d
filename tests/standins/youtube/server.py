"""The stand-in's HTTP side: pages, the player and browse APIs, media with ranges, and the faults among them."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.standins.youtube import listing, player
from tests.standins.youtube.catalog import Catalog, Fault, PlannedFault, RangeRead
from tests.standins.youtube.signing import PLAYER_JS, Signer

_BLOCK_BYTES = 64 * 1024
_ADDED_BYTES = 1024
_NEVER_SECONDS = 3600.0
_HLS = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1500000,RESOLUTION=1280x720,CODECS="avc1.4D401F,mp4a.40.2"\n{url}\n'
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Answers as YouTube would, from its catalog, and counts what it was asked."""

    def __init__(self) -> None:
        self.signer = Signer()
        self.forget()

    def forget(self) -> None:
        """Begins anew, with an empty catalog."""
        self.catalog = Catalog()
        self.requests: Counter[str] = Counter()
        self.ranges: list[RangeRead] = []

    def application(self) -> web.Application:
        """The routes; the host is not looked at, the paths are distinct."""
        application = web.Application()
        application.add_routes(
            [
                web.get("/watch", self._planned("watch", self._watch)),
                web.get("/playlist", self._planned("playlist", self._playlist)),
                web.get(player.PLAYER_PATH, self._planned("base_js", self._base_js)),
                web.get("/embed/{video_id}", self._planned("embed", self._embed)),
                web.post("/youtubei/v1/player", self._planned("player", self._player)),
                web.post("/youtubei/v1/browse", self._planned("browse", self._browse)),
                web.post("/youtubei/v1/next", self._planned("next", self._next)),
                web.get("/api/manifest/{rest:.*}", self._planned("manifest", self._manifest)),
                web.get("/videoplayback", self._media),
                web.route("*", "/{rest:.*}", self._planned("unknown", self._unknown)),
            ]
        )
        return application

    def _planned(self, kind: str, handler: Handler) -> Handler:
        """Counts the request, lets its latency pass, and makes the fault planned for it, if any."""

        async def handle(request: web.Request) -> web.StreamResponse:
            self.requests[kind] += 1
            self.requests.update(f"cookie {name}" for name in request.cookies)
            await asyncio.sleep(self.catalog.behaviour.latency_seconds)
            fault = self.catalog.take_fault(kind, request.query.get("v"))
            return await _fail(request, fault) if fault else await handler(request)

        return handle

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        video_id, list_id = request.query.get("v", ""), request.query.get("list")
        contents = listing.mix_panel(self.catalog, list_id, video_id) if list_id in self.catalog.playlists else None
        return _html(player.watch_page(self.catalog, self.signer, video_id, contents))

    async def _playlist(self, request: web.Request) -> web.StreamResponse:
        return _html(listing.playlist_page(self.catalog, request.query["list"]))

    async def _base_js(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=PLAYER_JS, content_type="text/javascript")

    async def _embed(self, _: web.Request) -> web.StreamResponse:
        return _html(player.page({"INNERTUBE_CONTEXT": {"client": {"clientName": "WEB_EMBEDDED_PLAYER"}}}))

    async def _player(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        client = asked["context"]["client"]["clientName"]
        self.requests[f"player {client}"] += 1
        return web.json_response(player.player_answer(self.catalog, self.signer, asked["videoId"], client=client))

    async def _browse(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if token := asked.get("continuation"):
            return web.json_response(listing.continuation(self.catalog, token))
        return web.json_response(listing.playlist_data(self.catalog, asked["browseId"].removeprefix("VL")))

    async def _next(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        return web.json_response(listing.mix_panel(self.catalog, asked["playlistId"], asked["videoId"]))

    async def _manifest(self, request: web.Request) -> web.StreamResponse:
        url = f"https://manifest.googlevideo.com{request.path}/itag/95/index.m3u8"
        return web.Response(text=_HLS.format(url=url), content_type="application/vnd.apple.mpegurl")

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        self.requests[f"unknown {request.host}{request.path}"] += 1
        raise web.HTTPNotFound

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.requests["media"] += 1
        await asyncio.sleep(self.catalog.behaviour.latency_seconds)
        if refusal := self.signer.refusal(request.query):
            self._record(request, 0, 0, refusal.status)
            return web.Response(status=refusal.status, reason=f"Forbidden ({refusal.reason})")
        files = self.catalog.video(request.query["id"]).files
        assert files, "a signed URL belongs to a video with files"
        return await self._send(request, await asyncio.to_thread(files.read, int(request.query["itag"])))

    async def _send(self, request: web.Request, body: bytes) -> web.StreamResponse:
        asked = request.http_range
        start, end = asked.start or 0, min(asked.stop or len(body), len(body))
        offer = request.query["id"], int(request.query["itag"]), request.query["c"]
        fault = self.catalog.take_fault("media", *offer, start, end - 1)
        if fault and fault.effect is Fault.CHANGED_LENGTH:
            body += bytes(_ADDED_BYTES)
        if start >= len(body):
            self._record(request, start, end - 1, 416)
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        if fault and isinstance(fault.effect, int):
            self._record(request, start, end - 1, fault.effect)
            return await _fail(request, fault)
        status = 206 if "Range" in request.headers else 200
        self._record(request, start, end - 1, status)
        response = web.StreamResponse(status=status, headers=_headers(start, end, len(body), status))
        response.content_length = end - start
        await response.prepare(request)
        return await self._write(request, response, body[start:end], start, fault)

    async def _write(
        self, request: web.Request, response: web.StreamResponse, body: bytes, start: int, fault: PlannedFault | None
    ) -> web.StreamResponse:
        stop = len(body)
        breaks = fault is not None and fault.effect is not Fault.CHANGED_LENGTH
        if fault and breaks:
            stop = min(stop, max(fault.at_byte or 0, start) - start)
        for at in range(0, stop, _BLOCK_BYTES):
            block = body[at : min(at + _BLOCK_BYTES, stop)]
            await response.write(block)
            if pace := self.catalog.behaviour.pace_bytes_per_second:
                await asyncio.sleep(len(block) / pace)
        if fault and breaks:
            await _break(request, fault)
            return response
        await response.write_eof()
        return response

    def _record(self, request: web.Request, start: int, end: int, status: int) -> None:
        self.ranges.append(RangeRead(request.query["id"], int(request.query["itag"]), start, end, status))


def _headers(start: int, end: int, length: int, status: int) -> dict[str, str]:
    headers = {"Accept-Ranges": "bytes", "Content-Type": "video/mp4"}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return headers


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


async def _fail(request: web.Request, fault: PlannedFault) -> web.StreamResponse:
    if isinstance(fault.effect, int) and not isinstance(fault.effect, Fault):
        return web.Response(status=fault.effect)
    await _break(request, fault)
    return web.Response(status=500)


async def _break(request: web.Request, fault: PlannedFault) -> None:
    transport = request.transport
    if fault.effect is Fault.STALL:
        await asyncio.sleep(_NEVER_SECONDS)
    if transport and fault.effect is Fault.RESET:
        no_linger = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        transport.abort()
    elif transport:
        transport.close()
