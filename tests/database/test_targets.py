"""Targets: what is taken, what is refused, and where their keys may be seen."""

import logging
from pathlib import Path

import pytest
from sqlmodel import select

from streaming.model.errors import AlreadyOnAir, ConfigurationError, NotFound, UsageError, WantedStateError
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.services.targets import TargetEdit
from streaming.settings import Settings
from streaming.storage.database import Database
from streaming.storage.tables import Target
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE
from tests.standins.paper_engine import PaperEngine

PLANTED = "planted-9f3c-key-4711"
KEY = Secret(PLANTED)


async def test_known_platforms_need_no_address(services: Services) -> None:
    info = await services.targets.add(ALICE, "main", TargetKind.YOUTUBE, "", KEY)
    assert info.url.startswith("rtmps://a.rtmps.youtube.com")
    assert info.key_hint == "…4711"


async def test_custom_target_needs_an_address(services: Services) -> None:
    with pytest.raises(UsageError, match="needs the URL"):
        await services.targets.add(ALICE, "main", TargetKind.CUSTOM, " ", KEY)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/live",
        "rtmp://",
        "rtmp://host name/live",
        "rtmp://host:99999/live",
        "rtmp://[/x",
        "file:///etc",
    ],
)
async def test_address_that_is_no_ingest_is_refused(services: Services, url: str) -> None:
    with pytest.raises(UsageError, match="is not the URL of an ingest"):
        await services.targets.add(ALICE, "main", TargetKind.CUSTOM, url, KEY)


@pytest.fixture
def strict(database: Database, tmp_path: Path) -> Services:
    """As it is where nothing is allowed."""
    return Services.create(Settings(), database, Vault.open(tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "rtmp://127.0.0.1/live",
        "rtmp://2130706433/live",
        "rtmps://[::ffff:127.0.0.1]/live",
        "rtmp://169.254.169.254/live",
        "rtmp://localhost:6379/live",
        "rtmp://127.0.0.1.:1935/live",
        "rtmp://①②⑦.0.0.1/live",
        "rtmp://8.8.8.8:22/live",
    ],
)
async def test_address_that_is_not_public_is_refused_in_one_sentence(strict: Services, url: str) -> None:
    with pytest.raises(UsageError, match="can only go to public addresses") as refusal:
        await strict.targets.add(ALICE, "main", TargetKind.CUSTOM, url, KEY)
    assert "127" not in str(refusal.value)
    assert await strict.targets.all(1) == []


async def test_public_address_is_kept_in_its_plain_spelling(strict: Services) -> None:
    info = await strict.targets.add(ALICE, "main", TargetKind.CUSTOM, "RTMP://134744072:1935/Live/", KEY)
    assert info.url == "rtmp://8.8.8.8:1935/Live"


@pytest.mark.parametrize(
    "url",
    [
        f"rtmp://user:{PLANTED}@127.0.0.1/live",
        f"rtmp://{PLANTED}@127.0.0.1/live",
        f"RTMP://user:{PLANTED}@127.0.0.1/live",
        f"rtmp://127.0.0.1/live?token={PLANTED}",
        f"rtmp://127.0.0.1/live?a=1&TOKEN={PLANTED}",
        "rtmp://127.0.0.1/live?key=x",
        "rtmps://127.0.0.1/live/eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIx",
        "rtmp://127.0.0.1/live/token=abc",
    ],
)
async def test_secret_in_an_address_belongs_into_its_own_field(services: Services, url: str) -> None:
    with pytest.raises(UsageError, match="field for the stream key") as refusal:
        await services.targets.add(ALICE, "main", TargetKind.CUSTOM, url, Secret("another-key-0815"))
    assert PLANTED not in str(refusal.value)


async def test_choice_among_ingests_is_no_secret(services: Services) -> None:
    info = await services.targets.add(ALICE, "main", TargetKind.CUSTOM, "rtmp://127.0.0.1/live2?backup=1", KEY)
    assert info.url == "rtmp://127.0.0.1/live2?backup=1"


@pytest.mark.parametrize("url", [PLANTED, f"rtmp:/{PLANTED}", f"https://x/{PLANTED}", f"x {PLANTED} y"])
async def test_key_in_the_field_for_the_address_is_not_repeated(services: Services, url: str) -> None:
    with pytest.raises(UsageError) as refusal:
        await services.targets.add(ALICE, "main", TargetKind.CUSTOM, url, Secret("rtmp://127.0.0.1/live"))
    said = str(refusal.value)
    assert not any(PLANTED[at : at + 4] in said for at in range(len(PLANTED) - 3))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "  ",
        "two words",
        "no\u00a0break",
        "line\nbreak",
        "a\x00b",
        "a\x1b[2J",
        "a\u200bb",
        'qu"ote',
        "qu'ote",
        "ключ",
        "x" * 301,
    ],
)
async def test_key_no_platform_would_give_out_is_refused_unquoted(services: Services, key: str) -> None:
    with pytest.raises(UsageError, match="no spaces") as refusal:
        await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", Secret(key))
    assert not key.strip() or key not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "a,b", "x" * 51])
