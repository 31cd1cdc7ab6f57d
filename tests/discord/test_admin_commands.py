"""`/stream restart`, `edit`, `delete` and `logs`, their good ways and their bad ones."""

from typing import Any

import pytest

from bot.client import create_bot
from bot.streams.confirmation import question_view
from streaming.model.message import Message
from streaming.model.states import LogLevel, RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.settings import Settings
from streaming.storage.database import Database
from streaming.storage.tables import StreamLog
from tests.discord.actor import Person
from tests.discord.test_cards import HOSTILE
from tests.discord.test_stream_commands import bring_next_to_air, meanwhile
from tests.standins.discord_wire.limits import message_problems
from tests.standins.paper_engine import PaperEngine


@pytest.fixture
async def stream(services: Services, alice: Person) -> int:
    """A stream that is wanted: its id."""
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    return (await services.streams.start(setup, StartRequest("demo", title="Night loop"))).stream_id


@pytest.fixture
async def over(engine: PaperEngine, stream: int) -> int:
    """A stream that has played to its end: its id."""
    await engine.write_run(stream, RunStatus.ENDED)
    return stream


# restart


async def test_restart_ends_on_air(alice: Person, engine: PaperEngine, over: int) -> None:
    async with meanwhile(lambda: bring_next_to_air(engine)):
        answer = await alice.slash("stream restart", stream=f"#{over}")
    assert answer.card.title == "🟢 On air · Night loop"
    assert not answer.is_private


async def test_restart_of_no_stream_says_how_to_start_one(alice: Person) -> None:
    answer = await alice.slash("stream restart")
    assert "/stream start" in answer.text
    assert answer.is_private


# edit


@pytest.mark.usefixtures("stream")
async def test_edit_shows_the_stream_as_it_is_now(alice: Person) -> None:
    answer = await alice.slash(
        "stream edit", title="Day loop", description="For all", encode="copy", shuffle=True, loop=False
    )
    assert (answer.card.title or "").endswith("· Day loop")
    assert all(words in answer.text for words in ("For all", "encode copy", "shuffled", "once"))


@pytest.mark.usefixtures("stream")
async def test_what_was_typed_is_cleaned_before_anything_is_made_of_it(alice: Person) -> None:
    answer = await alice.slash("stream edit", title="half \ud83d of a sign", description="NUL \0 and \x1b[31mred")
    assert (answer.card.title or "").endswith("· half � of a sign")
    assert "NUL and" in answer.text


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize("options", [{}, {"title": "\u200b \n"[1:]}, {"stream": "nope", "loop": False}])
async def test_edit_of_nothing_is_asked_back(alice: Person, options: dict[str, Any]) -> None:
    answer = await alice.slash("stream edit", **options)
    assert answer.is_private
    assert "Nothing to change" in answer.text or "There is no stream “nope”" in answer.text


# delete


async def asked(alice: Person, stream: int) -> Any:
    result = await alice._actor.slash(alice._channel, "stream delete", stream=f"#{stream}")
    assert result.response.ephemeral
    (card,) = result.response.embeds
    assert card.title == "🗑️ Delete Night loop?"
    return result.response


async def test_delete_asks_and_then_deletes(
    alice: Person, services: Services, simcord_env: Any, settings: Settings, over: int
) -> None:
    question = await asked(alice, over)
    assert len(await services.streams.all(alice.guild_id)) == 1
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    await alice._actor.click(question, custom_id=f"confirm:delete:{over}:1:yes")
    (card,) = question.embeds
    assert (card.title, question.components) == ("⚫ Deleted Night loop", [])
    assert await services.streams.all(alice.guild_id) == []


async def test_delete_can_be_thought_better_of(alice: Person, services: Services, over: int) -> None:
    question = await asked(alice, over)
    await alice._actor.click(question, custom_id=f"confirm:delete:{over}:1:no")
    assert question.embeds[0].title == "⚫ Nothing was deleted"
    assert len(await services.streams.all(alice.guild_id)) == 1


async def test_delete_by_two_at_once_is_done_once_and_told_to_the_second(
    alice: Person, simcord_env: Any, over: int
) -> None:
    first, second = await asked(alice, over), await asked(alice, over)
    await alice._actor.click(first, custom_id=f"confirm:delete:{over}:1:yes")
    result = await alice._actor.click(second, custom_id=f"confirm:delete:{over}:1:yes")
    (card,) = result.response.embeds
    assert "There are no streams" in card.description
    _ = simcord_env.errors


