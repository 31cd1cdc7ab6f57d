"""What the bot writes into a stream's log about its panel; logs are in English whatever the guild's language."""

PANEL_DELETED = "The panel was deleted, so it is kept no more."
CHANNEL_DELETED = "The channel of the panel was deleted, so it is kept no more."
NOT_ALLOWED = "The panel cannot be kept: I may not write in its channel any more. Use /stream panel when I may."
REFUSED = "The panel cannot be kept: Discord refuses it ({reason}). Use /stream panel to try again."
