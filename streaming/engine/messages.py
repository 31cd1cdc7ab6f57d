"""What an engine writes about its runs, and what it answers to commands."""

from streaming.model.message import Text


class Runs:
    """How a run ended, and what its log lacks."""

    OFF_AIR = Text("Off air.")
    TRYING_AGAIN = Text("{reason} Trying again.")
    NOT_NOW = Text("This machine cannot play it now: {reason}.")
    ABANDONED = Text("The engine stopped unexpectedly.")
    INCOMPLETE_LOG = Text("Some lines of this log could not be written.")


class Answers:
    """The engine's answers to commands."""

    NOT_SUPPORTED = Text("This engine does not support that command.")
    UPDATE_ENGINE = Text("Update it to the bot's version.")
    PLAYLIST_TOO_SLOW = Text("The playlist could not be read within {seconds:.0f} s.")
    PICTURE_TAKEN = Text("The picture is there.")
    NOTHING_TO_SEE = Text("There is nothing to see yet.")
    TRY_SOON = Text("Try again in a few seconds.")


class TargetTests:
    """The result of testing a target."""

    ACCEPTED = Text(
        "The ingest accepted the stream after {seconds:.1f} s and received two seconds of picture and sound."
    )
    NO_ANSWER = Text("The ingest did not answer within {seconds:.0f} s.")
    CHECK_URL = Text("Check the target's URL, and that this machine can reach it.")
    CLOSED = Text("The ingest accepted the connection and closed it again.")
    CHECK_KEY = Text("Check the key, and that the platform's dashboard expects a stream.")
    NOT_NOW = Text("This machine cannot test it now.")
    SEE_ENGINE_LOG = Text("The engine's log says why.")
    TOO_MANY = Text("Too many targets are being tested at the moment.")
    TRY_LATER = Text("Try again in a minute.")
    REMOVED = Text("The target was removed.")
    ADD_AGAIN = Text("Add it again with /target add.")
