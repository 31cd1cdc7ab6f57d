"""Whatever goes wrong, whoever asked is told once, and the log knows more than the chat."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from streaming.database import Database
from tests.discord.actor import Person


@pytest.fixture
async def broken_database(database_url: str) -> None:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE target"))
    await database.close()


@pytest.mark.usefixtures("broken_database")
async def test_unexpected_failure_shows_a_number_that_is_in_the_log(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await alice.slash("target list")
    assert answer.is_private
    assert "Traceback" not in answer.text
    assert "sqlite" not in answer.text.lower()
    found = re.search(r"log: ([0-9a-f]{6})$", answer.text)
    assert found is not None
    assert f"Unexpected failure {found[1]}" in caplog.text
    assert "no such table" in caplog.text


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_interaction_that_is_gone_or_answered_is_no_drama(
    alice: Person, simcord_env: Any, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=status, code=code, message="gone")
    with pytest.raises(IndexError):  # nobody sees anything
        await alice.slash("target list")
    _ = simcord_env.errors
    (warning,) = [record for record in caplog.records if record.name == "bot.failures"]
    assert warning.levelname == "WARNING"
    assert not warning.exc_info
    assert "no target yet" in (await alice.slash("target list")).text
