"""Cards: what is known of a stream or target, drawn as an embed by pure functions, for Discord and the console."""

from collections.abc import Sequence

from discord import Embed

from bot.ui import text
from bot.ui.colours import BLUE, GREEN, GREY, ORANGE, RED, of_light
from bot.ui.sentences import told
from bot.ui.status_card import stream
from bot.ui.words import failures
from bot.ui.words import streams as words
from bot.ui.words import targets as target_words
from streaming.control.status import StreamState, StreamStatus, TargetStatus
from streaming.control.targets import TargetInfo
from streaming.model.states import UplinkState

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "RED", "stream"]

_LIST_LIMIT = 3800


def streams(statuses: Sequence[StreamStatus]) -> Embed:
    """All streams of a guild in short, or the only one in full."""
    if len(statuses) == 1:
        return stream(statuses[0])
    return stream_list(statuses)


def stream_list(statuses: Sequence[StreamStatus]) -> Embed:
    """The streams of a guild, a paragraph each."""
    on_air = sum(status.state.is_playing for status in statuses)
    card = Embed(title=words.streams(on_air), colour=GREEN if on_air else GREY)
    card.description = text.fitting(map(_stream_paragraph, statuses), _LIST_LIMIT) or words.NO_STREAMS
    return card


def targets(infos: Sequence[TargetInfo]) -> Embed:
    """The targets of a guild, a paragraph each."""
    card = Embed(title=target_words.TITLE, colour=BLUE)
    card.description = text.fitting(map(_target_paragraph, infos), _LIST_LIMIT) or target_words.NO_TARGETS
    return card


def target_saved(info: TargetInfo) -> Embed:
    """A target that was added or given a new key."""
    return Embed(title=target_words.SAVED, description=_target_paragraph(info), colour=GREEN)


def target_removed(name: str) -> Embed:
    """A target that is forgotten."""
    removed = target_words.removed(text.named(name, 50))
    return Embed(title=target_words.REMOVED, description=removed, colour=GREY)


def skipped(answer: str) -> Embed:
    """The engine's answer to a skip."""
    return Embed(title=words.SKIPPED, description=text.safe(told(answer), 300), colour=GREEN)


def still_starting() -> Embed:
    """A start that outlived the message about it."""
    return Embed(title=words.STATES[StreamState.STARTING], description=words.STILL_STARTING, colour=BLUE)


def failure(message: str, hint: str = "") -> Embed:
    """Something asked that could not be done: what happened, and what to do."""
    paragraphs = (text.safe(told(message), 1000), hint and failures.what_to_do(text.safe(told(hint), 1000)))
    return Embed(title=f"🔴 {failures.FAILURE}", description="\n\n".join(filter(None, paragraphs)), colour=RED)


def question(what: str, more: str) -> Embed:
    """Something to be sure of before it is done; `what` is safe to show."""
    return Embed(title=what, description=more, colour=ORANGE)


def note(what: str, more: str = "") -> Embed:
    """Something done, or left; `what` and `more` are safe to show."""
    return Embed(title=what, description=more or None, colour=of_light(what))


def is_failure(card: Embed) -> bool:
    """Whether the card tells of something that did not work."""
    return card.colour == RED


def _stream_paragraph(status: StreamStatus) -> str:
    light, _, word = words.STATES[status.state].partition(" ")
    lines = [f"{light} **{text.named(status.title, 60)}** · {word[0].lower()}{word[1:]} · #{status.stream_id}"]
    if status.now_playing and status.state.is_playing:
        lines.append(f"-# {text.linked(status.now_playing.title, status.now_playing.link, 60)}")
    lines.append(f"-# {_lights(status.targets)}")
    return "\n".join(lines)


def _lights(line: Sequence[TargetStatus]) -> str:
    shown = [f"{words.LIGHTS[target.state][0]} {text.named(target.name, 30)}" for target in line[:5]]
    return " ".join(shown) if shown else words.NO_TARGET


def _target_paragraph(info: TargetInfo) -> str:
    light = words.LIGHTS[UplinkState.LIVE][0] if info.used_by else "⚫"
    used = f" · {target_words.used_by(text.safe(', '.join(info.used_by), 80))}" if info.used_by else ""
    return (
        f"{light} **{text.named(info.name, 50)}** · {target_words.CHOICES[info.kind]}{used}\n"
        f"-# {text.safe(info.url, 80)} · {target_words.key(text.safe(info.key_hint, 10))}"
    )
