"""The buttons below a queue. Each holds its state in its custom_id alone, so it outlives restarts."""

import re
from typing import Any, Self

from discord import ButtonStyle, Interaction, SelectOption, ui

from bot.cards import text
from bot.discord.actor import actor, guild_id
from bot.discord.errors import report_failures
from bot.discord.forms import Form, Line
from bot.discord.permissions import admit
from bot.discord.responses import update_message
from bot.i18n.words import discord as discord_words
from bot.i18n.words import numbers
from bot.i18n.words import queue as words
from bot.queue import cards
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.services.queue import QueueEntry, QueueService, titled_alike
from streaming.services.services import Services

SEARCHED_LENGTH = 60
_KEY_LENGTH = 70
"""Longer keys do not fit in a custom_id (100 characters); such entries can be named in commands."""
_TEMPLATE = r"queue:(?P<stream>\d+):(?P<action>[a-z]+):(?P<argument>[\s\S]*)"

Press = Interaction[Any]


async def read_page(service: QueueService, guild: int, stream: str, number: int = 1, searched: str = "") -> cards.Page:
    """A page of a stream's queue, or of the results of a search in it. Raises NotFound and NeedsChoice."""
    queue = await service.read(guild, stream)
    searched = searched.strip()[:SEARCHED_LENGTH].strip()
    found = await service.search(guild, f"#{queue.stream_id}", searched) if searched else None
    return cards.page_of(queue, number, found=found, searched=searched)


def page_view(page: cards.Page) -> ui.View:
    view, stream_id, queue = ui.View(timeout=None), page.queue.stream_id, page.queue
    # A short looped list comes twice on a page, and Discord accepts each value once.
    entries = [entry for entry in {e.key: e for e in page.entries}.values() if len(entry.key) <= _KEY_LENGTH]
    alike = titled_alike(entries)
    options = [_option(entry, is_alike=entry.title in alike) for entry in entries]
    if options and queue.is_playing:
        view.add_item(QueueSelect(stream_id, options))
    at_start, at_end = page.number == 1, page.number == page.count
    turn = "find" if page.searched else "page"
    view.add_item(QueueButton(stream_id, turn, _place(page, page.number - 1), emoji="◀️", row=1, disabled=at_start))
    view.add_item(QueueButton(stream_id, turn, _place(page, page.number + 1), emoji="▶️", row=1, disabled=at_end))
    view.add_item(QueueButton(stream_id, turn, _place(page, page.number), emoji="🔄", row=1))
    view.add_item(QueueButton(stream_id, "search", "", words.SEARCH, emoji="🔎", row=1))
    for action, label, emoji, is_on in (
        ("shuffle", words.SHUFFLE, "🔀", queue.is_shuffled),
        ("loop", words.LOOP, "🔁", queue.is_looped),
    ):
        style = ButtonStyle.success if is_on else ButtonStyle.secondary
        view.add_item(QueueButton(stream_id, action, "off" if is_on else "on", label, emoji=emoji, row=2, style=style))
    return view


def entry_view(stream_id: int, entry: QueueEntry) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(QueueButton(stream_id, "jump", entry.key, words.PLAY_NOW, emoji="▶️", style=ButtonStyle.primary))
    view.add_item(QueueButton(stream_id, "next", entry.key, words.PLAY_NEXT, emoji="⏭️"))
    if not entry.is_removed:
        view.add_item(QueueButton(stream_id, "remove", entry.key, words.REMOVE, emoji="🗑️", style=ButtonStyle.danger))
    view.add_item(QueueButton(stream_id, "page", "1", words.TO_QUEUE, emoji="↩️", row=1))
    return view


