"""`/stream previous`, `jump` and `queue`, and every button of the queue."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.cards.basic import is_failure
from bot.client import create_bot
from bot.queue import cards
from bot.queue.views import page_view, read_page
from streaming.model.states import CommandState, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.settings import Settings
from tests.discord.actor import Person
from tests.discord.test_cards import HOSTILE
from tests.standins.discord_wire.limits import message_problems
from tests.standins.paper_engine import PaperEngine

TITLES = {f"video{number:02}": f"Song {number}" for number in range(25)}
KEYS = list(TITLES)


@pytest.fixture
async def on_air(services: Services, alice: Person, engine: PaperEngine) -> int:
    """A stream that plays the first of 25 songs: its id."""
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    started = await services.streams.start(setup, StartRequest("demo", title="Night loop"))
    await engine.bring_to_air(started.stream_id)
    await engine.list_items(started.stream_id, TITLES, upcoming=KEYS[1:])
    return started.stream_id


@asynccontextmanager
async def engine_answers(
    engine: PaperEngine, said: str, state: CommandState = CommandState.DONE
) -> AsyncIterator[None]:
    """The engine takes the next command."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(state, said))
        yield


class Viewer:
    """Somebody with a message of the queue before them."""

    def __init__(self, person: Person, env: Any, message: Any) -> None:
        self.person, self.env, self.message = person, env, message

    @property
    def text(self) -> str:
        (card,) = self.message.embeds
        return "\n".join(filter(None, (card.title, card.description, card.footer.text)))

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """Buttons and lists by custom_id."""
        return {part["custom_id"]: part for row in self.message.components for part in row["components"]}

    @property
    def options(self) -> list[str]:
        """What can be chosen."""
        return [option["value"] for part in self.parts.values() for option in part.get("options", [])]

    async def press(self, custom_id: str) -> Any:
        assert not self.parts[custom_id].get("disabled")
        return await self.person._actor.click(self.message, custom_id=custom_id)

    async def choose(self, key: str) -> None:
        (custom_id,) = (custom_id for custom_id in self.parts if custom_id.endswith(":choose"))
        await self.person._actor.select(self.message, [key], custom_id=custom_id)

    async def search(self, text: str) -> None:
        form = await self.press(next(custom_id for custom_id in self.parts if ":search:" in custom_id))
        await self.person._actor.submit_modal(form, {"text": text})

    def failure(self, result: Any) -> str:
        """What only whoever pressed was told."""
        (message,) = (each for each in (result.response, *result.followups) if each and each.id != self.message.id)
        (card,) = message.embeds
        assert is_failure(card)
        assert message.ephemeral
        _ = self.env.errors
        return str(card.description)


@pytest.fixture
def view_queue(simcord_env: Any, alice: Person) -> Any:
    async def view(**options: object) -> Viewer:
        result = await alice._actor.slash(alice._channel, "stream queue", **options)
        assert result.response.ephemeral
        return Viewer(alice, simcord_env, result.response)

    return view


# previous, jump


@pytest.mark.usefixtures("on_air")
async def test_previous_tells_what_plays_again(alice: Person, engine: PaperEngine) -> None:
    async with engine_answers(engine, "Back to “Song 0”."):
        answer = await alice.slash("stream previous")
    assert (answer.card.title, answer.card.description) == ("⏮️ Back", "Back to “Song 0”.")
    assert (answer.is_private, answer.is_only_message) == (False, True)


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize(("when", "title"), [({}, "▶️ Playing now"), ({"when": "next"}, "⏭️ Up next")])
async def test_jump_takes_an_item_now_or_next(
    alice: Person, engine: PaperEngine, when: dict[str, str], title: str
) -> None:
    async with engine_answers(engine, "“Song 7” it is."):
        answer = await alice.slash("stream jump", item="Song 7", **when)
    assert (answer.card.title, answer.card.description) == (title, "“Song 7” it is.")


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize("item", ["", "nothing", "@everyone **x**", "x" * 6000])
async def test_jump_to_junk_is_declined_to_whoever_asked(alice: Person, item: str) -> None:
    answer = await alice.slash("stream jump", item=item)
    assert "There is no item" in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("on_air")
