"""Outcomes of runs: a cause known to be final completes the request, any other leads to another run."""

from dataclasses import dataclass

from streaming.engine.messages import Runs
from streaming.model.errors import (
    ConfigurationError,
    NonstopError,
    PlaylistError,
    Unexpected,
    UsageError,
    WantedStateError,
)
from streaming.model.message import Message
from streaming.model.states import RunStatus
from streaming.playout.messages import Controls
from streaming.process.supervision import GivenUp

_FINAL = (PlaylistError, ConfigurationError, UsageError, WantedStateError)
"""Another run would fail in the same way until somebody changes something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, why, and whether that completes its request."""

    status: RunStatus
    reason: Message
    is_final: bool


def outcome_of(error: Exception | None) -> Outcome:
    """The outcome of a run that an error ended; without an error the lineup came to its end."""
    if error is None:
        return Outcome(RunStatus.ENDED, Controls.FINISHED(), is_final=True)
    cause = _cause(error)
    if isinstance(cause, _FINAL):
        return Outcome(RunStatus.FAILED, cause.full_message, is_final=True)
    return Outcome(RunStatus.STOPPED, Runs.TRYING_AGAIN(reason=_reason(cause)), is_final=False)


def _reason(cause: Exception) -> Message:
    """A sentence for people. The text of other libraries' exceptions is for the log only."""
    if isinstance(cause, NonstopError):
        return cause.full_message
    if isinstance(cause, OSError) and cause.strerror:
        return Runs.NOT_NOW(reason=cause.strerror)
    return Unexpected.SEE_LOG()


def _cause(error: Exception) -> Exception:
    """The first cause, out of exception groups of one and of `GivenUp`."""
    while True:
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        elif isinstance(error, GivenUp) and isinstance(error.__cause__, Exception):
            error = error.__cause__
        else:
            return error
