"""discord.py's own log lines without what people type and what lets others answer for us.

Asked for everything (`--debug`), it writes down whole events and requests: what was typed into forms and options, and
the tokens of interactions and webhooks.
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
"""Filters hold for the very logger only, not for those below it."""
_LONGEST = 300
_PLAIN = (int, float, bool, type(None))


def keep_wire_secrets() -> None:
    """Leaves the contents of events, requests and answers out of discord.py's log lines from now on."""
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
    """An event of the gateway by its operation, number and kind."""
    known = [f"{key}={payload[key]}" for key in ("op", "s", "t") if isinstance(payload.get(key), int | str)]
    return f"<{' '.join(known) or 'contents'}>"
