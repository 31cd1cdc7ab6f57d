"""Words about who may do what, a server's settings, and what Discord does not let us do."""

from streaming.control.guilds import Language, Setting

COMMANDS = {
    "settings": "See or change who runs streams here, where incidents are told, and the language",
}
OPTIONS = {
    "operator_role": "Who has this role may run streams, as those who manage the server may",
    "alerts_channel": "Where incidents are told",
    "language": "What panels and alerts are written in",
    "clear": "Forget a choice",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Operator role",
    Setting.ALERTS_CHANNEL: "Alerts channel",
    Setting.LANGUAGE: "Language",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Settings"
SETTINGS_SAVED = "🟢 Settings saved"
NO_OPERATOR_ROLE = "nobody but those who manage the server"
NO_ALERTS_CHANNEL = "nowhere"
NO_LANGUAGE = "the server's own"
SETTINGS_HINT = "Change one with **/settings**, or forget it with its option **clear:**."

REFUSED_TITLE = "🔴 You may look, but not change"
REFUSED_HINT = "Ask one of them, or for the role."
REFUSED_TO_CHOOSE = "Only those who manage this server choose its settings."
REFUSED_TO_CHOOSE_HINT = "Ask one of them. What is chosen now you see with **/settings** alone."


def refused(operator_role: str) -> str:
    """Who runs streams here; `operator_role` is a mention, or nothing."""
    having = f" or have the role {operator_role}" if operator_role else ""
    return f"Streams are run by those who manage this server{having}."
