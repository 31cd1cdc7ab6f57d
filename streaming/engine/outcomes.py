"""Outcomes of runs: a cause known to be final completes the request, any other leads to another run."""

from dataclasses import dataclass

from streaming.model.errors import ConfigurationError, NonstopError, PlaylistError, UsageError, WantedStateError
from streaming.model.states import RunStatus
from streaming.process.supervision import GivenUp

_FINAL = (PlaylistError, ConfigurationError, UsageError, WantedStateError)
"""Another run would fail in the same way until somebody changes something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, why, and whether that completes its request."""

    status: RunStatus
    reason: str
    is_final: bool


def outcome_of(error: Exception | None) -> Outcome:
    """The outcome of a run that an error ended; without an error the lineup came to its end."""
    if error is None:
        return Outcome(RunStatus.ENDED, "The playlist has finished.", is_final=True)
    cause = _cause(error)
    if isinstance(cause, _FINAL):
        return Outcome(RunStatus.FAILED, str(cause), is_final=True)
    return Outcome(RunStatus.STOPPED, f"{_told(cause)} Trying again.", is_final=False)


def _told(cause: Exception) -> str:
    """A sentence for people. The text of other libraries' exceptions is for the log only."""
    if isinstance(cause, NonstopError):
        return str(cause)
    if isinstance(cause, OSError) and cause.strerror:
        return f"This machine cannot play it now: {cause.strerror}."
    return "An unexpected error occurred; the engine's log has the details."


def _cause(error: Exception) -> Exception:
    """The first cause, out of exception groups of one and of `GivenUp`."""
    while True:
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        elif isinstance(error, GivenUp) and isinstance(error.__cause__, Exception):
            error = error.__cause__
        else:
            return error
