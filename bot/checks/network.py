"""Checks over the network: Discord, YouTube, the ingests of saved targets, and the clock."""

from collections.abc import Sequence

from discord.http import Route

import streaming
from bot.checks.result import Passed
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.model.message import Message
from streaming.network import connectivity as reach
from streaming.network.connectivity import WebAnswer
from streaming.settings import Settings

_YOUTUBE = "https://www.youtube.com/generate_204"
_OK = 200
_UNAUTHORIZED = 401
_TOO_MANY = 429
_CLOCK_DOUBTFUL_SECONDS = 5.0
_CLOCK_WRONG_SECONDS = 60.0


class NetworkChecks:
    """The checks; the answers' dates are collected for `clock`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ahead_seconds: list[float] = []

    async def discord(self) -> Passed:
        """Whether Discord accepts the token. Raises ConfigurationError when it does not."""
        token = self._settings.discord.token.get_secret_value()
        headers = {"Authorization": f"Bot {token}", "User-Agent": f"DiscordBot (nonstop, {streaming.__version__})"}
        answer = self._timed(await reach.ask_web(f"{Route.BASE}/users/@me", headers=headers))
        if answer.status == _UNAUTHORIZED:
            raise ConfigurationError("Discord does not know the token.", hint=Message("Copy it again from the portal."))
        if answer.status != _OK:
            raise ServiceUnavailable(Message(f"Discord answers with {answer.status}."))
        return Passed(f"accepts the token of {answer.content.get('username', '?')}")

    async def intents(self) -> Passed:
        return Passed("guilds only, which needs no approval")

    async def youtube(self) -> Passed:
        """Whether YouTube answers, through the same proxy as videos."""
        youtube = self._settings.youtube
        answer = self._timed(await reach.ask_web(_YOUTUBE, proxy=youtube.proxy, ca_file=youtube.ca_file))
        if answer.status == _TOO_MANY:
            raise ServiceUnavailable(
                Message("YouTube refuses this address for now (429)."), hint=Message("Wait a few hours.")
            )
        return Passed("can be reached" + (" through the proxy" if youtube.proxy else ""))

    async def ingest(self, host: str, port: int) -> Passed:
        took_seconds = await reach.connect(host, port)
        return Passed(f"{host}:{port} can be reached, in {took_seconds * 1000:.0f} ms")

    async def clock(self) -> Passed:
        """Compares our clock with the answers' dates; to be called after the other checks."""
        if not self._ahead_seconds:
            raise ServiceUnavailable(Message("No server answered with the time."))
        return judge_clock(self._ahead_seconds)

    def _timed(self, answer: WebAnswer) -> WebAnswer:
        if answer.clock_ahead_seconds is not None:
            self._ahead_seconds.append(answer.clock_ahead_seconds)
        return answer


def judge_clock(ahead_seconds: Sequence[float]) -> Passed:
    """Judges by the answer that agrees most with our clock. Raises ConfigurationError when the clock is wrong."""
    ahead = min(ahead_seconds, key=abs)
    off = f"{abs(ahead):.0f} s {'ahead' if ahead > 0 else 'behind'}"
    if abs(ahead) > _CLOCK_WRONG_SECONDS:
        raise ConfigurationError(f"The clock is {off}.", hint=Message("Let the system set it with NTP."))
    if abs(ahead) > _CLOCK_DOUBTFUL_SECONDS:
        return Passed(f"{off}; let the system set it with NTP", is_doubtful=True)
    return Passed("right to within a few seconds")
