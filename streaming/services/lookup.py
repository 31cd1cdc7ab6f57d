"""The streams and targets that a text names, and suggestions while somebody types one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NeedsChoice, NotFound
from streaming.model.message import Message
from streaming.model.text import shortened
from streaming.services.messages import Streams, Targets
from streaming.services.status import is_wanted
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream, Target
from streaming.storage.targets import TargetStore

SUGGESTION_LIMIT = 25
SUGGESTED_LENGTH = 100
"""Discord's limits of a completion."""
_QUOTED_TITLE = 100
_QUOTED_TARGET = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: the name people see, and the value it stands for, of at most SUGGESTED_LENGTH characters."""

    name: str
    value: str
    facts: tuple[Message, ...] = ()
    """Clauses to be shown beside the name."""


async def find_stream(session: AsyncSession, guild_id: int, text: str) -> Stream:
    """The stream with this number (`#7` or `7`) or title; without a text, the only one that is wanted on air.

    Raises NotFound and NeedsChoice.
    """
    streams = await StreamStore(session).in_guild(guild_id)
    if not streams:
        raise NotFound(Streams.NONE_YET(), hint=Streams.START_ONE())
    text = text.strip()
    found = _fitting(streams, text) if text else [s for s in streams if is_wanted(s)] or list(streams)
    if not found:
        raise NotFound(Streams.UNKNOWN(name=shortened(text, _QUOTED_TITLE)), hint=Streams.SEE_LIST())
    if len(found) > 1:
        titles = ", ".join(f"{stream.title!r} (#{stream.id})" for stream in found[:5])
        raise NeedsChoice(Streams.SEVERAL(streams=titles), hint=Streams.PICK_ONE())
    return found[0]


def _fitting(streams: Sequence[Stream], text: str) -> list[Stream]:
    by_number = [stream for stream in streams if f"#{stream.id}" == text]  # no title can stand in for that
    by_title = [stream for stream in streams if stream.title.casefold() == text.casefold()]
    return by_number or by_title or [stream for stream in streams if str(stream.id) == text]


async def find_target(session: AsyncSession, guild_id: int, name: str) -> Target | None:
    """The guild's target of that name, ignoring case."""
    targets = await TargetStore(session).in_guild(guild_id)
    return next((t for t in targets if t.name.casefold() == name.strip().casefold()), None)


async def find_targets(session: AsyncSession, guild_id: int, names: str) -> list[Target]:
    """The targets with these names, separated by commas; without a name, the guild's only target.

    Raises NotFound and NeedsChoice.
    """
    known = {target.name.casefold(): target for target in await TargetStore(session).in_guild(guild_id)}
    if not known:
        raise NotFound(Targets.NONE_YET(), hint=Targets.ADD_ONE())
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted and len(known) > 1:
        raise NeedsChoice(Targets.SEVERAL(targets=_listed(known.values())), hint=Targets.PICK())
    for name in wanted:
        if name.casefold() not in known:
            raise NotFound(
                Targets.UNKNOWN(name=name[:_QUOTED_TARGET]),
                hint=Targets.AVAILABLE(targets=_listed(known.values())),
            )
    return [known[name] for name in dict.fromkeys(map(str.casefold, wanted or known))]


def _listed(targets: Iterable[Target]) -> str:
    return ", ".join(target.name for target in targets)
