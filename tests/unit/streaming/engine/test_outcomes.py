"""What ends a wish: causes known to be final, and nothing else."""

import errno

import pytest

from streaming.engine.outcomes import outcome_of
from streaming.model.errors import (
    ConfigurationError,
    NonstopError,
    PlatformTrouble,
    PlaylistError,
    ServiceUnavailable,
    TransientError,
    UsageError,
)
from streaming.model.message import Message
from streaming.model.states import RunStatus
from streaming.process.supervision import GivenUp

SECRET = "rtmp://ingest.example/live/planted-9f3c"
UNFORESEEN = "An unexpected error occurred; the engine's log has the details. Trying again."


def test_the_end_of_the_lineup_fulfils_the_wish() -> None:
    outcome = outcome_of(None)
    assert (outcome.status, outcome.is_final) == (RunStatus.ENDED, True)


@pytest.mark.parametrize(
    "error",
    [
        PlaylistError(Message("Nothing in this playlist can be played.")),
        ConfigurationError("None of its targets can be used.", hint=Message("Add them again with /target add.")),
        UsageError(Message("'x' is not the ID of a YouTube playlist or video.")),
    ],
)
def test_what_another_run_would_meet_again_fulfils_the_wish_as_failed(error: NonstopError) -> None:
    outcome = outcome_of(error)
    assert (outcome.status, outcome.reason, outcome.is_final) == (RunStatus.FAILED, str(error), True)


@pytest.mark.parametrize(
    "error",
    [
        TransientError(Message("A.")),
        PlatformTrouble(Message("B.")),
        ServiceUnavailable(Message("C."), hint=Message("D.")),
    ],
)
def test_what_may_pass_is_tried_again_with_its_reason(error: NonstopError) -> None:
    outcome = outcome_of(error)
    assert (outcome.reason, outcome.is_final) == (f"{error} Trying again.", False)


@pytest.mark.parametrize(
    "error",
    [KeyError(SECRET), OverflowError(SECRET), RuntimeError(SECRET), OSError(SECRET), NotImplementedError()],
)
def test_what_nobody_foresaw_is_tried_again_and_its_words_are_nobodys_to_read(error: Exception) -> None:
    outcome = outcome_of(error)
    assert (outcome.reason, outcome.is_final) == (UNFORESEEN, False)


def test_what_the_machine_says_is_told() -> None:
    outcome = outcome_of(OSError(errno.ENOSPC, "No space left on device", "/var/lib/nonstop/ns-1/3-1"))
    assert outcome.reason == "This machine cannot play it now: No space left on device. Trying again."
    assert not outcome.is_final


def test_what_is_at_the_bottom_decides() -> None:
    given_up = GivenUp("The listing failed 5 times in a row.")
    given_up.__cause__ = PlaylistError(Message("empty"))
    assert outcome_of(ExceptionGroup("tasks", [given_up])).is_final
    assert not outcome_of(ExceptionGroup("tasks", [PlaylistError(Message("empty")), KeyError(SECRET)])).is_final
    assert outcome_of(GivenUp("without a cause")).reason == UNFORESEEN
