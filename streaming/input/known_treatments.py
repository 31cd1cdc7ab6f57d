"""What was found out about odd items: how they have to be treated, and which cannot be played at all, for a day."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from streaming.ffmpeg.treatment import Treatment

_REMEMBERED_SECONDS = 86_400.0
_MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class _Finding:
    treatment: Treatment | None
    """What it needs; None for an item that nothing helped."""
    reason: str
    found_at: float


class KnownTreatments:
    """Remembers by item what helped. After a day an item is tried as if it were new: it may have been replaced."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[str, _Finding] = {}

    def remember(self, key: str, treatment: Treatment) -> None:
        """Keeps what an item needs, unless that depends on a place in it."""
        if treatment.is_remembered:
            self._keep(key, _Finding(treatment, treatment.reason, self._clock()))

    def give_up(self, key: str, reason: str) -> None:
        """Keeps that an item cannot be played, and why."""
        self._keep(key, _Finding(None, reason, self._clock()))

    def treatment_for(self, key: str, chosen: Treatment) -> Treatment:
        """What an item is to be treated like: what it was found to need, else what was chosen."""
        found = self._of(key)
        return found.treatment if found and found.treatment else chosen

    def why_hopeless(self, key: str) -> str:
        """Why an item is not tried today, or nothing."""
        found = self._of(key)
        return found.reason if found and found.treatment is None else ""

    def _of(self, key: str) -> _Finding | None:
        found = self._found.get(key)
        if found and self._clock() - found.found_at > _REMEMBERED_SECONDS:
            del self._found[key]
            return None
        return found

    def _keep(self, key: str, finding: _Finding) -> None:
        self._found.pop(key, None)
        self._found[key] = finding
        if len(self._found) > _MOST_ITEMS:
            del self._found[next(iter(self._found))]
