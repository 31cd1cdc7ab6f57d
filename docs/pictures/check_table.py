"""What `python -m bot check` prints where nearly all is well; the findings are made up."""

from rich.text import Text

from bot.checking.finding import Finding
from bot.checking.table import drawn
from docs.pictures import terminal

FINDINGS = (
    Finding("Settings", "valid, with a Discord token"),
    Finding("Data folder", "/srv/nonstop/data can be written"),
    Finding("Disk", "82.4 GB free in /srv/nonstop/data"),
    Finding("Database", "/srv/nonstop/data/nonstop.db has this version's schema"),
    Finding("FFmpeg", "9.0.2 with libx264, aac"),
    Finding("yt-dlp", "2026.10.26 with yt-dlp-ejs 0.8.0"),
    Finding("Deno", "2.9.8"),
    Finding("Discord", "takes the token, which is that of Nonstop"),
    Finding("Intents", "guilds only, which needs nobody's approval"),
    Finding("YouTube", "can be reached"),
    Finding("Ingest", "a.rtmps.youtube.com:443 can be reached, in 38 ms"),
    Finding("Ingest", "stage.example.org:1935 cannot be reached: Connection refused.", exit_code=69),
    Finding("Clock", "4 s ahead; let the system set it by NTP", is_doubtful=True),
)


def pictures() -> dict[str, str]:
    """The table, as SVG, by theme."""
    screen = terminal.screen()
    screen.print(Text("$ python -m bot check", style="bold"))
    screen.print(drawn(FINDINGS))
    return terminal.pictures(screen)
