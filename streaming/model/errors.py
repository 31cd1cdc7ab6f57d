"""Every error Nonstop raises on purpose, in one tree.

    NonstopError
    ├── UsageError                 a command with invalid arguments                     exit 2
    ├── ServiceUnavailable         something required cannot be reached                 exit 69
    │   └── TargetRefused          … because the ingest refuses the stream key
    ├── EngineFailed               an essential part of the engine fails repeatedly     exit 70
    ├── ConfigurationError         settings, files or the database are wrong            exit 78
    │   └── SchemaError            … the database has a newer schema, or a foreign one
    │       └── DatabaseDamaged    … or is corrupt
    ├── WantedStateError           a command asks for an impossible state
    │   ├── NotFound               … no such stream, target or playlist
    │   ├── AlreadyOnAir           … the target is in use by another stream
    │   └── NeedsChoice            … several streams or targets match
    ├── PlaylistError              a playlist cannot be listed, or has nothing to play
    ├── ItemUnplayable             this item cannot be played: skip it
    │   └── ItemUnavailable        … now, but perhaps later
    │       ├── Unforeseen         … for a reason that only the engine's log has
    │       ├── FormatRefused      … in this format; another one may do
    │       └── ContentChanged     … from the same byte: its file was replaced
    ├── PlatformTrouble            the platform refuses this address: wait, tell the operator
    └── TransientError             retry at once: network, time-out, worker died

A message says what happened, `hint` what to do next; `str()` gives both. The message about an item is not a sentence
but a clause that follows the item's title in a log ("private").
"""

from streaming.model.message import NOTHING, Joined, Message, Text

EXIT_USAGE = 2
EXIT_UNAVAILABLE = 69
EXIT_SOFTWARE = 70
"""For what should not happen (EX_SOFTWARE of sysexits.h)."""
EXIT_CONFIGURATION = 78


class Unexpected:
    """What nobody foresaw."""

    ERROR = Text("an unexpected error occurred")
    SEE_LOG = Text("An unexpected error occurred; the engine's log has the details.")


class NonstopError(Exception):
    """Something went wrong in a way Nonstop knows."""

    exit_code = 1

    def __init__(self, message: Message, *, hint: Message = NOTHING) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return str(self.full_message)

    @property
    def full_message(self) -> Message:
        """The message and the hint in one."""
        return Joined.SENTENCES(first=self.message, second=self.hint) if self.hint else self.message


class UsageError(NonstopError):
    """The command cannot be understood."""

    exit_code = EXIT_USAGE


class ServiceUnavailable(NonstopError):
    """Something Nonstop needs cannot be reached."""

    exit_code = EXIT_UNAVAILABLE


class EngineFailed(NonstopError):
    """An essential part of the engine fails repeatedly; a new process may do better."""

    exit_code = EXIT_SOFTWARE


class ConfigurationError(NonstopError):
    """Settings, files or the database are wrong; `problems` holds one sentence each."""

    exit_code = EXIT_CONFIGURATION

    def __init__(self, *problems: str, hint: Message = NOTHING) -> None:
        super().__init__(Message(problems[0]) if len(problems) == 1 else Message("; ".join(problems)), hint=hint)
        self.problems = problems


class SchemaError(ConfigurationError):
    """The database holds a schema this version cannot use."""


class DatabaseDamaged(SchemaError):
    """The database file is corrupt."""


class WantedStateError(NonstopError):
    """A command asks for an impossible state."""


class NotFound(WantedStateError):
    """There is no such stream, target or playlist here."""


class AlreadyOnAir(WantedStateError):
    """The target is in use by another stream."""


class NeedsChoice(WantedStateError):
    """Several streams or targets would fit."""


class PlaylistError(NonstopError):
    """The playlist cannot be listed, or nothing in it can be played."""


class ItemUnplayable(NonstopError):
    """The item cannot be played; the message is the clause that people read in the log."""


class ItemUnavailable(ItemUnplayable):
    """The item cannot be played now, but may be later."""


class Unforeseen(ItemUnavailable):
    """An unexpected error keeps the item from being played now; `__cause__` has it."""

    def __init__(self) -> None:
        super().__init__(Unexpected.ERROR())


class FormatRefused(ItemUnavailable):
    """Even fresh URLs of this format are refused; the next resolution has to avoid `client_format`."""

    def __init__(self, message: Message, *, client_format: str) -> None:
        super().__init__(message)
        self.client_format = client_format


class ContentChanged(ItemUnavailable):
    """The file at the item's URL was replaced while it was read."""


class PlatformTrouble(NonstopError):
    """The platform refuses all requests from this address for now."""


class TransientError(NonstopError):
    """The same request may succeed in a moment."""


class TargetRefused(ServiceUnavailable):
    """The ingest refuses the stream key."""
