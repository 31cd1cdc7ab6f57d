"""What is asked of origins, to the letter, and where they may send us on to."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from streaming.model.errors import ItemUnplayable, TransientError
from streaming.model.items import PartKind, RemotePart
from streaming.network.redirects import OutsideResolver, exact, is_global
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings
from streaming.sources.origin import OriginClient

LIMIT_SECONDS = 10
BODY = b"media" * 100
SPELLINGS = [
    "/videoplayback?expire=1&sparams=expire%2Cei%2Cip&sig=AB%3D%3D",
    "/videoplayback?expire=1&sparams=expire,ei,ip&sig=AB==",
    "/a%2Fb/%7Euser/~user/c%20d?x=%e4%E4&y=a+b&z=(1)'!*",
    "/path;v=1/@x:y?q=/?&empty=&flag&a=[1]|{2}^`",
    "/%252C?double=%2525",
]


@dataclass
class Host:
    """A web server on loopback that notes each request as it is spelled; it answers or sends on as planned."""

    sends_on: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cookies: list[str | None] = field(default_factory=list)
    port: int = 0

    def url(self, spelling: str = "/media", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{spelling}"

    async def answer(self, request: web.BaseRequest) -> web.Response:
        spelling = request.raw_path
        self.asked.append(spelling)
        self.cookies.append(request.headers.get("Cookie"))
        if location := self.sends_on.get(spelling):
            return web.Response(status=302, headers={"Location": location})
        span = {"Content-Range": f"bytes 0-{len(BODY) - 1}/{len(BODY)}"}
        return web.Response(status=206, body=BODY, headers=span)


@asynccontextmanager
async def serving() -> AsyncIterator[Host]:
    host = Host()
    runner = web.ServerRunner(web.Server(host.answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "0.0.0.0", 0)  # also the other addresses of loopback
        await site.start()
        host.port = runner.addresses[0][1]
        yield host
    finally:
        await runner.cleanup()


@dataclass
class Scene:
    outside: Host
    inside: Host

    async def read(self, url: str, reaches: Callable[[str], bool] = is_global) -> bytes:
        part = RemotePart(PartKind.BOTH, Secret(url), headers={"Cookie": "planted-1", "User-Agent": "ours"})
        client = OriginClient(YouTubeSettings(), connect_seconds=2, stall_seconds=2, reaches=reaches)
        async with asyncio.timeout(LIMIT_SECONDS), client, client.get(part, 0, None) as answer:
            return b"".join([chunk async for chunk in answer.chunks])


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        outside, inside = [await stack.enter_async_context(serving()) for _ in range(2)]
        yield Scene(outside, inside)


def everywhere(_: str) -> bool:
    return True


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_url_is_asked_for_as_it_was_signed(scene: Scene, spelling: str) -> None:
    assert await scene.read(scene.outside.url(spelling)) == BODY
    assert scene.outside.asked == [spelling]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_so_is_one_that_an_origin_sends_us_to(scene: Scene, spelling: str) -> None:
    scene.outside.sends_on = {"/media": scene.inside.url(spelling), "/relative": spelling}

    assert await scene.read(scene.outside.url(), everywhere) == BODY
    assert scene.inside.asked == [spelling]
    assert await scene.read(scene.outside.url("/relative")) == BODY
    assert scene.outside.asked == ["/media", "/relative", spelling]


def test_what_is_no_url_yet_is_quoted() -> None:
    assert str(exact("http://host/ä b?c=\r\nX: y")) == "http://host/%C3%A4%20b?c=X:+y"


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST.:{port}/",
        "http://any.localhost:{port}/",
        "//127.0.0.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://user@127.0.0.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "http://[",
    ],
)
async def test_an_origin_that_sends_us_into_our_own_network_is_passed_over(scene: Scene, where: str) -> None:
    scene.outside.sends_on = {"/media": where.format(port=scene.inside.port)}

    with pytest.raises(ItemUnplayable):
        await scene.read(scene.outside.url())
    assert scene.inside.asked == []


async def test_an_address_within_is_told_as_what_it_is(scene: Scene) -> None:
    scene.outside.sends_on = {"/media": scene.inside.url()}
    with pytest.raises(ItemUnplayable, match="not public"):
        await scene.read(scene.outside.url())


async def test_every_hop_is_looked_at(scene: Scene) -> None:
    """Out, which is fine, and from there to where it is not."""
    scene.outside.sends_on = {"/media": "/further", "/further": scene.inside.url("/hop", "127.0.0.2")}
    scene.inside.sends_on = {"/hop": f"http://127.0.0.3:{scene.outside.port}/secret"}

    with pytest.raises(ItemUnplayable, match="not public"):
        await scene.read(scene.outside.url(), lambda address: address == "127.0.0.2")
    assert scene.inside.asked == ["/hop"]
    assert scene.outside.asked == ["/media", "/further"]


async def test_cookies_stay_with_the_host_they_are_for(scene: Scene) -> None:
    scene.outside.sends_on = {"/media": "/again", "/again": scene.inside.url()}

    assert await scene.read(scene.outside.url(), everywhere) == BODY
    assert scene.outside.cookies == ["planted-1", "planted-1"]
    assert scene.inside.cookies == [None]


async def test_an_origin_that_sends_us_around_comes_to_an_end(scene: Scene) -> None:
    scene.outside.sends_on = {"/media": "/media"}
    with pytest.raises(TransientError, match="without end"):
        await scene.read(scene.outside.url())
    assert len(scene.outside.asked) < 20


async def test_a_name_is_looked_at_by_what_it_means_when_it_is_connected_to() -> None:
    refusing, allowing = OutsideResolver(is_global), OutsideResolver(lambda address: address == "127.0.0.1")
    try:
        with pytest.raises(ItemUnplayable, match="not public"):
            await refusing.resolve("localhost", 80, socket.AF_INET)
        assert [found["host"] for found in await allowing.resolve("localhost", 80, socket.AF_INET)] == ["127.0.0.1"]
    finally:
        await refusing.close()
        await allowing.close()


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_what_is_on_the_internet(address: str) -> None:
    assert is_global(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::"),
        *("fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "ff0e::1"),
    ],
)
def test_what_is_not_on_the_internet(address: str) -> None:
    assert not is_global(address)
