"""A stream's card as Discord shows it, drawn from the embed that the bot would send."""

from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from string import Template

from discord import Embed
from rich.text import Text

from bot.console.cards import plain, styled
from bot.ui import cards
from streaming.control.status import Health, NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.models import ServeMode, TargetKind, UplinkState
from streaming.settings import EncodeMode

EXAMPLE = StreamStatus(
    stream_id=7,
    wish=1,
    title="Harbour radio",
    description="",
    playlist="PLharbour-radio-example",
    mode=ServeMode.DIRECT,
    encode=EncodeMode.AUTO,
    profile="720p30",
    is_looped=True,
    is_shuffled=True,
    state=StreamState.ON_AIR,
    targets=(
        TargetStatus("YouTube", TargetKind.YOUTUBE, UplinkState.LIVE),
        TargetStatus("Twitch", TargetKind.TWITCH, UplinkState.LIVE, reconnects=1),
    ),
    now_playing=NowPlaying("Rain on the breakwater", "https://www.youtube.com/watch?v=example0000", 161, 254),
    next_title="Night ferry",
    items_played=41,
    items_listed=118,
    is_copy=True,
    on_air_at=datetime.now(UTC) - timedelta(days=3),
    engine="studio",
    health=Health(speed=1.0, bitrate_kbps=2104, lead_seconds=10),
)
"""Made up, to show a stream with everything there is to show."""

_WIDTH, _HEIGHT = 680, 396
_TEMPLATE = Template(Path(__file__).with_name("discord.template.svg").read_text())
_COLOURS = {
    "dark": {
        "ground": "#313338",
        "rim": "#3f4147",
        "card": "#2b2d31",
        "text": "#dbdee1",
        "dim": "#949ba4",
        "name": "#f2f3f5",
        "link": "#00a8fc",
    },
    "light": {
        "ground": "#ffffff",
        "rim": "#d9dbdf",
        "card": "#f2f3f5",
        "text": "#313338",
        "dim": "#5c5e66",
        "name": "#060607",
        "link": "#0067d1",
    },
}


def pictures() -> dict[str, str]:
    """The example's card as SVG, by theme."""
    card = cards.stream(EXAMPLE)
    drawn = {
        "alt": escape(plain(card.title or "")),
        "edge": str(card.colour),
        "message": _message(card, "/stream status"),
        "width": _WIDTH,
        "height": _HEIGHT,
        "frame_width": _WIDTH - 1,
        "frame_height": _HEIGHT - 1,
        "inner_height": _HEIGHT - 30,
    }
    return {theme: _TEMPLATE.substitute(drawn, **colours) for theme, colours in _COLOURS.items()}


def _message(card: Embed, command: str) -> str:
    fields = "".join(
        f'<div class="{"" if field.inline else "wide"}"><b>{escape(field.name or "")}</b><br/>'
        f"{_html(field.value or '')}</div>"
        for field in card.fields
    )
    return (
        f'<div class="said"><b>Nonstop</b> <span class="app">APP</span> '
        f'<span class="dim">answers {escape(command)}</span></div>'
        f'<div class="card"><div class="title">{_html(card.title or "")}</div>{_html(card.description or "")}'
        f'<div class="fields">{fields}</div><div class="dim foot">{escape(card.footer.text or "")}</div></div>'
    )


def _html(markdown: str) -> str:
    text = styled(markdown)
    edges = {edge for span in text.spans for edge in (span.start, span.end)}
    return "".join(map(_marked, text.divide(sorted(edges)))).replace("\n", "<br/>")


def _marked(part: Text) -> str:
    shown, styles = escape(part.plain), " ".join(str(span.style) for span in part.spans)
    for style, tag in (("bold", "b"), ("cyan", "code"), ("link", "a")):
        if part.plain and style in styles:
            shown = f"<{tag}>{shown}</{tag}>"
    return shown
