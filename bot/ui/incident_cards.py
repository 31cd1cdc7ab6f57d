"""Incidents, told: what is the matter with a stream, and what it has cost once it is over."""

from datetime import datetime

from discord import Colour, Embed

from bot.ui import text
from bot.ui.cards import GREEN, GREY, ORANGE, RED
from bot.ui.sentences import told
from bot.ui.words import numbers
from bot.ui.words import panel as words
from streaming.control.incidents import Cost, IncidentStory
from streaming.control.status import StreamState, StreamStatus, TargetStatus
from streaming.model.states import UplinkState

_WHAT_LIMIT = 1000


def trouble_of(status: StreamStatus) -> str:
    """What is the matter with a stream that ought to be seen, in words safe to show; nothing when all is well."""
    if status.state is StreamState.NO_ENGINE:
        return words.ENGINE_GONE if status.on_air_at else ""
    if not status.state.is_playing:
        return ""
    state = {StreamState.SLATE: words.SLATE, StreamState.RECONNECTING: words.NO_TARGET_TAKES_IT}.get(status.state, "")
    lines = [state, text.safe(told(status.reason), 300), *map(_target_line, status.targets)]
    return "\n".join(dict.fromkeys(filter(None, lines)))[:_WHAT_LIMIT]


def incident(story: IncidentStory) -> Embed:
    """An incident that is not over."""
    times = words.INCIDENT_TIMES.format(times=story.times) if story.times > 1 else ""
    since = words.SINCE.format(since=text.since(story.opened_at))
    lines = [story.what, " ".join(filter(None, (since, times)))]
    return Embed(title=_titled(words.INCIDENT, story), description="\n".join(lines), colour=ORANGE)


def incident_over(story: IncidentStory, state: StreamState | None) -> Embed:
    """An incident that has come to its end, with how the stream is now; without a state it is gone."""
    title, colour = _end(state)
    lines = [story.what, words.SEEN.format(seen=_seen(story.cost))]
    if story.times > 1:
        lines.append(words.INCIDENT_TIMES.format(times=story.times))
    return Embed(title=_titled(title, story), description="\n".join(lines), colour=colour)


def _end(state: StreamState | None) -> tuple[str, Colour]:
    if state is StreamState.FAILED:
        return words.INCIDENT_FAILED, RED
    if state is not None and state.is_playing:
        return words.INCIDENT_OVER, GREEN
    return words.INCIDENT_OFF_AIR, GREY


def _titled(title: str, story: IncidentStory) -> str:
    return title.format(title=text.named(story.title, 100), duration=numbers.brief(_seconds(story)))


def _seconds(story: IncidentStory) -> float:
    until = story.ended_at or datetime.now(story.opened_at.tzinfo)
    return max(0.0, (until - story.opened_at).total_seconds())


def _seen(cost: Cost) -> str:
    seen = (
        words.SLATE_SECONDS.format(duration=numbers.brief(cost.slate_seconds)) if cost.slate_seconds >= 1 else "",
        words.MISSED_SECONDS.format(duration=numbers.brief(cost.missed_seconds)) if cost.missed_seconds >= 1 else "",
    )
    return " · ".join(filter(None, seen)) or words.SEEN_NOTHING


def _target_line(target: TargetStatus) -> str:
    name, reason = f"**{text.named(target.name, 50)}**", text.safe(told(target.reason), 150)
    state = {UplinkState.REFUSED: words.TARGET_REFUSED, UplinkState.RETRYING: words.TARGET_RETRYING}.get(
        target.state or UplinkState.LIVE, ""
    )
    if state:
        return state.format(target=name) + (f": {reason}" if reason else ".")
    return f"{name}: {reason}" if reason else ""