class QueueButton(ui.DynamicItem[ui.Button[ui.View]], template=_TEMPLATE):
    """Turns the pages of a queue, searches it, or changes it."""

    def __init__(
        self,
        stream_id: int,
        action: str,
        argument: str,
        label: str | None = None,
        *,
        emoji: str | None = None,
        row: int | None = None,
        style: ButtonStyle = ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        custom_id = f"queue:{stream_id}:{action}:{argument}"
        super().__init__(
            ui.Button(label=label, emoji=emoji, style=style, disabled=disabled, custom_id=custom_id, row=row)
        )
        self._stream, self._action, self._argument = f"#{stream_id}", action, argument

    @classmethod
    async def from_custom_id(cls, _interaction: Press, _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["stream"]), match["action"], match["argument"], "?")

    async def callback(self, interaction: Press) -> None:
        async with report_failures(interaction):
            services: Services = interaction.client.services
            if self._action == "search":
                await interaction.response.send_modal(SearchModal(services.queue, self._stream))
            elif self._action in ("page", "find"):
                number, _, searched = self._argument.partition(" ")
                page = int(number) if number.isdecimal() else 1
                await _turn_to(interaction, services.queue, self._stream, page, searched)
            else:
                await self._change(interaction, services)

    async def _change(self, interaction: Press, services: Services) -> None:
        if not await admit(interaction, services.guilds):
            return
        await interaction.response.defer()
        answer = await _execute(services, interaction, self._stream, self._action, self._argument)
        page = await read_page(services.queue, guild_id(interaction), self._stream)
        await interaction.edit_original_response(embed=cards.card(page, answer), view=page_view(page))


class QueueSelect(ui.DynamicItem[ui.Select[ui.View]], template=r"queue:(?P<stream>\d+):choose"):
    """The list to choose an entry from."""

    def __init__(self, stream_id: int, options: list[SelectOption]) -> None:
        chosen: ui.Select[ui.View] = ui.Select(
            custom_id=f"queue:{stream_id}:choose", placeholder=words.CHOOSE, options=options, row=0
        )
        super().__init__(chosen)
        self._stream = f"#{stream_id}"

    @classmethod
    async def from_custom_id(cls, _interaction: Press, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        assert isinstance(item, ui.Select)
        return cls(int(match["stream"]), item.options)

    async def callback(self, interaction: Press) -> None:
        async with report_failures(interaction):
            services: Services = interaction.client.services
            (key,) = self.item.values
            async with update_message(interaction) as update:
                queue = await services.queue.read(guild_id(interaction), self._stream)
                entry = await services.queue.entry(guild_id(interaction), self._stream, key)
            await update.show(cards.entry_card(queue, entry), view=entry_view(queue.stream_id, entry))


class SearchModal(Form):
    """Asks for a part of a title."""

    def __init__(self, queue: QueueService, stream: str) -> None:
        super().__init__(words.SEARCH_TITLE)
        self._queue = queue
        self._stream = stream
        self.text = Line(custom_id="text", max_length=SEARCHED_LENGTH)
        self.add_item(ui.Label(text=words.SEARCH_LABEL, component=self.text))

    async def on_submit(self, interaction: Interaction) -> None:
        await _turn_to(interaction, self._queue, self._stream, 1, self.text.value)


async def _turn_to(interaction: Press, queue: QueueService, stream: str, number: int, searched: str) -> None:
    async with update_message(interaction) as update:
        page = await read_page(queue, guild_id(interaction), stream, number, searched)
    await update.show(cards.card(page), view=page_view(page))


async def _execute(services: Services, interaction: Press, stream: str, action: str, argument: str) -> str:
    """The engine's answer; empty for changes the page itself shows."""
    who = actor(interaction)
    match action:
        case "jump":
            return await services.queue.jump(who, stream, argument)
        case "next":
            return await services.queue.play_next(who, stream, argument)
        case "remove":
            return await services.queue.remove(who, stream, argument)
        case "shuffle":
            await services.streams.set_order(who, stream, shuffle=argument == "on")
        case "loop":
            await services.streams.set_order(who, stream, loop=argument == "on")
        case _:
            raise UsageError(Message(discord_words.OUTDATED), hint=Message(discord_words.OUTDATED_HINT))
    return ""


def _place(page: cards.Page, number: int) -> str:
    return f"{number} {page.searched}" if page.searched else str(number)


def _option(entry: QueueEntry, *, is_alike: bool) -> SelectOption:
    """An entry to choose, with its place where another one has the same title."""
    length = text.duration(entry.duration_seconds) if entry.duration_seconds else ""
    facts = (words.REMOVED if entry.is_removed else length, words.place(entry.place) if is_alike else "")
    return SelectOption(
        label=text.visible(entry.title, 100) or text.visible(entry.key, 100) or numbers.UNTITLED,
        value=entry.key,
        description=" · ".join(filter(None, facts)) or None,
    )
