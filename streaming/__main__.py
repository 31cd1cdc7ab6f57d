"""`python -m streaming`: the engine, and `play`, which plays one lineup in the foreground."""

import logging
from enum import StrEnum
from typing import Annotated

import typer

from streaming import settings
from streaming.command_line import Config, Debug, configure_logging, run_app, run_or_explain
from streaming.engine.engine import Engine
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.play import PlayRequest, play
from streaming.settings import Settings
from streaming.storage import database
from streaming.storage.database import Database
from streaming.storage.keyring import opened_vault
from streaming.storage.private_files import tighten

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Nonstop's engine: plays the streams that the database wants on air.",
)


class PlayMode(StrEnum):
    """How media are served; more modes will follow."""

    DIRECT = "direct"


@app.callback(invoke_without_command=True)
def main(context: typer.Context, config: Config = None) -> int | None:
    """Nonstop's engine."""
    if config:
        settings.load(config)  # also for the command that follows
    return run() if context.invoked_subcommand is None else None


@app.command()
def run(config: Config = None, *, debug: Debug = False) -> int:
    """Be an engine: play what is wanted on air (default)."""
    configure_logging(logging.DEBUG if debug else logging.INFO)
    chosen = settings.load(config)
    tighten(chosen)
    database.migrate(chosen.database_url)
    return run_or_explain(_be_an_engine(chosen))


@app.command("play")
def play_command(
    playlist: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAYLIST", help="A YouTube playlist or video, demo, files, folders, URLs or .m3u lists."
        ),
    ],
    *,
    mode: Annotated[PlayMode, typer.Option(help="How media reach the stream.")] = PlayMode.DIRECT,  # noqa: ARG001  (the only one yet)
    to: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="An ingest with its key; can be given several times.")
    ] = None,
    encode: Annotated[EncodeMode | None, typer.Option(help="When to re-encode video.")] = None,
    shuffle: Annotated[bool, typer.Option("--shuffle", help="Play in a random order.")] = False,
    loop: Annotated[bool, typer.Option("--loop", help="Start over at the end.")] = False,
    profile: Annotated[str | None, typer.Option(help=f"One of {', '.join(PROFILES)}.")] = None,
    config: Config = None,
    debug: Debug = False,
) -> int:
    """Play one lineup in the foreground; ends when it does."""
    configure_logging(logging.DEBUG if debug else logging.WARNING)
    chosen = settings.load(config)
    name = profile or chosen.streaming.profile
    if name not in PROFILES:
        raise UsageError(Message(f"There is no profile {name!r}."), hint=Message(f"Available: {', '.join(PROFILES)}."))
    request = PlayRequest(
        references=tuple(playlist),
        targets=tuple(to or ()),
        encode=encode or chosen.streaming.encode,
        profile=PROFILES[name],
        is_shuffled=shuffle,
        is_looped=loop,
    )
    return run_or_explain(play(chosen, request))


async def _be_an_engine(chosen: Settings) -> None:
    with opened_vault(chosen) as vault:
        data = Database(chosen.database_url)
        try:
            await Engine(chosen, data, vault).run()
        finally:
            await data.close()


if __name__ == "__main__":
    run_app(app)
