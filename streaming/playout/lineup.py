"""The order of play: what comes next, in order or shuffled, round after round. It reads and waits for nothing."""

import base64
import json
from bisect import insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from random import Random

from streaming.media import Item

_MARK_BYTES = 6
"""Short enough to note thousands in a cursor; of five million lists of 10,000, one has two items with the same mark."""


def _mark(key: str) -> bytes:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=_MARK_BYTES).digest()


class Lineup:
    """The items of one stream; a key names an item, and each is played once a round.

    Items may be added while others play. What is listed and was not yet played is the rest of the round. It is played
    in the order of the list or, shuffled, drawn by lot; an item drawn rests until half of the list was drawn since, so
    that none comes again too soon when the next round begins.
    """

    def __init__(self, *, loop: bool, shuffle: bool, random: Random) -> None:
        self._loop = loop
        self._shuffle = shuffle
        self._seed = random.getrandbits(32)
        self._round = 0
        self._is_listed = False
        self._items: dict[bytes, Item] = {}
        self._present: Item | None = None
        self._next: Item | None = None
        self._rest: list[tuple[int, bytes]] = []  # place and mark, sorted: the lot falls on a number
        self._played: dict[bytes, None] = {}  # in this round, in order, the next one among them
        self._failed: set[bytes] = set()  # those of them that could not be played
        self._resting: OrderedDict[bytes, None] = OrderedDict()  # drawn lately, the longest ago first
        self._waiting: set[bytes] = set()  # those of them that belong to the rest of this round

    @classmethod
    def resume(cls, cursor: str, *, loop: bool, shuffle: bool, random: Random) -> "Lineup":
        """A lineup that goes on where the cursor was taken, once its items are added again; without one, a new lineup.

        Items that came, went or moved in between are treated as by `replace`. A cursor that cannot be read is none.
        """
        lineup = cls(loop=loop, shuffle=shuffle, random=random)
        try:
            place = _Place.read(cursor)
        except (LookupError, TypeError, ValueError):
            return lineup
        lineup._seed, lineup._round = place.seed, place.round
        lineup._present, lineup._next = place.present, place.next
        lineup._played, lineup._failed = dict.fromkeys(place.played), set(place.failed)
        if shuffle:
            lineup._resting = OrderedDict.fromkeys([*place.resting, *place.played])
        return lineup

    def cursor(self) -> str:
        """The place in the lineup, as JSON for `resume`: two items, and eight letters for each one played lately."""
        return _Place(
            seed=self._seed,
            round=self._round,
            present=self._present,
            next=self._next,
            played=tuple(self._played),
            failed=tuple(self._failed),
            resting=tuple(mark for mark in self._resting if mark not in self._played),
        ).written()

    @property
    def present(self) -> Item | None:
        """What plays now; after `resume`, what played then."""
        return self._present

    @property
    def is_looped(self) -> bool:
        """Whether another round follows when one is over."""
        return self._loop

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more after the present item."""
        return not self._next and self._is_round_over and (not self._loop or self.is_exhausted)

    @property
    def is_exhausted(self) -> bool:
        """Whether the whole list was tried and nothing in it could be played.

        `begin_another_round` gives it another chance, and so does `replace`.
        """
        return self._is_round_over and (not self._items or len(self._failed) == len(self._played))

    @property
    def _is_round_over(self) -> bool:
        return self._is_listed and not self._rest and not self._waiting

    # The list

    def add(self, items: Iterable[Item]) -> None:
        """Adds items as the listing brings them; those already there stay as they are."""
        for item in items:
            mark = _mark(item.key)
            if mark not in self._items:
                self._items[mark] = item
                self._line_up(mark, len(self._items))

    def listing_ended(self) -> None:
        """Says that no more items will be added: only now can a round end."""
        self._is_listed = True
        if self._next and _mark(self._next.key) not in self._items:
            self._next = None  # it is gone from the list since the cursor was taken
        self._end_rests()

    def replace(self, items: Iterable[Item]) -> None:
        """Takes the whole list anew: items may be new, gone or moved.

        The present item plays on, and the upcoming one stays the next if it is still there. Then comes what is not yet
        played in this round, new items among it, in the new order.
        """
        if self.is_exhausted:
            self._begin_round()
        self._items.clear()
        self._rest.clear()
        self._waiting.clear()
        self.add(items)
        self.listing_ended()

    # Playing

    def upcoming(self) -> Item | None:
        """What plays next. The answer stays the same until `advance`, unless that item is passed over or taken away.

        None when nothing comes any more (`is_over`), or nothing more is known yet.
        """
        if not self._next:
            if self._is_round_over and not self.is_over:
                self._begin_round()
            self._next = self._draw()
        return self._next

    def advance(self) -> Item | None:
        """Goes on to the upcoming item, and gives it: at the end of an item, and when one is skipped."""
        self._present, self._next = self.upcoming(), None
        return self._present

    def pass_over(self, key: str) -> None:
        """Says that the present or the upcoming item cannot be played: it is not tried again in this round."""
        mark = _mark(key)
        if mark in self._played:
            self._failed.add(mark)
        if self._next and self._next.key == key:
            self._next = None

    def others(self) -> Iterator[Item]:
        """What could come next in this round in place of the upcoming item, in no order when shuffled."""
        return (self._items[mark] for _, mark in self._rest)

    def put_first(self, key: str) -> None:
        """Lets one of the others come next; what was to come is again one of them."""
        chosen = _mark(key)
        places = [place for place, (_, mark) in enumerate(self._rest) if mark == chosen]
        if not places:
            return
        del self._rest[places[0]]
        if self._next:
            self._put_back(_mark(self._next.key))
        self._take(chosen)
        self._next = self._items[chosen]

    # Rounds

    def begin_another_round(self) -> None:
        """Has everything tried once more, after a round in which nothing could be played."""
        if self.is_exhausted:
            self._begin_round()

    def _begin_round(self) -> None:
        self._round += 1
        self._played.clear()
        self._failed.clear()
        for place, mark in enumerate(self._items, start=1):
            self._line_up(mark, place)

    def _line_up(self, mark: bytes, place: int) -> None:
        """Puts an item into the rest of the round."""
        if mark in self._played:
            return
        if mark in self._resting:
            self._waiting.add(mark)
        else:
            insort(self._rest, (0 if self._shuffle else place, mark))

    def _draw(self) -> Item | None:
        while self._waiting and not self._rest:  # rather one too early than none
            self._end_rest()
        if not self._rest:
            return None
        _, mark = self._rest.pop(self._lot() if self._shuffle else 0)
        self._take(mark)
        return self._items[mark]

    def _take(self, mark: bytes) -> None:
        self._played[mark] = None
        if self._shuffle:
            self._resting[mark] = None
            self._end_rests()

    def _put_back(self, mark: bytes) -> None:
        """Undoes `_take`."""
        self._played.pop(mark, None)
        self._resting.pop(mark, None)
        place = next((place for place, known in enumerate(self._items, start=1) if known == mark), None)
        if place is not None:  # else it has left the list
            self._line_up(mark, place)

    def _lot(self) -> int:
        """The same number for the same place in the same round, so that a resumed lineup draws as it would have."""
        return Random(f"{self._seed}/{self._round}/{len(self._played)}").randrange(len(self._rest))

    def _end_rests(self) -> None:
        """Keeps half of the list resting; everything, while nobody knows how long the list is."""
        while self._is_listed and len(self._resting) > len(self._items) // 2:
            self._end_rest()

    def _end_rest(self) -> None:
        mark, _ = self._resting.popitem(last=False)
        if mark in self._waiting:
            self._waiting.remove(mark)
            self._line_up(mark, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What a cursor holds."""

    seed: int
    round: int
    present: Item | None
    next: Item | None
    played: tuple[bytes, ...]
    failed: tuple[bytes, ...]
    resting: tuple[bytes, ...]

    def written(self) -> str:
        marks = {name: _packed(getattr(self, name)) for name in ("played", "failed", "resting")}
        return json.dumps(asdict(self) | marks, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "_Place":
        """Raises LookupError, TypeError or ValueError for what is no cursor."""
        values = json.loads(text)
        items = {name: Item(**values[name]) if values[name] else None for name in ("present", "next")}
        marks = {name: _unpacked(values[name]) for name in ("played", "failed", "resting")}
        return cls(**values | items | marks)


def _packed(marks: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(marks)).decode()


def _unpacked(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text, validate=True)
    return tuple(data[at : at + _MARK_BYTES] for at in range(0, len(data), _MARK_BYTES))
