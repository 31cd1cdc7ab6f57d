"""Who is told something in which language: a reader in their own, everybody in their server's, or else in English."""

import asyncio
import logging
from typing import Any

from discord import Interaction, Locale

from bot.ui.words import speak
from streaming.control.control import Control
from streaming.control.guilds import Language

_log = logging.getLogger(__name__)

_LOAD_SECONDS = 5.0
_LANGUAGES = {language.value: language for language in Language}


class Languages:
    """What servers have chosen, at hand without asking the database: no answer waits for it."""

    def __init__(self) -> None:
        self._chosen: dict[int, Language] = {}

    async def load(self, control: Control) -> None:
        """Reads all choices. A database that is away costs them until the next start, and nothing else."""
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                self._chosen = dict(await control.languages())
        except TimeoutError:
            _log.warning("The languages that servers have chosen could not be read: they hear those of their locales")

    def learn(self, guild_id: int, language: Language | None) -> None:
        """Takes in what a server chooses; nothing is its own locale."""
        if language:
            self._chosen[guild_id] = language
        else:
            self._chosen.pop(guild_id, None)

    def of_guild(self, guild_id: int | None, locale: Locale | None) -> Language:
        """What everybody in a server is told in."""
        chosen = self._chosen.get(guild_id) if guild_id is not None else None
        return chosen or language_of(locale) or Language.ENGLISH


def language_of(locale: Locale | None) -> Language | None:
    """The language of a locale of Discord's, if it is one of ours."""
    return _LANGUAGES.get(str(locale).partition("-")[0])


def of_guild(client: Any, guild_id: int) -> Language:  # noqa: ANN401  (our bot, whose module imports this one)
    """What everybody in a server is told in, where nobody has asked."""
    languages: Languages = client.languages
    guild = client.get_guild(guild_id)
    return languages.of_guild(guild_id, guild.preferred_locale if guild else None)


def speak_to_asker(interaction: Interaction[Any]) -> None:
    """Has this task speak to whoever asked, from now on."""
    speak(language_of(interaction.locale) or _of_everybody(interaction))


def speak_to_everybody(interaction: Interaction[Any]) -> None:
    """Has this task speak to all who see where something was asked, from now on."""
    speak(_of_everybody(interaction))


def _of_everybody(interaction: Interaction[Any]) -> Language:
    languages: Languages = interaction.client.languages
    return languages.of_guild(interaction.guild_id, interaction.guild_locale)
