"""Cards: what is known of a stream or target, drawn as an embed by pure functions, for Discord and the console."""

from collections.abc import Sequence

from discord import Colour, Embed

from bot.ui import text
from streaming.control.status import Health, NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.control.streams import DEMO
from streaming.control.targets import TargetInfo
from streaming.models import UplinkState
from streaming.youtube.formats import link

GREEN = Colour(0x3BA55D)
BLUE = Colour(0x5865F2)
ORANGE = Colour(0xE8A33D)
RED = Colour(0xD83C3E)
GREY = Colour(0x80848E)

_TITLE_LIMIT = 100
_FIELD_LIMIT = 1024
_LIST_LIMIT = 3800
_BAR_CELLS = 16
_COLOURS = {"🟢": GREEN, "🔵": BLUE, "🟠": ORANGE, "🔴": RED, "⚫": GREY}
_WAY_TO_AIR = (StreamState.LISTING, StreamState.RESOLVING, StreamState.CONNECTING, StreamState.ON_AIR)
_STEPS = ("listing", "first video", "connecting", "on air")


def stream(status: StreamStatus) -> Embed:
    """One stream, wherever it is between asked for and over."""
    card = Embed(
        title=f"{text.STATES[status.state]} · {text.safe(status.title, _TITLE_LIMIT)}",
        description="\n\n".join(filter(None, (_happening(status), text.safe(status.description, 300)))),
        colour=_COLOURS[text.STATES[status.state][0]],
    )
    if status.targets:
        card.add_field(
            name="Targets", value=text.fitting(map(_target_line, status.targets), _FIELD_LIMIT), inline=False
        )
    for name, value in _facts(status):
        card.add_field(name=name, value=value)
    return card.set_footer(text=" · ".join(filter(None, (f"#{status.stream_id}", text.safe(status.engine, 60)))))


def streams(statuses: Sequence[StreamStatus]) -> Embed:
    """All streams of a guild in short, or the only one in full."""
    if len(statuses) == 1:
        return stream(statuses[0])
    return stream_list(statuses)


def stream_list(statuses: Sequence[StreamStatus]) -> Embed:
    """The streams of a guild, a paragraph each."""
    on_air = sum(status.state.is_playing for status in statuses)
    card = Embed(title=f"Streams · {on_air} on air", colour=GREEN if on_air else GREY)
    card.description = text.fitting(map(_stream_paragraph, statuses), _LIST_LIMIT) or text.NO_STREAMS
    return card


def targets(infos: Sequence[TargetInfo]) -> Embed:
    """The targets of a guild, a paragraph each."""
    card = Embed(title="Targets", colour=BLUE)
    card.description = text.fitting(map(_target_paragraph, infos), _LIST_LIMIT) or text.NO_TARGETS
    return card


def target_saved(info: TargetInfo) -> Embed:
    """A target that was added or given a new key."""
    return Embed(title="🟢 Target saved", description=_target_paragraph(info), colour=GREEN)


def target_removed(name: str) -> Embed:
    """A target that is forgotten."""
    return Embed(title="⚫ Target removed", description=f"**{text.safe(name, 50)}** and its key are gone.", colour=GREY)


def skipped(answer: str) -> Embed:
    """The engine's answer to a skip."""
    return Embed(title="⏭️ Skipped", description=text.safe(answer, 300), colour=GREEN)


def still_starting() -> Embed:
    """A start that outlived the message about it."""
    return Embed(title=text.STATES[StreamState.STARTING], description=text.STILL_STARTING, colour=BLUE)


def failure(message: str, hint: str = "") -> Embed:
    """Something asked that could not be done: what happened, and what to do."""
    paragraphs = (text.safe(message, 1000), hint and f"**What to do:** {text.safe(hint, 1000)}")
    return Embed(title=f"🔴 {text.FAILURE}", description="\n\n".join(filter(None, paragraphs)), colour=RED)


def question(what: str, more: str) -> Embed:
    """Something to be sure of before it is done; `what` is safe to show."""
    return Embed(title=what, description=more, colour=ORANGE)


def note(what: str, more: str = "") -> Embed:
    """Something done, or left; `what` and `more` are safe to show."""
    return Embed(title=what, description=more or None, colour=_COLOURS.get(what[0], BLUE))


def is_failure(card: Embed) -> bool:
    """Whether the card tells of something that did not work."""
    return card.colour == RED


def _happening(status: StreamStatus) -> str:
    if status.state.is_playing:
        lines = [_reason(status), *_playing_lines(status.now_playing)]
        lines.append(f"Next: {text.safe(status.next_title, _TITLE_LIMIT)}" if status.next_title else "")
        return "\n".join(filter(None, lines))
    if status.state is StreamState.FAILED:
        return f"{_reason(status)}\n\n**What to do:** {text.FAILED_HINT}"
    if status.state.is_over or status.state is StreamState.STOPPING:
        return _reason(status)
    return "\n".join(filter(None, (_steps(status.state), _reason(status))))


