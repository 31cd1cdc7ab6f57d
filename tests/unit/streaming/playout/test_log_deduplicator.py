"""What is kept of a program that talks too much."""

import pytest

from streaming.model.states import LogLevel
from streaming.playout.log_deduplicator import LINE_LENGTH, LINES_PER_WINDOW, WINDOW_SECONDS, LogDeduplicator
from streaming.redaction.secrets import Secret, redact

KEY = Secret("abcd-efgh-ijkl-9f3c")


class Paper:
    """A log on paper, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lines: list[str] = []
        self.levels: list[LogLevel] = []
        self.deduplicator = LogDeduplicator(
            redact=lambda line: redact(line, KEY), write=self._write, clock=lambda: self.now
        )

    def _write(self, level: LogLevel, line: str) -> None:
        self.levels.append(level)
        self.lines.append(line)

    def add(self, *lines: str) -> None:
        for line in lines:
            self.deduplicator.add(line)


@pytest.fixture
def paper() -> Paper:
    return Paper()


def words(count: int, start: int = 0) -> list[str]:
    """Lines that are no repeats of one another."""
    return [f"line {'i' * number}" for number in range(start + 1, start + count + 1)]


def test_lines_are_written_as_they_come_with_their_level(paper: Paper) -> None:
    paper.add("one")
    paper.deduplicator.add("two", LogLevel.ERROR)

    assert paper.lines == ["one", "two"]
    assert paper.levels == [LogLevel.INFO, LogLevel.ERROR]


def test_a_stream_key_is_never_written(paper: Paper) -> None:
    paper.add(f"Error opening output rtmp://ingest.example/live2/{KEY.reveal()}: refused", f"key {KEY.reveal()}")
    paper.add("x" * (LINE_LENGTH - 12) + KEY.reveal(), f"key {KEY.reveal()}")
    paper.deduplicator.flush()

    assert len(paper.lines) == 4
    assert not any(KEY.reveal()[:8] in line for line in paper.lines)
    assert "…9f3c" in paper.lines[1]


def test_repeats_are_counted_and_told_once_the_minute_is_over(paper: Paper) -> None:
    paper.add("too slow", *["queue is full"] * 42, "too slow")
    assert paper.lines == ["too slow", "queue is full"]
    paper.now += WINDOW_SECONDS
    paper.add("well again")

    assert paper.lines[2:] == ["too slow (repeated once)", "queue is full (repeated 41 times)", "well again"]


def test_lines_that_differ_only_in_numbers_are_repeats_and_the_latest_numbers_are_told(paper: Paper) -> None:
    paper.add(*(f"[flv @ 0x55d4b05b17c{step}] Non-monotonic DTS {step}" for step in range(10)))
    paper.deduplicator.flush()

    assert paper.lines[0] == "[flv @ 0x55d4b05b17c0] Non-monotonic DTS 0"
    assert paper.lines[1:] == ["[flv @ 0x55d4b05b17c9] Non-monotonic DTS 9 (repeated 9 times)"]


def test_a_minute_has_a_limited_number_of_lines_and_the_next_one_says_how_many_were_left_out(paper: Paper) -> None:
    paper.add(*words(LINES_PER_WINDOW + 23))
    assert paper.lines == words(LINES_PER_WINDOW)
    paper.now += WINDOW_SECONDS
    paper.add("next minute")

    assert paper.lines[LINES_PER_WINDOW:] == ["… lines left out: 23", "next minute"]


def test_no_minute_has_more_lines_than_the_limit_whatever_comes(paper: Paper) -> None:
    for _ in range(5):
        written = len(paper.lines)
        paper.add(*words(2 * LINES_PER_WINDOW) * 3)
        assert len(paper.lines) == written + LINES_PER_WINDOW
        paper.now += WINDOW_SECONDS


def test_what_was_held_back_is_told_at_the_end_and_only_once(paper: Paper) -> None:
    paper.add("again", "again")
    paper.deduplicator.flush()
    paper.deduplicator.flush()

    assert paper.lines == ["again", "again (repeated once)"]


def test_empty_lines_are_nothing(paper: Paper) -> None:
    paper.add("", "   ", "\t")
    paper.deduplicator.flush()

    assert paper.lines == []


def test_endless_lines_are_cut(paper: Paper) -> None:
    paper.add("x" * 100_000)

    assert len(paper.lines[0]) == LINE_LENGTH
