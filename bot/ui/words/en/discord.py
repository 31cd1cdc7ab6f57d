"""Words about trouble between us and Discord."""

from collections.abc import Sequence

from bot.ui.words.en.numbers import listed

PERMISSIONS = {
    "read_messages": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}
"""discord.py's names, and what people read in Discord's settings."""
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


def may_not_post(where: str, missing: Sequence[str]) -> str:
    """What is missing, and where."""
    return f"I may not post in {where}: I lack {listed(missing)} there."


def you_may_not_post(where: str) -> str:
    """What a person may not have us post, and where."""
    return f"You may not write in {where}, so I post nothing there for you."


def trouble(status: int) -> str:
    """Discord answering with an error of its own."""
    return f"Discord has trouble of its own ({status})."
