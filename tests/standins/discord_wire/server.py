"""The stand-in as a test holds it: started and stopped with a block, strict at its end."""

import base64
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from aiohttp import web
from discord import Permissions

from tests.standins.discord_wire.actors import Stage, User
from tests.standins.discord_wire.answering import Answering
from tests.standins.discord_wire.commands import CommandBook
from tests.standins.discord_wire.exchange import Deadlines
from tests.standins.discord_wire.gateway import Gateway
from tests.standins.discord_wire.record import Record
from tests.standins.discord_wire.refusals import Violation, ViolationsError
from tests.standins.discord_wire.rest import Rest
from tests.standins.discord_wire.world import Account, Guild, World

_LARGEST_BODY_BYTES = 25 * 1024 * 1024


class DiscordWire:
    """A Discord of its own on a loopback port. Leaving the block raises ViolationsError if the bot broke a rule.

    Guilds and channels are added before the bot connects; without a `token` one is made up.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        acknowledge_seconds: float = 3.0,
        token_seconds: float = 900.0,
        heartbeat_interval_seconds: float = 41.25,
    ) -> None:
        self.record = Record()
        self.world = World(bot=Account("nonstop", is_bot=True), owner=Account("owner"))
        self.token = token or _new_token(self.world.bot)
        self.commands = CommandBook(self.world.bot.id)
        self.gateway = Gateway(self.world, self.token, self.record, heartbeat_interval_seconds)
        self.base_url = ""
        self._rest = Rest(self.world, self.commands, self.token, self.gateway)
        self._answering = Answering(self.record)
        self._stage = Stage(
            self.world,
            self.commands,
            self.gateway,
            self._rest.exchanges,
            self.record,
            Deadlines(acknowledge_seconds, token_seconds),
        )
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def violations(self) -> list[Violation]:
        return self.record.violations

    @property
    def command_syncs(self) -> int:
        """How often the bot uploaded its command tree."""
        return self.commands.syncs

    def environment(self) -> dict[str, str]:
        """What the launcher needs to find this Discord, and the bot to log in to it."""
        return {
            "DISCORD_TOKEN": self.token,
            "NONSTOP_TEST_DISCORD_REST": self.base_url,
            "NONSTOP_TEST_DISCORD_GATEWAY": self.gateway_url,
        }

    def add_guild(self, name: str = "Guild") -> Guild:
        """A server that the bot has joined, without channels yet."""
        guild = Guild(name, self.world.bot, self.world.owner)
        self.world.guilds.append(guild)
        return guild

    async def let_in(self, guild: Guild) -> None:
        """A guild made with `Guild` lets the bot in, while it is connected."""
        self.world.guilds.append(guild)
        joined = guild.to_json()
        del joined["unavailable"]  # as Discord tells of a guild that is new, and not only back
        await self.gateway.dispatch(guild, "GUILD_CREATE", joined)

    async def remove(self, guild: Guild) -> None:
        """A guild removes the bot."""
        self.world.guilds.remove(guild)
        await self.gateway.dispatch(guild, "GUILD_DELETE", {"id": str(guild.id)})

    async def lose(self, guild: Guild) -> None:
        """An outage of Discord's keeps a guild from the bot."""
        await self.gateway.dispatch(guild, "GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    def add_user(self, name: str = "alice", *, permissions: Permissions | None = None) -> User:
        """A person with these permissions in every channel; everything but administrator unless told otherwise."""
        usual = Permissions.all()
        usual.administrator = False
        account = Account(name)
        self.world.people.append(account)
        return User(account, usual if permissions is None else permissions, self._stage)

    def tolerate(self, *codes: int) -> None:
        """Let the bot run into these of Discord's error codes: it is what the test is about."""
        self.record.tolerated.update(codes)

    def limit_next(
        self, method: str, path: str, *, retry_after_seconds: float, times: int = 1, is_global: bool = False
    ) -> None:
        """Answer the next requests 429; `path` like `/channels/{}/messages`, without the API's own prefix."""
        self._answering.limit_next(
            method, path, retry_after_seconds=retry_after_seconds, times=times, is_global=is_global
        )

    def hold(self, method: str, path: str) -> AbstractContextManager[None]:
        """Do what a route is asked for, and answer only after the block; `path` as for `limit_next`."""
        return self._answering.hold(method, path)

    async def until(self, is_true: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Wait for anything that shows on the wire; TimeoutError carries the transcript."""
        await self.record.until(is_true, timeout_seconds=timeout_seconds)

    async def until_connected(self, *, timeout_seconds: float) -> None:
        """Wait until a bot has identified and received its guilds: from then on commands reach it."""
        await self.until(lambda: self.gateway.is_connected, timeout_seconds=timeout_seconds)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Nobody listens, and every connection is cut."""
        assert self._runner
        assert self._runner.server
        assert self._site
        await self._site.stop()
        self.gateway.drop()
        await self._runner.server.shutdown(0.1)
        try:
            yield
        finally:
            await self._listen()

    async def _listen(self) -> None:
        assert self._runner
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._answering.middleware()], client_max_size=_LARGEST_BODY_BYTES)
        app.add_routes([*self._rest.routes(), web.get("/gateway", self.gateway.serve)])
        self._answering.know(app.router)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        await self._listen()
        port = self._port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/api/v10"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self.gateway.close()
        await self._runner.cleanup()
        if error is not None:
            error.add_note(str(self.record))
        elif self.violations:
            raise ViolationsError(str(self.record))


def _new_token(bot: Account) -> str:
    """A token of the right shape: the bot's id, a time, a signature."""
    first = base64.urlsafe_b64encode(str(bot.id).encode()).decode().rstrip("=")
    return f"{first}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
