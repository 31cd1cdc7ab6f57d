"""Cards about streams: the list, previews, starts, deletion. The card of one stream is in `status_card`."""

import io
from collections.abc import Sequence

from discord import Embed, File

from bot.cards import basic, text
from bot.charts.cache import CHART_FILE
from bot.i18n.words import streams as words
from bot.streams import status_card
from streaming.services.previews import Picture
from streaming.services.status import StreamState, StreamStatus, TargetStatus

_LIST_LIMIT = 3800
_TITLE_LIMIT = 100
_PREVIEW_FILE = "preview.jpg"


def overview(statuses: Sequence[StreamStatus]) -> Embed:
    """All streams of a guild in short, or the only one in full."""
    if len(statuses) == 1:
        return status_card.stream(statuses[0])
    return stream_list(statuses)


def stream_list(statuses: Sequence[StreamStatus]) -> Embed:
    """The streams of a guild, a paragraph each."""
    on_air = sum(status.state.is_playing for status in statuses)
    card = Embed(title=words.streams(on_air), colour=basic.GREEN if on_air else basic.GREY)
    card.description = text.fitting(map(_paragraph, statuses), _LIST_LIMIT) or words.NO_STREAMS
    return card


def still_starting() -> Embed:
    """A start that takes longer than Discord lets its message be edited."""
    return Embed(title=words.STATES[StreamState.STARTING], description=words.STILL_STARTING, colour=basic.BLUE)


def preview(picture: Picture) -> Embed:
    """What is on air, above the picture of `preview_file`."""
    status = picture.status
    lines = [*status_card.playing_lines(status.now_playing), f"-# {text.since(picture.taken_at)}"]
    card = Embed(
        title=status_card.title(status),
        description="\n".join(lines),
        colour=basic.light_colour(words.STATES[status.state]),
    )
    return card.set_image(url=f"attachment://{_PREVIEW_FILE}").set_footer(text=f"#{status.stream_id}")


def preview_file(picture: Picture) -> File:
    return File(io.BytesIO(picture.jpeg), filename=_PREVIEW_FILE)


def stream_with_chart(status: StreamStatus) -> Embed:
    """One stream in full, above the health chart of `chart_file`."""
    return status_card.stream(status).set_image(url=f"attachment://{CHART_FILE}")


def chart_file(png: bytes) -> File:
    return File(io.BytesIO(png), filename=CHART_FILE)


def question(deed: str, title: str) -> Embed:
    """Asks before a stream is stopped, restarted or deleted."""
    asked, consequence = words.QUESTIONS[deed]
    return basic.question(asked.format(title=text.named(title, _TITLE_LIMIT)), consequence)


def deleted(title: str) -> Embed:
    return Embed(title=words.DELETED.format(title=text.named(title, _TITLE_LIMIT)), colour=basic.GREY)


def called_off(deed: str) -> Embed:
    return basic.note(words.CALLED_OFF[deed])


def _paragraph(status: StreamStatus) -> str:
    light, _, word = words.STATES[status.state].partition(" ")
    lines = [f"{light} **{text.named(status.title, 60)}** · {word[0].lower()}{word[1:]} · #{status.stream_id}"]
    if status.now_playing and status.state.is_playing:
        lines.append(f"-# {text.linked(status.now_playing.title, status.now_playing.link, 60)}")
    lines.append(f"-# {_target_lights(status.targets)}")
    return "\n".join(lines)


def _target_lights(targets: Sequence[TargetStatus]) -> str:
    shown = [f"{words.LIGHTS[target.state][0]} {text.named(target.name, 30)}" for target in targets[:5]]
    return " ".join(shown) if shown else words.NO_TARGET
