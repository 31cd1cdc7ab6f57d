"""Cards about the queue of a stream."""

from collections.abc import Sequence
from dataclasses import dataclass

from discord import Embed

from bot.cards import text
from bot.cards.basic import BLUE, GREEN, GREY
from bot.i18n.messages import render
from bot.i18n.words import queue as words
from streaming.services.queue import Queue, QueueEntry
from streaming.services.status import NowPlaying

ENTRIES_A_PAGE = 10
_TITLE_LIMIT = 60
_DESCRIPTION_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a queue, or of the results of a search in it; numbers count from 1."""

    queue: Queue
    entries: tuple[QueueEntry, ...]
    number: int
    count: int
    searched: str = ""

    @property
    def first(self) -> int:
        """The number of the page's first entry."""
        return (self.number - 1) * ENTRIES_A_PAGE + 1


def page_of(queue: Queue, number: int, *, found: Sequence[QueueEntry] | None = None, searched: str = "") -> Page:
    """The page with a number, or the nearest to it, of what comes next or of `found`."""
    entries = tuple(found) if found is not None else queue.upcoming
    count = max(1, -(-len(entries) // ENTRIES_A_PAGE))
    number = min(max(number, 1), count)
    start = (number - 1) * ENTRIES_A_PAGE
    return Page(queue, entries[start : start + ENTRIES_A_PAGE], number, count, searched)


def card(page: Page, answer: str = "") -> Embed:
    """A page of a queue, below the engine's answer to the last change."""
    queue = page.queue
    lines = [words.ANSWERED.format(answer=text.safe(render(answer), 300)) + "\n"] if answer else []
    lines += [_now(queue), ""]
    lines += [words.FOUND.format(text=text.safe(page.searched, _TITLE_LIMIT))] if page.searched and page.entries else []
    lines += [_line(number, entry) for number, entry in enumerate(page.entries, page.first)] or [_nothing(page)]
    if not page.searched and page.number == page.count and queue.listed - queue.removed > len(queue.upcoming) > 0:
        lines += [words.only_the_next(len(queue.upcoming), queue.listed)]
    drawn = Embed(title=f"🎶 {text.named(queue.title, 100)}", colour=GREEN if queue.is_playing else GREY)
    drawn.description = text.fitting(lines, _DESCRIPTION_LIMIT)
    return drawn.set_footer(text=_traits(page))


def entry_card(queue: Queue, entry: QueueEntry) -> Embed:
    """One entry, above the buttons of `entry_view`."""
    ask = words.IS_REMOVED if entry.is_removed else words.WHAT_WITH_IT
    drawn = Embed(title=f"🎶 {text.named(queue.title, 100)}", colour=BLUE)
    drawn.description = f"{_titled(entry)}\n{ask}"
    return drawn


def _now(queue: Queue) -> str:
    if queue.now_playing and queue.is_playing:
        return words.NOW.format(title=_playing(queue.now_playing))
    return words.NOTHING_ON if queue.upcoming else words.NOTHING_LISTED


def _playing(playing: NowPlaying) -> str:
    length = f" / {text.duration(playing.duration_seconds)}" if playing.duration_seconds else ""
    return f"{_link(playing.title, playing.link)} `{text.duration(playing.position_seconds)}{length}`"


def _nothing(page: Page) -> str:
    if page.searched:
        return words.NOTHING_FOUND.format(text=text.safe(page.searched, _TITLE_LIMIT))
    return words.NOTHING_COMES if page.queue.is_playing else ""


def _line(number: int, entry: QueueEntry) -> str:
    return f"`{number:>2}` {_titled(entry)}"


def _titled(entry: QueueEntry) -> str:
    title = _link(entry.title or entry.key, entry.link)
    length = text.duration(entry.duration_seconds) if entry.duration_seconds else ""
    return " · ".join(filter(None, (f"~~{title}~~" if entry.is_removed else title, length, _removed(entry))))


def _removed(entry: QueueEntry) -> str:
    return words.REMOVED if entry.is_removed else ""


def _link(title: str, address: str) -> str:
    return text.linked(title, address, _TITLE_LIMIT)


def _traits(page: Page) -> str:
    queue = page.queue
    return " · ".join(
        (
            words.page(page.number, page.count),
            words.counted(queue.listed, queue.removed),
            words.SHUFFLED if queue.is_shuffled else words.IN_ORDER,
            words.LOOPED if queue.is_looped else words.ONCE,
        )
    )
