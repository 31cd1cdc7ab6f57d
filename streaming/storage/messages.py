"""What the storage says to people on Discord; what only an operator reads has no code."""

from streaming.model.message import Text


class StoredKeys:
    """Stream keys at rest."""

    FOREIGN = Text("A stored stream key was encrypted with another key.")
    PUT_BACK = Text("Put the old key file back ([secrets] key_file), or add the target again.")
