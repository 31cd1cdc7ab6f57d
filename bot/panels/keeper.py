"""The keeper of panels: posts, edits, replaces and forgets them, by one job of APScheduler's for each."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.languages import of_guild
from bot.messages import Messages, Refusal, RefusedError, nonce_of
from bot.own_permissions import Postable
from bot.panels.buttons import custom_id
from bot.panels.drawing import Drawing, Pictures, draw, news
from bot.panels.pace import Pace
from bot.panels.panel import KeptPanel
from bot.panels.pictures import PanelPictures
from bot.ui.picture_cards import pictures_in
from bot.ui.words import log as words
from bot.ui.words import speaking
from streaming.control.control import Control
from streaming.control.guilds import Language
from streaming.control.panels import PanelPlace, Watched

_log = logging.getLogger(__name__)

_BEAT_SECONDS = 15.0
"""How often a panel is looked at when nothing happens, so that its position bar goes on."""
_OLD_BEAT_SECONDS = 60.0
_OLD_AFTER = timedelta(minutes=55)
"""Discord counts from an hour on; our clock may be wrong by a little."""
_PAUSE_SECONDS = 1.0
"""Between two edits of one message: what changes in between is shown as one."""
_OLD_PATIENCE_SECONDS = 10.0
"""An old message that would have to wait longer for its edit is replaced by a new one."""
_RETRY_SECONDS = 15.0
_BURIED_LOOK_SECONDS = 600.0
_BURIED_BELOW = 10
"""So many messages below, and nobody sees the panel any more."""
_PICTURE_PAUSE_SECONDS = 1.0
"""After one panel's pictures and before another's: five hundred panels are not to keep an engine busy."""


class PanelKeeper:
    """Keeps all panels. `take` tells it what is; each panel's job then does what is to be done, one thing at a time."""

    def __init__(
        self, client: discord.Client, control: Control, scheduler: AsyncIOScheduler, *, now: Callable[[], datetime]
    ) -> None:
        self._now = now
        self._client = client
        self._control = control
        self._scheduler = scheduler
        self._panels: dict[int, KeptPanel] = {}
        self._pace = Pace()
        self._pictures = PanelPictures(control, self._language)
        self._take_pictures_later()

    def take(self, watched: Sequence[Watched]) -> None:
        """Takes in how all streams are now."""
        found = {each.status.stream_id: each for each in watched if each.panel}
        for stream_id, each in found.items():
            if stream_id not in self._panels:
                self._begin(stream_id, each)
            panel = self._panels[stream_id]
            panel.watched = each
            if panel.has_news or panel.place != each.panel:
                self._bring_forward(stream_id, panel)
        for stream_id in self._panels.keys() - found.keys():
            panel = self._panels[stream_id]
            panel.watched = replace(panel.watched, panel=None)
            self._run_in(stream_id, 0.0)  # its job sees that it is not wanted any more
        self._pictures.take(each for each in found.values() if self._may_have_pictures(each))

    def _may_have_pictures(self, watched: Watched) -> bool:
        """Whether a panel's message is there and may carry files: who may not attach them keeps a panel without."""
        if watched.panel is None or watched.panel.message_id is None or watched.panel.trouble:
            return False
        channel = self._client.get_channel(watched.panel.channel_id)
        return not isinstance(channel, Postable) or channel.permissions_for(channel.guild.me).attach_files

    def _take_pictures_later(self) -> None:
        at = datetime.now(UTC) + timedelta(seconds=_PICTURE_PAUSE_SECONDS)
        self._scheduler.add_job(
            self._take_pictures,
            "date",
            run_date=at,
            id="pictures",
            misfire_grace_time=None,
            max_instances=2,  # the one before may be about to end when this one is due
        )

    async def _take_pictures(self) -> None:
        """Takes the next pictures that are due. They go up with an edit that is made anyway, or are the first."""
        try:
            stream_id, pictures = await self._pictures.next() or (0, None)
        finally:
            self._take_pictures_later()
        if panel := self._panels.get(stream_id):
            panel.pictures = pictures
            if panel.waits_for_first_picture:
                self._bring_forward(stream_id, panel)

    def _begin(self, stream_id: int, watched: Watched) -> None:
        assert watched.panel
        self._panels[stream_id] = KeptPanel(watched, watched.panel)
        self._scheduler.add_job(
            self.keep,
            "interval",
            [stream_id],
            id=_job(stream_id),
            seconds=_BEAT_SECONDS,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # late is better than not at all
            replace_existing=True,
        )

    def _bring_forward(self, stream_id: int, panel: KeptPanel) -> None:
        if not panel.is_in_work and not panel.is_given_up:
            self._run_in(stream_id, max(0.0, panel.rests_until - time.monotonic()))

    def _run_in(self, stream_id: int, seconds: float) -> None:
        """Lets the panel's job run so soon, unless it runs sooner anyway."""
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        job = self._scheduler.get_job(_job(stream_id))
        if job and (job.next_run_time is None or job.next_run_time > at):
            job.modify(next_run_time=at)

    async def keep(self, stream_id: int) -> None:
        """Makes one panel's message true, if that is due."""
        panel = self._panels.get(stream_id)
        if panel is None:
            return
        panel.is_in_work = True
        try:
            if await self._find_place(stream_id, panel) and not panel.place.trouble:
                await self._keep(stream_id, panel)
        except RefusedError as refused:
            await self._refused(stream_id, panel, refused)
        finally:
            panel.is_in_work = False

    async def _find_place(self, stream_id: int, panel: KeptPanel) -> bool:
        """Learns where the panel is wanted; says no when it is wanted nowhere. What is left behind is taken away."""
        if panel.watched.panel == panel.place:
            return True
        before, wanted = panel.place, await self._control.panel_place(stream_id)
        if wanted != before:
            await self._take_away(before)
        if wanted is None:
            self._forget(stream_id)
            return False
        if wanted != before:
            panel.place, panel.told = wanted, None
        return True

    async def _keep(self, stream_id: int, panel: KeptPanel) -> None:
        if panel.place.message_id is None or await self._is_buried(stream_id, panel):
            await self._post(stream_id, panel)
            return
        now, channel_id, is_old = time.monotonic(), panel.place.channel_id, self._is_old(panel)
        wait_seconds = self._pace.wait_seconds(channel_id, now, is_old=is_old)
        if panel.has_news and is_old and wait_seconds > _OLD_PATIENCE_SECONDS:
            await self._post(stream_id, panel)
        elif panel.has_news and wait_seconds:
            self._run_in(stream_id, wait_seconds)
        elif panel.has_news:
            await self._edit(panel, is_old=is_old)
        elif self._is_beat_due(panel, now, is_old=is_old):
            await self._edit(panel, is_old=is_old, is_in_hurry=False)

    def _is_old(self, panel: KeptPanel) -> bool:
        """Whether Discord has its message down as an old one."""
        message_id = panel.place.message_id
        return message_id is not None and discord.utils.snowflake_time(message_id) < self._now() - _OLD_AFTER

    def _is_beat_due(self, panel: KeptPanel, now: float, *, is_old: bool) -> bool:
        beat_seconds = _OLD_BEAT_SECONDS if is_old else _BEAT_SECONDS
        if panel.waits_for_first_picture:
            beat_seconds = 0.0
        is_due = now >= panel.edited_at + beat_seconds - _PAUSE_SECONDS
        return is_due and self._pace.is_quiet(panel.place.channel_id, now, is_old=is_old)

    async def _edit(self, panel: KeptPanel, *, is_old: bool, is_in_hurry: bool = True) -> None:
        """Shows how it is now, unless that looks the same. Pictures do not go up in a hurry: they keep it waiting."""
        if not panel.status.state.is_playing:
            panel.pictures = None  # when it is on air again, that is not what it shows
        fresh = None if is_in_hurry else panel.pictures
        drawing, told = self._draw(panel, fresh.names if fresh else panel.attached or ()), news(panel.status)
        if fresh or drawing.digest != panel.digest:
            now = time.monotonic()
            self._pace.take(panel.place.channel_id, now, is_old=is_old)
            panel.edited_at, panel.rests_until = now, now + _PAUSE_SECONDS
            await self._show(panel, drawing, fresh)
        if not panel.attached:
            self._pictures.renew(panel.status.stream_id)
        panel.told, panel.digest = told, drawing.digest

    def _draw(self, panel: KeptPanel, there: Collection[str] = ()) -> Drawing:
        with speaking(self._language(panel.watched.guild_id)):
            return draw(panel.status, there)

    def _language(self, guild_id: int) -> Language:
        return of_guild(self._client, guild_id)

    async def _show(self, panel: KeptPanel, drawing: Drawing, fresh: Pictures | None) -> None:
        """Edits the panel's message. Its files stay where the drawing shows them and there are no fresh ones."""
        assert panel.place.message_id
        messages = await self._messages(panel)
        files = fresh.files() if fresh else None if panel.attached == drawing.pictures else []
        panel.attached = panel.attached if files is None else None  # unknown, until Discord has taken them
        await messages.edit(panel.place.message_id, *drawing.cards, view=drawing.view, files=files)
        panel.attached = drawing.pictures
        if fresh:
            panel.pictures = None

    async def _post(self, stream_id: int, panel: KeptPanel) -> None:
        """Posts a new message, and takes the one before away. Done again after a crash, it is the same message."""
        before, drawing, told = panel.place, self._draw(panel), news(panel.status)
        nonce = nonce_of("panel", stream_id, before.channel_id, before.message_id, before.posted_at)
        messages = await self._messages(panel)
        (card,) = drawing.cards
        message = await messages.post(card, drawing.view, nonce=nonce, silent=True)
        place = await self._control.panel_posted(stream_id, before, message.id)
        if place is None:  # meanwhile somebody has asked for it elsewhere, or not at all
            await messages.delete(message.id)
            return
        panel.place, panel.told, panel.digest, panel.attached = place, told, drawing.digest, pictures_in(message)
        if [shown.description for shown in message.embeds] != [card.description]:
            panel.told, panel.digest = None, ""  # it is the message of a time before, and has to be made true
        self._pictures.renew(stream_id)
        panel.edited_at = panel.looked_at = time.monotonic()
        await self._take_away(before)

    async def _is_buried(self, stream_id: int, panel: KeptPanel) -> bool:
        """Whether too much was written below. A message that a crash kept us from noting is taken up again here."""
        assert panel.place.message_id
        now = time.monotonic()
        if panel.looked_at and now < panel.looked_at + _BURIED_LOOK_SECONDS:
            return False
        panel.looked_at = now
        try:
            found = await (await self._messages(panel)).since(panel.place.message_id, _BURIED_BELOW + 1)
        except RefusedError as refused:
            if refused.refusal is Refusal.CHANNEL_GONE:
                raise
            return False  # who may not read what is written here has to leave the panel where it is
        ours = [message for message in found if self._is_ours(message, stream_id)]
        if ours:
            await self._take_up(stream_id, panel, ours[-1])
        below = [message for message in found if message.id > panel.place.message_id]
        return len(below) >= _BURIED_BELOW

    def _is_ours(self, message: discord.Message, stream_id: int) -> bool:
        return message.author == self._client.user and custom_id("refresh", stream_id) in set(_custom_ids(message))

    async def _take_up(self, stream_id: int, panel: KeptPanel, message: discord.Message) -> None:
        """Goes on with a message as it is found, be it the one we know or one that came after it."""
        before = panel.place
        if message.id != before.message_id and (
            place := await self._control.panel_posted(stream_id, before, message.id)
        ):
            panel.place = place
            await self._take_away(before)
        panel.attached = pictures_in(message)

    async def _take_away(self, place: PanelPlace) -> None:
        """Deletes a message that is not the panel any more. Where that is refused, people will."""
        if place.message_id is None:
            return
        await self._pace.turn()
        try:
            await Messages(self._client, place.channel_id).delete(place.message_id)
        except RefusedError as refused:
            _log.info("A former panel could not be deleted: %s", refused)

    async def _refused(self, stream_id: int, panel: KeptPanel, refused: RefusedError) -> None:
        """Goes by what a refusal means; nothing that is refused for good is tried again."""
        match refused.refusal:
            case Refusal.LATER:
                _log.warning("The panel of stream %s has to wait: %s", stream_id, refused.__cause__)
                panel.rests_until = time.monotonic() + _RETRY_SECONDS
            case Refusal.TOO_OLD:
                await self._replace(stream_id, panel)
            case Refusal.MESSAGE_GONE | Refusal.CHANNEL_GONE as gone:
                told = words.PANEL_DELETED if gone is Refusal.MESSAGE_GONE else words.CHANNEL_DELETED
                await self._control.forget_panel(stream_id, panel.place, told)
                self._forget(stream_id)
            case Refusal.NOT_ALLOWED:
                await self._give_up(stream_id, panel, words.NOT_ALLOWED)
            case Refusal.NEVER:
                await self._give_up(stream_id, panel, words.REFUSED.format(reason=refused.__cause__))

    async def _replace(self, stream_id: int, panel: KeptPanel) -> None:
        """Posts a new message; who may still edit the one before may not post another, perhaps."""
        try:
            await self._post(stream_id, panel)
        except RefusedError as refused:
            await self._refused(stream_id, panel, refused)

    async def _give_up(self, stream_id: int, panel: KeptPanel, trouble: str) -> None:
        _log.warning("Stream %s: %s", stream_id, trouble)
        await self._control.panel_in_trouble(stream_id, panel.place, trouble)
        panel.place = PanelPlace(panel.place.channel_id, panel.place.message_id, panel.place.posted_at, trouble)

    def _forget(self, stream_id: int) -> None:
        del self._panels[stream_id]
        self._scheduler.remove_job(_job(stream_id))

    async def _messages(self, panel: KeptPanel) -> Messages:
        """Where to send one request, when it is its turn."""
        await self._pace.turn()
        return Messages(self._client, panel.place.channel_id)


def _job(stream_id: int) -> str:
    return f"panel:{stream_id}"


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for part in getattr(row, "children", ()):
            yield getattr(part, "custom_id", None) or ""
