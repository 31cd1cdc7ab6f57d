"""Runs every check and prints a table."""

import asyncio
import os
import sqlite3
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.checks import machine
from bot.checks.network import NetworkChecks
from bot.checks.result import CheckResult, run_check
from streaming.model.errors import ConfigurationError
from streaming.services.engines import ingest_addresses
from streaming.settings import Settings

_MOST_INGESTS = 20


async def check_all(settings: Settings) -> int:
    """Prints a table of all checks; returns 0, or the highest exit code of those that failed."""
    # By default an unreachable name server blocks for half a minute, in a thread that cannot be cancelled.
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    results = [await run_check(name, asyncio.to_thread(check, settings)) for name, check in machine.CHECKS.items()]
    results += await _optional(settings)
    has_database = not any(result.exit_code for result in results if result.name == "Database")
    results += await _network(settings, await ingest_addresses(settings.database_url) if has_database else [])
    Console(highlight=False).print(render(results))
    return max(result.exit_code for result in results)


async def _optional(settings: Settings) -> list[CheckResult]:
    results: list[CheckResult] = []
    for name, check in machine.OPTIONAL_CHECKS.items():
        try:
            passed = await asyncio.to_thread(check, settings)
        except ConfigurationError as error:
            results.append(CheckResult(name, str(error), error.exit_code))
        except (OSError, sqlite3.Error):
            continue  # the lines of the data folder and the database say why
        else:
            results += [CheckResult(name, passed.detail, is_advice=passed.is_advice)] if passed else []
    return results


async def _network(settings: Settings, ingests: Sequence[tuple[str, int]]) -> list[CheckResult]:
    """All at once, so that they take as long as the slowest; then the clock, by the dates of the answers."""
    checks = NetworkChecks(settings)
    lines = [("YouTube", checks.youtube())]
    if settings.discord.token.get_secret_value():
        lines = [("Discord", checks.discord()), ("Intents", checks.intents()), *lines]
    lines += [("Ingest", checks.ingest(host, port)) for host, port in ingests[:_MOST_INGESTS]]
    results = await asyncio.gather(*(run_check(name, check) for name, check in lines))
    return [*results, await run_check("Clock", checks.clock())]


def render(results: Sequence[CheckResult]) -> Table:
    """A line for each result."""
    table = Table.grid(padding=(0, 2))
    for result in results:
        table.add_row(_mark(result), Text(result.name, style="bold"), Text(result.detail))
    return table


def _mark(result: CheckResult) -> Text:
    if result.exit_code:
        return Text("no", style="red")
    if result.is_advice:
        return Text("")
    return Text("??", style="yellow") if result.is_doubtful else Text("ok", style="green")
