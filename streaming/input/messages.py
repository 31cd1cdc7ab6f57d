"""What is said of an item on its way in. All but the reasons of waiting are clauses."""

from streaming.model.message import Text


class Openings:
    """Why an item does not start, or starts otherwise."""

    LATE = Text("it did not start in time")
    KILLED = Text("FFmpeg was killed")
    NOTHING_TO_PLAY = Text("FFmpeg finds nothing to play in it")
    NO_FFMPEG = Text("this machine cannot run FFmpeg: {reason}")
    NO_REASON = Text("it says no reason")
    FROM_THE_MIDDLE = Text("it continues from the middle")


class Faults:
    """What is wrong with an item's pictures and sound."""

    HE_AAC = Text("its sound is HE-AAC")
    SENSELESS_TIMES = Text("its timestamps make no sense")
    JUMPING_TIMES = Text("its timestamps jump")
    NO_PICTURE = Text("some of its sound has no picture")
    PICTURES_TOO_FAR_APART = Text("its pictures are too far apart")
    KEYFRAMES_TOO_FAR_APART = Text("its keyframes are too far apart")
    TOO_MUCH_DATA = Text("too much data lies between its keyframes")
    DAMAGED = Text("a part of it is damaged")
    SIZE_CHANGES = Text("its size changes in the middle")


class Encoders:
    """Why no encode slot is free."""

    NONE_FREE = Text("it needs encoding, and no encoder is free now")
    MACHINE_FULL = Text("This machine cannot encode any more streams. This one starts as soon as another ends.")
    GUILD_FULL = Text("This server has reached its limit of encoded streams. This one starts as soon as another ends.")
