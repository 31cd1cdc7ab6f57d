"""Removes the contents of events and requests from discord.py's log lines.

At level DEBUG (`--debug`) discord.py logs whole payloads: what people typed into forms and options, and the tokens of
interactions and webhooks.
"""

import logging
from typing import Any

from streaming.redaction.secrets import redact

_LOGGERS = (
    "discord.client",
    "discord.gateway",
    "discord.http",
    "discord.state",
    "discord.webhook.async_",
    "discord.webhook.sync",
)
"""A filter applies to its own logger only, not to child loggers."""
_LONGEST = 300
_PLAIN = (int, float, bool, type(None))


def redact_gateway_log() -> None:
    """Installs the filters; calling it twice does no harm."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _without_contents not in logger.filters:
            logger.addFilter(_without_contents)


def _without_contents(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(map(_shown, record.args))
    elif record.args:  # a dictionary that was the only argument
        record.args = (_shown(record.args),)
    return True


def _shown(value: Any) -> Any:  # noqa: ANN401  (whatever is logged)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, dict):
        return _summary(value)
    text = str(value)
    if len(text) > _LONGEST or text.lstrip()[:1] in ("{", "[", "<") or text.startswith(("b'", 'b"', "WSMessage")):
        return f"<{type(value).__name__} of {len(text)} characters>"
    return redact(text)


def _summary(payload: dict[str, Any]) -> str:
    """A gateway event by its operation, sequence number and type."""
    known = [f"{key}={payload[key]}" for key in ("op", "s", "t") if isinstance(payload.get(key), int | str)]
    return f"<{' '.join(known) or 'contents'}>"
