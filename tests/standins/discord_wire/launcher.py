"""Run a bot's module with discord.py pointed at the stand-in: `… launcher -- MODULE [ARGUMENT…]`.

Only the two addresses that discord.py keeps as class attributes are changed, so the bot itself needs no hook for tests.
"""

import os
import runpy
import sys

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def main() -> None:
    """Leave the bot's module its own `sys.argv`, as if Python had been started with it."""
    module, *arguments = sys.argv[sys.argv.index("--") + 1 :]
    Route.BASE = os.environ["NONSTOP_TEST_DISCORD_REST"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["NONSTOP_TEST_DISCORD_GATEWAY"])
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
