"""What services answer, and the lines they write to logs."""

from streaming.model.message import Text


class Streams:
    """Streams, and which one is meant."""

    NONE_YET = Text("There are no streams yet.")
    START_ONE = Text("Start one with /stream start.")
    UNKNOWN = Text("There is no stream “{name}”.")
    SEE_LIST = Text("See /stream list.")
    SEVERAL = Text("Several streams match: {streams}.")
    PICK_ONE = Text("Pick one with stream:.")
    NO_SUCH_MODE = Text("The mode “{mode}” is not available yet.")
    USE_DIRECT = Text("Use mode:direct.")
    NOT_ON_AIR = Text("“{stream}” is not on air.")
    START_IT = Text("Start it again with /stream restart.")
    ON_AIR = Text("“{stream}” is on air.")
    STOP_IT = Text("Stop it first with /stream stop.")
    DELETED = Text("The stream was deleted.")
    START_AGAIN = Text("Start it again with /stream start.")
    STARTED_SINCE = Text("“{stream}” has been started again since you were asked.")
    ASK_AGAIN = Text("See /stream status, and use the command again.")
    WITHOUT_TARGET = Text("“{stream}” has no target left.")
    START_ELSEWHERE = Text("Start it on another one with /stream start.")
    NOTHING_TO_CHANGE = Text("Nothing to change.")
    SET_OPTION = Text("Set at least one option, such as title or shuffle.")
    WITHOUT_PANEL = Text("“{stream}” has no panel.")
    CREATE_PANEL = Text("Create one with /stream panel.")


class States:
    """States of streams, as clauses."""

    OFF_AIR = Text("off air")
    NO_ENGINE = Text("waiting for an engine")
    WAITING = Text("waiting")
    STARTING = Text("starting")
    LISTING = Text("reading the playlist")
    RESOLVING = Text("fetching the first video")
    CONNECTING = Text("connecting")
    ON_AIR = Text("on air")
    SLATE = Text("on air with the slate")
    RECONNECTING = Text("reconnecting")
    STOPPING = Text("stopping")
    ENDED = Text("finished")
    STOPPED = Text("off air")
    FAILED = Text("failed")


class Targets:
    """Targets, and which one is meant."""

    NONE_YET = Text("There are no targets yet.")
    ADD_ONE = Text("Add one with /target add.")
    SEVERAL = Text("There is more than one target: {targets}.")
    PICK = Text("Pick one with to:, or several separated by commas.")
    UNKNOWN = Text("There is no target “{name}”.")
    AVAILABLE = Text("Available: {targets}. Add another with /target add.")
    EXISTS = Text("There is a target “{name}” already.")
    EDIT_IT = Text("Change it with /target edit, or give the new one another name.")
    KEY_FOR_ADDRESS = Text("A stored key is never sent to another address.")
    GIVE_KEY = Text("Enter the stream key of the new address, too.")
    NOTHING_TO_CHANGE = Text("Nothing to change.")
    CHANGE_SOMETHING = Text("Change at least one field of the form.")
    IN_USE = Text("The target “{target}” is used by the stream “{stream}”.")
    FREE_IT = Text("Stop that stream first with /stream stop, or use another target.")
    BUSY = Text("The target is used by the stream “{stream}” ({state}).")
    SEE_STATUS = Text("See /stream status, or stop the stream first with /stream stop.")
    LIVE = Text("It works: “{stream}” is on air there right now.")
    BAD_KEY = Text("A stream key has no spaces and at most {limit} ASCII characters.")
    COPY_KEY = Text("Copy it again from the platform's live dashboard.")
    NO_URL = Text("A target of this kind needs the URL of its ingest.")
    URL_BEGINS = Text("It begins with rtmp:// or rtmps://.")
    SECRET_IN_URL = Text("An ingest's URL must not contain a password or a token.")
    USE_KEY_FIELD = Text("Put secrets into the field for the stream key.")
    BAD_URL = Text("This is not the URL of an ingest.")
    URL_EXAMPLE = Text("It looks like rtmp://HOST/APPLICATION.")
    NOT_PUBLIC = Text("Streams can only go to public addresses and the usual ports of streaming servers.")
    ALLOW_MORE = Text("Whoever runs Nonstop can allow more with [targets] allow in the settings.")


class Names:
    """Names that people give to things."""

    BAD_TARGET = Text("A target's name has 1 to {limit} characters and no comma.")
    BAD_PLAYLIST = Text("A playlist's name has 1 to {limit} characters and is not “{reserved}”.")
    CHOOSE_ANOTHER = Text("Choose another name.")


class SavedPlaylists:
    """Playlists that a guild knows; the last ones are clauses beside their names."""

    NAME_TAKEN = Text("Another playlist is already called “{name}”.")
    GIVE_ANOTHER_NAME = Text("Give this one another name.")
    UNKNOWN = Text("There is no saved playlist “{name}”.")
    SEE_LIST = Text("See /playlist list.")
    DEMO = Text("some built-in demo clips")
    ITEMS = Text("{count} items")
    RECENT = Text("recently played")


