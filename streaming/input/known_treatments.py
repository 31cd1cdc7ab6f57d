"""Findings about odd items, for a day: the treatment each needs, and which cannot be played at all."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from streaming.ffmpeg.treatment import Treatment
from streaming.model.message import NOTHING, Message

_REMEMBERED_SECONDS = 86_400.0
_MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class _Finding:
    treatment: Treatment | None
    """What the item needs; None when nothing helped."""
    reason: Message
    found_at: float


class KnownTreatments:
    """Remembers what helped an item. After a day it is tried as if it were new: it may have been replaced."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[str, _Finding] = {}

    def remember(self, key: str, treatment: Treatment) -> None:
        """Remembers the treatment an item needs, unless that depends on a place in it."""
        if treatment.is_remembered:
            self._keep(key, _Finding(treatment, treatment.reason, self._clock()))

    def give_up(self, key: str, reason: Message) -> None:
        """Remembers that an item cannot be played, and why."""
        self._keep(key, _Finding(None, reason, self._clock()))

    def treatment_for(self, key: str, chosen: Treatment) -> Treatment:
        """The treatment an item was found to need, else the chosen one."""
        found = self._of(key)
        return found.treatment if found and found.treatment else chosen

    def why_hopeless(self, key: str) -> Message:
        """Why an item is not tried today; empty when it is."""
        found = self._of(key)
        return found.reason if found and found.treatment is None else NOTHING

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
