"""Looks at every prerequisite and shows what was found."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.checking import machine, outside
from bot.checking.finding import Finding, Seen, look
from streaming.control.addresses import ingest_addresses
from streaming.model.errors import ConfigurationError
from streaming.settings import Settings

_MOST_INGESTS = 20


async def check(settings: Settings) -> int:
    """Prints a table of the prerequisites; gives 0, or the exit code of the worst that is wrong."""
    # Else a name server that is away holds us up for half a minute, in a thread that cannot be ended.
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    findings = [await look(name, _here(find, settings)) for name, find in machine.PREREQUISITES.items()]
    findings += await _where_there_is_anything(settings)
    has_database = not any(finding.exit_code for finding in findings if finding.name == "Database")
    findings += await _outside(settings, await ingest_addresses(settings.database_url) if has_database else [])
    Console(highlight=False).print(drawn(findings))
    return max(finding.exit_code for finding in findings)


async def _where_there_is_anything(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    for name, find in machine.WHERE_THERE_IS_ANYTHING.items():
        try:
            seen = await asyncio.to_thread(find, settings)
        except ConfigurationError as error:
            found.append(Finding(name, str(error), error.exit_code))
        except (OSError, sqlite3.Error):
            continue  # the lines of the data folder and the database say why
        else:
            found += [Finding(name, seen.detail, is_advice=seen.is_advice)] if seen else []
    return found


async def _here(find: Callable[[Settings], Seen], settings: Settings) -> Seen:
    return await asyncio.to_thread(find, settings)


async def _outside(settings: Settings, ingests: list[tuple[str, int]]) -> list[Finding]:
    """All at the same time, so that it takes no longer than the slowest; the clock is judged by what they said."""
    looking = outside.Outside(settings)
    lines = [("YouTube", looking.youtube())]
    if settings.discord.token.get_secret_value():
        lines = [("Discord", looking.discord()), ("Intents", looking.intents()), *lines]
    lines += [("Ingest", looking.ingest(host, port)) for host, port in ingests[:_MOST_INGESTS]]
    found = await asyncio.gather(*(look(name, work) for name, work in lines))
    return [*found, await look("Clock", looking.clock())]


def drawn(findings: Sequence[Finding]) -> Table:
    """A line for each finding."""
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        table.add_row(_mark(finding), Text(finding.name, style="bold"), Text(finding.detail))
    return table


def _mark(finding: Finding) -> Text:
    if finding.exit_code:
        return Text("no", style="red")
    if finding.is_advice:
        return Text("")
    return Text("??", style="yellow") if finding.is_doubtful else Text("ok", style="green")
