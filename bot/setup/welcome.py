"""The card that welcomes a server, its buttons, and the form to start a stream. The buttons outlive restarts."""

import re
from enum import StrEnum
from typing import Any, Self

from discord import ButtonStyle, Embed, Interaction, SelectOption, ui

from bot.cards.basic import BLUE
from bot.discord.actor import actor, guild_id
from bot.discord.errors import report_failures
from bot.discord.forms import Form, Line
from bot.discord.mentions import Mentions
from bot.discord.permissions import admit
from bot.discord.responses import respond
from bot.i18n.words import setup as words
from bot.i18n.words import targets as target_words
from bot.streams import cards
from bot.streams.start_progress import show_start_progress
from bot.targets.modal import TargetModal
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS
from streaming.services.playlists import DEMO
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.services.streams import StreamService

_LONGEST_ANSWER = 300


class Step(StrEnum):
    """The steps the card offers."""

    TARGET = "target"
    START = "start"
    STATUS = "status"


_STYLES = {Step.TARGET: ButtonStyle.primary, Step.START: ButtonStyle.success, Step.STATUS: ButtonStyle.secondary}


def card(mentions: Mentions) -> Embed:
    welcome = words.WELCOME.format(settings=mentions.of("settings"), help=mentions.of("help"))
    return Embed(title=words.WELCOME_TITLE, description=welcome, colour=BLUE)


def buttons() -> ui.View:
    view = ui.View(timeout=None)
    for step in Step:
        view.add_item(StepButton(step))
    return view


class StepButton(ui.DynamicItem[ui.Button[ui.View]], template=r"welcome:(?P<step>target|start|status)"):
    """Opens a step."""

    def __init__(self, step: Step) -> None:
        label, custom_id = words.BUTTONS[step], f"welcome:{step}"
        super().__init__(ui.Button(label=label, style=_STYLES[step], custom_id=custom_id))
        self._step = step

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(Step(match["step"]))

    async def callback(self, interaction: Interaction[Any]) -> None:
        async with report_failures(interaction):
            services = interaction.client.services
            if self._step is Step.STATUS:
                await _show_status(interaction, services.streams)
            elif await admit(interaction, services.guilds):
                await _open(interaction, services, self._step)


class PlatformSelect(ui.DynamicItem[ui.Select[ui.View]], template=r"welcome:platform"):
    """Opens the form for a target of the chosen platform."""

    def __init__(self) -> None:
        options = [
            SelectOption(label=target_words.CHOICES[k], value=k.value) for k in (*INGEST_URLS, TargetKind.CUSTOM)
        ]
        super().__init__(ui.Select(custom_id="welcome:platform", placeholder=words.PLATFORM_CHOICE, options=options))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction[Any]) -> None:
        async with report_failures(interaction):
            services = interaction.client.services
            if await admit(interaction, services.guilds):
                (platform,) = self.item.values
                await services.targets.check_is_new(guild_id(interaction), platform)
                modal = TargetModal(services.targets, services.guilds, platform, TargetKind(platform))
                await interaction.response.send_modal(modal)


class StartModal(Form):
    """Asks for a playlist and a target."""

    def __init__(self, services: Services) -> None:
        super().__init__(words.START_TITLE)
        self._services = services
        self._playlist = Line(custom_id="playlist", default=DEMO, max_length=_LONGEST_ANSWER)
        self._to = Line(custom_id="to", required=False, max_length=_LONGEST_ANSWER)
        self.add_item(ui.Label(text=words.PLAYLIST_LABEL, description=words.PLAYLIST_HELP, component=self._playlist))
        self.add_item(ui.Label(text=words.TO_LABEL, description=words.TO_HELP, component=self._to))

    async def on_submit(self, interaction: Interaction) -> None:
        if not await admit(interaction, self._services.guilds):
            return
        request = StartRequest(self._playlist.value, to=self._to.value)
        async with respond(interaction) as answer:
            started = await self._services.streams.start(actor(interaction), request)
        await show_start_progress(answer, self._services.streams.follow(started.stream_id, started.generation))


async def _show_status(interaction: Interaction[Any], streams: StreamService) -> None:
    async with respond(interaction, is_private=True) as answer:
        statuses = await streams.all(guild_id(interaction))
    await answer.show(cards.overview(statuses))


async def _open(interaction: Interaction[Any], services: Services, step: Step) -> None:
    if step is Step.START:
        await interaction.response.send_modal(StartModal(services))
        return
    view = ui.View(timeout=None)
    view.add_item(PlatformSelect())
    card = Embed(title=words.PLATFORM, description=words.PLATFORM_HINT, colour=BLUE)
    await interaction.response.send_message(embed=card, view=view, ephemeral=True)
