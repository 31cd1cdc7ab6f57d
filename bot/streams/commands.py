"""`/stream start|stop|skip|status|list|preview`: putting playlists on air, and seeing how they do."""

from collections.abc import Sequence
from typing import Any

from discord import Interaction, app_commands

from bot.cards import basic
from bot.charts.cache import ChartCache
from bot.discord import autocomplete
from bot.discord.actor import actor, guild_id
from bot.discord.responses import ENGINE_DEFER_SECONDS, respond
from bot.i18n.words import streams as words
from bot.streams import cards, status_card
from bot.streams.start_progress import show_start_progress
from streaming.model.states import EncodeMode, ServeMode
from streaming.services.history import Span
from streaming.services.previews import PreviewService
from streaming.services.services import Services
from streaming.services.status import StreamStatus
from streaming.services.stream_requests import StartRequest

_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in (ServeMode.DIRECT,)]
_ENCODE_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in EncodeMode]
_SPANS = [app_commands.Choice(name=span.value, value=span.value) for span in Span]
_START_OPTIONS = ("playlist", "mode", "to", "title", "description", "shuffle", "loop", "encode")


class StreamCommands(app_commands.Group):
    """The group `/stream`."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="stream", description=words.COMMANDS["stream"], guild_only=True)
        self._streams, self._queue = services.streams, services.queue
        self._charts = ChartCache(services.history)

    @app_commands.command(description=words.COMMANDS["stream start"])
    @app_commands.describe(**{name: words.OPTIONS[name] for name in _START_OPTIONS})
    @app_commands.choices(mode=_MODES, encode=_ENCODE_MODES)
    @app_commands.autocomplete(playlist=autocomplete.playlists, to=autocomplete.targets)
    async def start(
        self,
        interaction: Interaction,
        *,
        playlist: str,
        mode: str = ServeMode.DIRECT.value,
        to: str = "",
        title: str = "",
        description: str = "",
        shuffle: bool = False,
        loop: bool = True,
        encode: str | None = None,
    ) -> None:
        request = StartRequest(
            playlist=playlist,
            mode=ServeMode(mode),
            to=to,
            title=title,
            description=description,
            shuffle=shuffle,
            loop=loop,
            encode=EncodeMode(encode) if encode else None,
        )
        async with respond(interaction) as answer:
            started = await self._streams.start(actor(interaction), request)
        await show_start_progress(answer, self._streams.follow(started.stream_id, started.generation))

    @app_commands.command(description=words.COMMANDS["stream stop"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def stop(self, interaction: Interaction, stream: str = "") -> None:
        async with respond(interaction) as answer:
            status = await self._streams.stop(actor(interaction), stream)
        await answer.show(status_card.stream(status))

    @app_commands.command(description=words.COMMANDS["stream skip"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def skip(self, interaction: Interaction, stream: str = "") -> None:
        async with respond(interaction, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
            outcome = await self._queue.skip(actor(interaction), stream)
        await answer.show(basic.answer(words.SKIPPED, outcome))

    @app_commands.command(description=words.COMMANDS["stream status"])
    @app_commands.describe(stream=words.OPTIONS["stream"], chart=words.OPTIONS["chart"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    @app_commands.choices(chart=_SPANS)
    async def status(self, interaction: Interaction, stream: str = "", chart: str = "") -> None:
        async with respond(interaction, is_private=True) as answer:
            statuses = await self._streams.statuses(guild_id(interaction), stream, is_one=bool(chart))
            png = await self._chart(interaction, statuses, chart)
        if png:
            await answer.show(cards.stream_with_chart(statuses[0]), cards.chart_file(png))
        else:
            await answer.show(cards.overview(statuses))

    async def _chart(self, interaction: Interaction, statuses: Sequence[StreamStatus], chart: str) -> bytes | None:
        """The health chart where the card shows a single stream."""
        if len(statuses) != 1:
            return None
        return await self._charts.chart(guild_id(interaction), statuses[0].stream_id, Span(chart or Span.HOUR))

    @app_commands.command(name="list", description=words.COMMANDS["stream list"])
    async def list_(self, interaction: Interaction) -> None:
        async with respond(interaction, is_private=True) as answer:
            statuses = await self._streams.all(guild_id(interaction))
        await answer.show(cards.stream_list(statuses))


def preview_command(previews: PreviewService) -> app_commands.Command[Any, ..., None]:
    """`/stream preview`, to be added to the group."""

    @app_commands.command(description=words.COMMANDS["stream preview"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def preview(interaction: Interaction, stream: str = "") -> None:
        async with respond(interaction, is_private=True) as answer:
            picture = await previews.get(guild_id(interaction), stream, requested_by=interaction.user.id)
        await answer.show(cards.preview(picture), cards.preview_file(picture))

    return preview
