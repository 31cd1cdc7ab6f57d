"""Words about who may do what, a server's settings, and what Discord does not let us do."""

from streaming.control.guilds import Language, Setting

COMMANDS = {
    "settings": "Sehen oder ändern, wer hier Streams steuert, wo Störungen gemeldet werden, und die Sprache",
}
OPTIONS = {
    "operator_role": "Wer diese Rolle hat, darf Streams steuern wie alle, die den Server verwalten",
    "alerts_channel": "Wo Störungen gemeldet werden",
    "language": "Worin Panels und Meldungen geschrieben werden",
    "clear": "Eine Wahl vergessen",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Rolle für Operatoren",
    Setting.ALERTS_CHANNEL: "Kanal für Störungen",
    Setting.LANGUAGE: "Sprache",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Einstellungen"
SETTINGS_SAVED = "🟢 Einstellungen gespeichert"
NO_OPERATOR_ROLE = "niemand außer denen, die den Server verwalten"
NO_ALERTS_CHANNEL = "nirgends"
NO_LANGUAGE = "die des Servers"
SETTINGS_HINT = "Ändere eine mit **/settings**, oder vergiss sie mit der Option **clear:**."

REFUSED_TITLE = "🔴 Du darfst zusehen, aber nichts ändern"
REFUSED_HINT = "Frag sie, oder frag nach der Rolle."
REFUSED_TO_CHOOSE = "Nur wer diesen Server verwaltet, wählt seine Einstellungen."
REFUSED_TO_CHOOSE_HINT = "Frag jemanden davon. Was jetzt gilt, zeigt **/settings** allein."


def refused(operator_role: str) -> str:
    """Who runs streams here; `operator_role` is a mention, or nothing."""
    having = f" oder die Rolle {operator_role} haben" if operator_role else ""
    return f"Streams steuern alle, die diesen Server verwalten{having}."
