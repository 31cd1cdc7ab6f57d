"""Room to encode: so many streams of an engine are encoded at once, for all of them share its processor.

A stream that has a place keeps it to the end of its run: what is on air is not taken off by what others start. One that
comes too late waits with a reason on its card. If it is on air already, with items that are copied, it passes over
those it would have to encode.
"""

import asyncio

from streaming.model.errors import ItemUnavailable

_FULL = "As many streams are encoded here as this machine can bear. It starts as soon as another one ends."
_FULL_FOR_GUILD = "As many streams are encoded as this server may have. It starts as soon as another one ends."


class EncodeSlots:
    """The places of an engine."""

    def __init__(self, most: int, most_per_guild: int) -> None:
        self._most = most
        self._most_per_guild = most_per_guild
        self._holders: dict[EncodeSlot, int] = {}
        self._freed = asyncio.Event()

    def obstacle(self, guild_id: int) -> str:
        """Why no place is free for a guild, in words for people; nothing when one is."""
        if list(self._holders.values()).count(guild_id) >= self._most_per_guild:
            return _FULL_FOR_GUILD
        return _FULL if len(self._holders) >= self._most else ""

    def assign(self, slot: "EncodeSlot", guild_id: int) -> None:
        """Takes a place that is free."""
        self._holders[slot] = guild_id

    def free(self, slot: "EncodeSlot") -> None:
        """Gives a place back, if it was taken, and wakes those who wait."""
        if self._holders.pop(slot, None) is not None:
            self._freed.set()
            self._freed = asyncio.Event()

    def is_held_by(self, slot: "EncodeSlot") -> bool:
        """Whether a place is taken."""
        return slot in self._holders

    async def wait_for_free(self) -> None:
        """Waits until a place is given back."""
        await self._freed.wait()


class EncodeSlot:
    """One run's place, taken when it first needs one."""

    def __init__(self, slots: EncodeSlots | None = None, guild_id: int = 0) -> None:
        """Without `slots` there is no limit."""
        self._slots = slots
        self._guild_id = guild_id
        self._has_begun = False
        self.reason = ""
        """Why the run waits; nothing while it does not."""

    async def admit(self, *, is_encoded: bool) -> None:
        """Lets an item be opened. Raises ItemUnavailable when there is no room for it, and there is for others."""
        if is_encoded and self._slots and not self._slots.is_held_by(self):
            await self._acquire(self._slots)

    def mark_on_air(self) -> None:
        """An item is ready to go on air: from now on there is something else to play than what has no room."""
        self._has_begun = True

    async def _acquire(self, slots: EncodeSlots) -> None:
        try:
            while reason := slots.obstacle(self._guild_id):
                if self._has_begun:
                    raise ItemUnavailable("it has to be encoded, and there is no room for that now")
                self.reason = reason
                await slots.wait_for_free()
        finally:
            self.reason = ""
        slots.assign(self, self._guild_id)

    def release(self) -> None:
        """The run is over."""
        if self._slots:
            self._slots.free(self)
