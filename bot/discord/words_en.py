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
GIVE_PERMISSIONS = "Somebody who manages the channel can allow it there, for me or for my role."
YOU_MAY_NOT_POST_HINT = "Choose a channel you may write in, or ask somebody who may write there."
HERE = "this channel"
NOT_ALLOWED = "Discord does not let me do that here."
NOT_ALLOWED_HINT = "I need View Channel, Send Messages, Embed Links and Attach Files. Allow me these in the channel."
TROUBLE_HINT = "What is on air stays there. Try again in a minute. In the log this is {reference}."
TOO_MANY = "Discord asks us to slow down."
JUNK = "Discord sent something that is not there any more, or never was: {what}."
JUNK_HINT = "Choose it again from the list that Discord offers."
DEAD_BUTTON = "This button or form is from before I was updated or started anew, and I do not know it any more."
DEAD_BUTTON_HINT = "Use the command again; it brings new ones."

UNEXPECTED = "Something went wrong that should not have."
UNEXPECTED_HINT = "Try again; if it happens again, tell the operator this number, which is in the log: {reference}"
DATABASE_AWAY = "The database cannot be used at the moment. What is on air stays there."
DATABASE_AWAY_HINT = "Try again in a minute; if it lasts, tell the operator: the log says what is wrong with it."
OUTDATED = "This command has changed since Discord showed it to you."
OUTDATED_HINT = "Wait a minute, reload Discord, and try again."
SERVER_ONLY = "Streams belong to a server."
SERVER_ONLY_HINT = "Use this command in one."
NOT_SERVED = "This server is none of those that I serve."
NOT_SERVED_HINT = "Ask whoever runs me to add it, and invite me again."

REFUSED_TITLE = "🔴 You may look, but not change"
REFUSED_HINT = "Ask one of them, or for the role."
REFUSED_TO_CHOOSE = "Only those who manage this server choose its settings."
REFUSED_TO_CHOOSE_HINT = "Ask one of them. What is chosen now you see with **/settings** alone."


def may_not_post(where: str, missing: Sequence[str]) -> str:
    """Permissions the bot lacks."""
    return f"I may not post in {where}: I lack {listed(missing)} there."


def you_may_not_post(where: str) -> str:
    return f"You may not write in {where}, so I post nothing there for you."


def trouble(status: int) -> str:
    """An error of Discord's servers."""
    return f"Discord has trouble of its own ({status})."


def refused(operator_role: str) -> str:
    """Who may run streams; `operator_role` is a mention or empty."""
    having = f" or have the role {operator_role}" if operator_role else ""
    return f"Streams are run by those who manage this server{having}."
