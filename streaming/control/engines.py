"""The engines that are there, for people who want to know what does the work."""

from dataclasses import dataclass
from datetime import datetime

from streaming.control.desk import Desk
from streaming.control.status import ENGINE_SILENT_AFTER
from streaming.storage.engines import EngineStore


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine that has shown itself lately; `version` names its tools as well."""

    name: str
    version: str
    started_at: datetime


class EngineControl(Desk):
    """What may be asked of engines."""

    async def engines(self) -> list[EngineInfo]:
        """The engines that are there, by name."""
        async with self._database.session() as session:
            there = await EngineStore(session).alive(ENGINE_SILENT_AFTER)
        return [EngineInfo(row.name, row.version, row.started_at) for row in there]