async def test_jump_to_what_many_titles_hold_asks_which(alice: Person) -> None:
    assert "Several items match" in (await alice.slash("stream jump", item="song 1")).text


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize("command", ["stream previous", "stream jump"])
async def test_what_the_engine_declines_or_nobody_takes_is_told(
    alice: Person, engine: PaperEngine, services: Services, command: str
) -> None:
    options = {"item": "video03"} if command == "stream jump" else {}
    async with engine_answers(engine, "It cannot be played now.", CommandState.FAILED):
        answer = await alice.slash(command, **options)
    assert "It cannot be played now." in answer.text
    services.queue._commands.life_seconds = 0.3  # nobody answers the next
    assert "No engine is running" in (await alice.slash(command, **options)).text


async def test_items_are_suggested_from_the_stream_named_beside(alice: Person, on_air: int) -> None:
    assert await alice.suggestions("stream jump", "item", "song 12") == ["video12"]
    assert await alice.suggestions("stream jump", "item", "") == KEYS[1:]
    assert await alice.suggestions("stream queue", "remove", "SONG 3") == ["video03"]
    assert await alice.suggestions("stream previous", "stream", "night") == [f"#{on_air}"]


# queue


@pytest.mark.usefixtures("on_air")
async def test_queue_shows_what_plays_and_what_comes_next(view_queue: Any) -> None:
    viewer = await view_queue()
    assert "▶️ **Now** [First](https://youtu.be/a)" in viewer.text
    assert "` 1` [Song 1](https://youtu.be/video01) · 1:01" in viewer.text
    assert "Page 1 of 3 · 25 in the list · in order · loops" in viewer.text
    assert viewer.options == KEYS[1:11]


@pytest.mark.usefixtures("on_air")
async def test_pages_are_turned(view_queue: Any) -> None:
    viewer = await view_queue()
    assert viewer.parts["queue:1:page:0"]["disabled"]
    await viewer.press("queue:1:page:2")
    assert viewer.options == KEYS[11:21]
    await viewer.press("queue:1:page:3")
    assert viewer.options == KEYS[21:]
    assert viewer.parts["queue:1:page:4"]["disabled"]
    await viewer.press("queue:1:page:2")
    assert "Page 2 of 3" in viewer.text
    assert "Page 3 of 3" in (await view_queue(page=1000)).text


@pytest.mark.usefixtures("on_air")
async def test_search_looks_at_the_whole_list(view_queue: Any) -> None:
    viewer = await view_queue()
    await viewer.search(" song 1 ")
    assert "🔎 **song 1**" in viewer.text
    assert viewer.options == ["video01", *KEYS[10:19]]
    await viewer.press("queue:1:find:2 song 1")
    assert viewer.options == ["video19"]
    await viewer.search("@everyone `")
    assert "No titles contain" in viewer.text
    assert "@everyone" not in viewer.text
    assert viewer.options == []
    assert (await view_queue(search="Song 24")).options == ["video24"]


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize(
    ("button", "said"),
    [("jump", "Now playing “Song 3”."), ("next", "“Song 3” comes next."), ("remove", "“Song 3” will not play.")],
)
async def test_a_chosen_item_is_played_now_or_next_or_removed(
    view_queue: Any, engine: PaperEngine, services: Services, button: str, said: str
) -> None:
    viewer = await view_queue()
    await viewer.choose("video03")
    assert "[Song 3](https://youtu.be/video03)" in viewer.text
    async with engine_answers(engine, said):
        await viewer.press(f"queue:1:{button}:video03")
    assert f"✅ {said}" in viewer.text
    assert viewer.options == KEYS[1:11]
    assert "“Song 3”" in (await services.streams.logs(viewer.person.guild_id))[-1].message


@pytest.mark.usefixtures("on_air")
async def test_from_an_item_one_gets_back(view_queue: Any) -> None:
    viewer = await view_queue()
    await viewer.choose("video03")
    await viewer.press("queue:1:page:1")
    assert viewer.options == KEYS[1:11]


