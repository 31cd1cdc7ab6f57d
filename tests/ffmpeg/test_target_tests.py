"""The test of a target at a real ingest: what it takes, what it refuses, and what people are told."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import imageio_ffmpeg
import psutil
import pytest

from streaming.engine.target_tests import Accepted, publish
from streaming.model.errors import ServiceUnavailable, TargetRefused
from streaming.network.egress import Egress
from streaming.output.uplink import Destination
from streaming.redaction.secrets import Secret
from streaming.timeline.slate import Slate, render
from tests.ffmpeg.feeding import PROFILE
from tests.standins.ingest import Absence, Ingest
from tests.standins.publisher import Refusal
from tests.standins.session import End
from tests.standins.youtube.certificates import make_authority

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
KEY = "planted-9f3c-key-4711"


@pytest.fixture
async def ingest() -> AsyncIterator[Ingest]:
    async with Ingest() as listening:
        yield listening


@pytest.fixture(scope="module")
def slate() -> Slate:
    return asyncio.run(render(FFMPEG, PROFILE, "Testing"))


async def published(
    url: str,
    slate: Slate,
    folder: Path,
    *,
    ca_file: Path | None = None,
    limit_seconds: float = 15.0,
    egress: Egress | None = None,
) -> Accepted:
    destination = Destination(1, "main", Secret(url))
    return await publish(
        FFMPEG, destination, slate, folder, ca_file=ca_file, limit_seconds=limit_seconds, egress=egress
    )


async def test_an_ingest_that_takes_it_gets_two_seconds_and_a_proper_end(
    ingest: Ingest, slate: Slate, tmp_path: Path
) -> None:
    accepted = await published(ingest.url(KEY), slate, tmp_path)
    (session,) = ingest.sessions
    assert session.media_seconds == pytest.approx(2.0, abs=0.3)
    assert session.end is End.UNPUBLISHED
    assert 0 < accepted.after_seconds < 5
    assert ingest.protocol_errors == []
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_a_refused_key_is_told(
    ingest: Ingest, slate: Slate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ingest.refuse_key(KEY)
    with pytest.raises(TargetRefused, match="refuses the stream key") as refusal:
        await published(ingest.url(KEY), slate, tmp_path)
    assert len(ingest.attempts) <= 2
    assert KEY not in str(refusal.value) + caplog.text


@pytest.mark.parametrize(
    "quoted",
    [
        KEY,
        quote(KEY, safe=""),
        "".join(f"%{ord(sign):02x}" for sign in KEY),
        f"{KEY[:7]}%2D{KEY[8:]}",
        f'"{KEY.upper()}"',
        f"'live/{KEY}?a=b'",
        base64.b64encode(KEY.encode()).decode(),
        KEY.replace("-", " "),
        "x" * 230 + KEY,
    ],
)
async def test_an_ingest_that_quotes_the_key_is_not_quoted(
    ingest: Ingest, slate: Slate, tmp_path: Path, caplog: pytest.LogCaptureFixture, quoted: str
) -> None:
    caplog.set_level("DEBUG")
    ingest.refuse_key(KEY, Refusal("NetStream.Publish.BadName", f"no {quoted} here\x1b[2J"))
    with pytest.raises(TargetRefused) as refusal:
        await published(ingest.url(KEY), slate, tmp_path)
    said = str(refusal.value) + caplog.text
    assert "Server error: no " in said
    assert quoted not in said
    assert "key-47" not in said.lower()


@pytest.mark.parametrize("spelling", ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"])
async def test_an_address_that_is_not_public_is_not_even_asked(
    ingest: Ingest, slate: Slate, tmp_path: Path, spelling: str
) -> None:
    refusals = set()
    for port in (ingest.port, 9):
        url = f"rtmp://{spelling}:{port}/live/{KEY}"
        with pytest.raises(TargetRefused, match="not public") as refusal:
            await published(url, slate, tmp_path, egress=Egress())
        refusals.add(str(refusal.value))
    assert ingest.attempts == []
    assert len(refusals) == 1, "an open port is not told from a closed one"


async def test_an_ingest_is_told_the_name_it_was_reached_by(ingest: Ingest, slate: Slate, tmp_path: Path) -> None:
    url = f"rtmp://localhost:{ingest.port}/live/{KEY}"
    await published(url, slate, tmp_path, egress=Egress.allowing(["127.0.0.0/8", "::1"]))
    await published(url, slate, tmp_path)
    pinned, as_ever = [attempt.reached_at for attempt in ingest.attempts if attempt.key == KEY]
    assert pinned == as_ever == f"rtmp://localhost:{ingest.port}/live"


async def test_a_refused_address_is_told(ingest: Ingest, slate: Slate, tmp_path: Path) -> None:
    ingest.refuse_application("none")
    with pytest.raises(TargetRefused, match="refuses the address"):
        await published(ingest.url(KEY, application="none"), slate, tmp_path)


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_certificate_nobody_vouches_for_is_refused_before_the_key_is_sent(
    slate: Slate, tmp_path: Path, caplog: pytest.LogCaptureFixture, is_known: bool
) -> None:
    ca_file, context = make_authority(tmp_path, ["localhost"])
    folder = tmp_path / "slots"
    folder.mkdir()
    async with Ingest(tls=context) as ingest:
        if is_known:
            await published(ingest.url(KEY), slate, folder, ca_file=ca_file)
            assert ingest.sessions[0].media_seconds == pytest.approx(2.0, abs=0.3)
            return
        with pytest.raises(TargetRefused, match="certificate is not trusted"):
            await published(ingest.url(KEY), slate, folder)
    assert not ingest.attempts
    assert KEY not in caplog.text


async def test_a_certificate_for_another_host_is_refused(slate: Slate, tmp_path: Path) -> None:
    """A good authority vouches for somebody else than whom the target names."""
    ca_file, context = make_authority(tmp_path, ["other.example"])
    folder = tmp_path / "slots"
    folder.mkdir()
    async with Ingest(tls=context) as ingest:
        with pytest.raises(TargetRefused, match="certificate is not trusted"):
            await published(ingest.url(KEY), slate, folder, ca_file=ca_file)
    assert not ingest.attempts


@pytest.mark.parametrize("absence", Absence)
async def test_an_absent_ingest_cannot_be_reached(
    ingest: Ingest, slate: Slate, tmp_path: Path, absence: Absence
) -> None:
    async with ingest.away(absence):
        with pytest.raises(ServiceUnavailable, match="cannot be reached"):
            await published(ingest.url(KEY), slate, tmp_path)


async def test_an_ingest_that_closes_again_is_no_success(ingest: Ingest, slate: Slate, tmp_path: Path) -> None:
    """As platforms do that look at the key only when media comes."""

    async def close() -> None:
        await ingest.first_media(KEY)
        ingest.drop(await ingest.session(KEY))

    closing = asyncio.create_task(close())
    with pytest.raises(TargetRefused, match=r"closed it again\. Check the key"):
        await published(ingest.url(KEY), slate, tmp_path)
    await closing


async def test_an_ingest_that_says_nothing_is_given_up(slate: Slate, tmp_path: Path) -> None:
    before = {child.pid for child in psutil.Process().children()}
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections wait there to be accepted
        port = silent.getsockname()[1]
        with pytest.raises(ServiceUnavailable, match="did not answer within 1 s"):
            await published(f"rtmp://127.0.0.1:{port}/live/{KEY}", slate, tmp_path, limit_seconds=1.0)
    assert {child.pid for child in psutil.Process().children()} <= before
