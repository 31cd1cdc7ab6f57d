"""What the stand-in refuses: answers to the bot with Discord's own codes, and errors for the test.

RestError            an HTTP error for the bot; most of them also fail the test
CommandRefusedError  a person asked for something Discord's interface would not let them do
ViolationsError      raised at the end of a test in which the bot broke a rule
"""

from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
MISSING_ACCESS = 50001
EMPTY_MESSAGE = 50006
MISSING_PERMISSIONS = 50013
EXPIRED_TOKEN = 50027
INVALID_FORM_BODY = 50035


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of Discord's that the bot broke; `code` is Discord's error code, 0 where it has none."""

    code: int
    what: str

    def __str__(self) -> str:
        return f"{self.what} (code {self.code})" if self.code else self.what


class RestError(Exception):
    """An HTTP error answer. `is_violation` is False where a bot may rightly run into it (a deleted message)."""

    def __init__(self, status: int, code: int, message: str, *, is_violation: bool = True) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.is_violation = is_violation


class CommandRefusedError(Exception):
    """Discord's interface would not have let this person do this."""


class ViolationsError(AssertionError):
    """The bot broke rules of Discord's; the message lists them and the transcript."""


def check(problems: Iterable[str]) -> None:
    """Refuse a body that breaks Discord's limits."""
    if found := list(problems):
        raise invalid_form(found)


def invalid_form(problems: Iterable[str]) -> RestError:
    return RestError(400, INVALID_FORM_BODY, "Invalid Form Body: " + "; ".join(problems))


def unauthorized() -> RestError:
    return RestError(401, 0, "401: Unauthorized", is_violation=False)
