"""What running things says to people."""

from streaming.model.message import Text


class Supervision:
    """Failures of supervised tasks."""

    FAILED = Text("{task} failed unexpectedly and is restarted; the engine's log has the details.")


class Turns:
    """Waiting for a turn."""

    TOO_MANY = Text("Too many requests for one server at the same time.")
    TRY_LATER = Text("Try again in a minute.")
