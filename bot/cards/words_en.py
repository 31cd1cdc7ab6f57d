"""Words of cards that no feature owns."""

FAILURE = "That didn't work"


def what_to_do(hint: str) -> str:
    return f"**What to do:** {hint}"
