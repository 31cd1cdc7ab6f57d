"""The latest verdict on every kind in every mode, kept beside the files, so that a few can be played again."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from streaming.model.states import EncodeMode
from tests.matrix.judge import Finding
from tests.matrix.kinds import Kind, all_kinds

_NAME = "verdicts.json"


def keep(shelf: Path, finding: Finding) -> None:
    """Writes a verdict down in place of the one before."""
    verdicts = _read(shelf)
    verdicts[f"{finding.kind.name} {finding.mode}"] = {
        "problems": finding.problems,
        "treatments": finding.treatments,
        "is_passed_over": finding.is_passed_over,
        "reason": finding.reason,
    }
    (shelf / _NAME).write_text(json.dumps(verdicts, ensure_ascii=False, indent=1))


def kept(shelf: Path, kinds: Iterable[Kind]) -> list[Finding]:
    """The latest verdicts on these kinds."""
    verdicts, known = _read(shelf), all_kinds()
    wanted = {kind.name for kind in kinds}
    found = []
    for key, verdict in verdicts.items():
        name, _, mode = key.rpartition(" ")
        if name in wanted:
            found.append(Finding(known[name], EncodeMode(mode), **verdict))
    return found


def _read(shelf: Path) -> dict[str, dict[str, Any]]:
    path = shelf / _NAME
    if not path.is_file():
        return {}
    verdicts: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return verdicts
