"""The order of play: which item comes next, and how people change that. Pure state: no input, no waiting."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from random import Random

from streaming.lineup.cursor import LineupCursor, item_digest
from streaming.lineup.occurrences import renamed_entries
from streaming.lineup.rotation import Rotation, twin_of
from streaming.model.items import Item

_REMEMBERED_PLAYS = 100
"""How many plays one can go back."""


class Lineup:
    """The items of one stream, each played once a round. Each occurrence of a video in the list is an entry.

    Items may be added while others play. The rest of the round are the listed items that were not played in it. Items
    that people ask for come before that rest. Every play of an item has a number.
    """

    def __init__(self, *, loop: bool, shuffle: bool, random: Random, removed: Iterable[str] = ()) -> None:
        """`removed` are entries that are left out."""
        self._loop = loop
        self._rotation = Rotation(shuffle=shuffle, seed=random.getrandbits(32), removed=map(item_digest, removed))
        self._present: Item | None = None
        self._next: Item | None = None
        self._ahead: list[bytes] = []  # entries that come before the rest of the round, in order
        self._asked: set[bytes] = set()  # those people asked for; the others were undone by `rewind`
        self._history: dict[int, bytes] = {}  # entry by play number, oldest first
        self.play_number = 0
        """The number of the newest play."""
        self.version = 0
        """Grows with every change that may affect the order of play."""
        self.list_version = 0
        """How often the list was replaced by a newer version."""

    @classmethod
    def resume(cls, cursor: str, *, loop: bool, shuffle: bool, random: Random, removed: Iterable[str] = ()) -> "Lineup":
        """The lineup at a cursor, once its items are added again; without a readable cursor, a new lineup.

        Items that came, went or moved in between are treated as by `replace`.
        """
        lineup = cls(loop=loop, shuffle=shuffle, random=random, removed=removed)
        try:
            place = LineupCursor.read(cursor)
        except (LookupError, TypeError, ValueError):
            return lineup
        rotation = lineup._rotation
        rotation.seed, rotation.number = place.seed, place.round
        rotation.played, rotation.failed = dict.fromkeys(place.played), set(place.failed)
        rotation.resting = OrderedDict.fromkeys([*place.resting, *place.played] if shuffle else ())
        rotation.removed.update(place.removed)
        lineup._present, lineup._next = place.present, place.next
        lineup._history, lineup.play_number = dict(enumerate(place.history, start=1)), len(place.history)
        lineup._ahead, lineup._asked = list(place.ahead), set(place.asked)
        return lineup

    def cursor(self) -> str:
        """The place in the lineup as JSON, for `resume`."""
        rotation = self._rotation
        return LineupCursor(
            seed=rotation.seed,
            round=rotation.number,
            present=self._present,
            next=self._next,
            played=tuple(rotation.played),
            failed=tuple(sorted(rotation.failed)),
            resting=tuple(digest for digest in rotation.resting if digest not in rotation.played),
            history=tuple(self._history.values()),
            ahead=tuple(self._ahead),
            asked=tuple(sorted(self._asked)),
            removed=tuple(sorted(rotation.removed)),
        ).written()

    @property
    def present(self) -> Item | None:
        """The item that plays now; after `resume`, the one that played when the cursor was made."""
        return self._present

    @property
    def chosen(self) -> Item | None:
        """The upcoming item, if it was chosen already."""
        return self._next

    @property
    def is_looped(self) -> bool:
        """Whether another round follows when one is over."""
        return self._loop

    @property
    def is_shuffled(self) -> bool:
        """Whether items come in random order."""
        return self._rotation.shuffle

    @property
    def length(self) -> int:
        """How many items are listed."""
        return len(self._rotation.items)

    @property
    def round(self) -> int:
        """The number of the present round."""
        return self._rotation.number

    @property
    def next_round(self) -> int:
        """The number of the present round; of the next one when at most one entry of the present round is left."""
        return self._rotation.number + (self._rotation.left <= 1)

    @property
    def is_over(self) -> bool:
        """Whether no item follows the present one."""
        is_last_round = not self._loop or self.is_exhausted
        return not self._next and not self._ahead and self._rotation.is_over and is_last_round

    @property
    def is_exhausted(self) -> bool:
        """Whether the whole list was tried and nothing in it could be played.

        `begin_another_round` and `replace` give it another chance.
        """
        return self._rotation.is_exhausted

    # The list

    def add(self, items: Iterable[Item]) -> None:
        """Adds items as the listing brings them. Known entries stay as they are."""
        self.version += 1
        self._rotation.add(items)

    def listing_ended(self) -> None:
        """Marks the list as complete: only now can a round end."""
        self.version += 1
        self._rotation.listing_ended()
        if self._next and not self.find(self._next.entry):
            self._next = None  # it has left the list since the cursor was made
        self._ahead = list(filter(self._is_to_be_had, self._ahead))

    def replace(self, items: Iterable[Item]) -> None:
        """Replaces the list by a newer version: items may have come, gone or moved.

        The present item plays on, and the upcoming one stays if it is still listed. The rest of the round follows in
        the new order, with the new items in it.
        """
        listed = list(items)
        found = renamed_entries(list(self.items()), listed)
        self._rename({item_digest(old): item_digest(new) for old, new in found.items()})
        self.begin_another_round()
        self._rotation.forget()
        self.list_version += 1
        self.add(listed)
        self._present = self._renamed_item(self._present, found) or self._present
        self._next = self._renamed_item(self._next, found)
        self.listing_ended()

    def items(self, start: int = 0) -> Iterator[Item]:
        """The list from a place on, as far as it is known."""
        return islice(self._rotation.items.values(), start, None)

    def find(self, entry: str) -> Item | None:
        """The item of an entry, if the list is known to hold it."""
        return self._rotation.items.get(item_digest(entry))

    @property
    def is_listed(self) -> bool:
        """Whether the list is known to its end."""
        return self._rotation.is_listed

    @property
    def removed(self) -> frozenset[str]:
        """The entries of the list that were taken out."""
        items = self._rotation.items
        return frozenset(items[digest].entry for digest in self._rotation.removed if digest in items)

    # Playing

    def upcoming(self) -> Item | None:
        """The next item. It stays the same until `advance`, unless people ask for another one.

        None when nothing follows (`is_over`), or when nothing more is known yet.
        """
        if not self._next and self._ahead:
            self._next = self._rotation.items.get(self._ahead[0])
        elif not self._next:
            if self._rotation.is_over and not self.is_over:
                self._begin_round()
            self._next = self._rotation.pick()
        return self._next

    def advance(self) -> Item | None:
        """Goes on to the upcoming item, and returns it: at the end of an item, and after a skip."""
        self._present, self._next = self.upcoming(), None
        if self._present:
            self._count_play(item_digest(self._present.entry))
        return self._present

    def pass_over(self, entry: str) -> None:
        """Leaves out the present or the upcoming item for the rest of this round: it cannot be played."""
        self.version += 1
        digest = item_digest(entry)
        if digest in self._rotation.played:
            self._rotation.failed.add(digest)
        self._let_go(digest)

    def rule_out(self, key: str) -> None:
        """Leaves out every entry of a video for the rest of this round: it cannot be played."""
        self.version += 1
        coming = [*map(self._rotation.items.get, self._ahead), self._next]
        for item in coming:
            if item and item.key == key:
                self.pass_over(item.entry)
        self._rotation.rule_out(key)

    def others(self) -> Iterator[Item]:
        """The items of this round that could replace the upcoming one; in no order when shuffled."""
        upcoming = self.upcoming()
        known = map(self._rotation.items.get, chain(self._ahead, self._rotation.rest))
        return (item for item in known if item and item != upcoming)

    def begin_another_round(self) -> None:
        """Gives every item another chance after a round in which none could be played."""
        if self.is_exhausted:
            self._begin_round()

    def upcoming_entries(self, count: int) -> list[str]:
        """The next entries in order of play, at most `count`. Works on a copy, so it changes nothing."""
        future, entries = twin_of(self), list[str]()
        while len(entries) < count and (item := future.upcoming()):
            if item.reason_unplayable:
                future.pass_over(item.entry)
            else:
                entries.append(item.entry)
                future.advance()
        return entries

    # What people ask for

    def play_next(self, entry: str) -> None:
        """Makes an item of the list the next one, played in this round or not. A removed one is back in the lineup."""
        digest = item_digest(entry)
        if digest in self._rotation.items:
            self._unchoose()
            self._put_ahead(digest)
            self._asked.add(digest)

    def jump(self, entry: str) -> None:
        """Makes an item the next one and, unless shuffled, goes on behind it: the items before it count as played.

        Items that people asked for come next after it.
        """
        digest = item_digest(entry)
        if digest not in self._rotation.items:
            return
        self._unchoose()
        if not self._rotation.shuffle:
            self._ahead = [other for other in self._ahead if other in self._asked]
            self._rotation.begin_behind(digest, but=self._ahead)
        self._put_ahead(digest)

    def before(self, play_number: int) -> tuple[int, Item] | None:
        """The play before a play, and its item, if that item can still be played."""
        for earlier in reversed(self._history):
            digest = self._history[earlier]
            if earlier < play_number and digest in self._rotation.items and digest not in self._rotation.removed:
                return earlier, self._rotation.items[digest]
        return None

    def rewind(self, play_number: int) -> None:
        """Undoes a play and all after it: their items come next again, in the same order."""
        undone = [number for number in self._history if number >= play_number]
        if undone:
            self._unchoose()
            self._ahead[:0] = filter(self._is_to_be_had, [self._history.pop(number) for number in undone])
            self._present = next(map(self._rotation.items.get, reversed(self._history.values())), None)

    def can_lose(self, entry: str) -> bool:
        """Whether another item is left when this one is removed."""
        return not self._rotation.items.keys() <= self._rotation.removed | {item_digest(entry)}

    def remove(self, entry: str) -> None:
        """Takes an item out, unless it is the last one. The present item plays on."""
        digest = item_digest(entry)
        if digest in self._rotation.items and self.can_lose(entry):
            self.version += 1
            self._rotation.remove(digest)
            self._let_go(digest)

    def set_order(self, *, loop: bool, shuffle: bool) -> None:
        """Changes the order behind the upcoming item.

        Without `loop`, a round that was only about to begin does not.
        """
        self.version += 1
        if self._next and self._present and not loop and [*self._rotation.played] == [item_digest(self._next.entry)]:
            self._rotation.end()
            self._next = None
        self._loop = loop
        self._rotation.set_shuffle(shuffle)

    def seen_from(self, play_number: int) -> "Lineup":
        """A copy of the lineup for viewers who see an earlier play than the newest, with its next item chosen."""
        seen = twin_of(self)
        seen.rewind(play_number + 1)
        seen.upcoming()
        return seen

    def _rename(self, names: Mapping[bytes, bytes]) -> None:
        """Replaces the digests of renamed entries."""
        self._rotation.rename(names)
        self._history = {play_number: names.get(digest, digest) for play_number, digest in self._history.items()}
        self._ahead = [names.get(digest, digest) for digest in self._ahead]
        self._asked = {names.get(digest, digest) for digest in self._asked}

    def _renamed_item(self, item: Item | None, names: Mapping[str, str]) -> Item | None:
        """The item as the newer list has it; None when it has left the list."""
        return self.find(names.get(item.entry, item.entry)) if item else None

    def _begin_round(self) -> None:
        self.version += 1
        self._rotation.begin()

    def _unchoose(self) -> None:
        """Undoes the choice of the upcoming item. One that was picked goes back into the rest of the round."""
        self.version += 1
        if self._next and (digest := item_digest(self._next.entry)) not in self._ahead:
            self._rotation.put_back(digest)
        self._next = None

    def _put_ahead(self, digest: bytes) -> None:
        self._rotation.claim(digest)
        self._let_go(digest)
        self._ahead.insert(0, digest)

    def _let_go(self, digest: bytes) -> None:
        """Keeps an item from coming next or ahead of the rest."""
        self._ahead = [other for other in self._ahead if other != digest]
        self._asked.discard(digest)
        if self._next and item_digest(self._next.entry) == digest:
            self._next = None

    def _is_to_be_had(self, digest: bytes) -> bool:
        """Whether an item may be in the list, and was not taken out."""
        is_known = digest in self._rotation.items or not self._rotation.is_listed
        return is_known and digest not in self._rotation.removed

    def _count_play(self, digest: bytes) -> None:
        self.version += 1
        if digest in self._ahead:
            self._ahead.remove(digest)
            self._asked.discard(digest)
        self.play_number += 1
        self._history[self.play_number] = digest
        if len(self._history) > _REMEMBERED_PLAYS:
            del self._history[next(iter(self._history))]
