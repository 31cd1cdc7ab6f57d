"""What is said of the slate."""

from streaming.model.message import Text


class Slates:
    """Why FFmpeg cannot draw the slate."""

    FAILED = Text("FFmpeg cannot draw the slate: {complaint}.")
    NO_OUTPUT = Text("FFmpeg cannot draw the slate: no output.")
