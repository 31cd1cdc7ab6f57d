"""Whatever Discord does not let us do is named, and only what has to be allowed first."""

from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.discord import bot_permissions
from bot.discord.errors import failure_card

NEEDED = ("view_channel", "send_messages", "embed_links", "attach_files")
SETTINGS = ("View Channel", "Send Messages", "Embed Links", "Attach Files")


class Refusal:
    """As much of an HTTP answer as an error of discord.py looks at."""

    status, reason = 403, "Forbidden"


@pytest.mark.parametrize("allowed", list(product((True, False), repeat=4)), ids=str)
def test_every_combination_is_told_in_the_words_of_discords_settings(allowed: tuple[bool, ...]) -> None:
    told = bot_permissions.missing(discord.Permissions(**dict(zip(NEEDED, allowed, strict=True))))
    lacking = [setting for setting, is_allowed in zip(SETTINGS, allowed, strict=True) if not is_allowed]
    # Without the first two, the others are of no use and count as missing: allowing the first tells of the next.
    assert told == (lacking[:1] if "View Channel" in lacking or "Send Messages" in lacking else lacking)


@pytest.mark.parametrize("code", [50013, 50001])
@pytest.mark.parametrize("allowed", list(product((True, False), repeat=4)), ids=str)
def test_refusal_names_what_is_missing_here(code: int, allowed: tuple[bool, ...]) -> None:
    permissions = discord.Permissions(**dict(zip(NEEDED, allowed, strict=True)))
    error = discord.Forbidden(cast("Any", Refusal()), {"code": code, "message": "Missing"})
    card = failure_card(error, permissions)
    missing = bot_permissions.missing(permissions)
    assert card.description
    assert all(name in card.description for name in missing)
    assert ("I'm missing" in card.description) == bool(missing)
    assert "What to do" in card.description


class LockedChannelsThread(discord.Thread):
    """A thread of a channel in which nobody may write outside of threads."""

    def __init__(self, *, may_write: bool) -> None:
        self.guild = cast("Any", SimpleNamespace(me=None))
        self._may_write = may_write

    def permissions_for(self, _: object, /) -> discord.Permissions:
        allowed = {name: True for name in NEEDED if name != "send_messages"}
        return discord.Permissions(**allowed, send_messages_in_threads=self._may_write)


@pytest.mark.parametrize(("may_write", "lacking"), [(True, []), (False, ["Send Messages"])])
def test_in_threads_it_counts_what_is_allowed_in_threads(*, may_write: bool, lacking: list[str]) -> None:
    assert bot_permissions.missing_in(LockedChannelsThread(may_write=may_write)) == lacking
