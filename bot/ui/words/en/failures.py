"""Words about what did not work, and the way out."""

FAILURE = "That did not work"
UNEXPECTED = "Something went wrong that should not have."
UNEXPECTED_HINT = "Try again; if it happens again, tell the operator this number, which is in the log: {reference}"
DATABASE_AWAY = "The database cannot be used at the moment. What is on air stays there."
DATABASE_AWAY_HINT = "Try again in a minute; if it lasts, tell the operator: the log says what is wrong with it."
OUTDATED = "This command has changed since Discord showed it to you."
OUTDATED_HINT = "Wait a minute, reload Discord, and try again."
SERVER_ONLY = "Streams belong to a server."
SERVER_ONLY_HINT = "Use this command in one."
NOT_SERVED = "This server is none of those that I serve."
NOT_SERVED_HINT = "Ask whoever runs me to add it, and invite me again."


def what_to_do(hint: str) -> str:
    """The way out, after what went wrong."""
    return f"**What to do:** {hint}"
