"""What is said of the connection to a target, and of failures."""

from streaming.model.message import Text


class Uplinks:
    """The state of an uplink."""

    ON_BACKUP = Text("On the backup ingest.")
    CONNECTION_ENDED = Text("The connection to the ingest ended. Reconnecting.")
