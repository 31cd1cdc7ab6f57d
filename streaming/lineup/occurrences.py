"""The occurrences of one video in a list: numbered while it is listed, and matched with those of a newer list."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from streaming.model.items import Item


class Numbering:
    """Numbers the items of one listing, in its order."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def numbered(self, item: Item) -> Item:
        """The next item of the listing, with the number of its occurrence."""
        self._seen[item.key] += 1
        number = self._seen[item.key]
        return item if number == item.occurrence else replace(item, occurrence=number)


def numbered(items: Iterable[Item]) -> list[Item]:
    """The items of a whole listing, with their numbers."""
    return list(map(Numbering().numbered, items))


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """An occurrence and the keys of its neighbours."""

    item: Item
    before: str
    after: str


_LIKENESSES: tuple[Callable[[_Occurrence], object], ...] = (
    lambda occurrence: (occurrence.before, occurrence.after),
    lambda occurrence: occurrence.before,
    lambda occurrence: occurrence.after,
    lambda _: None,
)


def renamed_entries(old: Sequence[Item], new: Sequence[Item]) -> dict[str, str]:
    """The entries of a list that have another name in a newer version of it.

    A video with one occurrence is found by its key. Several occurrences are matched by their neighbours, else by their
    order, so that one that comes or goes does not shift all others. An occurrence that has gone, and whose name another
    one has now, gets a name that no entry has.
    """
    counts = Counter(item.key for item in old), Counter(item.key for item in new)
    repeated = {key for count in counts for key, number in count.items() if number > 1}
    if not repeated:
        return {}
    before, now = _occurrences(old, repeated), _occurrences(new, repeated)
    found = {one.entry: other.entry for one, other in _pairs(before, now)}
    known = {occurrence.item.entry for occurrence in before}
    overtaken = (known - found.keys()) & {occurrence.item.entry for occurrence in now} | (set(found.values()) - known)
    gone = {entry: f"gone {entry}" for entry in overtaken}
    return {entry: name for entry, name in (gone | found).items() if entry != name}


def _occurrences(items: Sequence[Item], keys: set[str]) -> list[_Occurrence]:
    around = list(chain([""], (item.key for item in items), [""]))
    return [_Occurrence(item, around[place], around[place + 2]) for place, item in enumerate(items) if item.key in keys]


def _pairs(old: list[_Occurrence], new: list[_Occurrence]) -> Iterator[tuple[Item, Item]]:
    """Yields pairs of the most similar occurrences: same neighbours first, then one of them, then order alone."""
    for likeness in _LIKENESSES:
        waiting, others, found = defaultdict[object, deque[Item]](deque), list[_Occurrence](), set[str]()
        for occurrence in old:
            waiting[occurrence.item.key, likeness(occurrence)].append(occurrence.item)
        for occurrence in new:
            if alike := waiting[occurrence.item.key, likeness(occurrence)]:
                found.add(alike[0].entry)
                yield alike.popleft(), occurrence.item
            else:
                others.append(occurrence)
        old, new = [occurrence for occurrence in old if occurrence.item.entry not in found], others
