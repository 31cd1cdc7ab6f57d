"""The buttons of panels. Each knows its stream by its id alone, so it works after any restart of ours."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from discord import ButtonStyle, Interaction, ui

from bot.answering import ENGINE_PATIENCE_SECONDS, answering, changing
from bot.asking import actor, guild_id
from bot.failures import failures_told
from bot.languages import speak_to_everybody
from bot.permissions import admit
from bot.queue_view import page_view, read_page
from bot.ui import cards, picture_cards, text
from bot.ui import queue as queue_cards
from bot.ui.words import panel as words
from bot.ui.words import queue as queue_words
from streaming.control.control import Control
from streaming.control.status import StreamState, StreamStatus
from streaming.model.errors import UsageError

_LOG_LINES = 20

Press = Interaction[Any]
"""Somebody pressed; the client is our bot."""


class PanelButton(ui.DynamicItem[ui.Button[Any]], template=r"panel:(?P<action>[a-z_]+):(?P<stream_id>[0-9]{1,18})"):
    """Any button of a panel, or of a question a panel's button asks."""

    def __init__(self, action: str, stream_id: int) -> None:
        self._action = ACTIONS.get(action, _UNKNOWN)
        self._stream_id = stream_id
        look, label, name = self._action, words.BUTTONS.get(action, "?"), custom_id(action, stream_id)
        super().__init__(ui.Button(style=look.style, label=label, emoji=look.emoji, custom_id=name))

    @classmethod
    async def from_custom_id(cls, _: Press, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed, whenever it was shown."""
        return cls(match["action"], int(match["stream_id"]))

    async def callback(self, interaction: Press) -> Any:  # noqa: ANN401  (what discord.py says)
        """Does what the button is for, if whoever pressed it may."""
        async with failures_told(interaction):
            await self._press(interaction)

    async def _press(self, interaction: Press) -> None:
        control: Control = interaction.client.control
        if not self._action.is_for_operators:  # who only looks is in nobody's way
            await self._action.press(interaction, control, f"#{self._stream_id}")
        elif await admit(interaction, control):
            with _one_at_a_time(interaction.client.pressed, self.custom_id):
                await self._action.press(interaction, control, f"#{self._stream_id}")


@contextmanager
def _one_at_a_time(pressed: set[str], button: str) -> Iterator[None]:
    """Two people who press at once want one thing: the second is told, instead of having it done twice."""
    if button in pressed:
        raise UsageError(words.QUICKER, hint=words.QUICKER_HINT)
    pressed.add(button)
    try:
        yield
    finally:
        pressed.discard(button)


def _is_playing(state: StreamState) -> bool:
    return state.is_playing


def _is_not_over(state: StreamState) -> bool:
    return not state.is_over


def _always(_: StreamState) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """What a button looks like and does; `press` is told the stream as `Control` is."""

    emoji: str | None
    press: Callable[[Press, Control, str], Awaitable[None]]
    on_panel: Callable[[StreamState], bool] | None = None
    """When a panel has this button; never, where it answers a question."""
    style: ButtonStyle = ButtonStyle.secondary
    is_for_operators: bool = True


async def _skip(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
        outcome = await control.skip(actor(interaction), stream)
    await answer.show(cards.skipped(outcome))


async def _previous(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
        outcome = await control.previous(actor(interaction), stream)
    await answer.show(queue_cards.done(queue_words.BACK, outcome))


async def _restart(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True) as answer:
        await control.restart(actor(interaction), stream)
        (status,) = await control.status(guild_id(interaction), stream)
    await answer.show(cards.stream(status))


async def _queue(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True) as answer:
        page = await read_page(control, guild_id(interaction), stream)
    await answer.show(queue_cards.card(page), view=page_view(page))


async def _logs(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True) as answer:
        found = await control.stream_named(guild_id(interaction), stream)
        told = await control.logs(guild_id(interaction), stream, _LOG_LINES)
    await answer.show(queue_cards.log(found.title, told))


async def _ask_to_stop(interaction: Press, control: Control, stream: str) -> None:
    async with answering(interaction, is_private=True) as answer:
        (status,) = await control.status(guild_id(interaction), stream)
    question = cards.question(words.STOP_QUESTION.format(title=text.named(status.title, 100)), words.STOP_QUESTION_MORE)
    await answer.show(question, view=_view(status.stream_id, "stop_now", "keep_on"))


async def _stop_now(interaction: Press, control: Control, stream: str) -> None:
    async with changing(interaction) as change:
        status = await control.stop(actor(interaction), stream)
    await change.show(cards.stream(status))


async def _keep_on(interaction: Press, _: Control, __: str) -> None:
    await interaction.response.edit_message(embed=cards.note(words.KEPT_ON), view=None)


async def _refresh(interaction: Press, control: Control, stream: str) -> None:
    async with changing(interaction) as change:
        (status,) = await control.status(guild_id(interaction), stream)
    speak_to_everybody(interaction)
    message = interaction.message if status.state.is_playing else None
    shown = picture_cards.panel(status, picture_cards.pictures_in(message) if message else ())
    await change.show(*shown, view=panel_view(status), files=None if message else [])


async def _tell_outdated(_: Press, __: Control, ___: str) -> None:
    raise UsageError(words.OUTDATED, hint=words.OUTDATED_HINT)


ACTIONS = {
    "previous": Action("⏮️", _previous, _is_playing),
    "skip": Action("⏭️", _skip, _is_playing),
    "restart": Action("🔁", _restart, _always),
    "stop": Action("⏹️", _ask_to_stop, _is_not_over),
    "queue": Action("📜", _queue, _always, is_for_operators=False),
    "logs": Action("🗒️", _logs, _always, is_for_operators=False),
    "refresh": Action("🔄", _refresh, _always, is_for_operators=False),
    "stop_now": Action(None, _stop_now, style=ButtonStyle.danger),
    "keep_on": Action(None, _keep_on),
}
"""By the word in the custom_id, in the order of the panel. A word keeps its meaning: old buttons stay to be pressed."""
_UNKNOWN = Action(None, _tell_outdated, is_for_operators=False)


def custom_id(action: str, stream_id: int) -> str:
    """What Discord sends when the button is pressed, and no more: who forges it finds nothing of others."""
    return f"panel:{action}:{stream_id}"


def panel_view(status: StreamStatus) -> ui.View:
    """The buttons there is a use for."""
    return _view(status.stream_id, *(n for n, a in ACTIONS.items() if a.on_panel and a.on_panel(status.state)))


def _view(stream_id: int, *actions: str) -> ui.View:
    view = ui.View(timeout=None)
    for action in actions:
        view.add_item(PanelButton(action, stream_id))
    return view
