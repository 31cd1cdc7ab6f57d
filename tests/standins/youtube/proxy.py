"""A CONNECT proxy that ends TLS itself, so that whoever uses it meets the stand-in under YouTube's own host names."""

import asyncio
import ssl
from collections.abc import Callable

_HEAD_END = b"\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_SERVED = ("youtube.com", ".youtube.com", ".googlevideo.com", ".ytimg.com", "youtu.be")


class ConnectProxy(asyncio.Protocol):
    """One client connection up to its CONNECT; afterwards the transport belongs to an HTTP server's protocol."""

    def __init__(
        self, context: ssl.SSLContext, make_server: Callable[[], asyncio.Protocol], on_connect: Callable[[str], None]
    ) -> None:
        self._context = context
        self._make_server = make_server
        self._on_connect = on_connect
        self._head = b""
        self._upgrade: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Waits for the CONNECT."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collects the request head; only hosts of YouTube are served, so a stray request shows."""
        self._head += data
        if _HEAD_END not in self._head:
            return
        method, address, _ = self._head.split(b" ", 2)
        host = address.decode().rpartition(":")[0]
        self._on_connect(host)
        if method != b"CONNECT" or not host.endswith(_SERVED):
            self._transport.write(_REFUSED)
            self._transport.close()
            return
        self._transport.pause_reading()
        self._transport.write(_ESTABLISHED)
        self._upgrade = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        server = self._make_server()
        try:
            transport = await asyncio.get_running_loop().start_tls(
                self._transport, server, self._context, server_side=True, ssl_handshake_timeout=20
            )
        except (OSError, ssl.SSLError):
            self._transport.abort()
            return
        if transport:
            server.connection_made(transport)
