"""Cards of `/help` and `/about`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discord import Embed, app_commands

from bot.cards import text
from bot.cards.basic import BLUE, ORANGE
from bot.discord.mentions import Mentions
from bot.i18n.translator import command_text
from bot.i18n.words import help as words
from bot.i18n.words import numbers
from streaming.services.engines import EngineInfo

Command = app_commands.Command[Any, ..., Any]
TopLevel = Command | app_commands.Group | app_commands.ContextMenu

_LIMIT = 3900
_ENGINES_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class BotFacts:
    """Facts about the bot; `invitation` is empty where it is not on Discord."""

    version: str
    started_at: datetime
    servers: int
    invitation: str


def overview(commands: Sequence[TopLevel], mentions: Mentions) -> Embed:
    """The first steps, then every command by group."""
    steps = [f"{number}. {mentions.of(name)}: {what}" for number, (name, what) in enumerate(words.FIRST_STEPS, 1)]
    groups = [command for command in commands if isinstance(command, app_commands.Group)]
    single = [command for command in commands if isinstance(command, app_commands.Command)]
    lines = [*steps]
    for group in groups:
        lines += ["", f"**{command_text(group.description)}**", *_lines(leaves([group]), mentions)]
    lines += ["", f"**{words.OTHER_COMMANDS}**", *_lines(single, mentions)]
    return Embed(title=words.HELP_TITLE, description=text.fitting(lines, _LIMIT), colour=BLUE)


def command(found: Command, mentions: Mentions) -> Embed:
    options = "\n".join(map(_option, found.parameters)) or words.NO_OPTIONS
    return Embed(
        title=f"/{found.qualified_name}",
        description=f"{mentions.of(found.qualified_name)}: {command_text(found.description)}\n\n{options}",
        colour=BLUE,
    )


def about(facts: BotFacts, engines: Sequence[EngineInfo]) -> Embed:
    card = Embed(
        title=words.ABOUT_TITLE.format(version=facts.version),
        description=words.ABOUT,
        colour=BLUE if engines else ORANGE,
    )
    working = text.fitting(map(_engine, engines), _ENGINES_LIMIT) or words.NO_ENGINE
    card.add_field(name=words.ENGINES, value=working, inline=False)
    card.add_field(name=words.UP, value=text.since(facts.started_at))
    if facts.invitation:
        card.add_field(name=words.SERVERS, value=numbers.whole(facts.servers))
        card.add_field(name=words.INVITE, value=f"[{words.INVITE_LABEL}]({facts.invitation})")
    return card.add_field(name=words.LICENCE, value=words.LICENCE_NAME)


def leaves(commands: Sequence[TopLevel]) -> list[Command]:
    """The commands themselves, out of their groups."""
    found: list[Command] = []
    for each in commands:
        if isinstance(each, app_commands.Group):
            found += leaves(each.commands)
        elif isinstance(each, app_commands.Command):
            found.append(each)
    return found


def _lines(commands: Sequence[Command], mentions: Mentions) -> list[str]:
    return [f"{mentions.of(each.qualified_name)} {command_text(each.description)}" for each in commands]


def _option(option: app_commands.Parameter) -> str:
    optional = "" if option.required else f" · {words.OPTIONAL}"
    choices = f" ({', '.join(command_text(choice.name) for choice in option.choices)})" if option.choices else ""
    return f"**{option.display_name}:** {command_text(str(option.description))}{choices}{optional}"


def _engine(engine: EngineInfo) -> str:
    return f"🟢 **{text.safe(engine.name, 60)}** · {text.since(engine.started_at)}\n-# {text.safe(engine.version, 120)}"
