"""Words of panels and their buttons."""

COMMANDS = {"stream panel": "Eine Live-Statusnachricht in einem Kanal zeigen oder entfernen"}
OPTIONS = {
    "channel": "Welcher Kanal (Standard: dieser)",
    "remove": "Das Panel entfernen (Standard: nein)",
}

WANTED = "📌 Das Panel erscheint in {channel}"
WANTED_MORE = "Es aktualisiert sich selbst. Seine Buttons funktionieren für alle, die Streams steuern dürfen."
REMOVED = "⚫ Panel von {title} entfernt"
NOWHERE = "Ein Panel braucht einen Kanal auf Discord."
NOWHERE_KNOWN = "diesem Kanal"
NOWHERE_HINT = "Nutze hier /stream status."

BUTTONS = {
    "previous": "Zurück",
    "skip": "Überspringen",
    "restart": "Neu starten",
    "stop": "Stopp",
    "queue": "Warteschlange",
    "logs": "Log",
    "refresh": "Aktualisieren",
}
IN_PROGRESS = "Das läuft gerade schon."
IN_PROGRESS_HINT = "Schau gleich noch einmal auf das Panel."
OUTDATED = "Dieser Button stammt von einer anderen Version des Bots."
OUTDATED_HINT = "Hol dir mit /stream panel ein neues Panel, oder nutze die /stream-Befehle."
GIVEN_UP = "📌 Das Panel wird nicht mehr aktualisiert. Der Grund steht im Log; `/stream panel` bringt es zurück."
