"""Who did what can be read afterwards: also what is about no one stream, or about one that is gone."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from streaming.model.listed import Listed
from streaming.model.states import CommandState, RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.guilds import GuildChoice
from streaming.services.services import Services
from streaming.services.stream_requests import Edit, StartRequest
from streaming.services.targets import TargetEdit
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

LIST = "PLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
KEY = "planted-9f3c-key-4711"
Act = Callable[[Services, PaperEngine], Awaitable[object]]


async def have_target_tested(services: Services, engine: PaperEngine) -> None:
    """Has an engine test a target that is not in use."""
    async for test in services.targets.test(ALICE, "spare"):
        if test.is_accepted is None:
            await engine.take_command(CommandState.DONE, "It took all of it.")


async def refresh_playlist(services: Services, engine: PaperEngine) -> None:
    """Has an engine list it."""

    async def nothing(_: object) -> None:
        pass

    await engine.beat()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.DONE, Listed("Evenings", 1, 1).message))
        await services.playlists.refresh(ALICE, LIST, on_progress=nothing)


async def delete_stream(services: Services, engine: PaperEngine) -> None:
    """Forgets a stream that is over."""
    await engine.write_run(1, RunStatus.ENDED)
    await services.streams.delete(ALICE, "#1")


DONE_IN_A_GUILD: dict[str, Act] = {
    "Alice added the target “new” (twitch).": lambda services, _: services.targets.add(
        ALICE, "new", TargetKind.TWITCH, "", Secret(KEY)
    ),
    "Alice changed the stream key of the target “spare”.": lambda services, _: services.targets.edit(
        ALICE, "spare", TargetEdit("spare", "", Secret(KEY))
    ),
    "Alice removed the target “spare”.": lambda services, _: services.targets.remove(ALICE, "spare"),
    "Alice tested the target “spare”.": have_target_tested,
    f"Alice saved the playlist {LIST} as “Night”.": lambda services, _: services.playlists.add(ALICE, LIST, "Night"),
    "Alice removed the playlist “Day”.": lambda services, _: services.playlists.remove(ALICE, "Day"),
    f"Alice refreshed the playlist {LIST}.": refresh_playlist,
    "Alice changed the server's operator role.": lambda services, _: services.guilds.change(ALICE, GuildChoice(5)),
    "Alice deleted the stream “Night loop” (#1).": delete_stream,
}


@pytest.fixture(autouse=True)
async def _guild(services: Services, main_target: str) -> None:
    await services.streams.start(ALICE, StartRequest("demo", to=main_target, title="Night loop"))
    await services.targets.add(ALICE, "spare", TargetKind.TWITCH, "", Secret(KEY))
    await services.playlists.add(ALICE, "PLbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "Day")


async def last_line(services: Services) -> tuple[str, int | None, str]:
    line = (await services.streams.logs(ALICE.guild_id))[-1]
    return line.message, line.actor_id, line.stream


@pytest.mark.parametrize("told", DONE_IN_A_GUILD)
async def test_what_is_about_no_one_stream_is_in_the_log_of_the_guild(
    services: Services, engine: PaperEngine, told: str
) -> None:
    await DONE_IN_A_GUILD[told](services, engine)
    assert await last_line(services) == (told, ALICE.user_id, "")
    assert not any(KEY in line.message for line in await services.streams.logs(ALICE.guild_id))


async def test_what_is_about_a_stream_is_in_its_log_and_in_that_of_the_guild(services: Services) -> None:
    await services.streams.stop(ALICE)
    assert await last_line(services) == ("Alice stopped it.", ALICE.user_id, "Night loop")
    ours = [line.message for line in await services.streams.logs(ALICE.guild_id, "Night loop")]
    assert ours == ["Alice started it on main.", "Alice stopped it."]


async def test_line_keeps_its_code_and_values_for_other_languages(services: Services) -> None:
    await services.streams.edit(ALICE, "Night loop", Edit(title="Day loop", loop=False))
    message = (await services.streams.logs(ALICE.guild_id))[-1].message
    changes = message.values["changes"]
    assert (message.code, message.values["person"], changes) == (
        "audit.edited",
        "Alice",
        "its title to “Day loop”, loop off",
    )
    assert [clause.code for clause in changes.values.values()] == ["edits.title", "edits.loop_off"]


async def test_log_of_another_guild_is_its_own(services: Services) -> None:
    assert await services.streams.logs(MALLORY.guild_id) == []
    await services.guilds.change(MALLORY, GuildChoice(6))
    assert len(await services.streams.logs(MALLORY.guild_id)) == 1
    assert "Mallory" not in str(await services.streams.logs(ALICE.guild_id))
