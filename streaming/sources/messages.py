"""What is said of an item's bytes and the servers they come from; clauses."""

from streaming.model.message import Text


class Origins:
    """What an item's server does."""

    UNREACHABLE = Text("the connection to {host} failed: {reason}")
    SILENT = Text("{host} sent nothing for {seconds:g} s")
    REFUSAL = Text("{host} refuses it (HTTP {status})")
    TROUBLE = Text("{host} reports an error (HTTP {status})")
    NOT_SERVED = Text("{host} does not serve it (HTTP {status})")
    OTHER_BYTES = Text("{host} sent bytes from {first_byte} on instead of from {requested_byte} on")
    REDIRECTS = Text("{host} redirects without end")
    NOTHING = Text("its server sent nothing")
    NO_SEEKING = Text("it needs seeking, which its server does not support")
    CHANGED = Text("it changed on its server: it had {old_bytes} bytes, now {new_bytes}")


class Urls:
    """What becomes of the URLs of an item."""

    INVALID = Text("its address is not a valid URL")
    TIMEOUT = Text("no new URL arrived within {seconds:g} s")
    OTHER_FORMAT = Text("it is now offered in another format, so it cannot continue")
    ABANDONED = Text("it is no longer read")
