"""Runs the migrations. Imported when there are some to run: Alembic takes a third of a second to load."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

_FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """Brings the database to the newest revision, in an event loop of its own."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


def is_known(revision: str) -> bool:
    """Whether a revision is one of ours."""
    try:
        ScriptDirectory(str(_FOLDER)).get_revision(revision)
    except CommandError:
        return False
    return True
