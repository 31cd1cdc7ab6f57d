"""discord.py's debug lines stay, without what people type and without the tokens that answer for us."""

import logging
from typing import Any

import pytest

from bot.discord.gateway_log import redact_gateway_log

KEY = "planted-9f3c-key-4711"
TOKEN = "aW50ZXJhY3Rpb246cGxhbnRlZA"
EVENT: dict[str, Any] = {
    "op": 0,
    "s": 7,
    "t": "INTERACTION_CREATE",
    "d": {"token": TOKEN, "data": {"components": [{"component": {"custom_id": "key", "value": KEY}}]}},
}
URL = f"https://discord.com/api/v10/webhooks/1234/{TOKEN}/messages/@original"


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "stays"),
    [
        ("discord.gateway", "For Shard ID %s: WebSocket Event: %s", (0, EVENT), "op=0 s=7 t=INTERACTION_CREATE"),
        ("discord.gateway", "Received %s", (EVENT,), "INTERACTION_CREATE"),
        ("discord.gateway", "Received %s", (f"WSMessage(data='{KEY}{TOKEN}')",), "Received"),
        ("discord.http", "%s %s with %s has returned %s", ("POST", URL, f'{{"a": "{KEY}"}}', 200), "webhooks/1234/…"),
        ("discord.http", "%s %s has received %s", ("GET", URL, {"token": TOKEN, "x": KEY}), "GET https://discord.com"),
        ("discord.webhook.async_", "%s %s with %s has returned %s", ("PATCH", URL, f'{{"x":"{KEY}"}}', 204), "204"),
        ("discord.http", "We are being rate limited. %s %s responded with 429.", ("POST", URL), "responded with 429"),
        ("discord.client", "Dispatching event %s", ("interaction",), "Dispatching event interaction"),
    ],
)
def test_contents_and_tokens_are_left_out(
    logger: str, message: str, arguments: tuple[object, ...], stays: str, caplog: pytest.LogCaptureFixture
) -> None:
    redact_gateway_log()
    redact_gateway_log()
    caplog.set_level(logging.DEBUG)
    logging.getLogger(logger).debug(message, *arguments)
    assert stays in caplog.text
    assert KEY not in caplog.text
    assert TOKEN not in caplog.text
