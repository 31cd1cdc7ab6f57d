"""Words about what did not work, and the way out."""

FAILURE = "Das ging nicht"
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


def what_to_do(hint: str) -> str:
    """The way out, after what went wrong."""
    return f"**Was tun:** {hint}"
