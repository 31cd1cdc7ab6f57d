"""What the bot writes into a stream's log about its panel; logs are in English whatever the guild's language."""

PANEL_DELETED = "The panel was deleted, so it is no longer updated."
CHANNEL_DELETED = "The channel of the panel was deleted, so the panel is gone."
NOT_ALLOWED = "The panel cannot be updated: I may no longer write in its channel. Use /stream panel once I may."
REFUSED = "The panel cannot be updated: Discord refuses it ({reason}). Use /stream panel to try again."
