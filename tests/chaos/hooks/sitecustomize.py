"""Python imports this first. In an engine on the stage, `HealthMonitor.check` raises while the file `health` exists."""

import os
import sys
from pathlib import Path
from typing import Any


class PlantedFault(Exception):
    """Something that nobody foresaw."""


def _plant(owner: Any, name: str, switch: Path) -> None:
    method = getattr(owner, name)

    def failing(*arguments: Any, **options: Any) -> Any:
        if switch.exists():
            raise PlantedFault(f"planted in {name}")
        return method(*arguments, **options)

    setattr(owner, name, failing)


if (folder := os.environ.get("CHAOS_FAULTS")) and "streaming" in sys.orig_argv:
    from streaming.playout.health import HealthMonitor

    _plant(HealthMonitor, "check", Path(folder, "health"))
