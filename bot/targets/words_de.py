"""Words of targets, their tests, and the form for a stream key."""

from streaming.model.states import TargetKind

COMMANDS = {
    "target": "Ziele",
    "target add": "Ein Ziel anlegen; das Formular für den Streamschlüssel siehst nur du",
    "target edit": "Name, Adresse oder Streamschlüssel eines Ziels ändern, auch während es auf Sendung ist",
    "target list": "Die Ziele dieses Servers zeigen",
    "target remove": "Ein Ziel und seinen Streamschlüssel entfernen",
    "target test": "Zwei Sekunden an ein Ziel senden und die Antwort seines Ingests zeigen",
}
OPTIONS = {
    "platform": "Die Plattform",
    "name": "Name des Ziels hier (Standard: die Plattform)",
    "target": "Welches Ziel",
}
CHOICES = {
    TargetKind.YOUTUBE: "YouTube",
    TargetKind.TWITCH: "Twitch",
    TargetKind.KICK: "Kick",
    TargetKind.FACEBOOK: "Facebook",
    TargetKind.CUSTOM: "Anderer Ingest (RTMP)",
    TargetKind.LOCAL: "Dieser Rechner",
}
TITLE = "Ziele"
NO_TARGETS = "Noch keine Ziele. Lege eines mit **/target add** an."
SAVED = "🟢 Ziel gespeichert"
CHANGED = "🟢 Ziel geändert"
CHANGED_ON_AIR = "-# Ein Stream benutzt es gerade: Neue Adresse und neuer Schlüssel gelten ab der nächsten Verbindung."
REMOVED = "⚫ Ziel entfernt"

MODAL_TITLE = "Ein Ziel anlegen"
EDIT_TITLE = "Ein Ziel ändern"
NAME_LABEL = "Name"
URL_LABEL = "URL des Ingests"
URL_HELP = "Beginnt mit rtmp:// oder rtmps://, ohne den Schlüssel"
URL_EXAMPLE = "rtmp://HOST/ANWENDUNG"
KEY_LABEL = "Streamschlüssel"
KEY_HELP = "Aus dem Live-Dashboard der Plattform. Wird verschlüsselt gespeichert und nie wieder gezeigt."

TESTING = "Zwei Sekunden Bild und Ton werden gesendet. Das dauert ein paar Sekunden."


def removed(name: str) -> str:
    return f"**{name}** und sein Streamschlüssel sind entfernt."


def used_by(streams: str) -> str:
    return f"benutzt von {streams}"


def key(hint: str) -> str:
    return f"Schlüssel {hint}"


def key_kept(hint: str) -> str:
    return f"Leer lassen, um {hint} zu behalten"


def testing(name: str) -> str:
    return f"🔵 {name} wird getestet"


def works(name: str) -> str:
    return f"🟢 {name} funktioniert"


def works_not(name: str) -> str:
    return f"🔴 {name} funktioniert nicht"
