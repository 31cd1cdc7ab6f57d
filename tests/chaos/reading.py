"""From tapes to publications: arrivals of everything, and the numbers in the pictures of the spans that matter."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.chaos.judge import Publication, Sight, Span
from tests.chaos.tapes import Heard, Tape, heard
from tests.standins.recording import frames

_WIDE = (Fraction(16, 9),)


def publications(tapes: Iterable[Tape], key: str, looked_at: Sequence[Span]) -> list[Publication]:
    """The publications of one key in their order; pictures are decoded only in parts that touch a span."""
    return [_publication(tape, looked_at) for tape in tapes if tape.key == key]


def _publication(tape: Tape, looked_at: Sequence[Span]) -> Publication:
    rows = [heard(part) for part in tape.parts]
    arrivals = np.concatenate([row["arrival"] for row in rows]) if rows else np.empty(0)
    sights = [
        sight
        for part, row in zip(tape.parts, rows, strict=True)
        if any(span.shared(Span(row["arrival"][0], row["arrival"][-1])).seconds > 0 for span in looked_at)
        for sight in _sights(part, row)
    ]
    return Publication(tape.key, tape.opened_at, tape.closed_at, arrivals, sights)


def _sights(part: Path, row: Heard) -> Iterator[Sight]:
    """The pictures in the order of presentation, each with the moment it arrived."""
    pictures = row[row["is_picture"]]
    arrivals = dict(zip(pictures["shown_ms"].tolist(), pictures["arrival"].tolist(), strict=True))
    for frame in frames(part, _WIDE):
        arrival = arrivals.get(round(frame.time_seconds * 1000))
        assert arrival is not None, f"{part.name} shows a picture at {frame.time_seconds} s that never came"
        yield Sight(arrival, frame.clip_number, frame.frame_number)