async def test_old_question_deletes_no_stream_that_came_after_it(alice: Person, services: Services, over: int) -> None:
    """A number is never used again, so a card from before names nothing else."""
    question = await asked(alice, over)
    await alice.slash("stream delete", stream=f"#{over}", confirm=True)
    later = await services.streams.start(Actor(alice.guild_id, 1, "Setup"), StartRequest("demo", title="Day loop"))
    assert later.stream_id > over
    await alice._actor.click(question, custom_id=f"confirm:delete:{over}:1:yes")
    assert [status.title for status in await services.streams.all(alice.guild_id)] == ["Day loop"]


async def test_delete_without_asking(alice: Person, services: Services, over: int) -> None:
    answer = await alice.slash("stream delete", stream=f"#{over}", confirm=True)
    assert answer.card.title == "⚫ Deleted Night loop"
    assert await services.streams.all(alice.guild_id) == []


async def test_stream_that_is_wanted_stays(alice: Person, services: Services, stream: int) -> None:
    answer = await alice.slash("stream delete", stream=f"#{stream}", confirm=True)
    assert "/stream stop" in answer.text
    assert len(await services.streams.all(alice.guild_id)) == 1


async def test_who_may_not_run_streams_deletes_none(
    simcord_env: Any, guild: Any, alice: Person, services: Services, over: int
) -> None:
    bob = Person(simcord_env, guild, "bob", may_manage=False)
    view = question_view("delete", await services.streams.status(alice.guild_id))
    posted = await simcord_env.bot.get_channel(bob._channel.id).send("?", view=view)
    result = await bob._actor.click(posted, custom_id=f"confirm:delete:{over}:1:yes")
    assert result.response.embeds[0].title == "🔴 You don't have permission"
    assert len(await services.streams.all(alice.guild_id)) == 1
    _ = simcord_env.errors


# logs


async def test_logs_tell_who_did_what_the_newest_last(alice: Person, stream: int) -> None:
    await alice.slash("stream stop")
    answer = await alice.slash("stream logs", stream=f"#{stream}")
    assert answer.is_private
    first, second = (answer.card.description or "").splitlines()
    assert first.endswith("👤 Setup started it on main.")
    assert second.endswith("👤 alice stopped it.")
    assert second.startswith("<t:")


async def test_logs_can_be_fewer_and_of_one_kind(alice: Person, database_url: str, stream: int) -> None:
    database = Database(database_url)
    async with database.session() as session:
        session.add(StreamLog(stream_id=stream, level=LogLevel.ERROR, message=Message("The playlist is private.")))
        session.add(StreamLog(stream_id=stream, level=LogLevel.WARNING, message=Message("The sound drifts.")))
        await session.commit()
    await database.close()
    only = (await alice.slash("stream logs", level="error")).card.description or ""
    assert only.endswith("🔴 **Night loop** The playlist is private.")
    last = (await alice.slash("stream logs", lines=1)).card.description or ""
    assert last.endswith("🟠 **Night loop** The sound drifts.")


@pytest.mark.parametrize("message", HOSTILE, ids=range(len(HOSTILE)))
async def test_logs_of_anything_fit_and_keep_the_newest(
    alice: Person, database_url: str, stream: int, message: str
) -> None:
    database = Database(database_url)
    async with database.session() as session:
        session.add_all(StreamLog(stream_id=stream, message=Message(f"{message} {number}")) for number in range(100))
        session.add(StreamLog(stream_id=stream, message=Message("The end.")))
        await session.commit()
    await database.close()
    answer = await alice.slash("stream logs", lines=100)
    assert list(message_problems({"embeds": [answer.card.to_dict()]})) == []
    assert (answer.card.description or "").endswith("The end.")
    assert "@everyone" not in answer.text


async def test_logs_without_a_stream_tell_of_everything_here(alice: Person, services: Services, stream: int) -> None:
    setup = Actor(alice.guild_id, 1, "Setup")
    await services.targets.add(setup, "spare", TargetKind.TWITCH, "", Secret("live_12345678_spare"))
    await alice.slash("target remove", target="spare")
    await alice.slash("stream stop", stream=f"#{stream}")
    answer = await alice.slash("stream logs", lines=2)
    assert answer.card.title == "📜 This server"
    removed, stopped = (answer.card.description or "").splitlines()
    assert removed.endswith("👤 alice removed the target “spare”.")
    assert stopped.endswith("👤 **Night loop** alice stopped it.")


async def test_logs_of_another_server_are_not_told(simcord_env: Any, stream: int) -> None:
    mallory = Person(simcord_env, simcord_env.create_guild(), "mallory")
    assert "no streams yet" in (await mallory.slash("stream logs", stream=f"#{stream}")).text
    assert "log is empty" in (await mallory.slash("stream logs")).text
