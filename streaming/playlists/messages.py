"""What is said of the built-in demo."""

from streaming.model.message import Text


class Demo:
    """Why a clip of the demo cannot be played."""

    UNKNOWN = Text("not a clip of the demo")
    NOT_STORED = Text("The demo clips cannot be stored: {reason}.")
    NOT_DRAWN = Text("The demo clip could not be drawn: {reason}.")
    ENDED = Text("FFmpeg ended with {exit_code}")
    TOO_SLOW = Text("it took too long")
