"""Result of one check."""

from collections.abc import Awaitable
from dataclasses import dataclass

from streaming.model.errors import NonstopError


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that passed. A doubtful one works for now; advice is about the host and has no verdict."""

    detail: str
    is_doubtful: bool = False
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the table; a failed check has an exit code."""

    name: str
    detail: str
    exit_code: int = 0
    is_doubtful: bool = False
    is_advice: bool = False


async def run_check(name: str, check: Awaitable[Passed]) -> CheckResult:
    """Runs a check; its error becomes a failed result."""
    try:
        passed = await check
    except NonstopError as error:
        return CheckResult(name, str(error), error.exit_code)
    return CheckResult(name, passed.detail, is_doubtful=passed.is_doubtful)
