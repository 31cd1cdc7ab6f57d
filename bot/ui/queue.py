"""The queue and what may be done with it, drawn as cards by pure functions."""

from dataclasses import dataclass

from discord import Embed

from bot.ui import text
from bot.ui.cards import BLUE, GREEN, GREY
from bot.ui.sentences import told
from bot.ui.words import queue as words
from streaming.control.queue import Queue, QueueEntry
from streaming.control.status import NowPlaying
from streaming.control.upkeep import LogLine

ENTRIES_A_PAGE = 10
_TITLE_LIMIT = 60
_DESCRIPTION_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a queue, or of what a search in it found; numbers count from 1."""

    queue: Queue
    entries: tuple[QueueEntry, ...]
    number: int
    count: int
    searched: str = ""

    @property
    def first(self) -> int:
        """The number of the page's first entry."""
        return (self.number - 1) * ENTRIES_A_PAGE + 1


def page_of(queue: Queue, number: int, *, found: list[QueueEntry] | None = None, searched: str = "") -> Page:
    """A page of what comes next, or of what was found; the nearest there is to that number."""
    entries = tuple(found) if found is not None else queue.upcoming
    count = max(1, -(-len(entries) // ENTRIES_A_PAGE))
    number = min(max(number, 1), count)
    start = (number - 1) * ENTRIES_A_PAGE
    return Page(queue, entries[start : start + ENTRIES_A_PAGE], number, count, searched)


def card(page: Page, said: str = "") -> Embed:
    """A page of a queue; `said` is what an engine answered to what was just done there."""
    queue = page.queue
    lines = [words.ANSWERED.format(answer=text.safe(told(said), 300)) + "\n"] if said else []
    lines += [_now(queue), ""]
    lines += [words.FOUND.format(text=text.safe(page.searched, _TITLE_LIMIT))] if page.searched and page.entries else []
    lines += [_line(number, entry) for number, entry in enumerate(page.entries, page.first)] or [_nothing(page)]
    if not page.searched and page.number == page.count and queue.listed - queue.removed > len(queue.upcoming) > 0:
        lines += [words.only_the_next(len(queue.upcoming), queue.listed)]
    drawn = Embed(title=f"🎶 {text.named(queue.title, 100)}", colour=GREEN if queue.is_playing else GREY)
    drawn.description = text.fitting(lines, _DESCRIPTION_LIMIT)
    return drawn.set_footer(text=_traits(page))


def entry_card(queue: Queue, entry: QueueEntry) -> Embed:
    """One entry, to decide what is to happen with it."""
    ask = words.IS_REMOVED if entry.is_removed else words.WHAT_WITH_IT
    drawn = Embed(title=f"🎶 {text.named(queue.title, 100)}", colour=BLUE)
    drawn.description = f"{_titled(entry)}\n{ask}"
    return drawn


def done(title: str, answer: str) -> Embed:
    """An engine's answer to what somebody asked."""
    return Embed(title=title, description=text.safe(told(answer), 300), colour=GREEN)


def delete_question(title: str) -> Embed:
    """Asks once more before a stream is forgotten."""
    return Embed(
        title=words.DELETE_QUESTION.format(title=text.named(title, 100)), description=words.DELETE_MORE, colour=BLUE
    )


def deleted(title: str) -> Embed:
    """A stream that is forgotten."""
    return Embed(title=words.DELETED.format(title=text.named(title, 100)), colour=GREY)


def kept() -> Embed:
    """A stream that is not."""
    return Embed(description=words.KEPT, colour=GREY)


def log(title: str, lines: list[LogLine]) -> Embed:
    """What happened to the stream of that title, or without one to all, the newest last.

    When not everything fits, it is the oldest that is left out.
    """
    drawn = Embed(title=words.LOG.format(title=text.named(title, 100)) if title else words.LOG_OF_SERVER, colour=BLUE)
    shown: list[str] = []
    room = _DESCRIPTION_LIMIT
    for line in reversed(lines):
        drawn_line = _log_line(line)
        room -= len(drawn_line) + 1
        if room < 0:
            break
        shown.insert(0, drawn_line)
    drawn.description = "\n".join(shown) or words.NO_LINES
    return drawn


def _log_line(line: LogLine) -> str:
    who = "👤 " if line.actor_id is not None else ""
    about = f"**{text.named(line.stream, 40)}** " if line.stream else ""
    return f"<t:{int(line.at.timestamp())}:T> {words.LEVELS[line.level]}{who}{about}{text.safe(line.message, 300)}"


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
