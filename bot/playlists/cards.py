"""Cards about saved playlists."""

from collections.abc import Sequence

from discord import Embed

from bot.cards import text
from bot.cards.basic import BLUE, GREEN, GREY, ORANGE
from bot.i18n.words import playlists as words
from streaming.model.listed import Listed
from streaming.services.playlists import DEMO, PlaylistInfo
from streaming.youtube.references import parse_reference

_LIST_LIMIT = 3000
_LATELY_LIMIT = 900
_SHOWN_LATELY = 10


def saved(playlist: PlaylistInfo) -> Embed:
    start = words.START.format(name=text.named(playlist.name, 60))
    return Embed(title=words.SAVED, description=f"{_paragraph(playlist)}\n\n{start}", colour=GREEN)


def removed(playlist: PlaylistInfo) -> Embed:
    return Embed(title=words.REMOVED, description=words.removed(text.named(playlist.label, 60)), colour=GREY)


def listing(so_far: Listed) -> Embed:
    """A listing under way."""
    return Embed(title=words.LISTING, description=f"{_title(so_far)}\n{words.so_far(so_far.items)}", colour=BLUE)


def listed(found: Listed) -> Embed:
    """A finished listing."""
    has_some = found.playable > 0
    return Embed(
        title=words.LISTED if has_some else words.NOTHING_TO_PLAY,
        description=f"{_title(found)}\n{words.playable(found.items, found.playable)}",
        colour=GREEN if has_some else ORANGE,
    )


def playlists(found: Sequence[PlaylistInfo]) -> Embed:
    """A guild's saved playlists, and those it played lately."""
    named = [playlist for playlist in found if playlist.name]
    lately = [playlist for playlist in found if not playlist.name]
    card = Embed(title=words.TITLE, colour=BLUE)
    card.description = text.fitting(map(_paragraph, named), _LIST_LIMIT) or words.NONE
    if lately:
        lines = [f"- {_linked(playlist)}" for playlist in lately[:_SHOWN_LATELY]]
        card.add_field(name=words.PLAYED_LATELY, value=text.fitting(lines, _LATELY_LIMIT), inline=False)
    return card


def _paragraph(playlist: PlaylistInfo) -> str:
    listed_at = text.since(playlist.listed_at) if playlist.listed_at else ""
    title = f"{text.safe(playlist.title, 80)} · " if playlist.title and playlist.title != playlist.name else ""
    return f"**{_linked(playlist)}**\n-# {title}{words.facts(playlist.items_listed, listed_at)}"


def _linked(playlist: PlaylistInfo) -> str:
    address = "" if playlist.playlist == DEMO else parse_reference(playlist.playlist).url
    return text.linked(playlist.label, address, 80)


def _title(listed: Listed) -> str:
    return f"**{text.named(listed.title, 100)}**"
