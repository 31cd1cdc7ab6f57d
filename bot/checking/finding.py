"""What looking at one prerequisite comes to."""

from collections.abc import Awaitable
from dataclasses import dataclass

from streaming.model.errors import NonstopError


@dataclass(frozen=True, slots=True)
class Seen:
    """A prerequisite that is there; a doubtful one does for now. Advice is about the host, and judges nothing."""

    detail: str
    is_doubtful: bool = False
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was seen, or what is wrong and the exit code for it."""

    name: str
    detail: str
    exit_code: int = 0
    is_doubtful: bool = False
    is_advice: bool = False


async def look(name: str, looking: Awaitable[Seen]) -> Finding:
    """Looks, and puts what is wrong into the line."""
    try:
        seen = await looking
    except NonstopError as error:
        return Finding(name, str(error), error.exit_code)
    return Finding(name, seen.detail, is_doubtful=seen.is_doubtful)
