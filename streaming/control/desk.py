"""The desk behind which every question of people is worked on: the database, the keys, and how to ask an engine."""

from dataclasses import dataclass

from streaming.control.commands import answer
from streaming.control.status import read_statuses
from streaming.control.streams import Actor, note, stream_meant
from streaming.database import Database
from streaming.egress import Egress
from streaming.errors import WantedStateError
from streaming.models import Command, CommandAction
from streaming.settings import EncodeMode
from streaming.vault import Vault

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
        command_life_seconds: float = 10.0,
        egress: Egress | None = None,
    ) -> None:
        """`egress` judges where streams may go: to public addresses only unless it allows more."""
        self._database = database
        self._vault = vault
        self._profile = profile
        self._encode = encode
        self._command_life_seconds = command_life_seconds
        self._egress = egress or Egress()

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
                command = Command(stream_id=found.id, action=action, about=about, asked_by=actor.user_id)
                session.add(command)
                note(session, found, f"{actor.name} {says}.", actor)
                await session.commit()
            return await answer(self._database, changes, command, life_seconds=self._command_life_seconds)
