"""`/target`, and stream keys kept out of sight."""

import logging
from typing import Any

import pytest

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from tests.discord.actor import Person

PLANTED = "planted-9f3c-key-4711"
FILLED_IN = {"url": "rtmp://127.0.0.1/live", "key": PLANTED}


async def test_form_knows_where_platforms_take_streams(alice: Person) -> None:
    form = await alice.form("target add", platform="youtube")
    url, key = [label["component"] for label in form["components"]]
    assert (url["custom_id"], url["value"]) == ("url", "rtmps://a.rtmps.youtube.com:443/live2")
    assert key["custom_id"] == "key"
    assert not key.get("value")


async def test_form_of_a_custom_target_asks_for_the_address(alice: Person) -> None:
    form = await alice.form("target add", platform="custom", name="ours")
    assert not form["components"][0]["component"].get("value")


async def test_added_target_is_listed_with_the_end_of_its_key(alice: Person) -> None:
    answer = await alice.fill("target add", FILLED_IN, platform="custom", name="ours")
    assert answer.card.title == "🟢 Target saved"
    assert (answer.is_private, answer.is_only_message) == (True, True)
    listed = await alice.slash("target list")
    assert "**ours**" in listed.text
    assert "key …4711" in listed.text
    assert listed.is_private


async def test_what_is_filled_in_is_cleaned_before_anything_is_made_of_it(alice: Person) -> None:
    answer = await alice.fill(
        "target add", {"url": "rtmp://\ud83d.example/live\0", "key": "planted"}, platform="custom", name="ours"
    )
    assert "is not the URL of an ingest" in answer.text
    assert "\ud83d" not in answer.text


async def test_target_without_a_name_is_called_like_its_platform(alice: Person) -> None:
    answer = await alice.fill("target add", FILLED_IN, platform="twitch")
    assert "**twitch** · Twitch" in answer.text


@pytest.mark.parametrize(
    ("filled_in", "complaint"),
    [
        ({**FILLED_IN, "url": "https://example.com"}, "is not the URL of an ingest"),
        ({**FILLED_IN, "key": "two words"}, "A stream key has no spaces"),
    ],
)
async def test_form_filled_in_wrongly_is_declined(alice: Person, filled_in: dict[str, str], complaint: str) -> None:
    answer = await alice.fill("target add", filled_in, platform="custom", name="ours")
    assert complaint in answer.text
    assert answer.is_private
    assert "no targets yet" in (await alice.slash("target list")).text


async def test_key_is_seen_nowhere(alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [await alice.fill("target add", FILLED_IN, platform="custom", name="ours")]
    seen.append(await alice.fill("target add", {**FILLED_IN, "url": f"http://x/{PLANTED}"}, platform="custom"))
    seen.append(await alice.slash("target list"))
    assert PLANTED not in "".join(answer.text for answer in seen)
    assert PLANTED not in str(simcord_env.http_requests)
    # discord.py logs what Discord sends when asked for everything; what we and the database say is ours.
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("discord")]
    assert PLANTED not in "".join(ours)


async def test_forms_of_two_who_add_targets_at_once_are_kept_apart(simcord_env: Any, alice: Person) -> None:
    bob = Person(simcord_env, simcord_env.create_guild(), "bob")
    form = await alice.open_form("target add", platform="custom", name="ours")
    other = await bob.open_form("target add", platform="twitch", name="theirs")
    assert "**ours**" in (await alice.submit(form, FILLED_IN)).text
    assert "**theirs** · Twitch" in (await bob.submit(other, FILLED_IN)).text


async def test_second_target_of_a_platform_needs_a_name_before_a_key_is_typed(alice: Person) -> None:
    await alice.fill("target add", FILLED_IN, platform="twitch")
    refused = await alice.slash("target add", platform="twitch")
    assert "There is a target “twitch” already." in refused.text
    assert "/target edit" in refused.text
    assert "**second** · Twitch" in (await alice.fill("target add", FILLED_IN, platform="twitch", name="second")).text


async def test_edit_shows_what_is_there_but_the_key(alice: Person) -> None:
    await alice.fill("target add", FILLED_IN, platform="custom", name="ours")
    form = await alice.form("target edit", target="OURS")
    name, url, key = [label["component"] for label in form["components"]]
    assert (name["value"], url["value"]) == ("ours", FILLED_IN["url"])
    assert not key.get("value")
    assert not key["required"]
    assert key["placeholder"] == "Leave empty to keep …4711"


async def test_edit_keeps_the_key_unless_another_is_given(alice: Person, services: Services) -> None:
    await alice.fill("target add", FILLED_IN, platform="custom", name="ours")
    changed = await alice.fill("target edit", {"name": "theirs", "url": FILLED_IN["url"], "key": ""}, target="ours")
    assert changed.card.title == "🟢 Target changed"
    assert changed.is_private
    assert "key …4711" in changed.text
    elsewhere = {"name": "theirs", "url": "rtmp://127.0.0.1/other", "key": "live_0815_abcdef"}
    changed = await alice.fill("target edit", elsewhere, target="theirs")
    assert PLANTED not in changed.text
    (info,) = await services.targets.all(alice.guild_id)
    assert (info.name, info.url, info.key_hint) == ("theirs", "rtmp://127.0.0.1/other", "…cdef")


async def test_stored_key_goes_to_no_other_address(alice: Person, services: Services) -> None:
    await alice.fill("target add", FILLED_IN, platform="custom", name="ours")
    mine = {"name": "ours", "url": "rtmp://127.0.0.1/mine", "key": ""}
    refused = await alice.fill("target edit", mine, target="ours")
    assert "A stored key is never sent to another address." in refused.text
    assert [info.url for info in await services.targets.all(alice.guild_id)] == [FILLED_IN["url"]]


async def test_edit_of_a_target_on_air_says_when_it_takes_effect(alice: Person, services: Services) -> None:
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret(PLANTED))
    await services.streams.start(setup, StartRequest("demo", title="Night loop"))
    (info,) = await services.targets.all(alice.guild_id)
    changed = await alice.fill("target edit", {"name": "main", "url": info.url, "key": "live_0815"}, target="main")
    assert "takes effect when it reconnects" in changed.text


async def test_edit_of_a_target_that_is_not_there_says_so(alice: Person) -> None:
    assert "There are no targets yet." in (await alice.slash("target edit", target="nope")).text


async def test_removed_target_is_gone(alice: Person) -> None:
    await alice.fill("target add", FILLED_IN, platform="custom", name="ours")
    assert await alice.suggestions("target remove", "target", "OU") == ["ours"]
    answer = await alice.slash("target remove", target="ours")
    assert answer.card.title == "⚫ Target removed"
    assert "no targets yet" in (await alice.slash("target list")).text


async def test_target_in_use_is_kept(alice: Person, services: Services) -> None:
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret(PLANTED))
    await services.streams.start(setup, StartRequest("demo", title="Night loop"))
    assert "used by Night loop" in (await alice.slash("target list")).text
    answer = await alice.slash("target remove", target="main")
    assert "Night loop" in answer.text
    assert answer.is_private


async def test_unknown_target_is_named_back(alice: Person, services: Services) -> None:
    await services.targets.add(Actor(alice.guild_id, 1, "Setup"), "main", TargetKind.TWITCH, "", Secret(PLANTED))
    answer = await alice.slash("target remove", target="nope")
    assert "There is no target “nope”." in answer.text
