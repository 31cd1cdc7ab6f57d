"""The card that welcomes a server, its buttons and the form one of them opens; they work after any restart of ours."""

import re
from enum import StrEnum
from typing import Any, Self

from discord import ButtonStyle, Embed, Interaction, SelectOption, ui

from bot.answering import answering
from bot.asking import actor, guild_id
from bot.commands.way_to_air import show_way_to_air
from bot.failures import Form, Line, failures_told
from bot.mentions import Mentions
from bot.permissions import admit
from bot.ui import cards
from bot.ui.modals import TargetModal
from bot.ui.words import first_run as words
from bot.ui.words import targets
from streaming.control.control import Control, StartRequest
from streaming.control.streams import DEMO
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS

_LONGEST_ANSWER = 300


class Step(StrEnum):
    """What can be begun from the card."""

    TARGET = "target"
    START = "start"
    STATUS = "status"


_STYLES = {Step.TARGET: ButtonStyle.primary, Step.START: ButtonStyle.success, Step.STATUS: ButtonStyle.secondary}


def card(mentions: Mentions) -> Embed:
    """Three steps to a channel on air."""
    welcome = words.WELCOME.format(settings=mentions.of("settings"), help=mentions.of("help"))
    return Embed(title=words.TITLE, description=welcome, colour=cards.BLUE)


def buttons() -> ui.View:
    """A button for each step."""
    view = ui.View(timeout=None)
    for step in Step:
        view.add_item(StepButton(step))
    return view


class StepButton(ui.DynamicItem[ui.Button[ui.View]], template=r"welcome:(?P<step>target|start|status)"):
    """Begins a step."""

    def __init__(self, step: Step) -> None:
        label, custom_id = words.BUTTONS[step], f"welcome:{step}"
        super().__init__(ui.Button(label=label, style=_STYLES[step], custom_id=custom_id))
        self._step = step

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(Step(match["step"]))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Opens what the step needs, for whoever may do it."""
        async with failures_told(interaction):
            control = interaction.client.control
            if self._step is Step.STATUS:
                await _show_status(interaction, control)
            elif await admit(interaction, control):
                await _open(interaction, control, self._step)


class PlatformSelect(ui.DynamicItem[ui.Select[ui.View]], template=r"welcome:platform"):
    """Opens the form for a target of the platform that is chosen."""

    def __init__(self) -> None:
        options = [SelectOption(label=targets.CHOICES[k], value=k.value) for k in (*INGEST_URLS, TargetKind.CUSTOM)]
        super().__init__(ui.Select(custom_id="welcome:platform", placeholder=words.PLATFORM_CHOICE, options=options))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """The list that was used."""
        return cls()

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Asks for address and key."""
        async with failures_told(interaction):
            control = interaction.client.control
            if await admit(interaction, control):
                (platform,) = self.item.values
                await interaction.response.send_modal(TargetModal(control, platform, TargetKind(platform)))


class StartModal(Form):
    """Asks what is to be on air."""

    def __init__(self, control: Control) -> None:
        super().__init__(words.START_TITLE)
        self._control = control
        self._playlist = Line(custom_id="playlist", default=DEMO, max_length=_LONGEST_ANSWER)
        self._to = Line(custom_id="to", required=False, max_length=_LONGEST_ANSWER)
        self.add_item(ui.Label(text=words.PLAYLIST_LABEL, description=words.PLAYLIST_HELP, component=self._playlist))
        self.add_item(ui.Label(text=words.TO_LABEL, description=words.TO_HELP, component=self._to))

    async def on_submit(self, interaction: Interaction) -> None:
        """Wants it on air, and follows it there."""
        if not await admit(interaction, self._control):
            return
        request = StartRequest(self._playlist.value, to=self._to.value)
        async with answering(interaction) as answer:
            wish = await self._control.start(actor(interaction), request)
        await show_way_to_air(answer, self._control.follow(wish.stream_id, wish.wish))


async def _show_status(interaction: Interaction[Any], control: Control) -> None:
    async with answering(interaction, is_private=True) as answer:
        statuses = await control.streams(guild_id(interaction))
    await answer.show(cards.streams(statuses))


async def _open(interaction: Interaction[Any], control: Control, step: Step) -> None:
    if step is Step.START:
        await interaction.response.send_modal(StartModal(control))
        return
    view = ui.View(timeout=None)
    view.add_item(PlatformSelect())
    asking = Embed(title=words.PLATFORM, description=words.PLATFORM_HINT, colour=cards.BLUE)
    await interaction.response.send_message(embed=asking, view=view, ephemeral=True)
