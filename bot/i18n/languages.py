"""Which language a text is in: the user's own for private answers, the guild's for public ones, else English."""

import asyncio
import logging
from typing import Any

from discord import Interaction, Locale

from bot.i18n.words import set_language
from streaming.services.guilds import GuildService, Language

_log = logging.getLogger(__name__)

_LOAD_SECONDS = 5.0
_LANGUAGES = {language.value: language for language in Language}


class GuildLanguages:
    """The languages guilds have chosen, in memory: no answer waits for the database because of them."""

    def __init__(self) -> None:
        self._chosen: dict[int, Language] = {}

    async def load(self, guilds: GuildService) -> None:
        """Reads all choices. Without a database, guilds get the language of their locale until the next start."""
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                self._chosen = dict(await guilds.languages())
        except TimeoutError:
            _log.warning("The languages that servers chose could not be read; they get the language of their locale")

    def remember(self, guild_id: int, language: Language | None) -> None:
        """Stores a guild's choice; None removes it."""
        if language:
            self._chosen[guild_id] = language
        else:
            self._chosen.pop(guild_id, None)

    def of(self, guild_id: int | None, locale: Locale | None) -> Language:
        """The guild's choice, else the language of its locale, else English."""
        chosen = self._chosen.get(guild_id) if guild_id is not None else None
        return chosen or language_of(locale) or Language.ENGLISH


def language_of(locale: Locale | None) -> Language | None:
    """The language of one of Discord's locales, if it is supported."""
    return _LANGUAGES.get(str(locale).partition("-")[0])


def guild_language(client: Any, guild_id: int) -> Language:  # noqa: ANN401  (our bot, whose module imports this one)
    """The language of a guild where there is no interaction."""
    languages: GuildLanguages = client.languages
    guild = client.get_guild(guild_id)
    return languages.of(guild_id, guild.preferred_locale if guild else None)


def use_user_language(interaction: Interaction[Any]) -> None:
    """Sets this task's language to that of the interaction's user."""
    set_language(language_of(interaction.locale) or _guild_language(interaction))


def use_guild_language(interaction: Interaction[Any]) -> None:
    """Sets this task's language to that of the interaction's guild."""
    set_language(_guild_language(interaction))


def _guild_language(interaction: Interaction[Any]) -> Language:
    languages: GuildLanguages = interaction.client.languages
    return languages.of(interaction.guild_id, interaction.guild_locale)
