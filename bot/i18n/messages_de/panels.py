"""German: what the bot writes into a stream's log about its panel."""

MESSAGES: dict[str, str] = {
    "paneltrouble.deleted": "Das Panel wurde gelöscht und wird nicht mehr aktualisiert.",
    "paneltrouble.channel_deleted": "Der Kanal des Panels wurde gelöscht, und mit ihm das Panel.",
    "paneltrouble.not_allowed": (
        "Das Panel lässt sich nicht aktualisieren: Ich darf in seinen Kanal nicht mehr schreiben. "
        "Nutze /stream panel, sobald ich es wieder darf."
    ),
    "paneltrouble.refused": (
        "Das Panel lässt sich nicht aktualisieren: Discord lehnt es ab ({reason}). "
        "Mit /stream panel versuchst du es noch einmal."
    ),
}
