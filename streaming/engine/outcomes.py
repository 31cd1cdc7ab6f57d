"""What becomes of a wish when a run has ended: a cause known to be final fulfils it, any other begins another run."""

from dataclasses import dataclass

from streaming.model.errors import ConfigurationError, NonstopError, PlaylistError, UsageError, WantedStateError
from streaming.model.states import RunStatus
from streaming.process.supervision import GivenUp

_FINAL = (PlaylistError, ConfigurationError, UsageError, WantedStateError)
"""What another run would meet again, until somebody has changed something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, why, and whether that was the end of its wish."""

    status: RunStatus
    reason: str
    is_final: bool


def outcome_of(error: Exception | None) -> Outcome:
    """What an error means for the wish; none is the end of the lineup."""
    if error is None:
        return Outcome(RunStatus.ENDED, "The playlist has finished.", is_final=True)
    cause = _cause(error)
    if isinstance(cause, _FINAL):
        return Outcome(RunStatus.FAILED, str(cause), is_final=True)
    return Outcome(RunStatus.STOPPED, f"{_told(cause)} Trying again.", is_final=False)


def _told(cause: Exception) -> str:
    """A sentence for people; what exceptions of others say is not theirs to read."""
    if isinstance(cause, NonstopError):
        return str(cause)
    if isinstance(cause, OSError) and cause.strerror:
        return f"This machine cannot play it now: {cause.strerror}."
    return "An unexpected error occurred; the engine's log has the details."


def _cause(error: Exception) -> Exception:
    """What is at the bottom of it: tasks that fail together come in a group, and what is given up has a cause."""
    while True:
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        elif isinstance(error, GivenUp) and isinstance(error.__cause__, Exception):
            error = error.__cause__
        else:
            return error
