"""How a REST answer leaves the stand-in: body formats, error bodies, rate limits on demand, the transcript."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.standins.discord_wire.rates import RateLimits, Refused
from tests.standins.discord_wire.record import Call, Record
from tests.standins.discord_wire.refusals import RestError
from tests.standins.discord_wire.world import Files, Json, Upload, age_seconds

_API = "/api/v10"
# A path with the name in each pair of braces left out, so a test need not know how a route calls its parts.
_BRACES = re.compile(r"\{[^}]*\}")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Limit:
    """The next `times` requests of a route are answered 429."""

    method: str
    route: str
    retry_after_seconds: float
    times: int
    is_global: bool


@dataclass(slots=True)
class Answering:
    """Stands between the router and the routes' handlers."""

    record: Record
    limits: list[Limit] = field(default_factory=list)
    routes: set[tuple[str, str]] = field(default_factory=set)
    rates: RateLimits = field(default_factory=RateLimits)
    held: dict[tuple[str, str], asyncio.Event] = field(default_factory=dict)

    def know(self, router: web.UrlDispatcher) -> None:
        """Learn the routes, so that a limit on one that does not exist is noticed."""
        self.routes = {(route.method, _canonical(route.resource)) for route in router.routes()}

    @contextmanager
    def hold(self, method: str, path: str) -> Iterator[None]:
        """What a route is asked for is done, but for as long as the block lasts nobody is told."""
        route = (method, _BRACES.sub("{}", _API + path))
        self.held[route] = asyncio.Event()
        try:
            yield
        finally:
            self.held.pop(route).set()

    def limit_next(self, method: str, path: str, *, retry_after_seconds: float, times: int, is_global: bool) -> None:
        limit = Limit(method, _BRACES.sub("{}", _API + path), retry_after_seconds, times, is_global)
        if (limit.method, limit.route) not in self.routes:
            raise ValueError(f"there is no route {method} {path}")
        self.limits.append(limit)

    def middleware(self) -> Any:  # aiohttp's own decorator names no type for what it makes
        @web.middleware
        async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(_API):
                return await handler(request)
            started = time.monotonic()
            response, remark = await self._answer(request, handler)
            response.headers.update(self.rates.headers(request.method, _route(request), _major(request)))
            milliseconds = (time.monotonic() - started) * 1000
            path = request.path.removeprefix(_API)
            self.record.add(Call(request.method, path, response.status, milliseconds, remark))
            if held := self.held.get((request.method, _route(request))):
                await held.wait()
            return response

        return answer

    async def _answer(self, request: web.Request, handler: Handler) -> tuple[web.StreamResponse, str]:
        if limit := self._take_limit(request) or self._rate_limit(request):
            return _limited(limit), f"retry after {limit.retry_after_seconds:.2f} s"
        try:
            return await handler(request), ""
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            self.record.violate(0, f"unknown route {request.method} {request.path}")
            return to_json({"message": "404: Not Found", "code": 0}, status=404), "unknown route"
        except RestError as refusal:
            if refusal.is_violation:
                self.record.violate(refusal.code, f"{request.method} {_route(request)}: {refusal.message}")
            return to_json({"message": refusal.message, "code": refusal.code}, status=refusal.status), refusal.message
        except Exception as error:
            self.record.violate(0, f"{request.method} {_route(request)} failed in the stand-in: {error!r}")
            raise

    def _rate_limit(self, request: web.Request) -> Refused | None:
        """What Discord's own limits say."""
        channel, message = request.match_info.get("channel"), request.match_info.get("message", "")
        refused = self.rates.take(request.method, _route(request), _major(request))
        if refused is None and channel and request.method == "PATCH" and message.isdecimal():
            refused = self.rates.take_old_edit(channel, age_seconds(int(message)))
        return refused

    def _take_limit(self, request: web.Request) -> Limit | None:
        for limit in self.limits:
            if limit.times > 0 and (limit.method, limit.route) == (request.method, _route(request)):
                limit.times -= 1
                return limit
        return None


def to_json(data: Any, status: int = 200) -> web.Response:
    """discord.py compares the content type as a string: with a charset behind it, it would see text."""
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


async def read_body(request: web.Request) -> tuple[Any, Files]:
    """A JSON body, or the `payload_json` and `files[n]` of a multipart one."""
    if request.content_type != "multipart/form-data":
        text = await request.text()
        return json.loads(text) if text else {}, {}
    form = await request.post()
    files = {
        name: Upload(part.filename, part.file.read()) for name, part in form.items() if isinstance(part, web.FileField)
    }
    return json.loads(str(form["payload_json"])), files


async def read_object(request: web.Request) -> tuple[Json, Files]:
    body, files = await read_body(request)
    if not isinstance(body, dict):
        raise RestError(400, 50035, "Invalid Form Body: an object is needed")
    return body, files


def _route(request: web.Request) -> str:
    return _canonical(request.match_info.route.resource)


def _canonical(resource: web.AbstractResource | None) -> str:
    return _BRACES.sub("{}", resource.canonical) if resource else "unknown route"


def _major(request: web.Request) -> str:
    """What a route has a bucket for each of."""
    return request.match_info.get("channel") or request.match_info.get("token", "")


def _limited(limit: Limit | Refused) -> web.Response:
    """Without `Via`, discord.py takes a 429 for a ban by Cloudflare and gives up."""
    seconds = limit.retry_after_seconds
    code = {"code": limit.code} if isinstance(limit, Refused) and limit.code else {}
    told = {"message": "You are being rate limited.", "retry_after": seconds, "global": limit.is_global}
    response = to_json(told | code, 429)
    response.headers["Via"] = "1.1 stand-in"
    response.headers["Retry-After"] = str(seconds)
    response.headers["X-RateLimit-Scope"] = "global" if limit.is_global else "user"
    if limit.is_global:
        response.headers["X-RateLimit-Global"] = "true"
    return response
