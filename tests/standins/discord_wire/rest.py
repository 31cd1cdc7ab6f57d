"""Discord's REST routes, as far as a bot with slash commands uses them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from discord import Permissions

from tests.standins.discord_wire.answering import read_body, read_object, to_json
from tests.standins.discord_wire.commands import CommandBook
from tests.standins.discord_wire.exchange import Exchange
from tests.standins.discord_wire.gateway import Gateway
from tests.standins.discord_wire.limits import message_problems
from tests.standins.discord_wire.refusals import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    RestError,
    check,
    unauthorized,
)
from tests.standins.discord_wire.world import Channel, Files, Json, Message, World, age_seconds, now_text

_NONCE_SECONDS = 300.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Rest:
    """The handlers; `exchanges` are the interactions so far by token."""

    world: World
    commands: CommandBook
    token: str
    gateway: Gateway
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        """Every route; those under /webhooks and /interactions carry their secret in the path."""
        application = "/applications/{application}"
        webhook = "/webhooks/{application}/{token}"
        with_token: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self.me),
            ("DELETE", "/users/@me/guilds/{guild}", self.leave_guild),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/gateway/bot", self.gateway_bot),
            ("GET", f"{application}/commands", self.list_commands),
            ("PUT", f"{application}/commands", self.put_commands),
            ("GET", f"{application}/guilds/{{guild}}/commands", self.list_commands),
            ("PUT", f"{application}/guilds/{{guild}}/commands", self.put_commands),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/users/{user}", self.user),
            ("GET", "/channels/{channel}", self.channel),
            ("POST", "/channels/{channel}/typing", self.typing),
            ("GET", "/channels/{channel}/messages", self.list_messages),
            ("POST", "/channels/{channel}/messages", self.post_message),
            ("GET", "/channels/{channel}/messages/{message}", self.get_message),
            ("PATCH", "/channels/{channel}/messages/{message}", self.edit_message),
            ("DELETE", "/channels/{channel}/messages/{message}", self.delete_message),
        ]
        without_token: list[tuple[str, str, Handler]] = [
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback),
            ("POST", webhook, self.follow_up),
            ("GET", f"{webhook}/messages/{{message}}", self.get_answer),
            ("PATCH", f"{webhook}/messages/{{message}}", self.edit_answer),
            ("DELETE", f"{webhook}/messages/{{message}}", self.delete_answer),
        ]
        guarded = [(method, path, self._guarded(handler)) for method, path, handler in with_token]
        return [web.route(method, f"/api/v10{path}", handler) for method, path, handler in [*guarded, *without_token]]

    async def me(self, _: web.Request) -> web.Response:
        return to_json(self.world.bot.to_json())

    async def application(self, _: web.Request) -> web.Response:
        about = {"id": str(self.world.bot.id), "name": self.world.bot.name, "description": "", "icon": None}
        rights = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "team": None}
        return to_json(about | rights | {"owner": self.world.owner.to_json()})

    async def gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return to_json({"url": self.gateway.url, "shards": 1, "session_start_limit": limit})

    async def list_commands(self, request: web.Request) -> web.Response:
        return to_json(self.commands.scopes.get(self._scope(request), []))

    async def put_commands(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        return to_json(self.commands.put(self._scope(request), body))

    async def guild(self, request: web.Request) -> web.Response:
        found = self.world.guild(_number(request, "guild"))
        if found is None:
            raise RestError(404, 10004, "Unknown Guild", is_violation=False)
        return to_json(found.to_json())

    async def leave_guild(self, request: web.Request) -> web.Response:
        found = self.world.guild(_number(request, "guild"))
        if found is None:
            raise RestError(404, 10004, "Unknown Guild", is_violation=False)
        self.world.guilds.remove(found)
        await self.gateway.dispatch(found, "GUILD_DELETE", {"id": str(found.id)})
        return web.Response(status=204)

    async def user(self, request: web.Request) -> web.Response:
        found = self.world.account(_number(request, "user"))
        if found is None:
            raise RestError(404, 10013, "Unknown User", is_violation=False)
        return to_json(found.to_json())

    async def channel(self, request: web.Request) -> web.Response:
        return to_json(self._channel(request).to_json())

    async def typing(self, request: web.Request) -> web.Response:
        self._channel(request, "send_messages")
        return web.Response(status=204)

    async def post_message(self, request: web.Request) -> web.Response:
        data, files = await read_object(request)
        channel = self._channel(request, *_permissions_for(data, files))
        nonce = str(data["nonce"]) if data.get("nonce") is not None else None
        if data.get("enforce_nonce") and (sent := _sent_before(channel, nonce)):
            return to_json(sent.to_json())
        check(message_problems(data))
        message = Message(channel, self.world.bot, nonce=nonce)
        message.apply(data, files)
        channel.messages[message.id] = message
        return to_json(message.to_json())

    async def list_messages(self, request: web.Request) -> web.Response:
        channel = self._channel(request, "read_message_history")
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        found = sorted(message_id for message_id in channel.messages if message_id > after)[:limit]
        return to_json([channel.messages[message_id].to_json() for message_id in reversed(found)])

    async def get_message(self, request: web.Request) -> web.Response:
        return to_json(_message(self._channel(request, "read_message_history"), request).to_json())

    async def edit_message(self, request: web.Request) -> web.Response:
        data, files = await read_object(request)
        message = _message(self._channel(request, *(["attach_files"] if files else [])), request)
        check(message_problems(data))
        message.apply(data, files)
        message.edited_at = now_text()
        return to_json(message.to_json())

    async def delete_message(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        del channel.messages[_message(channel, request).id]
        return web.Response(status=204)

    async def callback(self, request: web.Request) -> web.Response:
        data, files = await read_object(request)
        exchange = self.exchanges.get(request.match_info["token"])
        if exchange is None or str(exchange.id) != request.match_info["interaction"]:
            raise RestError(404, UNKNOWN_INTERACTION, "Unknown interaction")
        exchange.answer(data["type"], data.get("data") or {}, files)
        with_response = request.query.get("with_response") in {"1", "true"}
        return to_json(exchange.callback_json()) if with_response else web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        data, files = await read_object(request)
        return to_json(self._exchange(request).follow_up(data, files).to_json())

    async def get_answer(self, request: web.Request) -> web.Response:
        return to_json(self._exchange(request).own_message(request.match_info["message"]).to_json())

    async def edit_answer(self, request: web.Request) -> web.Response:
        data, files = await read_object(request)
        exchange = self._exchange(request)
        message = exchange.own_message(request.match_info["message"])
        return to_json(exchange.edit(message, data, files).to_json())

    async def delete_answer(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        exchange.delete(exchange.own_message(request.match_info["message"]))
        return web.Response(status=204)

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Bot {self.token}":
                raise unauthorized()
            return await handler(request)

        return guarded

    def _scope(self, request: web.Request) -> int | None:
        if _number(request, "application") != self.world.bot.id:
            raise RestError(403, MISSING_ACCESS, "Missing Access")
        if "guild" not in request.match_info:
            return None
        if self.world.guild(_number(request, "guild")) is None:
            raise RestError(403, MISSING_ACCESS, "Missing Access", is_violation=False)
        return _number(request, "guild")

    def _channel(self, request: web.Request, *needed: str) -> Channel:
        """The channel of the path, if the bot may see it and has the permissions needed there."""
        channel = self.world.channel(_number(request, "channel"))
        if channel is None:
            raise RestError(404, UNKNOWN_CHANNEL, "Unknown Channel", is_violation=False)
        if not channel.bot_permissions.view_channel:
            raise RestError(403, MISSING_ACCESS, "Missing Access", is_violation=False)
        if not channel.bot_permissions >= Permissions(**dict.fromkeys(needed, True)):
            raise RestError(403, MISSING_PERMISSIONS, "Missing Permissions", is_violation=False)
        return channel

    def _exchange(self, request: web.Request) -> Exchange:
        exchange = self.exchanges.get(request.match_info["token"])
        if exchange is None or _number(request, "application") != self.world.bot.id:
            raise RestError(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        return exchange


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    if not text.isdecimal():
        raise RestError(400, 50035, f"Invalid Form Body: {text!r} is not snowflake.")
    return int(text)


def _message(channel: Channel, request: web.Request) -> Message:
    message = channel.messages.get(_number(request, "message"))
    if message is None:
        raise RestError(404, UNKNOWN_MESSAGE, "Unknown Message", is_violation=False)
    return message


def _permissions_for(data: Json, files: Files) -> list[str]:
    return [
        "send_messages",
        *(["embed_links"] if data.get("embeds") else []),
        *(["attach_files"] if files else []),
    ]


def _sent_before(channel: Channel, nonce: str | None) -> Message | None:
    """The message of the past minutes with this nonce: with `enforce_nonce` it is the answer, and none is made."""
    recent = (message for message in channel.messages.values() if age_seconds(message.id) < _NONCE_SECONDS)
    return next((message for message in recent if nonce and message.nonce == nonce), None)
