"""The stand-in is as strict as the real thing where a mistake of ours would show."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import imageio_ffmpeg
import pytest
import pytest_asyncio

from streaming.model.items import Media, RemotePart
from streaming.settings import YouTubeSettings
from streaming.youtube.resolver import Resolver
from tests.standins.youtube import Fault, RangeRead, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIDEO = "aaaaaaaaaaa"


class Reader:
    """Reads media URLs as our source does: through the proxy, trusting the stand-in's authority."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, url: str, byte_range: str = "") -> tuple[int, dict[str, str], bytes]:
        headers = {"Range": f"bytes={byte_range}"} if byte_range else {}
        async with self._session.get(url, headers=headers) as response:
            return response.status, dict(response.headers), await response.read()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(youtube: YouTube) -> AsyncIterator[Reader]:
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(youtube.ca_file)))
    limit = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(connector=connector, proxy=youtube.proxy_url, timeout=limit) as session:
        yield Reader(session)


def urls(media: Media) -> list[str]:
    return [part.url.reveal() for part in media.parts if isinstance(part, RemotePart)]


async def test_ranges_are_served_as_asked_and_recorded(youtube: YouTube, resolver: Resolver, reader: Reader) -> None:
    media = await resolver.resolve(VIDEO)
    (url, _) = urls(media)
    status, headers, middle = await reader.get(url, "1000-1999")
    _, _, whole = await reader.get(url)
    assert (status, headers["Content-Range"]) == (206, f"bytes 1000-1999/{len(whole)}")
    assert middle == whole[1000:2000]
    part = media.parts[0]
    assert isinstance(part, RemotePart)
    assert part.length_bytes == len(whole)
    assert (await youtube.ranges())[0] == RangeRead(VIDEO, 136, 1000, 1999, 206)


async def test_a_range_beyond_the_end_is_refused(resolver: Resolver, reader: Reader) -> None:
    (url, _) = urls(await resolver.resolve(VIDEO))
    status, _, _ = await reader.get(url, "999999999-")
    assert status == 416


@pytest.mark.parametrize("change", ["sig", "expire", "id", "n"])
async def test_a_url_that_was_tampered_with_is_refused(resolver: Resolver, reader: Reader, change: str) -> None:
    (url, _) = urls(await resolver.resolve(VIDEO))
    (value,) = parse_qs(urlsplit(url).query)[change]
    status, _, _ = await reader.get(url.replace(f"{change}={value}", f"{change}={value}0"))
    assert status == 403


async def test_urls_die_at_their_expiry(youtube: YouTube, resolver: Resolver, reader: Reader) -> None:
    await youtube.behave(url_life_seconds=1)
    media = await resolver.resolve(VIDEO)
    (url, _) = urls(media)
    assert (await reader.get(url, "0-9"))[0] == 206
    async with asyncio.timeout(5):
        while (await reader.get(url, "0-9"))[0] == 206:
            await asyncio.sleep(0.1)
    assert (await reader.get(url, "0-9"))[0] == 403


async def test_revoked_urls_are_refused_and_fresh_ones_served(
    youtube: YouTube, resolver: Resolver, reader: Reader
) -> None:
    (old, _) = urls(await resolver.resolve(VIDEO))
    await youtube.revoke_urls()
    (new, _) = urls(await resolver.resolve(VIDEO, fresh=True))
    assert [(await reader.get(url, "0-9"))[0] for url in (old, new)] == [403, 206]


async def test_planned_faults_are_met_where_and_as_often_as_planned(
    youtube: YouTube, resolver: Resolver, reader: Reader
) -> None:
    (url, _) = urls(await resolver.resolve(VIDEO))
    await youtube.fail("media", 503, itag=136, times=2)
    assert [(await reader.get(url, "0-9"))[0] for _ in range(3)] == [503, 503, 206]
    await youtube.fail("media", Fault.RESET, at_byte=5000)
    assert (await reader.get(url, "0-4999"))[0] == 206
    with pytest.raises(aiohttp.ClientError):
        await reader.get(url, "0-9999")
    await youtube.fail("media", Fault.CHANGED_LENGTH)
    (_, changed, _), (_, usual, _) = await reader.get(url, "0-9"), await reader.get(url, "0-9")
    assert changed["Content-Range"] != usual["Content-Range"]


async def test_a_short_answer_ends_before_its_announced_length(
    youtube: YouTube, resolver: Resolver, reader: Reader
) -> None:
    (url, _) = urls(await resolver.resolve(VIDEO))
    await youtube.fail("media", Fault.SHORT, at_byte=100)
    with pytest.raises(aiohttp.ClientPayloadError):
        await reader.get(url, "0-9999")


async def test_every_format_offered_is_a_real_file(youtube: YouTube, reader: Reader, tmp_path: Path) -> None:
    """Signed URLs of the formats nobody should choose are had by choosing them."""
    for itags, codecs in {"18": ["h264"], "136+140": ["h264", "aac"], "247+251": ["vp9", "opus"]}.items():
        chosen = YouTubeSettings(proxy=youtube.proxy_url, ca_file=youtube.ca_file, options={"format": itags})
        async with Resolver(chosen, cache_dir=tmp_path, workers=1) as picky:
            media = await picky.resolve(VIDEO)
        for url, codec in zip(urls(media), codecs, strict=True):
            path = tmp_path / codec
            path.write_bytes((await reader.get(url))[2])
            assert codec in await asyncio.to_thread(described, path)


def described(path: Path) -> str:
    """What FFmpeg says of a file it could decode to the end."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-xerror", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stderr
