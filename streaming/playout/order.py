"""The order of play of one stream, and the only writer of its lineup."""

from collections.abc import Callable, Iterable

from streaming.lineup.lineup import Lineup
from streaming.lineup.reader import LineupReader
from streaming.model.items import Item

Change = Callable[[Lineup], None]


class PlayOrder:
    """Owns a lineup. All others read it through `lineup`, and have it changed by the methods here."""

    def __init__(self, lineup: Lineup) -> None:
        """A lineup that was resumed still has its present item, which plays on and starts no new play."""
        self._lineup = lineup
        self._is_resuming = lineup.present is not None

    @property
    def lineup(self) -> LineupReader:
        """The lineup, to be read."""
        return self._lineup

    # The list

    def add(self, item: Item) -> None:
        """Adds an item as the listing brings it."""
        self._lineup.add([item])

    def listing_ended(self) -> None:
        """Marks the list as complete."""
        self._lineup.listing_ended()

    def replace(self, items: Iterable[Item]) -> None:
        """Replaces the list by a newer version of it."""
        self._lineup.replace(items)

    # Playing

    def item_started(self, item: Item) -> int:
        """Counts a play of an item whose feeding begins, and returns its play number."""
        present = self._lineup.present
        is_resumed = self._is_resuming and present is not None and item.entry == present.entry
        self._is_resuming = False
        if not is_resumed:
            self._lineup.advance()
        return self._lineup.play_number

    def pass_over(self, item: Item) -> None:
        """Leaves out one item for this round."""
        self._lineup.pass_over(item.entry)

    def rule_out(self, item: Item) -> None:
        """Leaves out every occurrence of a video for this round."""
        self._lineup.rule_out(item.key)

    def bring_forward(self, item: Item) -> None:
        """Makes an item the next one."""
        self._lineup.play_next(item.entry)

    def begin_another_round(self) -> None:
        """Gives every item another chance after a round in which none could be played."""
        self._lineup.begin_another_round()

    # What people ask for

    def apply(self, change: Change) -> None:
        """Makes a change that was tried before on a copy (`LineupReader.seen_from`)."""
        change(self._lineup)

    def rewind(self, play_number: int) -> None:
        """Undoes a play and all after it: their items come next again."""
        self._lineup.rewind(play_number)

    def jump(self, entry: str) -> None:
        """Makes an item the next one and, unless shuffled, goes on behind it."""
        self._lineup.jump(entry)
