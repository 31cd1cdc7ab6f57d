"""The Discord stand-in proves itself with a real discord.py process: what works on Discord works, what fails fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from discord import Permissions

from tests.standins.discord_wire import AnswerKind, CommandRefusedError, DiscordWire, ViolationsError, running_bot
from tests.standins.discord_wire.command_limits import tree_problems
from tests.standins.discord_wire.limits import message_problems, modal_problems
from tests.standins.discord_wire.rates import RateLimits
from tests.standins.discord_wire.refusals import RestError
from tests.standins.discord_wire.world import Account, Files, Guild, Json, Message, Upload

BOT = "tests.unit.standins.tiny_bot"
PATIENCE_SECONDS = 20.0


@asynccontextmanager
async def connected_bot(discord: DiscordWire, tmp_path: Path, *arguments: str) -> AsyncIterator[None]:
    """The tiny bot in a guild with one channel, logged in."""
    if not discord.world.guilds:
        discord.add_guild().add_channel("control")
    sessions = len(discord.gateway.sessions)
    async with running_bot(discord, BOT, *arguments, log=tmp_path / "bot.log"):
        await discord.until(lambda: len(discord.gateway.sessions) > sessions, timeout_seconds=PATIENCE_SECONDS)
        yield


async def test_real_process_answers_commands_and_completes_options(tmp_path: Path) -> None:
    async with DiscordWire() as discord, connected_bot(discord, tmp_path):
        alice = discord.add_user("alice")

        exchange = await alice.slash("stream start", playlist="PL1", mode="Direct")
        await exchange.until(lambda e: bool(e.followups), timeout_seconds=PATIENCE_SECONDS)

        assert exchange.kind is AnswerKind.DEFERRED
        assert exchange.acked_after_seconds is not None
        assert exchange.acked_after_seconds < 3
        assert [embed["title"] for embed in exchange.message.embeds] == ["PL1 direct"]
        assert (len(exchange.edits), exchange.ephemeral, exchange.followups[0].is_ephemeral) == (1, False, True)
        assert await alice.autocomplete("stream stop", option="stream", value="ab") == [
            {"name": "ab stream", "value": "ab"}
        ]
        assert discord.command_syncs == 1
        assert exchange.token not in str(discord.record)
        assert discord.token not in str(discord.record)


async def test_modal_button_nonce_and_rate_limit_work_as_on_discord(tmp_path: Path) -> None:
    async with DiscordWire() as discord, connected_bot(discord, tmp_path):
        alice = discord.add_user("alice")
        form = await alice.slash("key")
        with pytest.raises(CommandRefusedError, match="0 characters for 'key'"):
            await alice.submit(form, {"name": "main"})
        stored = await alice.submit(form, {"key": "abcd-9f3c", "name": "main"})
        assert (form.kind, stored.message.content, stored.ephemeral) == (AnswerKind.MODAL, "…9f3c main", True)

        discord.limit_next("POST", "/channels/{}/messages", retry_after_seconds=0.05)
        panel = await alice.slash("panel")
        await panel.until(lambda e: e.message.content == "done", timeout_seconds=PATIENCE_SECONDS)
        (message,) = discord.world.guilds[0].channels[0].messages.values()
        pressed = await alice.click(message, "count")
        assert (pressed.kind, message.components[0]["components"][0]["label"]) == (AnswerKind.UPDATE, "1")
        statuses = [call.status for call in discord.record.calls if call.path.endswith("/messages")]
        assert statuses == [429, 200, 200]
        assert message.files == {"frame.png": b"picture"}


async def test_missing_permission_is_refused_but_breaks_no_rule(tmp_path: Path) -> None:
    async with DiscordWire() as discord:
        guild = discord.add_guild()
        muted = guild.add_channel("muted", bot_permissions=Permissions(view_channel=True))
        async with connected_bot(discord, tmp_path):
            await discord.add_user("alice").slash("panel", guild, muted)
            await discord.until(lambda: discord.record.calls[-1].status == 403, timeout_seconds=PATIENCE_SECONDS)
            assert discord.record.calls[-1].remark == "Missing Permissions"


async def test_edit_after_the_life_of_the_token_is_refused(tmp_path: Path) -> None:
    async with DiscordWire(token_seconds=0.0) as discord, connected_bot(discord, tmp_path):
        late = await discord.add_user("alice").slash("stream start", playlist="PL1")
        await discord.until(lambda: bool(discord.violations), timeout_seconds=PATIENCE_SECONDS)
        assert (discord.violations.pop().code, late.message.is_loading) == (50027, True)


async def test_each_broken_rule_is_answered_with_its_code_and_fails_the_test(tmp_path: Path) -> None:
    async def provoke(how: str, code: int) -> None:
        seen = len(discord.violations)
        await alice.slash("misbehave", how=how)
        await discord.until(lambda: len(discord.violations) > seen, timeout_seconds=PATIENCE_SECONDS)
        assert code in {violation.code for violation in discord.violations[seen:]}

    async def break_every_rule() -> None:
        async with discord, connected_bot(discord, tmp_path):
            await provoke("large embed", 50035)
            await provoke("unknown route", 0)
            await provoke("turn ephemeral", 50035)
            await provoke("block the loop", 10062)

    discord = DiscordWire(acknowledge_seconds=0.8)
    alice = discord.add_user("alice")
    with pytest.raises(ViolationsError, match=r"unknown route(.|\n)*cannot become ephemeral"):
        await break_every_rule()


async def test_two_processes_with_one_token_answer_twice(tmp_path: Path) -> None:
    async with DiscordWire() as discord, connected_bot(discord, tmp_path), connected_bot(discord, tmp_path):
        await discord.add_user("alice").slash("stream stop", stream="a")
        await discord.until(lambda: bool(discord.violations), timeout_seconds=PATIENCE_SECONDS)
        assert discord.violations.pop().code == 40060


async def test_bot_resumes_after_reconnect_and_drop_and_identifies_after_an_invalid_session(tmp_path: Path) -> None:
    async with DiscordWire() as discord, connected_bot(discord, tmp_path):
        gateway, alice = discord.gateway, discord.add_user("alice")
        await gateway.ask_to_reconnect()
        await discord.until(lambda: gateway.resumes == 1, timeout_seconds=PATIENCE_SECONDS)
        gateway.drop()
        missed = await alice.slash("stream stop", stream="sent while the bot was away")
        assert (gateway.resumes, missed.kind) == (2, AnswerKind.MESSAGE)
        await gateway.invalidate()
        await discord.until(lambda: gateway.is_connected, timeout_seconds=PATIENCE_SECONDS)
        assert gateway.identifies == 2
        assert (await alice.slash("stream stop", stream="a")).message.content == "stopped a"


async def test_bot_leaves_a_gateway_that_no_longer_answers_heartbeats(tmp_path: Path) -> None:
    async with DiscordWire(heartbeat_interval_seconds=0.1) as discord, connected_bot(discord, tmp_path, "impatient"):
        await discord.until(lambda: discord.gateway.heartbeats > 2, timeout_seconds=PATIENCE_SECONDS)
        discord.gateway.answers_heartbeats = False
        await discord.until(lambda: discord.gateway.resumes > 0, timeout_seconds=PATIENCE_SECONDS)
        discord.gateway.answers_heartbeats = True


@pytest.mark.parametrize(
    ("argument", "token", "says", "code"),
    [("", "wrong", "LoginFailure", 0), ("privileged", "", "PrivilegedIntentsRequired", 4014)],
)
async def test_login_is_refused(tmp_path: Path, argument: str, token: str, says: str, code: int) -> None:
    log = tmp_path / "bot.log"
    async with DiscordWire() as discord:
        discord.tolerate(code)
        environment = {"DISCORD_TOKEN": token or discord.token}
        async with running_bot(discord, BOT, argument, log=log, environment=environment) as process:
            assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) != 0
    assert says in log.read_text()


async def test_people_can_only_do_what_discord_offers_them() -> None:
    async with DiscordWire() as discord:
        guild = discord.add_guild()
        guild.add_channel("control")
        mode = {"type": 3, "name": "mode", "description": "How", "choices": [{"name": "Direct", "value": "direct"}]}
        start = {"type": 1, "name": "start", "description": "Start", "options": [dict(mode, required=True)]}
        stream = {"name": "stream", "description": "Streams", "default_member_permissions": "32", "options": [start]}
        discord.commands.put(None, [stream])
        alice = discord.add_user("alice")
        guest = discord.add_user("guest", permissions=Permissions(send_messages=True))

        for command, options, reason in (
            ("play", {}, "not registered"),
            ("stream", {}, "needs one of"),
            ("stream pause", {}, "has no 'pause'"),
            ("stream start", {}, "needs .'mode'"),
            ("stream start", {"mode": "copy"}, "offers"),
            ("stream start", {"mode": 1}, "cannot be 1"),
            ("stream start", {"mode": "direct", "loop": True}, "no option"),
        ):
            with pytest.raises(CommandRefusedError, match=reason):
                await alice.slash(command, **options)
        with pytest.raises(CommandRefusedError, match="not visible"):
            await guest.slash("stream start", mode="direct")
        discord.commands.put(guild.id, [stream])
        with pytest.raises(CommandRefusedError, match="shown twice"):
            await alice.slash("stream start", mode="direct")


def option(**more: object) -> Json:
    return {"type": 3, "name": "a", "description": "x", **more}


def button(custom_id: str) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id}


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"content": "x" * 2001}, "content has 2001"),
        ({"embeds": [{"title": "x" * 257}]}, "title has 257"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "text has 2049"),
        ({"embeds": [{"fields": [{"name": "x", "value": ""}]}]}, "value has 0"),
        ({"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]}, "26 embed fields"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "6002 characters"),
        ({"embeds": [{"url": "javascript:x"}]}, "is not a link"),
        ({"components": [{"type": 1, "components": [button("a")]}] * 6}, "6 rows"),
        ({"components": [{"type": 1, "components": [button(str(n)) for n in range(6)]}]}, "1 to 5 buttons"),
        ({"components": [{"type": 1, "components": [button("x" * 101)]}]}, "101 characters"),
        ({"components": [{"type": 1, "components": [button("a"), button("a")]}]}, "used twice"),
        ({"components": [{"type": 10, "content": "x"}]}, "without their flag"),
    ],
)
def test_message_beyond_a_limit_is_noticed(message: Json, problem: str) -> None:
    assert any(problem in found for found in message_problems(message))


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({"name": "Stream"}, "'Stream' is not allowed"),
        ({"description": ""}, "description has 0"),
        ({"options": [option(), option(name="b", required=True)]}, "after an optional one"),
        ({"options": [option(name=str(n)) for n in range(26)]}, "26 options"),
        ({"options": [option(choices=[{"name": "x" * 101, "value": "x"}])]}, "name has 101"),
        ({"options": [option(choices=[{"name": "x", "value": 1}])]}, "wrong type"),
        ({"options": [option(choices=[{"name": "x", "value": "x"}], autocomplete=True)]}, "together"),
        ({"options": [option(), {"type": 1, "name": "b", "description": "x"}]}, "side by side"),
        ({"description_localizations": {"de": "x" * 101}}, "description in de is"),
        ({"description_localizations": {"de": ""}}, "description in de is"),
        ({"description_localizations": {"deutsch": "x"}}, "'deutsch' is no locale"),
        ({"name_localizations": {"de": "x" * 33}}, "name in de is"),
    ],
)
def test_command_that_discord_would_not_register_is_noticed(command: Json, problem: str) -> None:
    assert any(problem in found for found in tree_problems([{"name": "stream", "description": "x", **command}]))


def test_modal_without_title_or_rows_is_noticed() -> None:
    assert len(list(modal_problems({"custom_id": "a", "title": "", "components": []}))) == 2


def test_bucket_lets_through_what_discord_does_and_is_full_again_later() -> None:
    now = 100.0
    limits, route = RateLimits(clock=lambda: now), "/api/v10/channels/{}/messages"
    assert [limits.take("POST", route, "1") for _ in range(5)] == [None] * 5
    refused = limits.take("POST", route, "1")
    assert refused is not None
    assert (refused.retry_after_seconds, refused.is_global) == (5.0, False)
    assert limits.take("POST", route, "2") is None
    assert limits.headers("POST", route, "1")["X-RateLimit-Remaining"] == "0"
    now += 5.0
    assert limits.take("POST", route, "1") is None


def test_everything_together_has_a_limit_of_which_answers_are_exempt() -> None:
    limits = RateLimits(clock=lambda: 100.0)
    for channel in range(50):
        assert limits.take("POST", "/api/v10/channels/{}/messages", str(channel)) is None
    refused = limits.take("POST", "/api/v10/channels/{}/messages", "50")
    assert refused is not None
    assert refused.is_global
    assert limits.take("POST", "/api/v10/interactions/{}/{}/callback", "token") is None


def test_messages_older_than_an_hour_take_few_edits() -> None:
    limits = RateLimits(clock=lambda: 100.0)
    assert [limits.take_old_edit("1", 3500.0) for _ in range(9)] == [None] * 9
    assert [limits.take_old_edit("1", 3700.0) for _ in range(3)] == [None] * 3
    refused = limits.take_old_edit("1", 3700.0)
    assert refused is not None
    assert (refused.code, refused.retry_after_seconds) == (30046, 20.0)


# Files of messages

CARD = {"embeds": [{"title": "panel", "image": {"url": "attachment://frame.png"}}]}


def message_with_file() -> Message:
    guild = Guild("Guild", Account("bot", is_bot=True), Account("owner"))
    message = Message(guild.add_channel("room"), guild.bot)
    message.apply(CARD | {"attachments": [{"id": 0, "filename": "frame.png"}]}, {"files[0]": Upload("frame.png", b"1")})
    return message


def test_edit_that_speaks_of_no_files_keeps_them() -> None:
    message = message_with_file()
    before = message.attachments
    message.apply(CARD, {})
    assert message.attachments == before


def test_file_that_a_card_shows_is_listed_no_more_and_has_an_address() -> None:
    told = message_with_file().to_json()
    assert told["attachments"] == []
    assert told["embeds"][0]["image"]["url"].endswith("/frame.png")
    assert "attachment://" not in str(told)


def test_edit_that_names_a_new_file_puts_it_in_place_of_the_old() -> None:
    message = message_with_file()
    message.apply(
        CARD | {"attachments": [{"id": 0, "filename": "frame.png"}]}, {"files[0]": Upload("frame.png", b"22")}
    )
    assert [file["size"] for file in message.attachments] == [2]


@pytest.mark.parametrize(
    ("data", "files", "complaint"),
    [
        (CARD | {"attachments": []}, {}, "but the message carries"),
        ({"attachments": [{"id": 0, "filename": "a.png"}]}, {}, "were not uploaded"),
        ({}, {"files[0]": Upload("large.png", bytes(10 * 1024 * 1024))}, "bytes"),
        ({}, {f"files[{n}]": Upload(f"{n}.png", b"1") for n in range(10)}, "11 attachments"),
    ],
)
def test_files_that_do_not_fit_their_message_are_refused(data: Json, files: Files, complaint: str) -> None:
    with pytest.raises(RestError, match=complaint):
        message_with_file().apply(data, files)