def _reason(status: StreamStatus) -> str:
    if status.state is StreamState.NO_ENGINE:
        return status.reason  # our own words, with markup
    return text.safe(status.reason, 500)


def _steps(state: StreamState) -> str:
    """The way to air, with the present step in bold."""
    reached = _WAY_TO_AIR.index(state) if state in _WAY_TO_AIR else -1
    return " → ".join(f"**{step}**" if index == reached else step for index, step in enumerate(_STEPS))


def _playing_lines(playing: NowPlaying | None) -> list[str]:
    if playing is None:
        return []
    return [f"**{text.linked(playing.title, playing.link, _TITLE_LIMIT)}**", _bar(playing)]


def _bar(playing: NowPlaying) -> str:
    if not playing.duration_seconds:
        return text.duration(playing.position_seconds)
    position = min(max(playing.position_seconds, 0.0), playing.duration_seconds)
    cell = min(int(position / playing.duration_seconds * _BAR_CELLS), _BAR_CELLS - 1)
    bar = "━" * cell + "●" + "─" * (_BAR_CELLS - 1 - cell)
    return f"`{bar}` {text.duration(position)} / {text.duration(playing.duration_seconds)}"


def _target_line(target: TargetStatus) -> str:
    troubles = (
        text.safe(target.reason, 150),
        f"{target.reconnects} × reconnected" if target.reconnects else "",
        f"{target.missed_seconds:.0f} s missed" if target.missed_seconds >= 1 else "",
    )
    light, _, word = text.LIGHTS[target.state].partition(" ")
    return " · ".join(filter(None, (f"{light} **{text.safe(target.name, 50)}** {word}", *troubles)))


def _facts(status: StreamStatus) -> list[tuple[str, str]]:
    """Name and value of each small field there is something to say in."""
    facts = [("Playlist", _playlist(status)), ("Picture", _picture(status))]
    if status.on_air_at and status.state.is_playing:
        took = f", after {status.start_seconds:.1f} s" if status.start_seconds is not None else ""
        facts.insert(0, ("On air", text.since(status.on_air_at) + took))
    if status.ended_at and status.state.is_over:
        facts.insert(0, ("Over", text.since(status.ended_at)))
    if status.health and status.state.is_playing:
        facts.append(("Health", _health(status.health)))
    return facts


def _playlist(status: StreamStatus) -> str:
    traits = (
        text.linked(status.playlist, _address(status.playlist), 40),
        f"{status.items_played} of {status.items_listed} played" if status.items_listed else "",
        "shuffled" if status.is_shuffled else "",
        "looped" if status.is_looped else "once",
    )
    return " · ".join(filter(None, traits))


def _address(playlist: str) -> str:
    """The page of a playlist or video, given as an id or already as that page; of the demo there is none."""
    if playlist == DEMO or "://" in playlist:
        return playlist
    return link(playlist) if len(playlist) == 11 else f"https://www.youtube.com/playlist?list={playlist}"


def _picture(status: StreamStatus) -> str:
    how = {None: f"encode {status.encode}", True: "copied", False: "encoded"}[status.is_copy]
    return f"{status.mode} · {how} · {text.safe(status.profile, 20)}"


def _health(health: Health) -> str:
    return f"{health.speed:.2f} × · {health.bitrate_kbps:,.0f} kbit/s · {health.lead_seconds:.0f} s ahead"


def _stream_paragraph(status: StreamStatus) -> str:
    light, _, word = text.STATES[status.state].partition(" ")
    lines = [f"{light} **{text.safe(status.title, 60)}** · {word.lower()} · #{status.stream_id}"]
    if status.now_playing and status.state.is_playing:
        lines.append(f"-# {text.linked(status.now_playing.title, status.now_playing.link, 60)}")
    lines.append(f"-# {_lights(status.targets)}")
    return "\n".join(lines)


def _lights(line: Sequence[TargetStatus]) -> str:
    shown = [f"{text.LIGHTS[target.state][0]} {text.safe(target.name, 30)}" for target in line[:5]]
    return " ".join(shown) if shown else "no target"


def _target_paragraph(info: TargetInfo) -> str:
    light = text.LIGHTS[UplinkState.LIVE][0] if info.used_by else "⚫"
    used = f" · used by {text.safe(', '.join(info.used_by), 80)}" if info.used_by else ""
    return (
        f"{light} **{text.safe(info.name, 50)}** · {text.PLATFORMS[info.kind]}{used}\n"
        f"-# {text.safe(info.url, 80)} · key {text.safe(info.key_hint, 10)}"
    )
