"""A terminal whose picture is taken."""

import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

_COLUMNS = 90
_TEMPLATE = Path(__file__).with_name("terminal.template.svg").read_text()


def _theme(ground: str, text: str, colours: str) -> TerminalTheme:
    ground_rgb, text_rgb, *colours_rgb = [
        (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)) for code in (ground, text, *colours.split())
    ]
    return TerminalTheme(ground_rgb, text_rgb, colours_rgb)


_THEMES = {
    "dark": _theme("16181d", "dedbd5", "3c3f48 e4605c 59b878 e8b04b 6e96f0 be82dc 62b8c4 dedbd5"),
    "light": _theme("faf9f6", "2c2e34", "2c2e34 be3230 247a46 a0680a 325ac8 8640aa 14707e 787a82"),
}


def screen() -> Console:
    """A terminal that remembers what is printed."""
    return Console(record=True, width=_COLUMNS, highlight=False, file=io.StringIO())


def pictures(screen: Console) -> dict[str, str]:
    """What was printed, as SVG, by theme."""
    return {
        theme: screen.export_svg(title="", theme=colours, code_format=_TEMPLATE, unique_id="c", clear=False)
        for theme, colours in _THEMES.items()
    }
