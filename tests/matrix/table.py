"""The table of kinds and modes, as it stands in `docs/odd-items.md`."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from streaming.model.states import EncodeMode
from tests.matrix.judge import Finding
from tests.matrix.kinds import MODES, Kind

_HEADINGS = {
    "stills": "Pictures far apart, or none for long",
    "timing": "Edit lists, late beginnings, clocks that do not begin at 0",
    "clocks": "Transport streams and their clocks",
    "damage": "Damage",
    "changes": "What changes in mid-file",
    "tracks": "Streams beside picture and sound",
    "looks": "Turned, interlaced, of other shapes and colours",
    "sound": "Sound",
    "codecs": "Codecs, containers, and streams at their limits",
    "files": "What is no video",
}
_INTRODUCTION = """\
# Odd items

How Nonstop plays unusual files. Each kind is made with FFmpeg, played between two ordinary items
by a real playout, and judged by what the ingest received: one publication, the neighbours whole, the item played to
within half a second of what it holds or skipped once with a reason, no hole over 120 ms, lip-sync within 40 ms,
the picture upright, in shape and in its colours.

`make matrix` plays all of them in all modes and writes this file; `python -m tests.matrix KIND …` plays a few. What
each kind is and what is expected of it stands in `tests/matrix/odd/`. The modes are those of `encode`
(see `config.example.toml`).

- **copied**: sent on as it is
- **encoded**: brought to the stream's profile
- **skipped**: the next item plays, and the log says why
- ✗: not yet as expected
"""


def written(kinds: Iterable[Kind], findings: Sequence[Finding]) -> str:
    """The whole page."""
    found = {(finding.kind.name, finding.mode): finding for finding in findings}
    good = sum(finding.is_good for finding in findings)
    parts = [_INTRODUCTION, f"{good} of {len(findings)} are as expected.\n"]
    for family, members in groupby(kinds, key=lambda kind: kind.family):
        parts.append(
            f"## {_HEADINGS[family]}\n\n| kind | auto | always | copy | note |\n| --- | --- | --- | --- | --- |"
        )
        parts += [_row(kind, [found.get((kind.name, mode)) for mode in MODES]) for kind in members]
        parts[-1] += "\n"
    return "\n".join(parts)


def _row(kind: Kind, findings: Sequence[Finding | None]) -> str:
    cells = [_cell(finding) for finding in findings]
    return f"| {kind.text} | {' | '.join(cells)} | {_note(findings)} |"


def _cell(finding: Finding | None) -> str:
    if finding is None:
        return "–"
    done = "skipped" if finding.is_passed_over else _treatment(finding)
    return done if finding.is_good else f"✗ {done}".rstrip()


def _treatment(finding: Finding) -> str:
    """What was done to it; what is over before anybody looks was played all the same."""
    steps = [treatment.partition(":")[0] for treatment in finding.treatments]
    return ", then ".join(step for step, _ in groupby(steps)) or ("played" if finding.is_good else "")


def _note(findings: Sequence[Finding | None]) -> str:
    """Why it is skipped, or what `auto` has against it as it is."""
    for finding in filter(None, findings):
        if finding.is_passed_over:
            return finding.reason.partition(": ")[2].rstrip(".").replace("|", "/")
    reasons = (
        treatment.partition(": ")[2]
        for finding in filter(None, findings)
        if finding.mode is EncodeMode.AUTO
        for treatment in finding.treatments
    )
    return next(filter(None, reasons), "").replace("|", "/")
