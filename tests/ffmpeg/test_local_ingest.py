"""The local ingest takes real publications, measures them and keeps a recording."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from streaming.ffmpeg import binary
from streaming.ingest.local import LocalIngest
from streaming.model.errors import ServiceUnavailable
from streaming.process.subprocesses import Child
from streaming.settings import Settings, StreamingSettings

DEADLINE_SECONDS = 20.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(streaming=StreamingSettings(data_dir=tmp_path / "100%d"))


async def publish(
    ingest: LocalIngest, settings: Settings, *, seconds: float = 2.0, sound: str = "sine", to: str = ""
) -> Child:
    return await Child.start(
        [
            *(binary.find(settings.streaming), "-nostdin", "-loglevel", "error", "-re"),
            *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", sound, "-t", f"{seconds}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac"),
            *("-f", "flv", "-tcp_nodelay", "1", to or f"{ingest.url}/{ingest.key.reveal()}"),
        ],
        stdout=False,
        on_error_line=print,
    )


async def until_received(ingest: LocalIngest, *, sessions: int, seconds: float) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while ingest.report().sessions < sessions or ingest.report().seconds < seconds:
            await asyncio.sleep(0.02)


async def test_a_publication_is_measured_and_recorded(settings: Settings) -> None:
    async with LocalIngest(settings) as ingest:
        assert ingest.report().sessions == 0
        publisher = await publish(ingest, settings)
        await until_received(ingest, sessions=1, seconds=1.9)
        await publisher.wait()
    report = ingest.report()
    assert (report.sessions, report.width, report.height, report.sound_holes) == (1, 320, 180, 0)
    assert report.fps == pytest.approx(25, abs=0.1)
    assert report.seconds == pytest.approx(2, abs=0.15)
    assert report.longest_gap_seconds < 1
    assert report.steps_over_nominal_ms <= 1
    assert report.size_bytes > 10_000
    assert report.recording
    assert report.recording.read_bytes()[:3] == b"FLV"
    assert report.recording.stat().st_size > 10_000


@pytest.mark.parametrize("where", ["live/another-key", "live", "other/{key}", "live/{key}x"])
async def test_another_key_is_turned_away_and_leaves_nothing(
    settings: Settings, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with LocalIngest(settings) as ingest:
        key = ingest.key.reveal()
        intruder = await publish(ingest, settings, seconds=30, to=f"{ingest.url[:-5]}/{where.format(key=key)}")
        async with asyncio.timeout(DEADLINE_SECONDS):
            await intruder.wait()
        assert ingest.report().sessions == 0
        publisher = await publish_until_taken(ingest, settings, sessions=1)
        await publisher.stop()
    assert ingest.report().sessions == 1
    assert "rejected" in caplog.text
    assert key not in caplog.text


async def test_a_hole_of_sound_is_counted(settings: Settings) -> None:
    async with LocalIngest(settings) as ingest:
        publisher = await publish(ingest, settings, sound="sine,aselect='not(between(t,0.5,1))'")
        await publisher.wait()
        await until_received(ingest, sessions=1, seconds=1.9)
    assert ingest.report().sound_holes == 1


async def test_a_publisher_that_is_killed_can_publish_again_at_once(settings: Settings) -> None:
    async with LocalIngest(settings) as ingest:
        first = await publish(ingest, settings, seconds=30)
        await until_received(ingest, sessions=1, seconds=1)
        first.kill()
        await first.wait()
        host, port = ingest.url.split("/")[2].split(":")
        killed = time.monotonic()
        async with asyncio.timeout(0.3):
            _, writer = await asyncio.open_connection(host, int(port))
        print(f"the port takes the next publisher after {(time.monotonic() - killed) * 1000:.0f} ms")
        writer.close()
        second = await publish_until_taken(ingest, settings)
        await second.stop()
    assert ingest.report().sessions == 2


async def publish_until_taken(ingest: LocalIngest, settings: Settings, *, sessions: int = 2) -> Child:
    """One connection has used one listener up; the next one is there within moments."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            publisher = await publish(ingest, settings, seconds=30)
            while publisher.returncode is None:
                if ingest.report().sessions == sessions:
                    return publisher
                await asyncio.sleep(0.02)


async def test_a_port_in_use_is_told_in_a_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceUnavailable, match=f"^Cannot listen on port {port} of this machine"):
            async with LocalIngest(settings, port=port):
                pass


async def test_only_the_last_ten_minutes_are_kept(settings: Settings) -> None:
    folder = settings.streaming.data_dir / "recordings"
    folder.mkdir(parents=True)
    for minute in range(12):
        (folder / f"20260101-00{minute:02}00-1.flv").touch()
    async with LocalIngest(settings):
        kept = sorted(path.name for path in folder.iterdir())
    assert kept == [f"20260101-00{minute:02}00-1.flv" for minute in range(2, 12)]


async def test_leaving_it_ends_listener_and_publication(settings: Settings) -> None:
    async with LocalIngest(settings) as ingest:
        publisher = await publish(ingest, settings, seconds=30)
        await until_received(ingest, sessions=1, seconds=0.5)
    async with asyncio.timeout(DEADLINE_SECONDS):
        await publisher.wait()
    host, port = ingest.url.split("/")[2].split(":")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(host, int(port))
