"""Rounds of a list: every entry once, in order or at random, and then again."""

from bisect import insort
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from itertools import chain, islice, takewhile
from random import Random
from typing import TypeVar

from streaming.lineup.cursor import item_digest
from streaming.model.items import Item

T = TypeVar("T")

_APART = 50
"""Two occurrences of one video keep at most this many picks apart."""


def twin_of(original: T) -> T:
    """A copy of an object and of all it holds that can be copied."""
    twin = copy(original)
    vars(twin).update({name: own.copy() for name, own in vars(original).items() if hasattr(own, "copy")})
    return twin


class Rotation:
    """The rest of the present round, and how the next item is picked from it.

    Without `shuffle` the order is that of the list. With it, items are picked at random, and a picked one rests until
    half of the list was picked after it, so that it does not come again too soon in the next round. Occurrences of one
    video keep apart, too, as far as there are other items.
    """

    def __init__(self, *, shuffle: bool, seed: int, removed: Iterable[bytes] = ()) -> None:
        self.seed = seed
        self.number = 0
        self.shuffle = shuffle
        self.is_listed = False
        self.items: dict[bytes, Item] = {}
        self.occurrences: Counter[str] = Counter()  # in the list, by key
        self._commonest_first: list[tuple[str, int]] = []  # the same, sorted on demand
        self.removed = set(removed)
        self.played: dict[bytes, None] = {}  # picked in this round, in order
        self.failed: set[bytes] = set()  # those of them that could not be played
        self.resting: OrderedDict[bytes, None] = OrderedDict()  # picked lately, the oldest first
        self._rest: list[tuple[int, bytes]] = []  # place and digest, sorted, for a random index
        self._waiting: set[bytes] = set()  # resting, and still to come in this round
        self._left: Counter[str] = Counter()  # still to come in this round, by key

    def copy(self) -> "Rotation":
        """A copy that picks the same items."""
        return twin_of(self)

    @property
    def is_over(self) -> bool:
        """Whether every entry was picked in this round."""
        return self.is_listed and not self._rest and not self._waiting

    @property
    def is_exhausted(self) -> bool:
        """Whether the whole list was tried in this round, and nothing in it could be played."""
        return self.is_over and (not self.items or len(self.failed) == len(self.played))

    @property
    def left(self) -> int:
        """How many entries are still to come in this round."""
        return len(self._rest) + len(self._waiting)

    @property
    def rest(self) -> Iterable[bytes]:
        """The entries that are still to come and do not rest."""
        return (digest for _, digest in self._rest)

    def add(self, items: Iterable[Item]) -> None:
        """Adds items to the list. Known entries stay as they are."""
        for item in items:
            digest = item_digest(item.entry)
            if digest not in self.items:
                self.items[digest] = item
                self.occurrences[item.key] += 1
                self._commonest_first = []
                self._line_up(digest, len(self.items))

    def listing_ended(self) -> None:
        """Marks the list as complete: only now can a round end."""
        self.is_listed = True
        self._end_rests()

    def forget(self) -> None:
        """Empties the list."""
        self.items.clear()
        self.occurrences.clear()
        self.end()

    def rename(self, names: Mapping[bytes, bytes]) -> None:
        """Replaces the digests of renamed entries."""
        self.played = {names.get(digest, digest): None for digest in self.played}
        self.resting = OrderedDict.fromkeys(names.get(digest, digest) for digest in self.resting)
        self.failed = {names.get(digest, digest) for digest in self.failed}
        self.removed = {names.get(digest, digest) for digest in self.removed}

    def begin(self) -> None:
        """Begins another round."""
        self.number += 1
        self.played.clear()
        self.failed.clear()
        self._deal()

    def begin_behind(self, digest: bytes, *, but: Iterable[bytes]) -> None:
        """Goes on at an entry, as if all before it had been picked, and those in `but` as well."""
        digests = list(self.items)
        self.played = dict.fromkeys([*digests[: digests.index(digest)], *but])
        self.failed &= self.played.keys()
        self._deal()

    def end(self) -> None:
        """Drops the rest of the round."""
        self._rest.clear()
        self._waiting.clear()
        self._left.clear()

    def set_shuffle(self, shuffle: bool) -> None:  # noqa: FBT001  (the one thing its name asks for)
        """Changes the order of the rest of the round."""
        if shuffle != self.shuffle:
            self.shuffle = shuffle
            self.resting = OrderedDict.fromkeys(self.played if shuffle else ())
            self._deal()
            self._end_rests()

    def pick(self) -> Item | None:
        """Picks the next item of this round."""
        while self._waiting and not self._rest:  # an item that comes too soon is better than none
            self._end_rest()
        if not self._rest:
            return None
        _, digest = self._rest.pop(self._random_index() if self.shuffle else 0)
        item = self.items[digest]
        self._left[item.key] -= 1
        self._mark_played(digest)
        return item

    def claim(self, digest: bytes) -> None:
        """Counts an entry as picked that comes without a pick."""
        self.removed.discard(digest)
        self.failed.discard(digest)
        self._leave_out({digest})
        self._mark_played(digest)

    def rule_out(self, key: str) -> None:
        """Counts the remaining entries of a video as picked and failed."""
        left = [digest for digest, item in self.items.items() if item.key == key and self._is_left(digest)]
        self._leave_out(set(left))
        self.failed.update(left)
        for digest in left:
            self._mark_played(digest)

    def put_back(self, digest: bytes) -> None:
        """Undoes a pick."""
        self.played.pop(digest, None)
        self.resting.pop(digest, None)
        place = next((place for place, known in enumerate(self.items, start=1) if known == digest), None)
        if place is not None:  # otherwise it has left the list
            self._line_up(digest, place)

    def remove(self, digest: bytes) -> None:
        """Leaves an entry out of all picks."""
        self.removed.add(digest)
        self._leave_out({digest})

    def _deal(self) -> None:
        """Makes the rest of the round from all entries that were not picked in it."""
        self.end()
        for place, digest in enumerate(self.items, start=1):
            self._line_up(digest, place)

    def _line_up(self, digest: bytes, place: int) -> None:
        """Puts an entry into the rest of the round."""
        if not self._is_left(digest):
            return
        self._left[self.items[digest].key] += 1
        if digest in self.resting:
            self._waiting.add(digest)
        else:
            insort(self._rest, (0 if self.shuffle else place, digest))

    def _is_left(self, digest: bytes) -> bool:
        return digest not in self.played and digest not in self.removed

    def _leave_out(self, digests: set[bytes]) -> None:
        found = {digest for _, digest in self._rest if digest in digests} | (self._waiting & digests)
        self._left.subtract(self.items[digest].key for digest in found)
        self._rest = [entry for entry in self._rest if entry[1] not in found]
        self._waiting -= found

    def _mark_played(self, digest: bytes) -> None:
        self.played.pop(digest, None)
        self.played[digest] = None
        if self.shuffle:
            self.resting.pop(digest, None)
            self.resting[digest] = None
            self._end_rests()

    def _random_index(self) -> int:
        """A random index that only depends on seed, round and place: a resumed lineup continues identically."""
        index = Random(f"{self.seed}/{self.number}/{len(self.played)}").randrange(len(self._rest))
        if len(self.occurrences) == len(self.items):
            return index
        while (fitting := self._apart_from(index)) is None and self._waiting:
            self._end_rest()
        return index if fitting is None else fitting

    def _apart_from(self, index: int) -> int | None:
        """The first index from `index` on whose video was not picked just before; None when there is none.

        A video with more entries left than all others together comes whenever it may.
        """
        most = self._majority()
        has_to_come = most is not None and not self._is_within(most, picks=1)
        is_too_soon = cache(self._is_too_soon)
        for place in chain(range(index, len(self._rest)), range(index)):
            key = self.items[self._rest[place][1]].key
            if has_to_come:
                if key == most:
                    return place
            elif not is_too_soon(key):
                return place
        return None

    def _majority(self) -> str | None:
        """The key of which more entries are left than of all others together."""
        half = self.left // 2
        self._commonest_first = self._commonest_first or self.occurrences.most_common()
        candidates = takewhile(lambda counted: counted[1] > half, self._commonest_first)
        return next((key for key, _ in candidates if self._left[key] > half), None)

    def _is_too_soon(self, key: str) -> bool:
        """Whether another occurrence was picked a short while ago. A video with only one rests anyway."""
        count = self.occurrences[key]
        return count > 1 and self._is_within(key, picks=min(len(self.items) // (2 * count), _APART))

    def _is_within(self, key: str, *, picks: int) -> bool:
        known = map(self.items.get, islice(reversed(self.resting), picks))
        return any(item is not None and item.key == key for item in known)

    def _end_rests(self) -> None:
        """Keeps half of the list resting; all of it while its length is not known."""
        while self.is_listed and len(self.resting) > len(self.items) // 2:
            self._end_rest()

    def _end_rest(self) -> None:
        digest, _ = self.resting.popitem(last=False)
        if digest in self._waiting:
            self._waiting.remove(digest)
            insort(self._rest, (0, digest))
