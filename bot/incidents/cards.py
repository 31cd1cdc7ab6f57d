"""Cards of incidents: what is wrong with a stream, and what it cost once it is over."""

from datetime import datetime

from discord import Colour, Embed

from bot.cards import text
from bot.cards.basic import GREEN, GREY, ORANGE, RED
from bot.i18n.messages import render
from bot.i18n.words import incidents as words
from bot.i18n.words import numbers
from streaming.model.states import UplinkState
from streaming.services.incidents import Cost, IncidentReport
from streaming.services.status import StreamState, StreamStatus, TargetStatus

_DESCRIPTION_LIMIT = 1000


def describe_trouble(status: StreamStatus) -> str:
    """What is wrong with a stream that viewers should see, as safe text; empty when nothing is."""
    if status.state is StreamState.NO_ENGINE:
        return words.ENGINE_GONE if status.on_air_at else ""
    if not status.state.is_playing:
        return ""
    state = {StreamState.SLATE: words.SLATE, StreamState.RECONNECTING: words.NO_TARGET_TAKES_IT}.get(status.state, "")
    lines = [state, text.safe(render(status.reason), 300), *map(_target_line, status.targets)]
    return "\n".join(dict.fromkeys(filter(None, lines)))[:_DESCRIPTION_LIMIT]


def incident(report: IncidentReport) -> Embed:
    times = words.INCIDENT_TIMES.format(times=report.times) if report.times > 1 else ""
    since = words.SINCE.format(since=text.since(report.opened_at))
    lines = [report.description, " ".join(filter(None, (since, times)))]
    return Embed(title=_titled(words.INCIDENT, report), description="\n".join(lines), colour=ORANGE)


def incident_over(report: IncidentReport, state: StreamState | None) -> Embed:
    """An incident that has ended, and the stream's state since; None for a stream that was deleted."""
    title, colour = _end(state)
    lines = [report.description, words.SEEN.format(seen=_seen(report.cost))]
    if report.times > 1:
        lines.append(words.INCIDENT_TIMES.format(times=report.times))
    return Embed(title=_titled(title, report), description="\n".join(lines), colour=colour)


def _end(state: StreamState | None) -> tuple[str, Colour]:
    if state is StreamState.FAILED:
        return words.INCIDENT_FAILED, RED
    if state is not None and state.is_playing:
        return words.INCIDENT_OVER, GREEN
    return words.INCIDENT_OFF_AIR, GREY


def _titled(title: str, report: IncidentReport) -> str:
    return title.format(title=text.named(report.title, 100), duration=numbers.brief(_seconds(report)))


def _seconds(report: IncidentReport) -> float:
    until = report.ended_at or datetime.now(report.opened_at.tzinfo)
    return max(0.0, (until - report.opened_at).total_seconds())


def _seen(cost: Cost) -> str:
    seen = (
        words.SLATE_SECONDS.format(duration=numbers.brief(cost.slate_seconds)) if cost.slate_seconds >= 1 else "",
        words.MISSED_SECONDS.format(duration=numbers.brief(cost.missed_seconds)) if cost.missed_seconds >= 1 else "",
    )
    return " · ".join(filter(None, seen)) or words.SEEN_NOTHING


def _target_line(target: TargetStatus) -> str:
    name, reason = f"**{text.named(target.name, 50)}**", text.safe(render(target.reason), 150)
    state = {UplinkState.REFUSED: words.TARGET_REFUSED, UplinkState.RETRYING: words.TARGET_RETRYING}.get(
        target.state or UplinkState.LIVE, ""
    )
    if state:
        return state.format(target=name) + (f": {reason}" if reason else ".")
    return f"{name}: {reason}" if reason else ""
