"""Telling Discord what commands are for in every language we speak. Their names are the same in all of them."""

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Place
from discord.app_commands import locale_str

from bot.languages import language_of
from bot.ui.command_words import told

_TOLD = (Place.command_description, Place.group_description, Place.parameter_description, Place.choice_name)


class CommandTranslator(app_commands.Translator):
    """Looks the English texts up."""

    async def translate(
        self, string: locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The text for readers with a locale, where it differs from the English one."""
        language = language_of(locale)
        if language is None or context.location not in _TOLD:
            return None
        translation = told(string.message, language)
        return translation if translation != string.message else None
