"""Renders Discord's embeds with rich."""

import re
from datetime import UTC, datetime

from discord import Embed
from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.cards.basic import GREEN, GREY
from bot.cards.text import safe
from streaming.ingest.reception import IngestReport
from streaming.model.text import visible_signs

_MARKUP = re.compile(
    r"\\(?P<escaped>[^a-zA-Z0-9\s])"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|~~(?P<struck>.+?)~~"
    r"|(?P<tick>`+)(?P<code>.+?)(?P=tick)"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\(<?(?P<link>https?://[^\s)>]+)>?\)"
    r"|<t:(?P<time>\d+)(?::\w)?>"
    r"|(?<!\w)[*_](?P<italic>[^*_\n]+)[*_](?!\w)"
    r"|^-# (?P<small>[^\n]+)$",
    re.MULTILINE | re.DOTALL,
)
_STYLES = {"bold": "bold", "code": "cyan", "italic": "italic", "small": "dim", "struck": "strike"}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))
_WIDTH = 88
_ZERO_WIDTH_SPACE = "\u200b"  # keeps Discord from making links and mentions; terminals make none


def render(embed: Embed) -> RenderableType:
    """The card, bordered in its colour."""
    parts: list[RenderableType] = []
    if embed.description:
        parts.append(styled(embed.description))
    if embed.description and embed.fields:
        parts.append("")
    if embed.fields:
        parts.append(_fields(embed))
    if embed.footer.text:
        parts.append(Text(visible_signs(embed.footer.text), style="dim"))
    colour = f"#{embed.colour.value:06x}" if embed.colour else "default"
    return Panel(
        Group(*parts),
        title=Text(plain(embed.title or ""), style="bold") if embed.title else None,
        title_align="left",
        border_style=colour,
        box=box.ROUNDED,
        width=_WIDTH,
        padding=(0, 1),
    )


def received(report: IngestReport) -> Embed:
    if not report.sessions:
        return Embed(title="Received at the local ingest", description="Nothing.", colour=GREY)
    reconnects = "in one session" if report.sessions == 1 else f"in {report.sessions} sessions"
    card = Embed(title="Received at the local ingest", colour=GREEN)
    card.add_field(name="Media", value=f"{report.seconds:.1f} s {reconnects}, {report.size_bytes / 1e6:.1f} MB")
    card.add_field(name="Picture", value=f"{report.width} × {report.height} at {round(report.fps, 1):g} fps")
    card.add_field(name="Longest gap", value=f"{report.longest_gap_seconds * 1000:.0f} ms between two pictures")
    card.add_field(name="Timestamps", value=f"at most {report.steps_over_nominal_ms:.0f} ms over the nominal step")
    card.add_field(name="Sound", value=f"{report.sound_holes or 'no'} hole{'s' * (report.sound_holes != 1)}")
    if report.recording:
        card.add_field(name="Recording", value=safe(str(report.recording), 300))
    return card


def headline(embed: Embed) -> str:
    """The card in one line."""
    first = plain(embed.description or "").partition("\n")[0]
    return " · ".join(part for part in (plain(embed.title or ""), first) if part)


def plain(markdown: str) -> str:
    """A text in Discord's markdown without its marks."""
    return styled(markdown).plain


def styled(markdown: str, *, style: str = "") -> Text:
    """A text in Discord's markdown, limited to the marks our cards use."""
    markdown = visible_signs(markdown.replace(_ZERO_WIDTH_SPACE, ""), keeps_lines=True)
    text, end = Text(style=style), 0
    for match in _MARKUP.finditer(markdown):
        text.append(markdown[end : match.start()])
        text.append_text(_mark(match))
        end = match.end()
    return text.append(markdown[end:])


def _mark(match: re.Match[str]) -> Text:
    kind = match.lastgroup or ""
    if kind == "link":
        return styled(match["label"], style=f"underline link {match['link']}")
    if kind == "time":
        return Text(_ago(int(match["time"])))
    if kind == "tick" or match["code"]:
        return Text(match["code"], style=_STYLES["code"])
    if kind == "escaped":
        return Text(match["escaped"])
    return styled(match[kind], style=_STYLES[kind])


def _ago(unix_time: int) -> str:
    seconds = datetime.now(UTC).timestamp() - unix_time
    amount = next((f"{abs(seconds) / size:.0f} {name}" for size, name in _UNITS if abs(seconds) >= size), None)
    amount = amount or f"{abs(seconds):.0f} s"
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"


def _fields(embed: Embed) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for shown in embed.fields:
        table.add_row(Text(plain(shown.name or "")), styled(shown.value or ""))
    return table
