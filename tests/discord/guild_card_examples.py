"""Cards about a server's own affairs, as worth a look as those of streams."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from discord import Client, Embed, Intents
from discord.app_commands import CommandTree

from bot.discord import permissions
from bot.discord.mentions import Mentions
from bot.help import cards as help_cards
from bot.help.cards import BotFacts
from bot.help.commands import about_command, help_command
from bot.playlists import cards as playlist_cards
from bot.setup import cards as guild_cards
from bot.setup import welcome
from bot.targets.commands import TargetCommands
from streaming.model.listed import Listed
from streaming.services.engines import EngineInfo
from streaming.services.guilds import GuildChoice, Language
from streaming.services.playlists import PlaylistInfo
from tests.standins.no_services import NO_SERVICES

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NIGHT = PlaylistInfo("PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-", "Night loop", "Lo-fi for the small hours", 120, NOON)
PLAYED = PlaylistInfo("PLaaaaaaaaaaaaaaaa", "", "", None, None)
ENGINE = EngineInfo("studio-1-9f3c", "0.1.0 · FFmpeg 9.0.2 · yt-dlp 2026.10.26 · deno 2.9.8", NOON)
FACTS = BotFacts("0.1.0", NOON, 1204, "https://discord.com/oauth2/authorize?client_id=1&permissions=52224&scope=bot")


def examples() -> Iterator[tuple[str, Embed]]:
    """A name and a card for each that looks different."""
    yield "settings", guild_cards.settings(GuildChoice())
    yield "settings_saved", guild_cards.settings(GuildChoice(11, 12, Language.GERMAN), is_saved=True)
    yield "refused", permissions.operators_only(None)
    yield "refused_operators", permissions.operators_only(11)
    yield "refused_to_choose", permissions.managers_only()
    yield "playlists", playlist_cards.playlists([NIGHT, PLAYED])
    yield "no_playlists", playlist_cards.playlists([])
    yield "playlist_saved", playlist_cards.saved(NIGHT)
    yield "playlist_removed", playlist_cards.removed(NIGHT)
    yield "playlist_listing", playlist_cards.listing(Listed("Evenings", 1100, 1090))
    yield "playlist_listed", playlist_cards.listed(Listed("Evenings", 1200, 1190))
    yield "playlist_unplayable", playlist_cards.listed(Listed("Evenings", 3, 0))
    yield "welcome", welcome.card(known())
    yield "help", help_cards.overview(commands(), known())
    yield "help_command", help_cards.command(help_cards.leaves(commands())[0], Mentions())
    yield "about", help_cards.about(FACTS, [ENGINE])
    yield "about_no_engine", help_cards.about(FACTS, [])


def known() -> Mentions:
    """Commands as they are named once Discord has given them numbers."""
    mentions = Mentions()
    mentions.set_ids({"target": 21, "stream": 22, "settings": 23, "help": 24})
    return mentions


def commands() -> list[Any]:
    """A few of the commands, so that a new one is no reason to draw this anew."""
    tree: CommandTree[Any] = CommandTree(Client(intents=Intents.none()))
    targets = TargetCommands(NO_SERVICES.targets, NO_SERVICES.guilds)
    return [targets, help_command(tree, Mentions()), about_command(tree, NO_SERVICES.engines)]
