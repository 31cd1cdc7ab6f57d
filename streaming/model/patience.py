"""How long the media of an item may stay silent before a layer gives up on it."""

from dataclasses import dataclass

from streaming.model.backoff import Backoff

_BACKOFF = Backoff(first_seconds=0.2, cap_seconds=4.0)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a part is retried before it is given up; counted anew whenever bytes have arrived."""

    attempts: int = 10
    attempts_to_open: int = 5
    """Before the first byte: another item can still take this one's place."""
    refusals: int = 1
    """Refusals that a fresh URL may cure; after that another format has to."""
    backoff: Backoff = _BACKOFF
    connect_seconds: float = 8.0
    stall_seconds: float = 5.0
    refresh_seconds: float = 60.0
    available_seconds: float = 60.0
    """The longest wait for a URL's `available_at`."""

    @property
    def longest_silence_seconds(self) -> float:
        """The longest time without a byte before a part is given up. Whatever watches it has to wait longer."""
        attempt_seconds = self.connect_seconds + self.stall_seconds + self.backoff.cap_seconds
        fresh_urls_seconds = (self.refusals + 1) * (self.refresh_seconds + self.available_seconds)
        return self.attempts * attempt_seconds + fresh_urls_seconds


PATIENCE = Patience()
