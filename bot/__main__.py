"""`python -m bot`: the bot, the console, and what operators need around them."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import discord
import typer

from bot.checks import table
from bot.client import create_bot
from bot.connection import stay_connected
from bot.console import session
from streaming import settings
from streaming.command_line import Config, Debug, configure_logging, run_app, run_or_explain
from streaming.model.errors import ConfigurationError
from streaming.model.message import Message
from streaming.process.file_lock import held
from streaming.services.services import Services
from streaming.settings import Settings
from streaming.storage import database
from streaming.storage.database import Database
from streaming.storage.keyring import opened_vault, rekey
from streaming.storage.private_files import tighten

_PROCFILE = Path(__file__).parents[1] / "Procfile"
_NOT_ON_DISCORD = (
    "There is no Discord token: set DISCORD_TOKEN, or [discord] token in config.toml, "
    "or try `python -m bot console`, which needs none."
)

_log = logging.getLogger(__name__)

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help="Nonstop keeps channels on air."
)


@app.callback(invoke_without_command=True)
def main(context: typer.Context, config: Config = None) -> int | None:
    """Nonstop keeps channels on air."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
    if config:
        settings.load(config)  # subcommands read them again
    return run() if context.invoked_subcommand is None else None


@app.command()
def run(config: Config = None, *, debug: Debug = False) -> int:
    """Be the bot on Discord (default)."""
    configure_logging(logging.DEBUG if debug else logging.INFO)
    chosen = settings.load(config)
    if not chosen.discord.token.get_secret_value():
        raise ConfigurationError(_NOT_ON_DISCORD)
    tighten(chosen)
    with held(chosen.streaming.data_dir / "bot.lock", _another_bot(chosen)):
        database.migrate(chosen.database_url)
        return run_or_explain(_connect(chosen))


@app.command()
def console(config: Config = None, *, debug: Debug = False) -> int:
    """Take the same commands here, with an engine and an ingest on this machine."""
    configure_logging(logging.DEBUG if debug else logging.WARNING)
    chosen = settings.load(config)
    tighten(chosen)
    return run_or_explain(session.run(chosen, engine_options=["--debug"] if debug else []))


@app.command()
def check(config: Config = None) -> int:
    """Show what Nonstop needs, and whether it is there."""
    configure_logging(logging.WARNING)
    return run_or_explain(table.check_all(settings.load(config)))


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database to this version's schema."""
    configure_logging(logging.WARNING)
    database.migrate(settings.load(config).database_url)


@app.command("rekey")
def rekey_command(
    config: Config = None,
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Remove targets whose keys can no longer be read.")] = False,
) -> None:
    """Encrypt the stored stream keys with a new key."""
    configure_logging(logging.WARNING)
    for step in rekey(settings.load(config), forget=forget):
        typer.echo(step)


@app.command(hidden=True)
def up(config: Config = None) -> int:
    """Start what is configured: bot and engine, or else the console."""
    if settings.load(config).discord.token.get_secret_value():
        _become_bot_and_engine()
    typer.echo("No Discord token is set, so this is the console. With DISCORD_TOKEN set it is the bot.", err=True)
    return console()


def _another_bot(chosen: Settings) -> ConfigurationError:
    """Two bots with one token would both answer, and both edit the same messages."""
    return ConfigurationError(
        f"Another bot is running with the data in {chosen.streaming.data_dir}.",
        hint=Message("Stop that one, or set another [streaming] data_dir."),
    )


async def _connect(chosen: Settings) -> None:
    with opened_vault(chosen) as vault:
        data = Database(chosen.database_url)
        try:
            services = Services.create(chosen, data, vault)
            token = chosen.discord.token.get_secret_value()
            await stay_connected(lambda: create_bot(chosen, services), services, token)
        finally:
            await data.close()


def _become_bot_and_engine() -> None:
    """Replaces this process with the supervisor of both, which has less in memory than this one."""
    os.execv(sys.executable, [sys.executable, "-m", "bot.supervisor", str(_PROCFILE), "bot", "engine"])  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    run_app(app)