@pytest.mark.usefixtures("on_air")
async def test_a_removed_item_is_found_and_can_be_brought_back(view_queue: Any, engine: PaperEngine) -> None:
    await engine.list_items(1, TITLES, upcoming=KEYS[2:], removed=["video01"])
    viewer = await view_queue(search="Song 1")
    assert "~~[Song 1](https://youtu.be/video01)~~ · 1:01 · removed" in viewer.text
    await viewer.choose("video01")
    assert "It was removed." in viewer.text
    assert "queue:1:remove:video01" not in viewer.parts
    assert "queue:1:next:video01" in viewer.parts


@pytest.mark.usefixtures("on_air")
async def test_shuffle_and_loop_are_switches_that_two_may_press(
    view_queue: Any, services: Services, alice: Person
) -> None:
    viewer, other = await view_queue(), await view_queue()
    await viewer.press("queue:1:shuffle:on")
    await other.press("queue:1:shuffle:on")
    await viewer.press("queue:1:loop:off")
    assert "shuffled · plays once" in viewer.text
    assert viewer.parts["queue:1:shuffle:off"]["style"] == 3
    (status,) = await services.streams.all(alice.guild_id)
    assert (status.is_shuffled, status.is_looped) == (True, False)
    said = [line.message for line in await services.streams.logs(alice.guild_id)][-3:]
    assert said == ["alice set shuffle on.", "alice set shuffle on.", "alice set loop off."]


async def test_item_is_removed_by_command_too(alice: Person, engine: PaperEngine, on_air: int) -> None:
    async with engine_answers(engine, "Removed “Song 3” from the queue."):
        answer = await alice.slash("stream queue", remove="video03", stream=f"#{on_air}")
    assert answer.text.startswith("🎶 Night loop\n✅ Removed “Song 3” from the queue.")


async def test_queue_before_anything_is_listed_says_so(
    alice: Person, engine: PaperEngine, on_air: int, view_queue: Any
) -> None:
    await engine.list_items(on_air, {})
    assert "Nothing plays after this." in (await view_queue()).text
    await alice.slash("stream stop")
    await engine.beat(age_seconds=60)
    viewer = await view_queue()
    assert "is not known yet" in viewer.text
    await engine.list_items(on_air, TITLES)
    await viewer.press("queue:1:page:1")
    assert "⚫ Not on air. The list:" in viewer.text
    assert viewer.options == []


# Bad ways


@pytest.mark.usefixtures("on_air")
async def test_buttons_work_after_a_restart_of_the_bot(
    view_queue: Any, simcord_env: Any, settings: Settings, services: Services, engine: PaperEngine
) -> None:
    viewer = await view_queue()
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    await viewer.press("queue:1:page:2")
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    await viewer.choose("video12")
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    async with engine_answers(engine, "Now playing “Song 12”."):
        await viewer.press("queue:1:jump:video12")
    assert "✅ Now playing “Song 12”." in viewer.text


@pytest.mark.usefixtures("on_air")
async def test_who_may_not_run_streams_may_look_and_nothing_else(
    simcord_env: Any, guild: Any, services: Services, alice: Person
) -> None:
    bob = Person(simcord_env, guild, "bob", may_manage=False)
    page = await read_page(services.queue, guild.id, "")
    channel = simcord_env.bot.get_channel(bob._channel.id)
    posted = await channel.send(embed=cards.card(page), view=page_view(page))
    result = await bob._actor.click(posted, custom_id="queue:1:page:2")
    viewer = Viewer(bob, simcord_env, posted)
    for button in ("shuffle:on", "loop:off"):
        result = await bob._actor.click(posted, custom_id=f"queue:1:{button}")
        assert "members with Manage Server" in viewer.failure(result)
    assert [status.is_shuffled for status in await services.streams.all(alice.guild_id)] == [False]


@pytest.mark.usefixtures("on_air")
async def test_what_the_engine_declines_is_told_to_whoever_pressed(
    view_queue: Any, engine: PaperEngine, services: Services
) -> None:
    viewer = await view_queue()
    await viewer.choose("video03")
    async with engine_answers(engine, "Cannot play “Song 3” now: private.", CommandState.FAILED):
        result = await viewer.press("queue:1:jump:video03")
    assert "Cannot play “Song 3” now: private" in viewer.failure(result)
    services.queue._commands.life_seconds = 0.3  # nobody answers the next
    assert "No engine is running" in viewer.failure(await viewer.press("queue:1:next:video03"))


