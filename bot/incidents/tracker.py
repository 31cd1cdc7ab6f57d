"""Reports trouble that lasts in one message per incident, edited until the trouble is over."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import discord
from discord import Embed

from bot.discord.channel_messages import ChannelMessages, Refusal, RefusedError, nonce_of
from bot.i18n.languages import guild_language
from bot.i18n.words import in_language
from bot.incidents import cards
from streaming.services.incidents import Cost, IncidentReport, IncidentService
from streaming.services.panels import Watched
from streaming.services.status import StreamState

_log = logging.getLogger(__name__)

_DEBOUNCE_SECONDS = 5.0
"""Trouble of a shorter time is no incident; an incident whose calm is shorter is not over."""
_PAUSE_SECONDS = 5.0
"""Between two edits of one message."""


@dataclass(eq=False, slots=True)
class _Case:
    """Trouble of one stream; it has a report once it is an incident. Floats are times of a monotonic clock."""

    guild_id: int
    description: str
    began_at: datetime
    since: float
    cost_before: Cost | None = None
    report: IncidentReport | None = None
    state: StreamState | None = None
    calm_since: float | None = None
    shown: str = ""
    """What its message says."""
    rests_until: float = 0.0
    """No edit before that."""
    is_in_work: bool = False
    is_settled: bool = False
    """There is no message to edit and none is posted any more."""


class IncidentTracker:
    """Tracks the trouble of all streams: `update` gets their states, and tasks post and edit the messages."""

    def __init__(
        self,
        client: discord.Client,
        incidents: IncidentService,
        *,
        debounce_seconds: float = _DEBOUNCE_SECONDS,
    ) -> None:
        self._client = client
        self._incidents = incidents
        self._debounce_seconds = debounce_seconds
        self._cases: dict[int, _Case] = {}
        self._steps: set[asyncio.Task[None]] = set()

    async def finish(self) -> None:
        """Waits for the steps under way: a message that was posted has to be recorded."""
        if self._steps:
            await asyncio.wait(self._steps)

    async def close(self) -> None:
        """Ends all steps at once."""
        for step in self._steps:
            step.cancel()
        await self.finish()

    async def resume(self) -> None:
        """Loads incidents that were open when the bot ended; those it tracks already stay as they are."""
        for report in await self._incidents.all_open():
            if report.stream_id in self._cases:
                continue
            case = _Case(report.guild_id, report.description, report.opened_at, time.monotonic(), report.cost, report)
            case.shown = report.description if report.message_id else ""
            self._cases[report.stream_id] = case

    def update(self, watched: Sequence[Watched]) -> None:
        """Compares the present states of all streams with the tracked trouble."""
        now = time.monotonic()
        for each in watched:
            self._consider(each, now)
        for stream_id in self._cases.keys() - {each.status.stream_id for each in watched}:
            self._calm(stream_id, None, now)

    def _consider(self, watched: Watched, now: float) -> None:
        stream_id, state = watched.status.stream_id, watched.status.state
        with in_language(guild_language(self._client, watched.guild_id)):
            description = cards.describe_trouble(watched.status)
        if description:
            self._trouble(watched.guild_id, stream_id, description, now)
        elif state.is_playing or state.is_over:
            self._calm(stream_id, state, now)
        # A stream that is starting is neither in trouble nor well.

    def _trouble(self, guild_id: int, stream_id: int, description: str, now: float) -> None:
        case = self._cases.get(stream_id)
        if case is None:
            case = self._cases[stream_id] = _Case(guild_id, description, datetime.now(UTC), now)
        case.description, case.calm_since = description, None
        lasts = now - case.since >= self._debounce_seconds
        is_news = case.shown != description and not case.is_settled
        if case.cost_before is None or (lasts and is_news):
            self._schedule(stream_id, case, now)

    def _calm(self, stream_id: int, state: StreamState | None, now: float) -> None:
        case = self._cases.get(stream_id)
        if case is None:
            return
        case.state = state
        case.calm_since = now if case.calm_since is None else case.calm_since
        if case.report is None and not case.is_in_work:
            del self._cases[stream_id]  # a blip
        elif now - case.calm_since >= self._debounce_seconds or state is None or state.is_over:
            self._schedule(stream_id, case, now)

    def _schedule(self, stream_id: int, case: _Case, now: float) -> None:
        if not case.is_in_work and now >= case.rests_until:
            case.is_in_work = True
            step = asyncio.create_task(self._advance(stream_id, case), name=f"incident of stream {stream_id}")
            self._steps.add(step)
            step.add_done_callback(self._steps.discard)

    async def _advance(self, stream_id: int, case: _Case) -> None:
        try:
            with in_language(guild_language(self._client, case.guild_id)):
                await self._next_step(stream_id, case)
        except Exception:  # noqa: BLE001  (the next state tries again)
            _log.exception("The incident of stream %d was not reported", stream_id)
        finally:
            case.is_in_work = False

    async def _next_step(self, stream_id: int, case: _Case) -> None:
        if case.cost_before is None:
            case.cost_before = await self._incidents.cost(stream_id)
        elif case.calm_since is None:
            await self._open_or_update(stream_id, case, case.description)
        elif case.report:
            await self._end(stream_id, case, case.report)

    async def _open_or_update(self, stream_id: int, case: _Case, description: str) -> None:
        if case.report is None:
            assert case.cost_before
            case.report = await self._incidents.open(stream_id, description, case.began_at, case.cost_before)
        else:
            case.report = await self._incidents.describe(case.report.incident_id, description)
        if case.report is None:
            case.is_settled = True  # the guild has no alerts channel, or the stream is deleted
        elif await self._show(case, case.report, cards.incident(case.report)):
            case.shown = description

    async def _end(self, stream_id: int, case: _Case, report: IncidentReport) -> None:
        """Shows the end, then records it: after a crash in between, the end is shown again."""
        ended_at = datetime.now(UTC)
        report = replace(await self._incidents.find(report.incident_id) or report, ended_at=ended_at)
        if case.is_settled or await self._show(case, report, cards.incident_over(report, case.state)):
            await self._incidents.end(report.incident_id, ended_at)
            self._cases.pop(stream_id, None)

    async def _show(self, case: _Case, report: IncidentReport, card: Embed) -> bool:
        """Posts or edits the incident's message; whether it shows the card now."""
        case.rests_until = time.monotonic() + _PAUSE_SECONDS
        messages = ChannelMessages(self._client, report.channel_id)
        try:
            if report.message_id:
                await messages.edit(report.message_id, card)
            else:
                message = await messages.post(card, nonce=nonce_of("incident", report.incident_id, report.opened_at))
                case.report = await self._incidents.record_message(report.incident_id, message.id)
        except RefusedError as refused:
            _log.warning("Incident %s of stream %s cannot be posted: %s", report.incident_id, report.stream_id, refused)
            case.is_settled = refused.refusal not in (Refusal.LATER, Refusal.TOO_OLD)
            return False
        return True
