"""Words about failures, permissions, and what Discord refuses."""

from collections.abc import Sequence

from bot.i18n.numbers_de import listed

PERMISSIONS = {
    "read_messages": "Kanal ansehen",
    "send_messages": "Nachrichten senden",
    "embed_links": "Links einbetten",
    "attach_files": "Dateien anhängen",
}
GIVE_PERMISSIONS = "Bitte jemanden, der den Kanal verwaltet, es mir oder meiner Rolle zu erlauben."
YOU_MAY_NOT_POST_HINT = "Wähle einen Kanal, in dem du schreiben darfst, oder frag jemanden, der es darf."
HERE = "diesem Kanal"
NOT_ALLOWED = "Discord lässt mich das hier nicht tun."
NOT_ALLOWED_HINT = (
    "Erlaube mir in diesem Kanal: Kanal ansehen, Nachrichten senden, Links einbetten und Dateien anhängen."
)
TROUBLE_HINT = "Streams bleiben auf Sendung. Versuch es in einer Minute noch einmal. Im Log steht es unter {reference}."
TOO_MANY = "Discord bremst meine Anfragen gerade aus."
UNKNOWN_CHOICE = "Discord hat etwas geschickt, das es nicht mehr gibt: {what}."
UNKNOWN_CHOICE_HINT = "Wähle es noch einmal aus der Liste."
DEAD_BUTTON = (
    "Dieser Button oder dieses Formular funktioniert nicht mehr: Ich wurde seitdem neu gestartet oder aktualisiert."
)
DEAD_BUTTON_HINT = "Nutze den Befehl noch einmal."

UNEXPECTED = "Bei uns ist etwas schiefgegangen."
UNEXPECTED_HINT = (
    "Versuch es noch einmal. Passiert es wieder, nenne dem Betreiber diese Nummer aus dem Log: {reference}"
)
DATABASE_AWAY = "Die Datenbank ist gerade nicht verfügbar. Streams bleiben auf Sendung."
DATABASE_AWAY_HINT = (
    "Versuch es in einer Minute noch einmal. Bleibt es so, sag dem Betreiber Bescheid; im Log steht der Grund."
)
OUTDATED = "Dieser Befehl hat sich geändert, seit Discord ihn dir gezeigt hat."
OUTDATED_HINT = "Warte eine Minute, lade Discord neu und versuch es noch einmal."
SERVER_ONLY = "Diesen Befehl gibt es nur auf einem Server."
SERVER_ONLY_HINT = "Nutze ihn im Kanal eines Servers."
NOT_SERVED = "Für diesen Server bin ich nicht eingerichtet."
NOT_SERVED_HINT = "Bitte den Betreiber, ihn aufzunehmen, und lade mich dann wieder ein."

REFUSED_TITLE = "🔴 Dafür fehlt dir die Berechtigung"
REFUSED_HINT = "Bitte jemanden mit diesem Recht darum, oder lass dir Zugriff geben."
REFUSED_TO_CHOOSE = "Nur Mitglieder, die den Server verwalten dürfen, können diese Einstellungen ändern."
REFUSED_TO_CHOOSE_HINT = (
    "Bitte jemanden mit diesem Recht. **/settings** ohne Optionen zeigt die aktuellen Einstellungen."
)


def may_not_post(where: str, missing: Sequence[str]) -> str:
    return f"In {where} kann ich nichts posten. Mir fehlt: {listed(missing)}."


def you_may_not_post(where: str) -> str:
    return f"In {where} darfst du nicht schreiben, deshalb poste ich dort nichts für dich."


def trouble(status: int) -> str:
    return f"Discord hat gerade Probleme ({status})."


def refused(operator_role: str) -> str:
    having = f" oder die Rolle {operator_role} haben," if operator_role else ""
    return f"Nur Mitglieder, die den Server verwalten dürfen{having or ','} können hier Streams steuern."
