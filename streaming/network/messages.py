"""What is said of other servers; clauses."""

from streaming.model.message import Text


class Connections:
    """Why a server cannot be reached."""

    PROXY_ANSWER = Text("the proxy refuses it (HTTP {status})")
    PROXY = Text("the proxy refuses connections")
    CERTIFICATE = Text("its certificate is not trusted")
    ENCRYPTION = Text("the encrypted connection failed")
    HOST_UNKNOWN = Text("its host name is unknown")
    CLOSED = Text("the connection was closed")
    ANSWER = Text("it answers with {status}")
    FAILED = Text("the connection failed")


class Redirects:
    """Why a redirect is not followed."""

    NOT_PUBLIC = Text("its server redirects to an address that is not public")
    INVALID = Text("its server redirects to an invalid address")
