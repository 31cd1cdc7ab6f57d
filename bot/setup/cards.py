"""The card of a guild's settings."""

from discord import Embed

from bot.cards.basic import BLUE, GREEN
from bot.i18n.words import setup as words
from streaming.services.guilds import GuildChoice, Setting


def settings(choice: GuildChoice, *, is_saved: bool = False) -> Embed:
    card = Embed(
        title=words.SETTINGS_SAVED if is_saved else words.SETTINGS_TITLE,
        description="" if is_saved else words.SETTINGS_HINT,
        colour=GREEN if is_saved else BLUE,
    )
    role, channel = choice.operator_role_id, choice.alerts_channel_id
    values = {
        Setting.OPERATOR_ROLE: f"<@&{role}>" if role else words.NO_OPERATOR_ROLE,
        Setting.ALERTS_CHANNEL: f"<#{channel}>" if channel else words.NO_ALERTS_CHANNEL,
        Setting.LANGUAGE: words.LANGUAGES[choice.language] if choice.language else words.NO_LANGUAGE,
    }
    for setting, value in values.items():
        card.add_field(name=words.CHOICES[setting], value=value)
    return card