class Queues:
    """Entries of queues, and which one is meant."""

    UNKNOWN = Text("There is no item “{name}” in the list of “{stream}”.")
    SEARCH = Text("Find it with /stream queue search:.")
    SEVERAL = Text("Several items match: {items}.")
    CHOOSE_SUGGESTION = Text("Choose one of the suggestions while you type.")
    PLACE = Text("#{place} in the list")


class Engines:
    """Engines, and commands to them."""

    NOT_RUNNING = Text("No engine is running: start one with `python -m streaming run`, or everything with `make run`.")
    REFUSED = Text("The engine refused.")
    SILENT = Text("The engine accepted the command but has not answered.")
    SEE_STATUS = Text("See /stream status.")
    SUBJECT_GONE = Text("The stream or target no longer exists.")
    NO_PICTURE = Text("The engine sent no picture.")
    TRY_AGAIN = Text("Try again in a few seconds.")


class Limits:
    """Limits of guilds and machines."""

    STREAMS = Text("This server has reached its limit of streams ({limit}).")
    DELETE_STREAM = Text("Delete one with /stream delete.")
    ON_AIR = Text("This server has reached its limit of streams on air ({limit}).")
    STOP_STREAM = Text("Stop one with /stream stop.")
    ENCODES = Text("This server has reached its limit of encoded streams ({limit}).")
    MACHINE_ENCODES = Text("This machine has reached its limit of encoded streams ({limit}).")
    ENCODE_LESS = Text("Stop one of them, or start this one with encode:copy.")
    TARGETS = Text("This server has reached its limit of targets ({limit}).")
    REMOVE_TARGET = Text("Remove one with /target remove.")
    PLAYLISTS = Text("This server has reached its limit of saved playlists ({limit}).")
    REMOVE_PLAYLIST = Text("Remove one with /playlist remove.")
    PANELS = Text("This server has reached its limit of panels ({limit}).")
    REMOVE_PANEL = Text("Remove one with /stream panel remove:True.")
    TARGET_TESTS = Text("This server has reached its limit of target tests ({limit} a minute).")
    REFRESHES = Text("This server has reached its limit of playlist refreshes ({limit} a minute).")
    PREVIEWS = Text("This server has reached its limit of previews ({limit} a minute).")


class Audit:
    """What people did, as logs say it."""

    STARTED = Text("{person} started it on {targets}.")
    STOPPED = Text("{person} stopped it.")
    RESTARTED = Text("{person} restarted it.")
    EDITED = Text("{person} set {changes}.")
    DELETED = Text("{person} deleted the stream “{stream}” (#{number}).")
    SKIPPED = Text("{person} skipped the current item.")
    WENT_BACK = Text("{person} went back to the previous item.")
    JUMPED = Text("{person} jumped to “{item}”.")
    QUEUED = Text("{person} queued “{item}” next.")
    REMOVED_ITEM = Text("{person} removed “{item}”.")
    PUT_PANEL = Text("{person} put its panel in <#{channel}>.")
    REMOVED_PANEL = Text("{person} removed its panel.")
    ADDED_TARGET = Text("{person} added the target “{target}” ({kind}).")
    EDITED_TARGET = Text("{person} changed the {changes} of the target “{target}”.")
    TESTED_TARGET = Text("{person} tested the target “{target}”.")
    REMOVED_TARGET = Text("{person} removed the target “{target}”.")
    SAVED_PLAYLIST = Text("{person} saved the playlist {playlist} as “{name}”.")
    REFRESHED_PLAYLIST = Text("{person} refreshed the playlist {playlist}.")
    REMOVED_PLAYLIST = Text("{person} removed the playlist “{playlist}”.")
    CHANGED_GUILD = Text("{person} changed the server's {settings}.")
    REMOVED_BOT = Text(
        "Nonstop was removed from this server. Its streams stop, and its targets are deleted after a day."
    )


class TargetEdits:
    """What of a target was changed."""

    NAME = Text("name")
    ADDRESS = Text("address")
    KEY = Text("stream key")


class Edits:
    """What people changed, as clauses of the lines above."""

    TITLE = Text("its title to “{value}”")
    DESCRIPTION = Text("its description to “{value}”")
    ENCODE = Text("encode to “{value}”")
    SHUFFLE_ON = Text("shuffle on")
    SHUFFLE_OFF = Text("shuffle off")
    LOOP_ON = Text("loop on")
    LOOP_OFF = Text("loop off")
    OPERATOR_ROLE = Text("operator role")
    ALERTS_CHANNEL = Text("alerts channel")
    LANGUAGE = Text("language")
    COMMA = Text("{first}, {second}")
    AND = Text("{first} and {second}")
