"""How long the media of an item may stay silent before a layer gives up on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a part is tried before it is given up; counted anew whenever bytes have come."""

    attempts: int = 10
    attempts_to_open: int = 5
    """While nothing has been read yet, and another item could still take its place."""
    refusals: int = 1
    """How often a fresh URL is asked for when the one before it is refused; then another format may do."""
    first_delay_seconds: float = 0.1
    longest_delay_seconds: float = 4.0
    connect_seconds: float = 8.0
    stall_seconds: float = 5.0
    refresh_seconds: float = 60.0
    available_seconds: float = 60.0
    """The longest wait for a URL's `available_at`."""

    @property
    def longest_silence_seconds(self) -> float:
        """How long no byte may come before a part is given up: whoever watches must have more patience."""
        a_try_seconds = self.connect_seconds + self.stall_seconds + self.longest_delay_seconds
        fresh_urls_seconds = (self.refusals + 1) * (self.refresh_seconds + self.available_seconds)
        return self.attempts * a_try_seconds + fresh_urls_seconds


PATIENCE = Patience()
