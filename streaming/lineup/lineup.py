"""The order of play: what comes next, and what people may do about it. It reads and waits for nothing."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from itertools import chain, islice
from random import Random

from streaming.lineup.cursor import Place, mark_of
from streaming.lineup.occurrences import found_again
from streaming.lineup.rotation import Rounds
from streaming.model.items import Item

_REMEMBERED_TURNS = 100
"""So far one can go back."""


class Lineup:
    """The items of one stream, each played once a round; what is several times in the list has an entry for each.

    Items may be added while others play. What is listed and was not yet played is the rest of the round. Before that
    comes what people ask for. Every item that plays has a turn, and turns are numbered.
    """

    def __init__(self, *, loop: bool, shuffle: bool, random: Random, removed: Iterable[str] = ()) -> None:
        """`removed` are entries that are not to be played."""
        self._loop = loop
        self._rounds = Rounds(shuffle=shuffle, seed=random.getrandbits(32), removed=map(mark_of, removed))
        self._present: Item | None = None
        self._next: Item | None = None
        self._ahead: list[bytes] = []  # what comes before the rest of the round, in order
        self._asked: set[bytes] = set()  # those of them that people asked for; the others are on their way back
        self._history: dict[int, bytes] = {}  # the last turns, in order
        self.turn = 0
        """The newest turn."""
        self.version = 0
        """Counts what may change the order of play."""
        self.list_version = 0
        """Counts how often the list was taken anew."""

    @classmethod
    def resume(cls, cursor: str, *, loop: bool, shuffle: bool, random: Random, removed: Iterable[str] = ()) -> "Lineup":
        """A lineup that goes on where the cursor was taken, once its items are added again; without one, a new lineup.

        Items that came, went or moved in between are treated as by `replace`. A cursor that cannot be read is none.
        """
        lineup = cls(loop=loop, shuffle=shuffle, random=random, removed=removed)
        try:
            place = Place.read(cursor)
        except (LookupError, TypeError, ValueError):
            return lineup
        rounds = lineup._rounds
        rounds.seed, rounds.number = place.seed, place.round
        rounds.played, rounds.failed = dict.fromkeys(place.played), set(place.failed)
        rounds.resting = OrderedDict.fromkeys([*place.resting, *place.played] if shuffle else ())
        rounds.removed.update(place.removed)
        lineup._present, lineup._next = place.present, place.next
        lineup._history, lineup.turn = dict(enumerate(place.history, start=1)), len(place.history)
        lineup._ahead, lineup._asked = list(place.ahead), set(place.asked)
        return lineup

    def cursor(self) -> str:
        """The place in the lineup, as JSON for `resume`: two items, and eight letters for each entry played lately."""
        rounds = self._rounds
        return Place(
            seed=rounds.seed,
            round=rounds.number,
            present=self._present,
            next=self._next,
            played=tuple(rounds.played),
            failed=tuple(sorted(rounds.failed)),
            resting=tuple(mark for mark in rounds.resting if mark not in rounds.played),
            history=tuple(self._history.values()),
            ahead=tuple(self._ahead),
            asked=tuple(sorted(self._asked)),
            removed=tuple(sorted(rounds.removed)),
        ).written()

    @property
    def present(self) -> Item | None:
        """What plays now; after `resume`, what played then."""
        return self._present

    @property
    def chosen(self) -> Item | None:
        """What comes next, if that was asked for already."""
        return self._next

    @property
    def is_looped(self) -> bool:
        """Whether another round follows when one is over."""
        return self._loop

    @property
    def is_shuffled(self) -> bool:
        """Whether it is played in no order."""
        return self._rounds.shuffle

    @property
    def length(self) -> int:
        """How many items are listed."""
        return len(self._rounds.items)

    @property
    def round(self) -> int:
        """The number of the present round."""
        return self._rounds.number

    @property
    def next_round(self) -> int:
        """The number of the present round, and of the one behind when no more than one entry of it is left to come."""
        return self._rounds.number + (self._rounds.left <= 1)

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more after the present item."""
        is_last_round = not self._loop or self.is_exhausted
        return not self._next and not self._ahead and self._rounds.is_over and is_last_round

    @property
    def is_exhausted(self) -> bool:
        """Whether the whole list was tried and nothing in it could be played.

        `begin_another_round` gives it another chance, and so does `replace`.
        """
        return self._rounds.is_exhausted

    # The list

    def add(self, items: Iterable[Item]) -> None:
        """Adds items as the listing brings them; those already there stay as they are."""
        self.version += 1
        self._rounds.add(items)

    def listing_ended(self) -> None:
        """Says that no more items will be added: only now can a round end."""
        self.version += 1
        self._rounds.listing_ended()
        if self._next and not self.find(self._next.entry):
            self._next = None  # it is gone from the list since the cursor was taken
        self._ahead = list(filter(self._is_to_be_had, self._ahead))

    def replace(self, items: Iterable[Item]) -> None:
        """Takes the whole list anew: items may be new, gone or moved.

        The present item plays on, and the upcoming one stays the next if it is still there. Then comes what is not yet
        played in this round, new items among it, in the new order.
        """
        listed = list(items)
        found = found_again(list(self.items()), listed)
        self._rename({mark_of(old): mark_of(new) for old, new in found.items()})
        self.begin_another_round()
        self._rounds.forget()
        self.list_version += 1
        self.add(listed)
        self._present = self._found_again(self._present, found) or self._present
        self._next = self._found_again(self._next, found)
        self.listing_ended()

    def items(self, start: int = 0) -> Iterator[Item]:
        """The list from a place on, as far as it is known."""
        return islice(self._rounds.items.values(), start, None)

    def find(self, entry: str) -> Item | None:
        """The item of that entry, if it is in the list as far as that is known."""
        return self._rounds.items.get(mark_of(entry))

    @property
    def is_listed(self) -> bool:
        """Whether the list is known to its end."""
        return self._rounds.is_listed

    @property
    def removed(self) -> frozenset[str]:
        """The entries of the list that are not played any more."""
        items = self._rounds.items
        return frozenset(items[mark].entry for mark in self._rounds.removed if mark in items)

    # Playing

    def upcoming(self) -> Item | None:
        """What plays next. The answer stays the same until `advance`, unless somebody asks for something else.

        None when nothing comes any more (`is_over`), or nothing more is known yet.
        """
        if not self._next and self._ahead:
            self._next = self._rounds.items.get(self._ahead[0])
        elif not self._next:
            if self._rounds.is_over and not self.is_over:
                self._begin_round()
            self._next = self._rounds.draw()
        return self._next

    def advance(self) -> Item | None:
        """Goes on to the upcoming item, and gives it: at the end of an item, and when one is skipped."""
        self._present, self._next = self.upcoming(), None
        if self._present:
            self._count_turn(mark_of(self._present.entry))
        return self._present

    def pass_over(self, entry: str) -> None:
        """Says that the present or the upcoming item cannot be played: it is not tried again in this round."""
        self.version += 1
        mark = mark_of(entry)
        if mark in self._rounds.played:
            self._rounds.failed.add(mark)
        self._let_go(mark)

    def rule_out(self, key: str) -> None:
        """Says that what has this key cannot be played: no entry of it is tried again in this round."""
        self.version += 1
        coming = [*map(self._rounds.items.get, self._ahead), self._next]
        for item in coming:
            if item and item.key == key:
                self.pass_over(item.entry)
        self._rounds.rule_out(key)

    def others(self) -> Iterator[Item]:
        """What could come next in this round in place of the upcoming item, in no order when shuffled."""
        upcoming = self.upcoming()
        known = map(self._rounds.items.get, chain(self._ahead, self._rounds.rest))
        return (item for item in known if item and item != upcoming)

    def begin_another_round(self) -> None:
        """Has everything tried once more, after a round in which nothing could be played."""
        if self.is_exhausted:
            self._begin_round()

    def upcoming_entries(self, count: int) -> list[str]:
        """What comes next as things are, at most `count` entries, in order of play. Asking changes nothing."""
        future, entries = self._copy(), list[str]()
        while len(entries) < count and (item := future.upcoming()):
            if item.reason_unplayable:
                future.pass_over(item.entry)
            else:
                entries.append(item.entry)
                future.advance()
        return entries

    # What people ask for

    def play_next(self, entry: str) -> None:
        """Lets an item of the list come next, played in this round or not; a removed one is back in the lineup."""
        mark = mark_of(entry)
        if mark in self._rounds.items:
            self._unchoose()
            self._put_ahead(mark)
            self._asked.add(mark)

    def jump(self, entry: str) -> None:
        """Lets an item come next and, unless shuffled, the round go on behind it: what lies before has had its turn.

        What people asked to come next follows first.
        """
        mark = mark_of(entry)
        if mark not in self._rounds.items:
            return
        self._unchoose()
        if not self._rounds.shuffle:
            self._ahead = [other for other in self._ahead if other in self._asked]
            self._rounds.begin_behind(mark, but=self._ahead)
        self._put_ahead(mark)

    def before(self, turn: int) -> tuple[int, Item] | None:
        """The turn before a turn, and its item, as far as that can still be had."""
        for earlier in reversed(self._history):
            mark = self._history[earlier]
            if earlier < turn and mark in self._rounds.items and mark not in self._rounds.removed:
                return earlier, self._rounds.items[mark]
        return None

    def rewind(self, turn: int) -> None:
        """Takes back a turn and all after it: what played in them comes next again, in the same order."""
        undone = [number for number in self._history if number >= turn]
        if undone:
            self._unchoose()
            self._ahead[:0] = filter(self._is_to_be_had, [self._history.pop(number) for number in undone])
            self._present = next(map(self._rounds.items.get, reversed(self._history.values())), None)

    def can_lose(self, entry: str) -> bool:
        """Whether anything is left to play without an item."""
        return not self._rounds.items.keys() <= self._rounds.removed | {mark_of(entry)}

    def remove(self, entry: str) -> None:
        """Has an item play no more, unless it is the last one. The present item plays on."""
        mark = mark_of(entry)
        if mark in self._rounds.items and self.can_lose(entry):
            self.version += 1
            self._rounds.remove(mark)
            self._let_go(mark)

    def set_order(self, *, loop: bool, shuffle: bool) -> None:
        """Changes how it goes on behind the upcoming item.

        Where another round was only about to begin, it does not without `loop`.
        """
        self.version += 1
        if self._next and self._present and not loop and [*self._rounds.played] == [mark_of(self._next.entry)]:
            self._rounds.end()
            self._next = None
        self._loop = loop
        self._rounds.set_shuffle(shuffle)

    def seen_from(self, turn: int) -> "Lineup":
        """A copy of the lineup as it is for those who see a turn that is not the newest, with its next item chosen."""
        seen = self._copy()
        seen.rewind(turn + 1)
        seen.upcoming()
        return seen

    def _copy(self) -> "Lineup":
        twin = copy(self)
        vars(twin).update({name: own.copy() for name, own in vars(self).items() if hasattr(own, "copy")})
        return twin

    def _rename(self, names: Mapping[bytes, bytes]) -> None:
        """Knows entries by other marks from now on; those it does not know are gone."""
        self._rounds.rename(names)
        self._history = {turn: names.get(mark, mark) for turn, mark in self._history.items()}
        self._ahead = [names.get(mark, mark) for mark in self._ahead]
        self._asked = {names.get(mark, mark) for mark in self._asked}

    def _found_again(self, item: Item | None, names: Mapping[str, str]) -> Item | None:
        """The item as the list has it now."""
        return self.find(names.get(item.entry, item.entry)) if item else None

    def _begin_round(self) -> None:
        self.version += 1
        self._rounds.begin()

    def _unchoose(self) -> None:
        """Has the upcoming item chosen anew; one that was drawn is again part of the rest."""
        self.version += 1
        if self._next and (mark := mark_of(self._next.entry)) not in self._ahead:
            self._rounds.put_back(mark)
        self._next = None

    def _put_ahead(self, mark: bytes) -> None:
        self._rounds.claim(mark)
        self._let_go(mark)
        self._ahead.insert(0, mark)

    def _let_go(self, mark: bytes) -> None:
        """Has an item not come next or ahead of the rest."""
        self._ahead = [other for other in self._ahead if other != mark]
        self._asked.discard(mark)
        if self._next and mark_of(self._next.entry) == mark:
            self._next = None

    def _is_to_be_had(self, mark: bytes) -> bool:
        """Whether an item can be played, as far as that is known."""
        is_known = mark in self._rounds.items or not self._rounds.is_listed
        return is_known and mark not in self._rounds.removed

    def _count_turn(self, mark: bytes) -> None:
        self.version += 1
        if mark in self._ahead:
            self._ahead.remove(mark)
            self._asked.discard(mark)
        self.turn += 1
        self._history[self.turn] = mark
        if len(self._history) > _REMEMBERED_TURNS:
            del self._history[next(iter(self._history))]
