"""What a playout reports, and what it answers to commands."""

from streaming.model.message import Text


class Tasks:
    """The tasks of a playout; they begin a sentence."""

    LISTING = Text("Reading the playlist")
    RELISTING = Text("Reading the playlist again")
    SEQUENCER = Text("The sequencer")
    UPLINK = Text("The uplink to {target}")
    REPORT = Text("The status report")
    SLATE = Text("The slate")
    HEALTH_MONITOR = Text("The health monitor")


class Diagnoses:
    """What is wrong, and what is done about it."""

    INGEST_SILENT = Text("The ingest does not answer: the uplink reconnects.")
    INGEST_TAKES_NOTHING = Text("The ingest accepts no data: the uplink reconnects.")
    UPLINK_STUCK = Text("The uplink is stuck and is being replaced.")
    UPLINK_BEHIND = Text("The uplink is behind: it jumps to the newest keyframe.")
    UPLINK_SLOW = Text("The uplink is too slow: this network or machine cannot keep up with the stream.")
    FEEDER_STUCK = Text("The feeder is stuck. It is being replaced and continues where it stopped.")
    SOURCE_SILENT = Text("The item's server sends nothing: the item is reopened where it stopped.")
    DRIFT = Text("Sound and picture drift apart: the item has no sound or no picture here.")
    SLATE = Text("The slate is on air: it stays until an item can be played.")


class Findings:
    """What is wrong, as a clause."""

    INGEST_SILENT = Text("the ingest does not answer")
    INGEST_TAKES_NOTHING = Text("the ingest accepts no data")
    UPLINK_STUCK = Text("the uplink is stuck")
    UPLINK_BEHIND = Text("the uplink is behind")
    UPLINK_SLOW = Text("the uplink is too slow")
    FEEDER_STUCK = Text("the feeder is stuck")
    SOURCE_SILENT = Text("the item's server sends nothing")
    DRIFT = Text("sound and picture drift apart")
    SLATE = Text("the slate is on air")


class Alerts:
    """The log of a diagnosis."""

    OF_TARGET = Text("{target}: {message}")
    RESOLVED = Text("Resolved after {seconds:.0f} s ({finding}).")


class Controls:
    """What becomes of a command, and what viewers see of it."""

    NOW_PLAYING = Text("Now playing “{title}”.")
    SKIPPED = Text("Skipped “{title}”.")
    BACK_TO = Text("Back to “{title}”.")
    COMES_NEXT = Text("“{title}” comes next.")
    REMOVED = Text("Removed “{title}” from the queue.")
    IN_ORDER_ONCE = Text("Now in order, once.")
    IN_ORDER_LOOPED = Text("Now in order, looped.")
    SHUFFLED_ONCE = Text("Now shuffled, once.")
    SHUFFLED_LOOPED = Text("Now shuffled, looped.")
    NOT_PLAYABLE = Text("Cannot play “{title}” now: {reason:clause}.")
    PLAYS_ON = Text("The current item keeps playing.")
    LAST_ITEM = Text("“{title}” is the last item left to play.")
    STOP_INSTEAD = Text("Stop the stream instead.")
    NOT_LISTED = Text("That item is not in the list.")
    SEE_QUEUE = Text("See /stream queue.")
    NO_PREVIOUS = Text("There is no previous item.")
    NOTHING_TO_SKIP = Text("There is nothing to skip.")
    NOTHING_ON_AIR = Text("Nothing is on air yet.")
    TRY_AGAIN = Text("Try again in a moment.")
    FINISHED = Text("The playlist has finished.")
    OFF_AIR = Text("The stream is not on air.")
    START_AGAIN = Text("Start the stream again with /stream restart.")


class Listings:
    """The listing of the playlist, and what is left of it to play."""

    LISTED = Text("Items in the playlist: {count}.")
    INCOMPLETE = Text("The playlist could not be read to its end; the part that was read plays on.")
    UNREADABLE = Text("The playlist cannot be read now: {reason}")
    EMPTY = Text("This playlist is empty.")
    ADD_VIDEOS = Text("Add videos to it, or choose another one.")
    NOTHING_PLAYABLE_NOW = Text("Nothing in this playlist can be played now.")
    NOTHING_PLAYABLE = Text("Nothing in this playlist can be played.")
    SEE_LOG = Text("The stream's log gives the reason for each video.")


class Plays:
    """What happens to one item."""

    PASSED_OVER = Text("Skipped “{title}”: {reason:clause}.")
    TRIED = Text("{reason:clause} ({tries} tries)")
    INTERRUPTED = Text("“{title}” was interrupted at {seconds:.0f} s: {reason:clause}. Resuming.")
    NOT_RESUMED = Text("Cannot resume “{title}”: {reason:clause}.")
    LEFT = Text("Stopped “{title}” early: {reason:clause}.")
    TREATED_DIFFERENTLY = Text("“{title}” is treated differently from {seconds:.0f} s on: {reason:clause}.")
    NO_LONGER_READ = Text("FFmpeg stopped reading it")
    NOT_COPYABLE = Text("FFmpeg cannot copy it")


class Outages:
    """An outage of the platform."""

    BEGUN = Text("{reason} Until this is resolved, the stream continues with what is available.")
    OVER = Text("Resolved: new items are available again.")


class Fillers:
    """What is on air while no item is ready."""

    RERUN = Text("No new item is ready: playing “{title}” again meanwhile.")
    SLATE = Text("No item is ready to play: the slate is on air.")
    NO_SLATE = Text("The slate cannot be drawn.")
    NO_SLATE_BECAUSE = Text("The slate cannot be drawn: {reason}")
    NO_SLATE_TEXT = Text("The slate cannot be drawn with its text.")


class FfmpegLines:
    """What is written for lines of FFmpeg that are left out."""

    LEFT_OUT = Text("… lines left out: {count}")
    REPEATED_ONCE = Text("{line} (repeated once)")
    REPEATED = Text("{line} (repeated {count} times)")


class Destinations:
    """The targets of a run."""

    NONE_USABLE = Text("None of its targets can be used.")
    ADD_AGAIN = Text("Add them again with /target add.")
