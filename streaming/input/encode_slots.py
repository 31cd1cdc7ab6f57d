"""Limits how many streams of an engine are encoded at once: they share its processor.

A stream keeps its slot to the end of its run, so that new streams take none off the air. One that finds no free slot
waits, with a reason on its card; if it is on air already, it passes over the items it would have to encode.
"""

import asyncio

from streaming.input.messages import Encoders
from streaming.model.errors import ItemUnavailable
from streaming.model.message import NOTHING, Message


class EncodeSlots:
    """The encode slots of an engine."""

    def __init__(self, most: int, most_per_guild: int) -> None:
        self._most = most
        self._most_per_guild = most_per_guild
        self._holders: dict[EncodeSlot, int] = {}
        self._freed = asyncio.Event()

    def obstacle(self, guild_id: int) -> Message:
        """Why no slot is free for a guild, in words for people; empty when one is."""
        if list(self._holders.values()).count(guild_id) >= self._most_per_guild:
            return Encoders.GUILD_FULL()
        return Encoders.MACHINE_FULL() if len(self._holders) >= self._most else NOTHING

    def assign(self, slot: "EncodeSlot", guild_id: int) -> None:
        """Assigns a free slot."""
        self._holders[slot] = guild_id

    def free(self, slot: "EncodeSlot") -> None:
        """Frees a slot, if it was assigned, and wakes all runs that wait."""
        if self._holders.pop(slot, None) is not None:
            self._freed.set()
            self._freed = asyncio.Event()

    def is_held_by(self, slot: "EncodeSlot") -> bool:
        """Whether a slot is assigned."""
        return slot in self._holders

    async def wait_for_free(self) -> None:
        """Waits until a slot is freed."""
        await self._freed.wait()


class EncodeSlot:
    """One run's slot, assigned when it first needs one."""

    def __init__(self, slots: EncodeSlots | None = None, guild_id: int = 0) -> None:
        """Without `slots` there is no limit."""
        self._slots = slots
        self._guild_id = guild_id
        self._has_begun = False
        self.reason = NOTHING
        """Why the run waits; empty while it does not."""

    async def admit(self, *, is_encoded: bool) -> None:
        """Waits until an item may be opened. Raises ItemUnavailable without a free slot once the run is on air."""
        if is_encoded and self._slots and not self._slots.is_held_by(self):
            await self._acquire(self._slots)

    def mark_on_air(self) -> None:
        """Notes that an item is ready to go on air: from now on, items without a slot are passed over."""
        self._has_begun = True

    async def _acquire(self, slots: EncodeSlots) -> None:
        try:
            while reason := slots.obstacle(self._guild_id):
                if self._has_begun:
                    raise ItemUnavailable(Encoders.NONE_FREE())
                self.reason = reason
                await slots.wait_for_free()
        finally:
            self.reason = NOTHING
        slots.assign(self, self._guild_id)

    def release(self) -> None:
        """Frees the slot at the end of the run."""
        if self._slots:
            self._slots.free(self)