async def test_buttons_of_a_stream_that_is_gone_say_so(
    view_queue: Any, services: Services, engine: PaperEngine, alice: Person, on_air: int
) -> None:
    viewer = await view_queue()
    await alice.slash("stream stop")
    await engine.beat(age_seconds=60)
    await services.streams.delete(Actor(alice.guild_id, 1, "Setup"), f"#{on_air}")
    for button in ("queue:1:page:2", "queue:1:shuffle:on"):
        assert "There are no streams yet." in viewer.failure(await viewer.press(button))


@pytest.mark.usefixtures("on_air")
async def test_item_that_left_the_list_since_it_was_shown_is_told(view_queue: Any, engine: PaperEngine) -> None:
    viewer = await view_queue()
    await engine.list_items(1, {"other": "Other"})
    result = await viewer.person._actor.select(viewer.message, ["video03"], custom_id="queue:1:choose")
    assert "There is no item" in viewer.failure(result)


@pytest.mark.usefixtures("on_air")
async def test_button_of_another_version_says_so(
    simcord_env: Any, services: Services, guild: Any, alice: Person
) -> None:
    page = await read_page(services.queue, guild.id, "")
    view = page_view(page)
    for item in view.children:
        if item.custom_id == "queue:1:shuffle:on":  # type: ignore[attr-defined]
            item.item.custom_id = "queue:1:dance:on"  # type: ignore[attr-defined]
    channel = simcord_env.bot.get_channel(alice._channel.id)
    posted = await channel.send(embed=cards.card(page), view=view)
    result = await alice._actor.click(posted, custom_id="queue:1:dance:on")
    assert "has changed since" in Viewer(alice, simcord_env, posted).failure(result)


async def test_list_that_is_looped_within_a_page_offers_each_item_once(
    on_air: int, services: Services, guild: Any, engine: PaperEngine
) -> None:
    await engine.list_items(on_air, TITLES, upcoming=["video01", "video02", "video01"])
    page = await read_page(services.queue, guild.id, "")
    assert len(page.entries) == 3
    (message,) = messages(page)
    assert not list(message_problems(message))


async def test_occurrences_of_one_video_can_be_chosen_each_by_itself(
    on_air: int, services: Services, guild: Any, engine: PaperEngine
) -> None:
    idents = {"ident": "Ident", "song": "Song", "2:ident": "Ident", "3:ident": "Ident"}
    await engine.list_items(on_air, idents, upcoming=["2:ident", "3:ident", "ident", "song"], removed=["3:ident"])
    page = await read_page(services.queue, guild.id, "")
    (message,) = messages(page)
    assert not list(message_problems(message))
    choices = message["components"][0]["components"][0]["options"]
    assert [(choice["value"], choice.get("description")) for choice in choices] == [
        ("2:ident", "1:02 · #3 in the list"),
        ("3:ident", "removed · #4 in the list"),
        ("ident", "1:00 · #1 in the list"),
        ("song", "1:01"),
    ]


def messages(page: cards.Page) -> Iterator[dict[str, Any]]:
    yield {"embeds": [cards.card(page, page.queue.title).to_dict()], "components": page_view(page).to_components()}


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_titles_neither_break_a_limit_nor_take_effect(
    alice: Person, services: Services, engine: PaperEngine, on_air: int, title: str
) -> None:
    titles = {f"key{number:04}{'k' * (number % 90)}": f"{title}{number}" for number in range(1_000)}
    await engine.list_items(on_air, titles, upcoming=list(titles)[:100])
    await engine.write_run(on_air, (await engine.status(on_air)), item_title=title, item_link=title)
    for number, searched in ((1, ""), (10, ""), (1, title), (2, "9"), (1, "x" * 60)):
        page = await read_page(services.queue, alice.guild_id, f"#{on_air}", number, searched)
        for message in messages(page):
            assert list(message_problems(message)) == []
            words = str(message["embeds"])
            for trick in ("@everyone", "@here", "<@1", "<@&", "<#", "||hidden||", "https://evil", "\\u202e", "\\x00"):
                assert trick not in words, trick
