"""Words of cards that no feature owns."""

FAILURE = "Das hat nicht geklappt"


def what_to_do(hint: str) -> str:
    return f"**Was du tun kannst:** {hint}"
