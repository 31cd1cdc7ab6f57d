"""What is said of a list that is read again."""

from streaming.model.message import Text


class Relistings:
    """The result of reading a list again."""

    CHANGED = Text("The playlist has changed: {changes}.")
    FAILED = Text("The playlist could not be read again and plays on unchanged: {reason}")
    TOO_SLOW = Text("it takes too long")
    EMPTY = Text("it is empty")


class ListChanges:
    """The changes of a list."""

    NEW = Text("{count} new")
    GONE = Text("{count} gone")
    REORDERED = Text("in another order")
    BOTH = Text("{first}, {second}")
