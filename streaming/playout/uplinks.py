"""The uplinks of a playout, together: each is kept running, and the end of one is the end of all."""

import asyncio
from collections.abc import Iterable, Sequence

from streaming.model.errors import ConfigurationError
from streaming.model.message import NOTHING, Message
from streaming.model.states import UplinkState
from streaming.output.uplink import Destination, Uplink
from streaming.playout.messages import Destinations, Tasks
from streaming.process.supervision import GivenUp, Supervisor

_STRAGGLER_SECONDS = 15.0
"""How long other targets may take to the lineup's end after the first one has reached it."""


class UplinkGroup:
    """Publishes one program to every target."""

    def __init__(self, uplinks: Sequence[Uplink], supervisor: Supervisor) -> None:
        self.all = tuple(uplinks)
        self._supervisor = supervisor
        self._given_up: set[Uplink] = set()

    async def run(self) -> None:
        """Publishes until a target has the whole program, and for a little longer to those that are behind it.

        Raises ConfigurationError without a target, and GivenUp when no uplink can be kept running.
        """
        if not self.all:
            raise ConfigurationError(Destinations.NONE_USABLE(), hint=Destinations.ADD_AGAIN())
        async with asyncio.TaskGroup() as group:
            tasks = {uplink: group.create_task(self._publish(uplink), name="uplink") for uplink in self.all}
            await asyncio.wait(tasks.values(), return_when=asyncio.FIRST_COMPLETED)
            behind = [task for uplink, task in tasks.items() if uplink.status.state is not UplinkState.REFUSED]
            await asyncio.wait(behind, timeout=_STRAGGLER_SECONDS)
            for task in tasks.values():
                task.cancel()

    def redirect(self, destinations: Iterable[Destination]) -> None:
        """Tells each uplink where its target is by now."""
        present = {destination.target_id: destination for destination in destinations}
        for uplink in self.all:
            uplink.redirect(present.get(uplink.destination.target_id, uplink.destination))

    @property
    def are_ended(self) -> bool:
        """Whether every target has the whole program."""
        return all(uplink.status.state is UplinkState.ENDED for uplink in self.all)

    @property
    def is_any_live(self) -> bool:
        """Whether a target accepts the stream."""
        return any(uplink.status.state is UplinkState.LIVE for uplink in self.all)

    @property
    def reason(self) -> Message:
        """Why a target is not live, of the first that knows; may be empty."""
        return next((uplink.status.reason for uplink in self.all if uplink.status.reason), NOTHING)

    async def _publish(self, uplink: Uplink) -> None:
        """Keeps one uplink running; it may fail for good as long as another works."""
        while True:
            try:
                return await self._supervisor.essential(Tasks.UPLINK(target=uplink.destination.name), uplink.run)
            except GivenUp:
                self._given_up.add(uplink)
                if not any(map(self._may_work, self.all)):
                    raise

    def _may_work(self, uplink: Uplink) -> bool:
        return uplink not in self._given_up or uplink.status.state is UplinkState.LIVE
