"""Words of cards that no feature owns."""

FAILURE = "Das ging nicht"


def what_to_do(hint: str) -> str:
    return f"**Was tun:** {hint}"