async def test_name_that_could_not_be_written_in_a_command_is_refused(services: Services, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        await services.targets.add(ALICE, name, TargetKind.TWITCH, "", KEY)


async def test_adding_a_target_replaces_none_that_is_there(services: Services) -> None:
    await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", Secret("first-key-0001"))
    with pytest.raises(WantedStateError, match=r"There is a target “MAIN” already\. Change it with /target edit"):
        await services.targets.add(ALICE, "MAIN", TargetKind.TWITCH, "", Secret("second-key-0002"))
    assert [(info.name, info.key_hint) for info in await services.targets.all(1)] == [("main", "…0001")]


async def test_number_of_a_removed_target_is_not_used_again(services: Services, engine: PaperEngine) -> None:
    async def add_and_remove() -> int | None:
        await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", KEY)
        async with engine.database.session() as session:
            (target_id,) = await session.exec(select(Target.id))
        await services.targets.remove(ALICE, "main")
        return target_id

    assert len({await add_and_remove() for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (TargetEdit("Stage", "rtmp://127.0.0.1/live"), "name"),
        (TargetEdit("MAIN", "rtmp://127.0.0.1/live"), "name"),
        (TargetEdit("main", "rtmp://127.0.0.1/other", Secret("second-key-0002")), "address and stream key"),
        (TargetEdit("main", "rtmp://127.0.0.1/live", Secret("second-key-0002")), "stream key"),
        (TargetEdit("Stage", "rtmp://127.0.0.1/other", Secret("second-key-0002")), "name and address and stream key"),
    ],
)
async def test_edit_changes_what_is_given_and_says_what(
    services: Services, engine: PaperEngine, edit: TargetEdit, changes: str
) -> None:
    await services.targets.add(ALICE, "main", TargetKind.CUSTOM, "rtmp://127.0.0.1/live", Secret("first-key-0001"))
    before = await engine.key_texts()
    info = await services.targets.edit(ALICE, "MAIN", edit)
    assert (info.name, info.url) == (edit.name, edit.url)
    assert info.key_hint == ("…0002" if edit.key else "…0001")
    assert (await engine.key_texts() == before) is (edit.key is None)
    *_, newest = await services.streams.logs(1)
    assert newest.message == f"Alice changed the {changes} of the target “{edit.name}”."


async def test_edit_is_taken_while_a_stream_is_on_air_there(services: Services, main_target: str) -> None:
    await services.streams.start(ALICE, StartRequest("demo"))
    info = await services.targets.edit(ALICE, main_target, TargetEdit("Stage", "", KEY))
    assert (info.name, info.used_by) == ("Stage", ("Demo",))


@pytest.mark.parametrize(
    ("edit", "error", "words"),
    [
        (TargetEdit("main", ""), UsageError, "Nothing to change"),
        (TargetEdit("main", "rtmp://127.0.0.1/theirs"), UsageError, "never sent to another address"),
        (TargetEdit("other", ""), WantedStateError, "There is a target “other” already"),
        (TargetEdit("", ""), UsageError, "A target's name"),
        (TargetEdit("main", "http://127.0.0.1/"), UsageError, "not the URL of an ingest"),
        (TargetEdit("main", "rtmp://a:b@127.0.0.1/live"), UsageError, "must not contain a password"),
        (TargetEdit("main", "", Secret("two words")), UsageError, "A stream key has no spaces"),
    ],
)
async def test_edit_that_cannot_be_is_refused_and_changes_nothing(
    services: Services, main_target: str, edit: TargetEdit, error: type[Exception], words: str
) -> None:
    await services.targets.add(ALICE, "other", TargetKind.TWITCH, "", KEY)
    before = await services.targets.all(1)
    with pytest.raises(error, match=words):
        await services.targets.edit(ALICE, main_target, edit)
    assert await services.targets.all(1) == before


async def test_target_in_use_is_not_removed(services: Services, main_target: str) -> None:
    await services.streams.start(ALICE, StartRequest("demo"))
    assert (await services.targets.all(1))[0].used_by == ("Demo",)
    with pytest.raises(AlreadyOnAir, match="“Demo”"):
        await services.targets.remove(ALICE, main_target)


async def test_removed_target_is_gone_with_its_key(services: Services, engine: PaperEngine, main_target: str) -> None:
    assert await services.targets.remove(ALICE, " Main ") == main_target
    assert await engine.key_texts() == []
    with pytest.raises(NotFound):
        await services.targets.remove(ALICE, main_target)


async def test_engine_reads_the_key_the_bot_stored(services: Services, engine: PaperEngine, tmp_path: Path) -> None:
    await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", KEY)
    (stored,) = await engine.key_texts()
    assert Vault.open(tmp_path).decrypt(stored) == KEY


async def test_planted_key_is_seen_nowhere(
    services: Services, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pasted_along = f"rtmp://127.0.0.1/live/{PLANTED}"
    info = await services.targets.add(ALICE, "main", TargetKind.CUSTOM, pasted_along, KEY)
    started = await services.streams.start(ALICE, StartRequest("demo"))
    errors = []
    for url, key in (("https://x/" + PLANTED, KEY), (pasted_along, Secret(PLANTED + " "))):
        with pytest.raises((UsageError, WantedStateError)) as refusal:
            await services.targets.add(ALICE, "main", TargetKind.CUSTOM, url, key)
        errors.append(repr(refusal.value) + str(refusal.value))
    shown = [
        info,
        started,
        await services.streams.all(1),
        await services.targets.all(1),
        services,
        KEY,
        errors,
        caplog.text,
    ]
    assert PLANTED not in repr(shown)
    await database.close()
    assert [name for name, content in contents(tmp_path) if PLANTED.encode() in content] == []


async def test_key_encrypted_elsewhere_is_a_matter_of_configuration(
    services: Services, engine: PaperEngine, tmp_path: Path
) -> None:
    await services.targets.add(ALICE, "main", TargetKind.TWITCH, "", KEY)
    (stored,) = await engine.key_texts()
    with pytest.raises(ConfigurationError, match="another key") as refusal:
        Vault.open(tmp_path / "elsewhere").decrypt(stored)
    assert refusal.value.message.code == "storedkeys.foreign"


def contents(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in folder.iterdir()]
