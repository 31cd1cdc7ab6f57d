"""The desk behind which every question of people is worked on: the database, the keys, and how to ask an engine."""

from dataclasses import dataclass
from typing import Self

from streaming.control.commands import answer
from streaming.control.saved import playlist_id
from streaming.control.status import read_statuses
from streaming.control.streams import DEMO, Actor, note, stream_meant
from streaming.model.errors import WantedStateError
from streaming.model.states import CommandAction, EncodeMode
from streaming.network.egress import Egress
from streaming.settings import LimitsSettings, Settings, YouTubeSettings
from streaming.storage.database import Database
from streaming.storage.tables import Command
from streaming.storage.vault import Vault
from streaming.youtube.references import check_may_ask, parse_reference

SUGGESTION_LIMIT = 25
SUGGESTED_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: what people see, and what it stands for; a value has no more characters than Discord takes."""

    name: str
    value: str
    facts: tuple[str, ...] = ()
    """What is said about it, as clauses."""


class Desk:
    """What the parts of `Control` share."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        profile: str = "720p30",
        encode: EncodeMode = EncodeMode.AUTO,
        limits: LimitsSettings | None = None,
        youtube: YouTubeSettings | None = None,
        command_life_seconds: float = 10.0,
        egress: Egress | None = None,
    ) -> None:
        """`youtube` says which guilds may use the operator's account.

        `egress` judges where streams may go: to public addresses only unless it allows more.
        """
        self._database = database
        self._vault = vault
        self._profile = profile
        self._encode = encode
        self._limits = limits or LimitsSettings()
        self._youtube = youtube or YouTubeSettings()
        self._command_life_seconds = command_life_seconds
        self._egress = egress or Egress()

    @classmethod
    def of(cls, settings: Settings, database: Database, vault: Vault, *, egress: Egress | None = None) -> Self:
        """The desk as the settings want it, but for another judge of where streams may go."""
        streaming = settings.streaming
        return cls(
            database,
            vault,
            profile=streaming.profile,
            encode=streaming.encode,
            limits=settings.limits,
            youtube=settings.youtube,
            egress=egress or settings.targets.egress,
        )

    def _playlist_id(self, guild_id: int, text: str) -> str:
        """What people of a guild wrote for a playlist, as it is kept. Raises UsageError for none, or not theirs."""
        playlist = playlist_id(text)
        if playlist != DEMO:
            youtube = self._youtube
            with_account = youtube.has_account and youtube.may_use_account(guild_id)
            check_may_ask(parse_reference(playlist), with_account=with_account)
        return playlist

    async def _ask_stream(self, actor: Actor, stream: str, action: CommandAction, says: str, *, about: str = "") -> str:
        """Asks the engine that plays a stream and returns its answer; `says` is for the log: who does what.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air or the engine declines, and
        ServiceUnavailable when no engine takes the command in time.
        """
        async with self._database.changes() as changes:
            async with self._database.session() as session:
                found = await stream_meant(session, actor.guild_id, stream)
                if not (await read_statuses(session, [found]))[0].state.is_playing:
                    raise WantedStateError(f"{found.title!r} is not on air.", hint="Start it with /stream start.")
                assert found.id is not None
                command = Command(
                    stream_id=found.id,
                    guild_id=actor.guild_id,
                    action=action,
                    argument=about,
                    requested_by=actor.user_id,
                )
                session.add(command)
                await note(session, found, f"{actor.name} {says}.", actor)
                await session.commit()
            return await answer(self._database, changes, command, life_seconds=self._command_life_seconds)
