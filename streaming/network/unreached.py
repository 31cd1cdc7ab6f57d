"""Why others could not be reached, in words of ours or the system's: what libraries say may hold passwords and keys."""

import os
import socket
import ssl

import aiohttp


def reason(error: Exception) -> str:
    """Why something could not be reached, as the end of a sentence."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy refuses it (HTTP {error.status})"
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return "the proxy does not take connections"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    for kind, sentence in (
        (ssl.SSLCertVerificationError, "its certificate is not trusted"),
        (ssl.SSLError, "the encrypted connection failed"),
        (socket.gaierror, "its name is unknown"),
        (aiohttp.ServerDisconnectedError, "the connection was closed"),
    ):
        if isinstance(cause, kind):
            return sentence
    if isinstance(cause, OSError) and cause.errno:
        return os.strerror(cause.errno)
    status = getattr(cause, "status", None)
    return f"it answers with {status}" if isinstance(status, int) and status else "the connection failed"
