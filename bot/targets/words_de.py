"""Words of targets, their tests, and the form for a stream key."""

from streaming.model.states import TargetKind

COMMANDS = {
    "target": "Sagen, wohin Streams gehen dürfen",
    "target add": "Ein Ziel anlegen; nach dem Streamschlüssel fragt ein Formular, das nur du siehst",
    "target list": "Die Ziele dieses Servers zeigen",
    "target remove": "Ein Ziel und seinen Streamschlüssel vergessen",
    "target test": "Zwei Sekunden an ein Ziel senden und sehen, was sein Ingest antwortet",
}
OPTIONS = {
    "platform": "Wessen Ingest es ist",
    "name": "Wie das Ziel hier heißt (sonst: wie die Plattform)",
    "target": "Welches Ziel",
}
CHOICES = {
    TargetKind.YOUTUBE: "YouTube",
    TargetKind.TWITCH: "Twitch",
    TargetKind.KICK: "Kick",
    TargetKind.FACEBOOK: "Facebook",
    TargetKind.CUSTOM: "Ein anderer Ingest (RTMP)",
    TargetKind.LOCAL: "Dieser Rechner",
}
TITLE = "Ziele"
NO_TARGETS = "Hier gibt es noch kein Ziel. Lege eines mit **/target add** an."
SAVED = "🟢 Ziel gespeichert"
REMOVED = "⚫ Ziel entfernt"

MODAL_TITLE = "Ein Ziel anlegen"
URL_LABEL = "URL des Ingests"
URL_HELP = "Beginnt mit rtmp:// oder rtmps://, ohne den Schlüssel"
URL_EXAMPLE = "rtmp://HOST/ANWENDUNG"
KEY_LABEL = "Streamschlüssel"
KEY_HELP = "Aus dem Live-Dashboard der Plattform. Er wird verschlüsselt gespeichert und nie wieder gezeigt."

TESTING = "Zwei Sekunden Bild und Ton sind unterwegs dorthin. Das dauert ein paar Sekunden."


def removed(name: str) -> str:
    return f"**{name}** und sein Schlüssel sind vergessen."


def used_by(streams: str) -> str:
    return f"benutzt von {streams}"


def key(hint: str) -> str:
    return f"Schlüssel {hint}"


def testing(name: str) -> str:
    return f"🔵 {name} wird getestet"


def works(name: str) -> str:
    return f"🟢 {name} funktioniert"


def works_not(name: str) -> str:
    return f"🔴 {name} funktioniert nicht"
