"""Updates panels: posts, edits, replaces and removes their messages.

Each panel has a task. A job of APScheduler wakes it from time to time, and a change of its stream at once.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.discord.bot_permissions import Postable
from bot.discord.channel_messages import ChannelMessages, Refusal, RefusedError, nonce_of
from bot.i18n.languages import guild_language
from bot.i18n.words import in_language
from bot.panels.buttons import custom_id
from bot.panels.cards import pictures_in
from bot.panels.edit_rate_limit import EditRateLimit
from bot.panels.messages import PanelTrouble
from bot.panels.panel_state import PanelState
from bot.panels.pictures import PanelPictures
from bot.panels.rendering import Pictures, RenderedPanel, render, visible_state
from streaming.model.message import Message
from streaming.process.woken_task import WokenTask
from streaming.services.guilds import Language
from streaming.services.panels import PanelPlace, Watched
from streaming.services.services import Services

_log = logging.getLogger(__name__)

_REFRESH_SECONDS = 15.0
"""Between two edits while nothing happens, so that the position bar moves."""
_OLD_REFRESH_SECONDS = 60.0
_OLD_AFTER = timedelta(minutes=55)
"""Discord counts messages as old after an hour; our clock may be off by a little."""
_PAUSE_SECONDS = 1.0
"""Between two edits of one message; changes in between are shown as one."""
_OLD_LONGEST_WAIT_SECONDS = 10.0
"""An old message whose edit would wait longer is replaced by a new message."""
_RETRY_SECONDS = 15.0
_BURIED_CHECK_SECONDS = 600.0
_BURIED_BELOW = 10
"""Messages below a panel that push it out of sight."""
_EVEN_IF_LATE: Mapping[str, Any] = {"coalesce": True, "misfire_grace_time": None}
"""How jobs run that the machine was too busy to start in time."""
_PICTURE_PAUSE_SECONDS = 1.0
"""Between the pictures of two panels, so that hundreds of panels do not keep an engine busy."""


class PanelUpdater:
    """Updates all panels: `update` gets the streams' states, and each panel's task edits its message."""

    def __init__(
        self, client: discord.Client, services: Services, scheduler: AsyncIOScheduler, *, now: Callable[[], datetime]
    ) -> None:
        self._now = now
        self._client = client
        self._service = services.panels
        self._scheduler = scheduler
        self._panels: dict[int, PanelState] = {}
        self._limit = EditRateLimit()
        self._pictures = PanelPictures(services.previews, services.history, self._language)
        self._photographer = WokenTask(self._take_pictures, name="pictures of panels")
        scheduler.add_job(
            self._wake_photographer, "interval", id="pictures", seconds=_PICTURE_PAUSE_SECONDS, **_EVEN_IF_LATE
        )

    async def finish(self) -> None:
        """Waits for the updates under way: a message that was posted has to be recorded."""
        await asyncio.gather(*(panel.task.finish() for panel in self._panels.values()))

    async def close(self) -> None:
        """Ends all updates at once."""
        await asyncio.gather(*(task.close() for task in self._tasks))

    @property
    def _tasks(self) -> list[WokenTask]:
        return [self._photographer, *(panel.task for panel in self._panels.values())]

    def update(self, watched: Sequence[Watched]) -> None:
        """Schedules the edits that the present states of all streams call for."""
        found = {each.status.stream_id: each for each in watched if each.panel}
        for stream_id, each in found.items():
            if stream_id not in self._panels:
                self._begin(stream_id, each)
            panel = self._panels[stream_id]
            panel.watched = each
            if panel.is_outdated or panel.place != each.panel:
                self._bring_forward(panel)
        for stream_id in self._panels.keys() - found.keys():
            panel = self._panels[stream_id]
            panel.watched = replace(panel.watched, panel=None)
            panel.task.wake()  # it finds that the panel is not wanted any more
        self._pictures.update(each for each in found.values() if self._may_have_pictures(each))

    def _may_have_pictures(self, watched: Watched) -> bool:
        """Whether a panel has a message and the bot may attach files to it; without that permission it goes without."""
        if watched.panel is None or watched.panel.message_id is None or watched.panel.problem:
            return False
        channel = self._client.get_channel(watched.panel.channel_id)
        return not isinstance(channel, Postable) or channel.permissions_for(channel.guild.me).attach_files

    async def _wake_photographer(self) -> None:
        if not self._photographer.is_working:
            self._photographer.wake()

    async def _take_pictures(self) -> None:
        """Takes the next pictures that are due. Only the first ones cause an edit of their own."""
        stream_id, pictures = await self._pictures.next() or (0, None)
        if panel := self._panels.get(stream_id):
            panel.pictures = pictures
            if panel.waits_for_first_picture:
                self._bring_forward(panel)

    def _begin(self, stream_id: int, watched: Watched) -> None:
        assert watched.panel
        task = WokenTask(lambda: self._update_panel(stream_id), name=_job(stream_id))
        self._panels[stream_id] = PanelState(watched, watched.panel, task)
        self._scheduler.add_job(
            self._wake,
            "interval",
            [task],
            id=_job(stream_id),
            seconds=_REFRESH_SECONDS,
            replace_existing=True,
            **_EVEN_IF_LATE,
        )
        task.wake()

    async def _wake(self, task: WokenTask) -> None:
        task.wake()

    def _bring_forward(self, panel: PanelState) -> None:
        if not panel.task.is_working and not panel.is_given_up:
            panel.task.wake_in(max(0.0, panel.rests_until - time.monotonic()))

    async def _update_panel(self, stream_id: int) -> None:
        """Posts or edits one panel's message, if that is due."""
        panel = self._panels.get(stream_id)
        if panel is None:
            return
        try:
            if await self._locate(stream_id, panel) and not panel.place.problem:
                await self._update_message(stream_id, panel)
        except RefusedError as refused:
            await self._handle_refusal(stream_id, panel, refused)

    async def _locate(self, stream_id: int, panel: PanelState) -> bool:
        """Reads the panel's channel and deletes its message in a former one; False when the panel was removed."""
        if panel.watched.panel == panel.place:
            return True
        before, wanted = panel.place, await self._service.find_place(stream_id)
        if wanted != before:
            await self._delete(before)
        if wanted is None:
            self._forget(stream_id)
            return False
        if wanted != before:
            panel.place, panel.shown = wanted, None
        return True

    async def _update_message(self, stream_id: int, panel: PanelState) -> None:
        if panel.place.message_id is None or await self._is_buried(stream_id, panel):
            await self._post(stream_id, panel)
            return
        now, channel_id, is_old = time.monotonic(), panel.place.channel_id, self._is_old(panel)
        wait_seconds = self._limit.wait_seconds(channel_id, now, is_old=is_old)
        if panel.is_outdated and is_old and wait_seconds > _OLD_LONGEST_WAIT_SECONDS:
            await self._post(stream_id, panel)
        elif panel.is_outdated and wait_seconds:
            panel.task.wake_in(wait_seconds)
        elif panel.is_outdated:
            await self._edit(panel, is_old=is_old)
        elif self._is_refresh_due(panel, now, is_old=is_old):
            await self._edit(panel, is_old=is_old, is_urgent=False)

    def _is_old(self, panel: PanelState) -> bool:
        """Whether Discord counts its message as old."""
        message_id = panel.place.message_id
        return message_id is not None and discord.utils.snowflake_time(message_id) < self._now() - _OLD_AFTER

    def _is_refresh_due(self, panel: PanelState, now: float, *, is_old: bool) -> bool:
        refresh_seconds = _OLD_REFRESH_SECONDS if is_old else _REFRESH_SECONDS
        if panel.waits_for_first_picture:
            refresh_seconds = 0.0
        is_due = now >= panel.edited_at + refresh_seconds - _PAUSE_SECONDS
        return is_due and self._limit.is_quiet(panel.place.channel_id, now, is_old=is_old)

    async def _edit(self, panel: PanelState, *, is_old: bool, is_urgent: bool = True) -> None:
        """Shows the present state, unless it looks the same. An urgent edit uploads no pictures, which take long."""
        if not panel.status.state.is_playing:
            panel.pictures = None  # they would be wrong once it is on air again
        fresh = None if is_urgent else panel.pictures
        content = self._render(panel, fresh.names if fresh else panel.attached or ())
        shown = visible_state(panel.status)
        if fresh or content.digest != panel.digest:
            now = time.monotonic()
            self._limit.record_edit(panel.place.channel_id, now, is_old=is_old)
            panel.edited_at, panel.rests_until = now, now + _PAUSE_SECONDS
            await self._show(panel, content, fresh)
        if not panel.attached:
            self._pictures.invalidate(panel.status.stream_id)
        panel.shown, panel.digest = shown, content.digest

    def _render(self, panel: PanelState, available: Collection[str] = ()) -> RenderedPanel:
        with in_language(self._language(panel.watched.guild_id)):
            return render(panel.status, available)

    def _language(self, guild_id: int) -> Language:
        return guild_language(self._client, guild_id)

    async def _show(self, panel: PanelState, content: RenderedPanel, fresh: Pictures | None) -> None:
        """Edits the panel's message. Without fresh pictures, its files stay if the content shows them."""
        assert panel.place.message_id
        messages = await self._messages(panel)
        files = fresh.files() if fresh else None if panel.attached == content.pictures else []
        panel.attached = panel.attached if files is None else None  # unknown until Discord has accepted them
        await messages.edit(panel.place.message_id, *content.cards, view=content.view, files=files)
        panel.attached = content.pictures
        if fresh:
            panel.pictures = None

    async def _post(self, stream_id: int, panel: PanelState) -> None:
        """Posts a new message and deletes the former one. After a crash, the nonce finds the same message."""
        before, content, shown = panel.place, self._render(panel), visible_state(panel.status)
        nonce = nonce_of("panel", stream_id, before.channel_id, before.message_id, before.posted_at)
        messages = await self._messages(panel)
        (card,) = content.cards
        message = await messages.post(card, content.view, nonce=nonce, silent=True)
        place = await self._service.record_message(stream_id, before, message.id)
        if place is None:  # meanwhile somebody has moved or removed the panel
            await messages.delete(message.id)
            return
        panel.place, panel.shown, panel.digest, panel.attached = place, shown, content.digest, pictures_in(message)
        if [embed.description for embed in message.embeds] != [card.description]:
            panel.shown, panel.digest = None, ""  # Discord returned an earlier message, which shows an earlier state
        self._pictures.invalidate(stream_id)
        panel.edited_at = panel.buried_checked_at = time.monotonic()
        await self._delete(before)

    async def _is_buried(self, stream_id: int, panel: PanelState) -> bool:
        """Whether many messages were written below. Also finds a message that a crash kept us from recording."""
        assert panel.place.message_id
        now = time.monotonic()
        if panel.buried_checked_at and now < panel.buried_checked_at + _BURIED_CHECK_SECONDS:
            return False
        panel.buried_checked_at = now
        try:
            found = await (await self._messages(panel)).since(panel.place.message_id, _BURIED_BELOW + 1)
        except RefusedError as refused:
            if refused.refusal is Refusal.CHANNEL_GONE:
                raise
            return False  # without the history it cannot be known, so the panel stays
        ours = [message for message in found if self._is_ours(message, stream_id)]
        if ours:
            await self._adopt(stream_id, panel, ours[-1])
        below = [message for message in found if message.id > panel.place.message_id]
        return len(below) >= _BURIED_BELOW

    def _is_ours(self, message: discord.Message, stream_id: int) -> bool:
        return message.author == self._client.user and custom_id("refresh", stream_id) in set(_custom_ids(message))

    async def _adopt(self, stream_id: int, panel: PanelState, message: discord.Message) -> None:
        """Continues with the panel's message that was found, be it the recorded one or a later one."""
        before = panel.place
        if message.id != before.message_id and (
            place := await self._service.record_message(stream_id, before, message.id)
        ):
            panel.place = place
            await self._delete(before)
        panel.attached = pictures_in(message)

    async def _delete(self, place: PanelPlace) -> None:
        """Deletes a former message of a panel. Where Discord refuses, it stays for people to delete."""
        if place.message_id is None:
            return
        await self._limit.acquire()
        try:
            await ChannelMessages(self._client, place.channel_id).delete(place.message_id)
        except RefusedError as refused:
            _log.info("An old panel could not be deleted: %s", refused)

    async def _handle_refusal(self, stream_id: int, panel: PanelState, refused: RefusedError) -> None:
        """Retries, replaces, forgets or gives up a panel; what Discord refuses for good is not tried again."""
        match refused.refusal:
            case Refusal.LATER:
                _log.warning("The panel of stream %s waits: %s", stream_id, refused.__cause__)
                panel.rests_until = time.monotonic() + _RETRY_SECONDS
            case Refusal.TOO_OLD:
                await self._replace(stream_id, panel)
            case Refusal.MESSAGE_GONE | Refusal.CHANNEL_GONE as gone:
                reason = PanelTrouble.DELETED if gone is Refusal.MESSAGE_GONE else PanelTrouble.CHANNEL_DELETED
                await self._service.forget(stream_id, panel.place, reason())
                self._forget(stream_id)
            case Refusal.NOT_ALLOWED:
                await self._give_up(stream_id, panel, PanelTrouble.NOT_ALLOWED())
            case Refusal.NEVER:
                await self._give_up(stream_id, panel, PanelTrouble.REFUSED(reason=str(refused.__cause__)))

    async def _replace(self, stream_id: int, panel: PanelState) -> None:
        """Posts a new message, which Discord may refuse even where it accepts edits."""
        try:
            await self._post(stream_id, panel)
        except RefusedError as refused:
            await self._handle_refusal(stream_id, panel, refused)

    async def _give_up(self, stream_id: int, panel: PanelState, trouble: Message) -> None:
        _log.warning("Stream %s: %s", stream_id, trouble)
        await self._service.record_problem(stream_id, panel.place, trouble)
        panel.place = PanelPlace(panel.place.channel_id, panel.place.message_id, panel.place.posted_at, trouble)

    def _forget(self, stream_id: int) -> None:
        self._panels.pop(stream_id).task.stop()
        self._scheduler.remove_job(_job(stream_id))

    async def _messages(self, panel: PanelState) -> ChannelMessages:
        """The panel's channel, for one request, once the rate limit allows it."""
        await self._limit.acquire()
        return ChannelMessages(self._client, panel.place.channel_id)


def _job(stream_id: int) -> str:
    return f"panel:{stream_id}"


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for part in getattr(row, "children", ()):
            yield getattr(part, "custom_id", None) or ""
