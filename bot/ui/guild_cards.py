"""Cards about who may do what, and what a guild has chosen."""

from discord import Embed

from bot.ui.cards import BLUE, GREEN, RED
from bot.ui.words import failures
from bot.ui.words import guild as words
from streaming.control.guilds import GuildChoice, Setting


def refused(operator_role_id: int | None) -> Embed:
    """For somebody who may look but not run streams."""
    role = f"<@&{operator_role_id}>" if operator_role_id else ""
    return _refusal(words.refused(role), words.REFUSED_HINT)


def refused_to_choose() -> Embed:
    """For somebody who does not manage the server and would change its settings."""
    return _refusal(words.REFUSED_TO_CHOOSE, words.REFUSED_TO_CHOOSE_HINT)


def settings(choice: GuildChoice, *, is_saved: bool = False) -> Embed:
    """What the guild has chosen."""
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


def _refusal(why: str, hint: str) -> Embed:
    return Embed(title=words.REFUSED_TITLE, description=f"{why}\n\n{failures.what_to_do(hint)}", colour=RED)
