"""Where all saved targets are, whoever's they are: what an operator wants to see reached."""

from urllib.parse import urlsplit

from streaming.storage.database import Database
from streaming.storage.targets import TargetStore

_PORTS = {"rtmp": 1935, "rtmps": 443}


async def ingest_addresses(database_url: str) -> list[tuple[str, int]]:
    """Host and port of every ingest that is not on this machine, each once, in order."""
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
