"""Reports trouble that lasts in one message per incident, edited until the trouble is over."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import discord
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord import Embed

from bot.discord.channel_messages import ChannelMessages, Refusal, RefusedError, nonce_of
from bot.i18n.languages import guild_language
from bot.i18n.words import in_language
from bot.incidents import cards
from streaming.control.control import Control
from streaming.control.incidents import Cost, IncidentStory
from streaming.control.panels import Watched
from streaming.control.status import StreamState

_log = logging.getLogger(__name__)

_DEBOUNCE_SECONDS = 5.0
"""Trouble of a shorter time is no incident; an incident whose calm is shorter is not over."""
_PAUSE_SECONDS = 5.0
"""Between two edits of one message."""


@dataclass(eq=False, slots=True)
class _Case:
    """Trouble of one stream; it has a story once it is an incident. Floats are times of a monotonic clock."""

    guild_id: int
    what: str
    began_at: datetime
    since: float
    cost_before: Cost | None = None
    story: IncidentStory | None = None
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
    """Tracks the trouble of all streams: `update` gets their states, and jobs post and edit the messages."""

    def __init__(
        self,
        client: discord.Client,
        control: Control,
        scheduler: AsyncIOScheduler,
        *,
        debounce_seconds: float = _DEBOUNCE_SECONDS,
    ) -> None:
        self._client = client
        self._control = control
        self._scheduler = scheduler
        self._debounce_seconds = debounce_seconds
        self._cases: dict[int, _Case] = {}

    async def resume(self) -> None:
        """Loads incidents that were open when the bot ended; those it tracks already stay as they are."""
        for story in await self._control.open_incidents():
            if story.stream_id in self._cases:
                continue
            case = _Case(story.guild_id, story.what, story.opened_at, time.monotonic(), story.cost, story)
            case.shown = story.what if story.message_id else ""
            self._cases[story.stream_id] = case

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
            what = cards.describe_trouble(watched.status)
        if what:
            self._trouble(watched.guild_id, stream_id, what, now)
        elif state.is_playing or state.is_over:
            self._calm(stream_id, state, now)
        # A stream that is starting is neither in trouble nor well.

    def _trouble(self, guild_id: int, stream_id: int, what: str, now: float) -> None:
        case = self._cases.get(stream_id)
        if case is None:
            case = self._cases[stream_id] = _Case(guild_id, what, datetime.now(UTC), now)
        case.what, case.calm_since = what, None
        lasts = now - case.since >= self._debounce_seconds
        is_news = case.shown != what and not case.is_settled
        if case.cost_before is None or (lasts and is_news):
            self._schedule(stream_id, case, now)

    def _calm(self, stream_id: int, state: StreamState | None, now: float) -> None:
        case = self._cases.get(stream_id)
        if case is None:
            return
        case.state = state
        case.calm_since = now if case.calm_since is None else case.calm_since
        if case.story is None and not case.is_in_work:
            del self._cases[stream_id]  # a blip
        elif now - case.calm_since >= self._debounce_seconds or state is None or state.is_over:
            self._schedule(stream_id, case, now)

    def _schedule(self, stream_id: int, case: _Case, now: float) -> None:
        if not case.is_in_work and now >= case.rests_until:
            case.is_in_work = True
            self._scheduler.add_job(self._advance, args=[stream_id, case], misfire_grace_time=None)

    async def _advance(self, stream_id: int, case: _Case) -> None:
        try:
            with in_language(guild_language(self._client, case.guild_id)):
                await self._next_step(stream_id, case)
        finally:
            case.is_in_work = False

    async def _next_step(self, stream_id: int, case: _Case) -> None:
        if case.cost_before is None:
            case.cost_before = await self._control.cost_so_far(stream_id)
        elif case.calm_since is None:
            await self._open_or_update(stream_id, case, case.what)
        elif case.story:
            await self._end(stream_id, case, case.story)

    async def _open_or_update(self, stream_id: int, case: _Case, what: str) -> None:
        if case.story is None:
            assert case.cost_before
            case.story = await self._control.open_incident(stream_id, what, case.began_at, case.cost_before)
        else:
            case.story = await self._control.incident_is_about(case.story.incident_id, what)
        if case.story is None:
            case.is_settled = True  # the guild has no alerts channel, or the stream is deleted
        elif await self._show(case, case.story, cards.incident(case.story)):
            case.shown = what

    async def _end(self, stream_id: int, case: _Case, story: IncidentStory) -> None:
        """Shows the end, then records it: after a crash in between, the end is shown again."""
        ended_at = datetime.now(UTC)
        story = replace(await self._control.incident_story(story.incident_id) or story, ended_at=ended_at)
        if case.is_settled or await self._show(case, story, cards.incident_over(story, case.state)):
            await self._control.end_incident(story.incident_id, ended_at)
            self._cases.pop(stream_id, None)

    async def _show(self, case: _Case, story: IncidentStory, card: Embed) -> bool:
        """Posts or edits the incident's message; whether it shows the card now."""
        case.rests_until = time.monotonic() + _PAUSE_SECONDS
        messages = ChannelMessages(self._client, story.channel_id)
        try:
            if story.message_id:
                await messages.edit(story.message_id, card)
            else:
                message = await messages.post(card, nonce=nonce_of("incident", story.incident_id, story.opened_at))
                case.story = await self._control.incident_told(story.incident_id, message.id)
        except RefusedError as refused:
            _log.warning("Incident %s of stream %s cannot be posted: %s", story.incident_id, story.stream_id, refused)
            case.is_settled = refused.refusal not in (Refusal.LATER, Refusal.TOO_OLD)
            return False
        return True
