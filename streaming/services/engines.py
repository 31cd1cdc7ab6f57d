"""The engines that run, and the ingests an operator wants them to reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from streaming.services.status import ENGINE_SILENT_AFTER
from streaming.storage.database import Database
from streaming.storage.engines import EngineStore
from streaming.storage.targets import TargetStore

_PORTS = {"rtmp": 1935, "rtmps": 443}


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine that has sent a heartbeat lately; `version` includes the versions of its tools."""

    name: str
    version: str
    started_at: datetime


class EngineService:
    """The engines that use the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def alive(self) -> Sequence[EngineInfo]:
        """The running engines, by name."""
        async with self._database.session() as session:
            rows = await EngineStore(session).alive(ENGINE_SILENT_AFTER)
        return [EngineInfo(row.name, row.version, row.started_at) for row in rows]


async def ingest_addresses(database_url: str) -> list[tuple[str, int]]:
    """Host and port of the targets of all guilds, without those on this machine; sorted, without duplicates."""
    database = Database(database_url)
    try:
        async with database.session() as session:
            urls = await TargetStore(session).public_urls()
    finally:
        await database.close()
    return sorted({_address(url) for url in urls})


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, _PORTS["rtmp"])
