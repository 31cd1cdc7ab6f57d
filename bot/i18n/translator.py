"""Command descriptions in every language. Discord registers them all; names of commands are never translated."""

from collections.abc import Mapping
from functools import cache

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Place
from discord.app_commands import locale_str

from bot.i18n import words
from bot.i18n.languages import language_of
from bot.i18n.words import current_language, topic_module
from streaming.services.guilds import Language

_TABLES = ("COMMANDS", "OPTIONS", "CHOICES")
_TRANSLATED = (Place.command_description, Place.group_description, Place.parameter_description, Place.choice_name)


class CommandTranslator(app_commands.Translator):
    """Translates descriptions and choices by their English text."""

    async def translate(
        self, string: locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The translation for a locale; None where it equals the English text or the language is not ours."""
        language = language_of(locale)
        if language is None or context.location not in _TRANSLATED:
            return None
        translation = command_text(string.message, language)
        return translation if translation != string.message else None


def command_text(english: str, language: Language | None = None) -> str:
    """A description or the name of a choice in a language (default: the current one); unknown text stays English."""
    return _dictionary(language or current_language()).get(english, english)


@cache
def _dictionary(language: Language) -> Mapping[str, str]:
    """Translations by English text; entries of the same name in a topic's tables belong together."""
    translations: dict[str, str] = {}
    for topic in words.__all__:
        english, other = topic_module(topic, Language.ENGLISH), topic_module(topic, language)
        for table in _TABLES:
            translated = getattr(other, table, {})
            translations |= {text: translated[name] for name, text in getattr(english, table, {}).items()}
    return translations
