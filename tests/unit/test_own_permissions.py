"""Whatever Discord does not let us do is named, and only what has to be allowed first."""

from itertools import product

import discord
import pytest

from bot import own_permissions
from bot.failures import failure_card

NEEDED = ("view_channel", "send_messages", "embed_links", "attach_files")
SETTINGS = ("View Channel", "Send Messages", "Embed Links", "Attach Files")


class Refusal:
    """As much of an HTTP answer as an error of discord.py looks at."""

    status, reason = 403, "Forbidden"


@pytest.mark.parametrize("allowed", list(product((True, False), repeat=4)), ids=str)
def test_every_combination_is_told_in_the_words_of_discords_settings(allowed: tuple[bool, ...]) -> None:
    told = own_permissions.missing(discord.Permissions(**dict(zip(NEEDED, allowed, strict=True))))
    lacking = [setting for setting, is_allowed in zip(SETTINGS, allowed, strict=True) if not is_allowed]
    # Without the first two, the others are of no use and count as missing: allowing the first tells of the next.
    assert told == (lacking[:1] if "View Channel" in lacking or "Send Messages" in lacking else lacking)


@pytest.mark.parametrize("code", [50013, 50001])
@pytest.mark.parametrize("allowed", list(product((True, False), repeat=4)), ids=str)
def test_refusal_names_what_is_missing_here(code: int, allowed: tuple[bool, ...]) -> None:
    permissions = discord.Permissions(**dict(zip(NEEDED, allowed, strict=True)))
    error = discord.Forbidden(Refusal(), {"code": code, "message": "Missing"})
    card = failure_card(error, permissions)
    missing = own_permissions.missing(permissions)
    assert card.description
    assert all(name in card.description for name in missing)
    assert ("I lack" in card.description) == bool(missing)
    assert "What to do" in card.description
