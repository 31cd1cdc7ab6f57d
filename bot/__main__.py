"""`python -m bot`: the bot, the console, and what operators need around them."""

import logging
import os
import sys
from pathlib import Path

import aiohttp
import discord
import typer

from bot.checking import table
from bot.client import create_bot
from bot.console import session
from bot.live import LiveMessages
from streaming import database, settings
from streaming.command_line import Config, Debug, configure_logging, run_app, run_or_explain
from streaming.control.control import Control
from streaming.database import Database
from streaming.errors import ConfigurationError, ServiceUnavailable
from streaming.settings import Settings
from streaming.unreached import reason
from streaming.vault import Vault

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
        settings.load(config)  # also for the command that follows
    return run() if context.invoked_subcommand is None else None


@app.command()
def run(config: Config = None, *, debug: Debug = False) -> int:
    """Be the bot on Discord (default)."""
    configure_logging(logging.DEBUG if debug else logging.INFO)
    chosen = settings.load(config)
    if not chosen.discord.token.get_secret_value():
        raise ConfigurationError(_NOT_ON_DISCORD)
    database.migrate(chosen.database_url)
    return run_or_explain(_be_on_discord(chosen))


@app.command()
def console(config: Config = None, *, debug: Debug = False) -> int:
    """Take the same commands here, with an engine and an ingest on this machine."""
    configure_logging(logging.DEBUG if debug else logging.WARNING)
    return run_or_explain(session.run(settings.load(config), engine_options=["--debug"] if debug else []))


@app.command()
def check(config: Config = None) -> int:
    """Show what Nonstop needs, and whether it is there."""
    configure_logging(logging.WARNING)
    return run_or_explain(table.check(settings.load(config)))


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database to this version's schema."""
    configure_logging(logging.WARNING)
    database.migrate(settings.load(config).database_url)


@app.command(hidden=True)
def up(config: Config = None) -> int:
    """Start what is configured: bot and engine, or else the console."""
    if settings.load(config).discord.token.get_secret_value():
        _become_bot_and_engine()
    typer.echo("No Discord token is set, so this is the console. With DISCORD_TOKEN set it is the bot.", err=True)
    return console()


async def _be_on_discord(chosen: Settings) -> None:
    data = Database(chosen.database_url)
    try:
        vault = Vault.open(chosen.streaming.data_dir, chosen.secrets.key_file)
        control = Control(
            data,
            vault,
            profile=chosen.streaming.profile,
            encode=chosen.streaming.encode,
            egress=chosen.targets.egress,
        )
        async with create_bot(chosen, control) as bot, LiveMessages(bot, control):
            await bot.start(chosen.discord.token.get_secret_value())
    except discord.LoginFailure as error:
        raise ConfigurationError("Discord does not know the token.", hint="Copy it again from the portal.") from error
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        _log.debug("Discord cannot be reached", exc_info=error)
        raise ServiceUnavailable(f"Discord cannot be reached: {reason(error)}.") from error
    finally:
        await data.close()


def _become_bot_and_engine() -> None:
    """Goes on as honcho; the Procfile's `python` is to be this one."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    command = [sys.executable, "-m", "honcho", "start", "--procfile", str(_PROCFILE), "bot", "engine"]
    os.execve(sys.executable, command, {**os.environ, "PATH": path})  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    run_app(app)
