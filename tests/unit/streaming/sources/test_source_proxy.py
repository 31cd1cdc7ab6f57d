"""Media are read through the operator's proxy, whose password nobody sees."""

import asyncio

import pytest

from streaming.model.errors import ConfigurationError, NonstopError, TransientError
from streaming.model.items import Media, PartKind, RemotePart
from streaming.redaction.secrets import Secret, redact
from streaming.settings import YouTubeSettings
from streaming.sources.origin import OriginClient
from tests.unit.streaming.sources.remote_parts import DATA, ITEM, opened, read


async def test_media_are_read_through_the_proxy_but_those_on_this_machine() -> None:
    async with opened(YouTubeSettings(proxy="http://127.0.0.1:1")) as scene:
        assert await read(scene.reader()) == DATA
        part = RemotePart(PartKind.BOTH, Secret("http://media.example/clip"))
        with pytest.raises(TransientError, match="the proxy refuses connections"):
            await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_is_told_of_without_its_password(
    answer: str, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(YouTubeSettings(proxy=f"http://user:planted-pa55word@127.0.0.1:{port}")) as scene:
            part = RemotePart(PartKind.BOTH, Secret(f"{scheme}://media.example/clip"))
            with pytest.raises(NonstopError) as failure:
                await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))
    assert scheme == "http" or answer[:3] in str(failure.value)
    for error in (str(failure.value), redact(caplog.text)):
        assert "planted" not in error
        assert "user:" not in error


def test_a_proxy_that_media_cannot_be_read_through_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"youtube\.proxy"):
        OriginClient(YouTubeSettings(proxy="socks5://127.0.0.1:9"), connect_seconds=1, stall_seconds=1)
