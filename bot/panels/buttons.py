"""The buttons of panels. Each holds the id of its stream in its custom_id, so it outlives restarts."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from discord import ButtonStyle, Interaction, ui

from bot.cards import basic
from bot.discord.actor import actor, guild_id
from bot.discord.errors import report_failures
from bot.discord.permissions import admit
from bot.discord.responses import ENGINE_DEFER_SECONDS, respond, update_message
from bot.i18n.languages import use_guild_language
from bot.i18n.words import panels as words
from bot.i18n.words import queue as queue_words
from bot.i18n.words import streams as stream_words
from bot.panels import cards
from bot.queue import cards as queue_cards
from bot.queue.views import page_view, read_page
from bot.streams import cards as stream_cards
from bot.streams import log_card, status_card
from bot.streams.confirmation import question_view
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.services.services import Services
from streaming.services.status import StreamState, StreamStatus

_LOG_LINES = 20

Press = Interaction[Any]
"""A press of a button; the client is our bot."""


class PanelButton(ui.DynamicItem[ui.Button[Any]], template=r"panel:(?P<action>[a-z_]+):(?P<stream_id>[0-9]{1,18})"):
    """A button of a panel."""

    def __init__(self, action: str, stream_id: int) -> None:
        self._action = ACTIONS.get(action, _UNKNOWN)
        self._stream_id = stream_id
        look, label, name = self._action, words.BUTTONS.get(action, "?"), custom_id(action, stream_id)
        super().__init__(ui.Button(style=look.style, label=label, emoji=look.emoji, custom_id=name))

    @classmethod
    async def from_custom_id(cls, _: Press, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match["action"], int(match["stream_id"]))

    async def callback(self, interaction: Press) -> Any:  # noqa: ANN401  (what discord.py says)
        async with report_failures(interaction):
            await self._press(interaction)

    async def _press(self, interaction: Press) -> None:
        services: Services = interaction.client.services
        if not self._action.is_for_operators:  # looking needs no lock
            await self._action.press(interaction, services, f"#{self._stream_id}")
        elif await admit(interaction, services.guilds):
            with _one_at_a_time(interaction.client.pressed, self.custom_id):
                await self._action.press(interaction, services, f"#{self._stream_id}")


@contextmanager
def _one_at_a_time(pressed: set[str], button: str) -> Iterator[None]:
    """Raises UsageError for a second press while the first is under way: a skip must not happen twice."""
    if button in pressed:
        raise UsageError(Message(words.IN_PROGRESS), hint=Message(words.IN_PROGRESS_HINT))
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
    """How a button looks and what it does; `press` gets the stream as `#ID`."""

    emoji: str | None
    press: Callable[[Press, Services, str], Awaitable[None]]
    on_panel: Callable[[StreamState], bool]
    """In which states a panel has this button."""
    style: ButtonStyle = ButtonStyle.secondary
    is_for_operators: bool = True


async def _skip(interaction: Press, services: Services, stream: str) -> None:
    async with respond(interaction, is_private=True, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
        outcome = await services.queue.skip(actor(interaction), stream)
    await answer.show(basic.answer(stream_words.SKIPPED, outcome))


async def _previous(interaction: Press, services: Services, stream: str) -> None:
    async with respond(interaction, is_private=True, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
        outcome = await services.queue.previous(actor(interaction), stream)
    await answer.show(basic.answer(queue_words.BACK, outcome))


async def _restart(interaction: Press, services: Services, stream: str) -> None:
    """Restarts a stream that is over; asks first when viewers would notice."""
    async with respond(interaction, is_private=True) as answer:
        status = await services.streams.status(guild_id(interaction), stream)
        if status.state.is_over:
            await services.streams.restart(actor(interaction), stream, generation=status.generation)
            status = await services.streams.status(guild_id(interaction), stream)
            card, view = status_card.stream(status), None
        else:
            card, view = stream_cards.question("restart", status.title), question_view("restart", status)
    await answer.show(card, view=view)


async def _queue(interaction: Press, services: Services, stream: str) -> None:
    async with respond(interaction, is_private=True) as answer:
        page = await read_page(services.queue, guild_id(interaction), stream)
    await answer.show(queue_cards.card(page), view=page_view(page))


async def _logs(interaction: Press, services: Services, stream: str) -> None:
    async with respond(interaction, is_private=True) as answer:
        found = await services.streams.status(guild_id(interaction), stream)
        lines = await services.streams.logs(guild_id(interaction), stream, _LOG_LINES)
    await answer.show(log_card.log(found.title, lines))


async def _ask_to_stop(interaction: Press, services: Services, stream: str) -> None:
    async with respond(interaction, is_private=True) as answer:
        status = await services.streams.status(guild_id(interaction), stream)
    await answer.show(stream_cards.question("stop", status.title), view=question_view("stop", status))


async def _refresh(interaction: Press, services: Services, stream: str) -> None:
    async with update_message(interaction) as update:
        status = await services.streams.status(guild_id(interaction), stream)
    use_guild_language(interaction)
    message = interaction.message if status.state.is_playing else None
    shown = cards.panel(status, cards.pictures_in(message) if message else ())
    await update.show(*shown, view=panel_view(status), files=None if message else [])


async def _refuse_outdated(_: Press, __: Services, ___: str) -> None:
    raise UsageError(Message(words.OUTDATED), hint=Message(words.OUTDATED_HINT))


ACTIONS = {
    "previous": Action("⏮️", _previous, _is_playing),
    "skip": Action("⏭️", _skip, _is_playing),
    "restart": Action("🔁", _restart, _always),
    "stop": Action("⏹️", _ask_to_stop, _is_not_over),
    "queue": Action("📜", _queue, _always, is_for_operators=False),
    "logs": Action("🗒️", _logs, _always, is_for_operators=False),
    "refresh": Action("🔄", _refresh, _always, is_for_operators=False),
}
"""By the word in the custom_id, in the order of the panel. A word keeps its meaning, as old buttons stay in use."""
_UNKNOWN = Action(None, _refuse_outdated, _always, is_for_operators=False)


def custom_id(action: str, stream_id: int) -> str:
    """What Discord sends for a press. A forged id reaches no other guild: every request is limited to the user's."""
    return f"panel:{action}:{stream_id}"


def panel_view(status: StreamStatus) -> ui.View:
    """The buttons that are of use in the stream's state."""
    view = ui.View(timeout=None)
    for name, action in ACTIONS.items():
        if action.on_panel(status.state):
            view.add_item(PanelButton(name, status.stream_id))
    return view
