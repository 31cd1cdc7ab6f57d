"""What `python -m bot check` prints where nearly all is well; the findings are made up."""

from rich.text import Text

from bot.checks.result import CheckResult
from bot.checks.table import render
from docs.pictures import terminal

RESULTS = (
    CheckResult("Settings", "valid, with a Discord token"),
    CheckResult("Data folder", "/srv/nonstop/data can be written"),
    CheckResult("Disk", "82.4 GB free in /srv/nonstop/data"),
    CheckResult("Database", "/srv/nonstop/data/nonstop.db has the schema of this version"),
    CheckResult("FFmpeg", "9.0.2 with libx264, aac"),
    CheckResult("yt-dlp", "2026.10.26 with yt-dlp-ejs 0.8.0"),
    CheckResult("Deno", "2.9.8"),
    CheckResult("Discord", "accepts the token of Nonstop"),
    CheckResult("Intents", "guilds only, which needs no approval"),
    CheckResult("YouTube", "can be reached"),
    CheckResult("Ingest", "a.rtmps.youtube.com:443 can be reached, in 38 ms"),
    CheckResult("Ingest", "stage.example.org:1935 cannot be reached: Connection refused.", exit_code=69),
    CheckResult("Clock", "4 s ahead; let the system set it with NTP", is_doubtful=True),
)


def pictures() -> dict[str, str]:
    """The table, as SVG, by theme."""
    screen = terminal.screen()
    screen.print(Text("$ python -m bot check", style="bold"))
    screen.print(render(RESULTS))
    return terminal.pictures(screen)
