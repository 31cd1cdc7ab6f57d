"""An uplink's way to its ingest is pinned to the address that was judged, and told by the target's name alone."""

import pytest

from streaming.network.egress import Egress, NotPublic
from streaming.output.routes import Route, route
from streaming.redaction.secrets import Secret

LOCAL = Egress.allowing(["127.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("path", "application"),
    [("live/key", "live"), ("app/inst/key", "app/inst"), ("app/mp4:x/key", "app"), ("key", "key")],
)
async def test_a_name_is_pinned_and_the_ingest_still_told_of_it(path: str, application: str) -> None:
    way = await route(Secret(f"rtmp://localhost:1940/{path}"), LOCAL)
    assert way.url in (f"rtmp://127.0.0.1:1940/{path}", f"rtmp://[::1]:1940/{path}")
    assert way.options == ("-rtmp_tcurl", f"rtmp://localhost:1940/{application}")


async def test_tls_keeps_the_name_that_its_certificate_proves() -> None:
    way = await route(Secret("rtmps://localhost:1940/live/key"), LOCAL)
    assert (way.url, way.options) == ("rtmps://localhost:1940/live/key", ())


async def test_without_a_judge_the_address_is_taken_as_it_is() -> None:
    assert (await route(Secret("rtmp://LocalHost/live/key"), None)).url == "rtmp://LocalHost/live/key"


@pytest.mark.parametrize("url", ["rtmp://127.0.0.1/live/key", "rtmp://localhost/live/key", "file:///etc/passwd", "x"])
async def test_what_is_not_allowed_is_no_way(url: str) -> None:
    with pytest.raises(NotPublic):
        await route(Secret(url), Egress())


@pytest.mark.parametrize(
    "line",
    [
        "[rtmp @ 0x1] Cannot open connection tcp://127.0.0.1:1940?tcp_nodelay=1",
        "[tcp @ 0x1] Connection to tcp://[::1]:1940 failed: Connection refused",
        "[out#0/flv @ 0x1] Error opening output rtmp://localhost:1940/live/key: Connection refused",
        "[tcp @ 0x1] Failed to resolve hostname LOCALHOST: Name or service not known",
        "certificate of localhost is not for 127.0.0.1:1940, and not for [::1]",
    ],
)
async def test_lines_name_the_target_and_not_its_address(line: str) -> None:
    shown = (await route(Secret("rtmp://localhost:1940/live/key"), LOCAL)).hidden(line, "Sunday")
    assert "Sunday" in shown
    assert not any(part in shown.lower() for part in ("127.0.0.1", "localhost", "::1", "1940"))


def test_a_name_that_holds_an_address_stands_there_once() -> None:
    """`play --to` knows its targets by their addresses."""
    name = "rtmp://127.0.0.1:9/live/…"
    line = "[tcp @ 0x1] [error] Connection to tcp://127.0.0.1:9?tcp_nodelay=1 failed: Connection refused"
    hidden = Route("rtmp://127.0.0.1:9/live/key").hidden(line, name)
    assert hidden == f"[tcp @ 0x1] [error] Connection to {name} failed: Connection refused"
