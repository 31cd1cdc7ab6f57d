"""A message as Discord shows it, as HTML, drawn from what the bot would send: cards, files, buttons and lists."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from discord import Embed, ui
from rich.text import Text

from bot.console.cards import styled

_TAGS = {"bold": "b", "cyan": "code", "link": "a", "dim": "small", "strike": "s"}
_BUTTONS = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}
_SELECT = 3
_COMMAND = re.compile(r"</([^:>]+):\d+>")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of a message, and its size in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def url(self) -> str:
        """The file itself, as an address."""
        kind = "png" if self.content.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot sends, and what stands above it: what it answers, or when it was written."""

    cards: tuple[Embed, ...]
    above: str
    view: ui.View | None = None
    files: Mapping[str, Picture] = field(default_factory=dict)
    is_private: bool = False


def drawn(messages: Iterable[Message]) -> str:
    """The messages, one below the other."""
    return "".join(map(_message, messages))


def _message(message: Message) -> str:
    cards = "".join(_card(card, message.files) for card in message.cards)
    rows = "".join(map(_row, message.view.to_components())) if message.view else ""
    private = '<div class="private">Only you can see this</div>' if message.is_private else ""
    return (
        f'<div class="message">{_FACE}<div class="said"><b>Nonstop</b> <span class="app">APP</span> '
        f'<span class="above">{escape(message.above)}</span></div>{cards}{rows}{private}</div>'
    )


def _card(card: Embed, files: Mapping[str, Picture]) -> str:
    parts = (
        f'<div class="title">{_html(card.title)}</div>' if card.title else "",
        f'<div class="words">{_html(card.description)}</div>' if card.description else "",
        f'<div class="fields">{"".join(map(_field, card.fields))}</div>' if card.fields else "",
        _image(files[card.image.url.removeprefix("attachment://")]) if card.image.url else "",
        f'<div class="foot">{escape(card.footer.text)}</div>' if card.footer.text else "",
    )
    return f'<div class="card" style="border-color:{card.colour}">{"".join(parts)}</div>'


def _field(shown: Any) -> str:  # noqa: ANN401  (discord.py has no name for a field)
    kind = "" if shown.inline else "wide"
    return f'<div class="{kind}"><b>{escape(shown.name)}</b><br/>{_html(shown.value)}</div>'


def _image(picture: Picture) -> str:
    return f'<img src="{picture.url}" width="{picture.width}" height="{picture.height}" alt=""/>'


def _row(row: Mapping[str, Any]) -> str:
    return f'<div class="row">{"".join(map(_part, row["components"]))}</div>'


def _part(part: Mapping[str, Any]) -> str:
    if part["type"] == _SELECT:
        return f'<span class="select">{escape(part["placeholder"])}<i>⌄</i></span>'
    emoji = (part.get("emoji") or {}).get("name") or ""
    shown = " ".join(filter(None, (emoji, escape(part.get("label") or ""))))
    return f'<span class="button {_BUTTONS[part["style"]]}{" off" * part.get("disabled", False)}">{shown}</span>'


def _html(markdown: str | None) -> str:
    text = styled(_COMMAND.sub(r"[/\1](https://discord.com)", markdown or ""))
    edges = {edge for span in text.spans for edge in (span.start, span.end)}
    return "".join(map(_marked, text.divide(sorted(edges)))).replace("\n", "<br/>")


def _marked(part: Text) -> str:
    shown, styles = escape(part.plain), " ".join(str(span.style) for span in part.spans)
    for style, tag in _TAGS.items():
        if part.plain and style in styles:
            shown = f"<{tag}>{shown}</{tag}>"
    return shown


_FACE = """<svg xmlns="http://www.w3.org/2000/svg" class="face" viewBox="20 22 40 40" width="40" height="40">
<circle cx="40" cy="42" r="20" fill="#16181d"/><circle cx="40" cy="42" r="4.5" fill="#e8b04b"/>
<g fill="none" stroke="#e8b04b" stroke-width="2.5" stroke-linecap="round">
<path d="M33.6 35.6a9 9 0 0 0 0 12.8M46.4 35.6a9 9 0 0 1 0 12.8"/>
<path opacity=".5" d="M29.4 31.4a15 15 0 0 0 0 21.2M50.6 31.4a15 15 0 0 1 0 21.2"/></g></svg>"""
