"""The messages of the streaming side in German, by code. Each module has those of one part of it."""

from bot.i18n.messages_de import media, panels, playout, services

MESSAGES = {
    "joined.sentences": "{first} {second}",
    **services.MESSAGES,
    **playout.MESSAGES,
    **media.MESSAGES,
    **panels.MESSAGES,
}
