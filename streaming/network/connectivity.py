"""Asks other servers once, within a time limit, and words why one cannot be reached.

The words are ours or the system's: what libraries say may hold passwords and keys.
"""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.model.message import Message
from streaming.network.messages import Connections

LIMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """A web server's answer, and how far our clock is ahead of its clock."""

    status: int
    content: Mapping[str, Any]
    """The JSON object in it, or nothing."""
    clock_ahead_seconds: float | None


async def ask_web(
    url: str, *, headers: Mapping[str, str] | None = None, proxy: str = "", ca_file: Path | None = None
) -> WebAnswer:
    """Requests a URL; any status counts as an answer.

    Raises ServiceUnavailable without an answer within the limit, ConfigurationError for an invalid proxy.
    """
    trust = ssl.create_default_context()
    if ca_file:
        trust.load_verify_locations(ca_file)
    timeout = aiohttp.ClientTimeout(total=LIMIT_SECONDS)
    host = url.split("/")[2]
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(ssl=trust)) as session,
            session.get(url, headers=headers, proxy=proxy or None, allow_redirects=False) as response,
        ):
            return WebAnswer(response.status, _json(await response.read()), _clock_ahead(response.headers.get("Date")))
    except TimeoutError:
        raise ServiceUnavailable(Message(f"{host} did not answer within {LIMIT_SECONDS:g} s.")) from None
    except ValueError as error:
        raise ConfigurationError(
            f"{host} cannot be reached through the proxy.",
            hint=Message("[youtube] proxy must be the URL of an HTTP proxy."),
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        raise ServiceUnavailable(Message(f"{host} cannot be reached: {unreachable_reason(error)}.")) from error


async def connect(host: str, port: int) -> float:
    """Opens a TCP connection, closes it, and returns the seconds it took. Raises ServiceUnavailable."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        raise ServiceUnavailable(Message(f"{host}:{port} did not answer within {LIMIT_SECONDS:g} s.")) from None
    except OSError as error:
        raise ServiceUnavailable(Message(f"{host}:{port} cannot be reached: {unreachable_reason(error)}.")) from error
    took_seconds = time.monotonic() - began
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return took_seconds


def unreachable_reason(error: Exception) -> Message:
    """Why something cannot be reached, as the end of a sentence."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Connections.PROXY_ANSWER(status=error.status)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Connections.PROXY()
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    for kind, text in (
        (ssl.SSLCertVerificationError, Connections.CERTIFICATE),
        (ssl.SSLError, Connections.ENCRYPTION),
        (socket.gaierror, Connections.HOST_UNKNOWN),
        (aiohttp.ServerDisconnectedError, Connections.CLOSED),
    ):
        if isinstance(cause, kind):
            return text()
    if isinstance(cause, OSError) and cause.errno:
        return Message(os.strerror(cause.errno))
    status = getattr(cause, "status", None)
    return Connections.ANSWER(status=status) if isinstance(status, int) and status else Connections.FAILED()


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _clock_ahead(date: str | None) -> float | None:
    """Compares our clock with the `Date` header of a fresh answer, which counts whole seconds."""
    try:
        return time.time() - parsedate_to_datetime(date or "").timestamp() - 0.5
    except ValueError:
        return None
