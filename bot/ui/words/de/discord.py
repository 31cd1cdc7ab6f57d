"""Words about trouble between us and Discord."""

from collections.abc import Sequence

from bot.ui.words.de.numbers import listed

PERMISSIONS = {
    "read_messages": "Kanal ansehen",
    "send_messages": "Nachrichten senden",
    "embed_links": "Links einbetten",
    "attach_files": "Dateien anhängen",
}
GIVE_PERMISSIONS = "Wer den Kanal verwaltet, kann es dort erlauben, mir oder meiner Rolle."
YOU_MAY_NOT_POST_HINT = "Wähle einen Kanal, in dem du schreiben darfst, oder bitte jemanden, der es dort darf."
HERE = "diesem Kanal"
NOT_ALLOWED = "Discord lässt mich das hier nicht tun."
NOT_ALLOWED_HINT = (
    "Ich brauche Kanal ansehen, Nachrichten senden, Links einbetten und Dateien anhängen. Erlaube mir das im Kanal."
)
TROUBLE_HINT = "Was auf Sendung ist, bleibt es. Versuch es in einer Minute noch einmal. Im Log ist dies {reference}."
TOO_MANY = "Discord bittet uns, langsamer zu machen."
JUNK = "Discord hat etwas geschickt, das es nicht mehr gibt oder nie gab: {what}."
JUNK_HINT = "Wähle es noch einmal aus der Liste, die Discord anbietet."
DEAD_BUTTON = (
    "Dieser Knopf oder dieses Formular ist aus der Zeit, bevor ich neu gestartet wurde, und ich kenne es nicht mehr."
)
DEAD_BUTTON_HINT = "Nimm den Befehl noch einmal; er bringt neue."


def may_not_post(where: str, missing: Sequence[str]) -> str:
    """What is missing, and where."""
    return f"In {where} darf ich nichts schreiben: Dort fehlt mir {listed(missing)}."


def you_may_not_post(where: str) -> str:
    """What a person may not have us post, and where."""
    return f"In {where} darfst du nichts schreiben, also schreibe ich dort auch nichts für dich."


def trouble(status: int) -> str:
    """Discord answering with an error of its own."""
    return f"Discord hat selbst eine Störung ({status})."
