"""`/stream`: put playlists on air, take them off, and see how they do."""

from collections.abc import Sequence

from discord import Interaction, app_commands

from bot.answering import ENGINE_PATIENCE_SECONDS, answering
from bot.asking import actor, guild_id
from bot.charting import Charts
from bot.commands import completing
from bot.commands.panel import panel_command
from bot.commands.queue import queue_commands
from bot.commands.upkeep import upkeep_commands
from bot.commands.way_to_air import show_way_to_air
from bot.ui import cards, picture_cards
from bot.ui.words import pictures
from bot.ui.words import streams as words
from streaming.control.control import Control, StartRequest
from streaming.control.history import Span
from streaming.control.status import StreamStatus
from streaming.model.states import EncodeMode, ServeMode

_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in (ServeMode.DIRECT,)]
_ENCODE_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in EncodeMode]
_SPANS = [app_commands.Choice(name=span.value, value=span.value) for span in Span]
_START_OPTIONS = ("playlist", "mode", "to", "title", "description", "shuffle", "loop", "encode")


class StreamCommands(app_commands.Group):
    """The group `/stream`."""

    def __init__(self, control: Control) -> None:
        super().__init__(name="stream", description=words.COMMANDS["stream"], guild_only=True)
        self._control = control
        self._charts = Charts(control)
        for command in (*queue_commands(control), *upkeep_commands(control), panel_command(control)):
            self.add_command(command)

    @app_commands.command(description=words.COMMANDS["stream start"])
    @app_commands.describe(**{name: words.OPTIONS[name] for name in _START_OPTIONS})
    @app_commands.choices(mode=_MODES, encode=_ENCODE_MODES)
    @app_commands.autocomplete(playlist=completing.playlists, to=completing.targets)
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
        """Wants a playlist on air, and follows it there."""
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
        async with answering(interaction) as answer:
            wish = await self._control.start(actor(interaction), request)
        await show_way_to_air(answer, self._control.follow(wish.stream_id, wish.wish))

    @app_commands.command(description=words.COMMANDS["stream stop"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=completing.streams)
    async def stop(self, interaction: Interaction, stream: str = "") -> None:
        """Wants a stream off the air."""
        async with answering(interaction) as answer:
            status = await self._control.stop(actor(interaction), stream)
        await answer.show(cards.stream(status))

    @app_commands.command(description=words.COMMANDS["stream skip"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=completing.streams)
    async def skip(self, interaction: Interaction, stream: str = "") -> None:
        """Has the engine go on to the next item."""
        async with answering(interaction, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
            outcome = await self._control.skip(actor(interaction), stream)
        await answer.show(cards.skipped(outcome))

    @app_commands.command(description=words.COMMANDS["stream status"])
    @app_commands.describe(stream=words.OPTIONS["stream"], chart=pictures.OPTIONS["chart"])
    @app_commands.autocomplete(stream=completing.streams)
    @app_commands.choices(chart=_SPANS)
    async def status(self, interaction: Interaction, stream: str = "", chart: str = "") -> None:
        """Shows one stream with its health, or all."""
        async with answering(interaction, is_private=True) as answer:
            statuses = await self._control.status(guild_id(interaction), stream, is_one=bool(chart))
            png = await self._chart(interaction, statuses, chart)
        if png:
            await answer.show(picture_cards.stream_with_chart(statuses[0]), picture_cards.chart_file(png))
        else:
            await answer.show(cards.streams(statuses))

    async def _chart(self, interaction: Interaction, statuses: Sequence[StreamStatus], chart: str) -> bytes | None:
        """The health chart of a stream that is alone."""
        if len(statuses) != 1:
            return None
        return await self._charts.of(guild_id(interaction), statuses[0].stream_id, Span(chart or Span.HOUR))

    @app_commands.command(name="list", description=words.COMMANDS["stream list"])
    async def list_(self, interaction: Interaction) -> None:
        """Lists all streams."""
        async with answering(interaction, is_private=True) as answer:
            statuses = await self._control.streams(guild_id(interaction))
        await answer.show(cards.stream_list(statuses))
