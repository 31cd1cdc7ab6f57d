"""Words of panels and their buttons."""

COMMANDS = {"stream panel": "Eine Live-Nachricht über einen Stream in einem Kanal halten, oder sie wegnehmen"}
OPTIONS = {
    "channel": "Wohin (sonst: in diesen Kanal)",
    "remove": "Das Panel wegnehmen (sonst: nein)",
}

WANTED = "📌 Das Panel kommt nach {channel}"
WANTED_MORE = "Es hält sich von selbst aktuell, und seine Knöpfe sind für alle, die Streams steuern dürfen."
REMOVED = "⚫ Das Panel von {title} ist weg"
NOWHERE = "Ein Panel lebt in einem Kanal auf Discord."
NOWHERE_KNOWN = "diesem Kanal"
NOWHERE_HINT = "Nimm hier /stream status."

BUTTONS = {
    "previous": "Zurück",
    "skip": "Weiter",
    "restart": "Neu starten",
    "stop": "Stopp",
    "queue": "Warteschlange",
    "logs": "Log",
    "refresh": "Auffrischen",
    "stop_now": "Ja, von der Sendung",
    "keep_on": "Nein",
}
QUICKER = "Das tut gerade schon jemand anders."
QUICKER_HINT = "Sieh gleich noch einmal auf das Panel."
OUTDATED = "Dieser Knopf ist von einer anderen Version von mir."
OUTDATED_HINT = "Hol dir mit /stream panel ein neues Panel, oder nimm die Befehle von /stream."
STOP_QUESTION = "{title} von der Sendung nehmen?"
STOP_QUESTION_MORE = "Alle, die zusehen, sind dann raus. Verloren geht nichts: Er kann wieder gestartet werden."
KEPT_ON = "🟢 Er bleibt auf Sendung"
GIVEN_UP = "📌 Sein Panel wird nicht mehr gehalten. Warum, steht im Log; `/stream panel` bringt es zurück."
