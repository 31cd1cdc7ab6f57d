"""Words about failures, permissions, and what Discord refuses."""

from collections.abc import Sequence

from bot.i18n.numbers_en import listed

PERMISSIONS = {
    "read_messages": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}
"""Names in Discord's settings by discord.py's names."""
GIVE_PERMISSIONS = "Ask someone who manages the channel to allow it for me or my role."
YOU_MAY_NOT_POST_HINT = "Choose a channel you can write in, or ask someone who can."
HERE = "this channel"
NOT_ALLOWED = "Discord doesn't let me do that here."
NOT_ALLOWED_HINT = "Allow me View Channel, Send Messages, Embed Links and Attach Files in this channel."
TROUBLE_HINT = "Streams stay on air. Try again in a minute. It is in the log as {reference}."
TOO_MANY = "Discord is limiting my requests."
UNKNOWN_CHOICE = "Discord sent something that no longer exists: {what}."
UNKNOWN_CHOICE_HINT = "Choose it again from the list."
DEAD_BUTTON = "This button or form no longer works: I was restarted or updated since."
DEAD_BUTTON_HINT = "Use the command again to get a new one."

UNEXPECTED = "Something went wrong on our side."
UNEXPECTED_HINT = "Try again. If it happens again, tell whoever runs this bot this number from the log: {reference}"
DATABASE_AWAY = "The database can't be used right now. Streams stay on air."
DATABASE_AWAY_HINT = "Try again in a minute. If it lasts, tell whoever runs this bot; the log has the reason."
OUTDATED = "This command has changed since Discord showed it to you."
OUTDATED_HINT = "Wait a minute, reload Discord, and try again."
SERVER_ONLY = "This command only works in a server."
SERVER_ONLY_HINT = "Use it in a channel of a server."
NOT_SERVED = "I'm not set up for this server."
NOT_SERVED_HINT = "Ask whoever runs this bot to add it, then invite me again."

REFUSED_TITLE = "🔴 You don't have permission"
REFUSED_HINT = "Ask one of them to do it, or to give you access."
REFUSED_TO_CHOOSE = "Only members with Manage Server can change these settings."
REFUSED_TO_CHOOSE_HINT = "Ask one of them. **/settings** without options shows the current settings."


def may_not_post(where: str, missing: Sequence[str]) -> str:
    """Permissions the bot lacks."""
    return f"I can't post in {where}: I'm missing {listed(missing)}."


def you_may_not_post(where: str) -> str:
    return f"You can't write in {where}, so I won't post there for you."


def trouble(status: int) -> str:
    """An error of Discord's servers."""
    return f"Discord is having problems ({status})."


def refused(operator_role: str) -> str:
    """Who may run streams; `operator_role` is a mention or empty."""
    having = f" or the {operator_role} role" if operator_role else ""
    return f"Only members with Manage Server{having} can control streams here."
