"""All services, composed from the settings, the database and the vault."""

from dataclasses import dataclass
from typing import Self

from streaming.network.egress import Egress
from streaming.services.engine_commands import EngineCommands
from streaming.services.engines import EngineService
from streaming.services.guilds import GuildService
from streaming.services.history import HistoryService
from streaming.services.incidents import IncidentService
from streaming.services.panels import PanelService
from streaming.services.playlists import PlaylistService
from streaming.services.previews import PreviewService
from streaming.services.queue import QueueService
from streaming.services.streams import StreamService
from streaming.services.targets import TargetService
from streaming.settings import Settings
from streaming.storage.commands import LIFE_SECONDS
from streaming.storage.database import Database
from streaming.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Services:
    """One service for each subject. Every request of a person stays within their guild."""

    streams: StreamService
    queue: QueueService
    targets: TargetService
    playlists: PlaylistService
    previews: PreviewService
    history: HistoryService
    panels: PanelService
    incidents: IncidentService
    guilds: GuildService
    engines: EngineService

    @classmethod
    def create(
        cls,
        settings: Settings,
        database: Database,
        vault: Vault,
        *,
        egress: Egress | None = None,
        command_life_seconds: float = LIFE_SECONDS,
    ) -> Self:
        """`egress` judges where streams may go; by default the settings do."""
        commands = EngineCommands(database, life_seconds=command_life_seconds)
        limits = settings.limits
        return cls(
            streams=StreamService(database, settings.streaming, limits, settings.youtube),
            queue=QueueService(database, commands),
            targets=TargetService(database, vault, commands, limits, egress or settings.targets.egress),
            playlists=PlaylistService(database, commands, limits, settings.youtube),
            previews=PreviewService(database, commands, limits),
            history=HistoryService(database),
            panels=PanelService(database, limits),
            incidents=IncidentService(database),
            guilds=GuildService(database),
            engines=EngineService(database),
        )
