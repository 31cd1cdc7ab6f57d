"""The card of one stream: what plays, where it goes, and facts in small fields."""

from discord import Embed

from bot.cards import text
from bot.cards.basic import light_colour
from bot.i18n.messages import render
from bot.i18n.words import cards as card_words
from bot.i18n.words import panels as panel_words
from bot.i18n.words import streams as words
from streaming.model.states import UplinkState
from streaming.services.playlists import DEMO
from streaming.services.status import Health, NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.youtube.formats import link

_TITLE_LIMIT = 100
_FIELD_LIMIT = 1024
_BAR_CELLS = 16
_START_STATES = (StreamState.LISTING, StreamState.RESOLVING, StreamState.CONNECTING, StreamState.ON_AIR)


def stream(status: StreamStatus) -> Embed:
    """One stream in any state."""
    card = Embed(
        title=title(status),
        description="\n\n".join(filter(None, (_happening(status), text.safe(status.description, 300), _panel(status)))),
        colour=light_colour(words.STATES[status.state]),
    )
    if status.targets:
        lines = text.fitting(map(_target_line, status.targets), _FIELD_LIMIT)
        card.add_field(name=words.TARGETS, value=lines, inline=False)
    for name, value in _facts(status):
        card.add_field(name=name, value=value)
    return card.set_footer(text=" · ".join(filter(None, (f"#{status.stream_id}", _engine(status)))))


def title(status: StreamStatus) -> str:
    """The stream's light, state and name."""
    return f"{words.STATES[status.state]} · {text.named(status.title, _TITLE_LIMIT)}"


def playing_lines(playing: NowPlaying | None) -> list[str]:
    """The item on air and the position in it."""
    if playing is None:
        return []
    return [f"**{text.linked(playing.title, playing.link, _TITLE_LIMIT)}**", _bar(playing)]


def _happening(status: StreamStatus) -> str:
    if status.state.is_playing:
        lines = [_reason(status), *playing_lines(status.now_playing)]
        lines.append(words.next_up(text.named(status.next_title, _TITLE_LIMIT)) if status.next_title else "")
        return "\n".join(filter(None, lines))
    if status.state is StreamState.FAILED:
        return f"{_reason(status)}\n\n{card_words.what_to_do(words.FAILED_HINT)}"
    if status.state.is_over or status.state is StreamState.STOPPING:
        return _reason(status)
    return "\n".join(filter(None, (_steps(status.state), _reason(status))))


def _panel(status: StreamStatus) -> str:
    return f"-# {panel_words.GIVEN_UP}" if status.has_lost_panel else ""


def _reason(status: StreamStatus) -> str:
    if status.state is StreamState.NO_ENGINE:
        return render(status.reason)  # our own text, with markup
    return text.safe(render(status.reason), 500)


def _steps(state: StreamState) -> str:
    """The steps of a start, the present one in bold."""
    reached = _START_STATES.index(state) if state in _START_STATES else -1
    return " → ".join(f"**{step}**" if index == reached else step for index, step in enumerate(words.STEPS))


def _bar(playing: NowPlaying) -> str:
    if not playing.duration_seconds:
        return text.duration(playing.position_seconds)
    position = min(max(playing.position_seconds, 0.0), playing.duration_seconds)
    cell = min(int(position / playing.duration_seconds * _BAR_CELLS), _BAR_CELLS - 1)
    bar = "━" * cell + "●" + "─" * (_BAR_CELLS - 1 - cell)
    return f"`{bar}` {text.duration(position)} / {text.duration(playing.duration_seconds)}"


def _target_line(target: TargetStatus) -> str:
    light, _, word = words.LIGHTS[target.state].partition(" ")
    line = f"{light} **{text.named(target.name, 50)}** {word}"
    return f"{line} · {text.safe(render(target.reason), 150)}" if target.reason else line


def _facts(status: StreamStatus) -> list[tuple[str, str]]:
    """Name and value of each small field."""
    facts = [(words.PLAYLIST, _playlist(status)), (words.PICTURE, _picture(status))]
    if status.on_air_at and status.state.is_playing:
        facts[:0] = [(words.ON_AIR, _lines(_up_time(status), _gaps(status)))]
        facts[1:1] = [(words.HEALTH, _health(status.health))] if status.health else []
    if status.ended_at and status.state.is_over:
        facts[:0] = [(words.OVER, _lines(text.since(status.ended_at), _gaps(status) if status.on_air_at else ""))]
    return facts


def _up_time(status: StreamStatus) -> str:
    assert status.on_air_at
    return text.since(status.on_air_at) + (words.took(status.start_seconds) if status.start_seconds is not None else "")


def _gaps(status: StreamStatus) -> str:
    """What viewers missed since the run began. An ingest that refuses has no viewers, so it does not count."""
    reconnects = sum(target.reconnects for target in status.targets if target.state is not UplinkState.REFUSED)
    missed_seconds = max((target.missed_seconds for target in status.targets), default=0.0)
    gaps = (
        words.slate(status.slate_seconds) if status.slate_seconds >= 1 else "",
        words.rerun(status.rerun_seconds) if status.rerun_seconds >= 1 else "",
        words.reconnected(reconnects) if reconnects else "",
        words.missed(missed_seconds) if missed_seconds >= 1 else "",
    )
    return " · ".join(filter(None, gaps)) or words.NO_GAPS


def _playlist(status: StreamStatus) -> str:
    traits = (
        words.played(status.items_played, status.items_listed) if status.items_listed else "",
        words.SHUFFLED if status.is_shuffled else "",
        words.LOOPED if status.is_looped else words.ONCE,
    )
    return _lines(text.linked(status.playlist, _address(status.playlist), 40), " · ".join(filter(None, traits)))


def _address(playlist: str) -> str:
    """The URL of a playlist or video given as an id or URL; the demo has none."""
    if playlist == DEMO or "://" in playlist:
        return playlist
    return link(playlist) if len(playlist) == 11 else f"https://www.youtube.com/playlist?list={playlist}"


def _picture(status: StreamStatus) -> str:
    how = {None: words.encode_mode(status.encode), True: words.COPIED, False: words.ENCODED}[status.is_copy]
    line = f"{how} · {text.safe(status.profile, 20)} · {status.mode}"
    if not status.state.is_playing:
        return line
    life = words.urls_expire(text.since(status.urls_expire_at)) if status.urls_expire_at else ""
    return _lines(line, " · ".join(filter(None, (text.safe(render(status.treatment), 80), life))))


def _health(health: Health) -> str:
    return _lines(words.rate(health.speed, health.bitrate_kbps), words.ahead(health.lead_seconds))


def _engine(status: StreamStatus) -> str:
    return words.engine(text.safe(status.engine, 60)) if status.engine else ""


def _lines(first: str, small: str) -> str:
    """A fact, with its details in small print."""
    return f"{first}\n-# {small}" if small else first
