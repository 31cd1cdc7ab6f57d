"""The writing end of the program: begins airings, places clusters, and takes back unread ones."""

import itertools

from streaming.bitstream.matroska import Cluster, Header
from streaming.model.items import Item
from streaming.timeline.program import Program
from streaming.timeline.splice import Airing, Splice, TimelineCluster


class ProgramWriter:
    """Writes into one program, for its sequencer and its fallback."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._splice = Splice()
        self._play_ids = itertools.count(1)
        self._present: Airing | None = None

    def new_play_id(self) -> int:
        """The id of another play of an item or of the slate."""
        return next(self._play_ids)

    def filler(self, header: Header, item: Item | None = None, *, is_copy: bool = False) -> Airing:
        """An airing of a filler: the slate, or a rerun."""
        return Airing(item, header, play_id=self.new_play_id(), is_copy=is_copy, is_filler=True)

    def begin(self, airing: Airing) -> None:
        """Begins an airing. Clusters added from now on belong to it."""
        self._present = airing
        self._splice.begin(airing)

    def add(self, cluster: Cluster) -> None:
        """Places a cluster. It can be read once the next one is known."""
        self._append(self._splice.add(cluster))

    def finish(self) -> None:
        """Ends the program."""
        self._append(self._splice.flush())
        self.program.finish()

    def cut(self, skipped: Airing) -> None:
        """Removes the unread clusters of a play. Clusters behind them move up."""
        cut = self.program.cut(lambda airing: airing.play_id == skipped.play_id)
        taken = [(placed.airing, placed.cluster) for placed in cut]
        taken += [self._splice.held] if self._splice.held else []
        if not any(airing.play_id == skipped.play_id for airing, _ in taken):
            return
        self._splice.rewind(self.program.newest)
        placing = skipped
        for airing, cluster in taken:
            if airing.play_id == skipped.play_id:
                continue
            if airing is not placing:
                self._splice.begin(airing)
                placing = airing
            self._append(self._splice.add(cluster))
        if self._present is not placing and self._present is not None:  # begun, without any cluster yet
            self._splice.begin(self._present)

    def drop(self, *, behind: Airing | None = None) -> None:
        """Removes all unread clusters, or those behind one play."""
        self.program.cut(lambda airing: behind is None or airing.play_id != behind.play_id)
        if not (behind and self._splice.held and self._splice.held[0].play_id == behind.play_id):
            self._splice.rewind(self.program.newest)

    def _append(self, placed: TimelineCluster | None) -> None:
        if placed:
            self.program.append(placed)
