"""Delays between retries that grow with the failures in a row."""

from dataclasses import dataclass

_MOST_DOUBLINGS = 60  # keeps `factor ** n` within a float, long past any cap


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after the first, second, … failure in a row.

    The delay starts at `first_seconds`, grows by `factor` and stops at `cap_seconds`. `jitter` gives the share of it
    that is waited at the least and at the most, so that clients that failed together do not retry together.
    """

    first_seconds: float
    cap_seconds: float
    factor: float = 2.0
    jitter: tuple[float, float] = (0.5, 1.0)
    reset_seconds: float = 60.0
    """Work that lasted this long before it failed counts as recovered."""

    def delay_seconds(self, failures: int, chance: float) -> float:
        """The delay after `failures` (from 1) in a row; `chance` is a random number from 0 to 1."""
        grown_seconds = self.first_seconds * self.factor ** min(failures - 1, _MOST_DOUBLINGS)
        least, most = self.jitter
        return min(grown_seconds, self.cap_seconds) * (least + (most - least) * chance)

    def failures_after(self, failures: int, worked_seconds: float) -> int:
        """Counts one more failure in a row, or the first one again after a recovery."""
        return 1 if worked_seconds >= self.reset_seconds else failures + 1
