"""What the bot writes into a stream's log about its panel."""

from streaming.model.message import Text


class PanelTrouble:
    """Why a panel is no longer updated."""

    DELETED = Text("The panel was deleted, so it is no longer updated.")
    CHANNEL_DELETED = Text("The channel of the panel was deleted, so the panel is gone.")
    NOT_ALLOWED = Text(
        "The panel cannot be updated: I may no longer write in its channel. Use /stream panel once I may."
    )
    REFUSED = Text("The panel cannot be updated: Discord refuses it ({reason}). Use /stream panel to try again.")
