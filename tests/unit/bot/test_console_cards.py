"""Discord's embeds are drawn as cards, and cards that change as one line each."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from discord import Colour, Embed
from rich.console import Console

from bot.cards.text import safe
from bot.console import cards
from bot.console.screen import Message, Ticker
from streaming.ingest.reception import IngestReport


def drawn(embed: Embed, *, is_terminal: bool = False) -> str:
    screen = Console(
        file=io.StringIO(), width=60, force_terminal=is_terminal, color_system="truecolor" if is_terminal else None
    )
    screen.print(cards.render(embed))
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("**bold** and `code`", "bold and code"),
        ("[First](https://youtu.be/a)", "First"),
        ("[\\[a\\]](https://youtu.be/a)", "[a]"),
        ("-# small\nlarge", "small\nlarge"),
        (safe("5*3 [x] <@1> _a_ `b` http://c", 100), "5*3 [x] <@1> _a_ `b` http://c"),
        ("snake_case_name", "snake_case_name"),
        ("~~[gone](https://youtu.be/a)~~ · removed", "gone · removed"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
    ],
)
def test_markdown_is_read_as_on_discord(markdown: str, read: str) -> None:
    assert cards.plain(markdown) == read


def test_small_print_ends_with_its_line() -> None:
    text = cards.styled("-# small\nlarge")
    assert [text.plain[span.start : span.end] for span in text.spans if span.style == "dim"] == ["small"]


@pytest.mark.parametrize(
    ("age", "read"),
    [
        (timedelta(seconds=5), "5 s ago"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=-2, seconds=-1), "in 2 h"),
        (timedelta(days=4), "4 d ago"),
    ],
)
def test_moments_are_told_by_their_distance(age: timedelta, read: str) -> None:
    moment = datetime.now(UTC) - age
    assert cards.plain(f"<t:{int(moment.timestamp())}:R>") in (read, read.replace("5 s", "6 s"))


def test_a_card_has_its_title_text_fields_and_footer() -> None:
    card = Embed(title="🟢 On air", description="**First**", colour=Colour(0x3BA55D))
    card.add_field(name="Targets", value="🟢 local").set_footer(text="#1")
    assert drawn(card).splitlines() == [
        "╭─ 🟢 On air ──────────────────────────────────────────────╮",
        "│ First                                                    │",
        "│                                                          │",
        "│ Targets  🟢 local                                        │",
        "│ #1                                                       │",
        "╰──────────────────────────────────────────────────────────╯",
    ]


def test_the_colour_is_shown_on_a_terminal() -> None:
    assert "38;2;59;165;93" in drawn(Embed(title="a", colour=Colour(0x3BA55D)), is_terminal=True)


def test_what_was_received_is_told_with_figures() -> None:
    report = IngestReport(2, 61.23, 12_345_678, 1280, 720, 29.99, 0.034, 0.7, 1, Path("data/recordings/a.flv"))
    text = drawn(cards.received(report))
    for figure in (
        "61.2 s in 2 sessions",
        "1280 × 720 at 30 fps",
        "34 ms",
        "1 ms over",
        "1 hole ",
        "recordings/a.flv",
    ):
        assert figure in text
    assert "Nothing." in drawn(cards.received(IngestReport()))


async def test_elsewhere_than_on_a_terminal_only_the_last_card_is_drawn() -> None:
    output = io.StringIO()
    with Message(Console(file=output, width=60)) as message:
        message.show(Embed(title="first"))
        message.show(Embed(title="second"))
    assert "first" not in output.getvalue()
    assert output.getvalue().count("second") == 1


async def test_what_lasts_is_told_in_a_line_once() -> None:
    output = io.StringIO()
    with Message(Console(file=output, width=60)) as message:
        for _ in range(2):
            message.show(Embed(title="listing", description="page 1\npage 2"))
            async with asyncio.timeout(5):
                while message.is_line_due:
                    await asyncio.sleep(0.02)
    assert output.getvalue().splitlines()[0] == "listing · page 1"
    assert output.getvalue().count("listing · page 1") == 1


async def test_on_a_terminal_the_card_changes_in_place() -> None:
    output = io.StringIO()
    with Message(Console(file=output, width=60, force_terminal=True)) as message:
        message.show(Embed(title="first"))
        message.show(Embed(title="second"))
    up_and_clear = "\x1b[1A\x1b[2K"
    assert up_and_clear in output.getvalue().partition("first")[2]
    assert output.getvalue().count("second") >= 1


def test_the_line_on_air_is_printed_when_it_changes_and_replaced_above_the_prompt() -> None:
    output = io.StringIO()
    ticker = Ticker(Console(file=output, width=20))
    for line in ("one", "one", "two"):
        ticker.show(line)
    assert output.getvalue() == "one\ntwo\n"
    ticker.replace("a line that is far too long")
    assert output.getvalue().endswith("\x1b7\x1b[1F\x1b[2Ka line that is far…\x1b8")
