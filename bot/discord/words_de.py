"""Words about failures, permissions, and what Discord refuses."""

from collections.abc import Sequence

from bot.i18n.numbers_de import listed

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

UNEXPECTED = "Etwas ist schiefgegangen, das nicht hätte schiefgehen dürfen."
UNEXPECTED_HINT = (
    "Versuch es noch einmal. Geschieht es wieder, sag dem Betreiber diese Nummer, die im Log steht: {reference}"
)
DATABASE_AWAY = "Die Datenbank ist gerade nicht zu gebrauchen. Was auf Sendung ist, bleibt es."
DATABASE_AWAY_HINT = (
    "Versuch es in einer Minute noch einmal. Dauert es an, sag es dem Betreiber: Im Log steht, was ist."
)
OUTDATED = "Dieser Befehl hat sich geändert, seit Discord ihn dir gezeigt hat."
OUTDATED_HINT = "Warte eine Minute, lade Discord neu und versuch es noch einmal."
SERVER_ONLY = "Streams gehören zu einem Server."
SERVER_ONLY_HINT = "Nimm diesen Befehl auf einem Server."
NOT_SERVED = "Dieser Server gehört nicht zu denen, für die ich da bin."
NOT_SERVED_HINT = "Bitte den Betreiber, ihn aufzunehmen, und lade mich dann wieder ein."

REFUSED_TITLE = "🔴 Du darfst zusehen, aber nichts ändern"
REFUSED_HINT = "Frag sie, oder frag nach der Rolle."
REFUSED_TO_CHOOSE = "Nur wer diesen Server verwaltet, wählt seine Einstellungen."
REFUSED_TO_CHOOSE_HINT = "Frag jemanden davon. Was jetzt gilt, zeigt **/settings** allein."


def may_not_post(where: str, missing: Sequence[str]) -> str:
    return f"In {where} darf ich nichts schreiben: Dort fehlt mir {listed(missing)}."


def you_may_not_post(where: str) -> str:
    return f"In {where} darfst du nichts schreiben, also schreibe ich dort auch nichts für dich."


def trouble(status: int) -> str:
    return f"Discord hat selbst eine Störung ({status})."


def refused(operator_role: str) -> str:
    having = f" oder die Rolle {operator_role} haben" if operator_role else ""
    return f"Streams steuern alle, die diesen Server verwalten{having}."
