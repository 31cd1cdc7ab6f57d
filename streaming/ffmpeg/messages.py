"""What is said of FFmpeg, and of items as it sees them."""

from streaming.model.message import Text


class FFmpeg:
    """FFmpeg itself."""

    CANNOT_RUN = Text("This machine cannot run FFmpeg: {reason}.")


class Complaints:
    """What FFmpeg reports, and what to do."""

    KEY_REFUSED = Text("The ingest refuses the stream key. Check the key, and that nothing else streams with it.")
    KEY_BUSY = Text(
        "The ingest says that this key is already in use. Trying again; if this lasts, "
        "make sure that nothing else uses the key."
    )
    ADDRESS_REFUSED = Text("The ingest refuses the address. Check the target's URL.")
    CERTIFICATE_REFUSED = Text(
        "The ingest's certificate is not trusted, so the key was not sent. "
        "Check the target's URL; name a private certificate authority in the settings."
    )
    ADDRESS_NOT_PUBLIC = Text(
        "Streams may not go to the target's address: it is not public. "
        "Whoever runs Nonstop can allow it ([targets] allow)."
    )
    INGEST_UNREACHABLE = Text("The ingest cannot be reached. If this lasts, check the target's URL.")
    INGEST_LOST = Text("The ingest closed the connection. Reconnecting.")
    HOST_UNKNOWN = Text("The server's name is unknown. Check the address, and this machine's DNS.")
    INPUT_REFUSED = Text("The item's server refuses access. A new URL may help.")
    INPUT_MISSING = Text("The item no longer exists. Skipping it.")
    INPUT_UNREACHABLE = Text("The item's server does not respond properly. Trying again.")
    INPUT_CUT = Text("The item ended too early. Requesting the rest again.")
    INPUT_BROKEN = Text("The item is not a media file, or it is damaged. It is skipped if it cannot be played.")
    INPUT_NO_MEDIA = Text("The item is not a media file, but a list or something else. Skipping it.")
    INPUT_TOO_LARGE = Text("The item's picture is larger than 8K. Skipping it.")
    OUT_OF_MEMORY = Text("FFmpeg needs more memory than it may use. If the item is fine, raise feeder_memory_mb.")
    READER_GONE = Text("FFmpeg's output is no longer read. This is normal when a stream ends or skips.")
    DISK_FULL = Text("The disk is full. Free some space.")


class Inputs:
    """Why our restrictions stop FFmpeg, as a clause."""

    TOO_MUCH_MEMORY = Text("it needs more memory than an item may use")
    NO_MEDIA = Text("it is not a media file, but a list or something else")
    TOO_LARGE = Text("its picture is larger than 8K")


class Probe:
    """Why an item cannot be probed, or holds nothing to play, as a clause."""

    REFUSED = Text("access to it is refused")
    MISSING = Text("it no longer exists")
    DAMAGED = Text("it is damaged or not a media file")
    NOT_OPENED = Text("it cannot be opened ({reason})")
    NO_MESSAGE = Text("FFmpeg ended without an error message")
    SERVER = Text("its server does not respond properly")
    TIMEOUT = Text("it did not answer within {seconds:g} s")
    EMPTY = Text("it has neither picture nor sound")
    TEXT = Text("it is a text, not a media file")
    STILL = Text("it is a still picture")


class Treatments:
    """Why an item is copied or encoded, as a clause."""

    COPIED = Text("no encoding needed")
    ALWAYS = Text("encode is set to always")
    CODEC = Text("its video is {codec}, not H.264")
    NO_VIDEO = Text("it has no picture")
    PIXEL_FORMAT = Text("its pixel format is {pixel_format}")
    SIZE = Text("it is {width}×{height}, not {stream_width}×{stream_height}")
    FRAME_RATE = Text("its frame rate is {fps:g}")
    BITRATE = Text("its bitrate of {megabits:.0f} Mbit/s is too high")
    ROTATED = Text("its metadata rotates the picture")
    INTERLACED = Text("it is interlaced")
    PIXELS = Text("its pixels are not square")
    HDR = Text("its colours are HDR")
    TRIMMED = Text("an edit list hides a part of it")
    START_GAP = Text("its picture and its sound start at different times")
    LATE_PICTURE = Text("its picture starts too late to be inspected")


class Thumbnails:
    """Why there is no picture of what is on air."""

    NONE = Text("FFmpeg could not take a picture of what is on air.")
    TOO_BUSY = Text("The machine is too busy. Try again later.")
    NEXT_ITEM = Text("Try again at the next item.")
