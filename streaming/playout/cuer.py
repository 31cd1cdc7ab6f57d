"""Cues the next item: chooses it, opens it, and decides what happens when it cannot be played.

A failure that concerns one item passes it over for this round. A failure that concerns every item is waited out, while
items at hand play. Neither ends a stream that was ever on air.
"""

import asyncio
import itertools
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import tenacity

from streaming.ffmpeg.treatment import Fault
from streaming.input.loader import CuedItem, ItemLoader
from streaming.input.messages import Openings
from streaming.model.errors import (
    ItemUnplayable,
    NonstopError,
    PlatformTrouble,
    PlaylistError,
    TransientError,
    Unforeseen,
    WantedStateError,
)
from streaming.model.events import PlayoutEvents
from streaming.model.items import Item, Media, Playlist
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.playout.messages import Controls, Listings, Plays
from streaming.playout.order import PlayOrder
from streaming.playout.outage import PlatformOutage

_log = logging.getLogger(__name__)

_TRIES = 3
_SHORT_WAITS = tenacity.wait_exponential_jitter(multiplier=0.3, max=4)
_REMEMBERED = 8
"""How many played items are remembered as reruns."""
_MOST_REASONS = 10_000
"""How many items it is remembered of why they were passed over, so that each is logged once."""
_WORTH_A_RERUN_SECONDS = 60.0
_LOOKED_THROUGH = 1000
"""How many items of the lineup are searched for one that is at hand."""
_OUTAGE_CHECK_SECONDS = 2.0
"""How often an outage is checked for its end. The circuit breaker asks the platform less often."""
_RESUME_SECONDS = 60.0
"""How long an item that broke off is tried again before the next one replaces it."""
_CUE_NOW_SECONDS = 15.0
"""How long people wait for an item they asked for."""
_OUT_OF_REACH_SECONDS = (2.0, 4.0, 8.0, 16.0, 30.0)
_NEW_ROUND_SECONDS = (10.0, 20.0, 40.0, 80.0, 160.0, 300.0)


class Cuer:
    """Cues one item after the other, in the lineup's order."""

    def __init__(
        self,
        playlist: Playlist,
        order: PlayOrder,
        loader: ItemLoader,
        outage: PlatformOutage,
        *,
        wait_for_more: Callable[[], Awaitable[None]],
        events: PlayoutEvents,
        resume_seconds: float | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`wait_for_more` waits until the listing has brought more items, or its end.

        With `resume_seconds` the lineup's present item is cued first, from that second on.
        """
        self._playlist = playlist
        self._order = order
        self._lineup = order.lineup
        self._loader = loader
        self._outage = outage
        self._wait_for_more = wait_for_more
        self._events = events
        self._resume_seconds = resume_seconds
        self._sleep = sleep
        self._has_played = resume_seconds is not None
        self._playable: deque[Media] = deque(maxlen=_REMEMBERED)
        self._not_at_hand: set[str] = set()  # keys that were wrongly believed to be at hand in this outage
        self._logged_reasons: dict[str, Message] = {}
        self._out_of_reach = 0
        self._lost_rounds = 0
        self._may_recover = False  # whether some item may be playable at another time

    async def next(self) -> CuedItem | None:
        """Cues the lineup's next item that can be played; None at the lineup's end.

        Raises PlaylistError when nothing in the playlist can be played and nothing ever could be, TransientError when
        that may pass.
        """
        while (item := await self._choose()) is not None:
            was_at_hand = self._playlist.is_at_hand(item)
            try:
                cued = await _with_retries(self._loader.open, item, self._resume_seconds or 0.0)
            except ItemUnplayable as reason:
                self._may_recover = self._may_recover or isinstance(reason, Unforeseen)
                self._pass_over(item, reason.message)
                self._order.rule_out(item)
            except TransientError as reason:
                self._may_recover = True
                await self._pass_over_or_wait(item, reason)
            except PlatformTrouble as trouble:
                self._outage.begin(trouble)
                self._not_at_hand.update([item.key] if was_at_hand else [])
                await self._put_something_else_first()
            else:
                self._note_success(cued.media, was_at_hand=was_at_hand)
                return cued
        return None

    async def resume(self, broken: CuedItem, start_seconds: float, fault: Fault | None = None) -> CuedItem | None:
        """Cues an item that broke off, from `start_seconds` on; None when it cannot go on.

        After a `fault` it is treated otherwise than before. During an outage it is left only when another item can
        play.
        """
        until = time.monotonic() + _RESUME_SECONDS
        while True:
            was_at_hand = self._playlist.is_at_hand(broken.item)
            try:
                cued = await _with_retries(self._loader.go_on, broken, start_seconds, fault)
            except ItemUnplayable as error:
                reason, is_hopeless = error.message, True
            except TransientError as error:
                reason, is_hopeless = error.message, time.monotonic() > until
            except PlatformTrouble as error:
                self._outage.begin(error)
                reason, is_hopeless = error.message, time.monotonic() > until and self._has_other(broken.item)
            else:
                self._note_success(cued.media, was_at_hand=was_at_hand)
                return cued
            if is_hopeless:
                self._events.log(LogLevel.WARNING, Plays.NOT_RESUMED(title=broken.item.title, reason=reason))
                return None
            await self._pause(_OUTAGE_CHECK_SECONDS)

    async def cue_now(self, item: Item) -> CuedItem:
        """Cues an item that people asked for. Raises WantedStateError when it cannot be played now."""
        was_at_hand, reason = self._playlist.is_at_hand(item), Openings.LATE()
        try:
            async with asyncio.timeout(_CUE_NOW_SECONDS):
                cued = await _with_retries(self._loader.open, item, 0.0)
        except (ItemUnplayable, TransientError, PlatformTrouble) as error:
            reason = error.message
        except TimeoutError:
            pass
        else:
            self._note_success(cued.media, was_at_hand=was_at_hand)
            return cued
        raise WantedStateError(Controls.NOT_PLAYABLE(title=item.title, reason=reason), hint=Controls.PLAYS_ON())

    async def rerun(self) -> CuedItem | None:
        """Cues an item that played before and whose URLs are still good, without asking the platform."""
        for _ in range(len(self._playable)):
            media = self._playable.popleft()
            if media.expires_at is not None and media.expires_at - time.time() < _WORTH_A_RERUN_SECONDS:
                continue
            self._playable.append(media)
            try:
                return await self._loader.open_media(media, 0.0)
            except NonstopError as reason:
                _log.info("“%s” cannot be played again: %s", media.item.title, reason)
        return None

    # The choice

    async def _choose(self) -> Item | None:
        """The next item that is not unplayable by its listing."""
        if self._resume_seconds is not None and self._lineup.present:
            return self._lineup.present
        while True:
            item = self._lineup.upcoming()
            if item is None and self._lineup.is_exhausted:
                await self._begin_another_round()
            elif item is None and self._lineup.is_over:
                return None
            elif item is None:
                await self._wait_for_more()
            elif item.reason_unplayable:
                self._pass_over(item, item.reason_unplayable)
            else:
                return item

    async def _begin_another_round(self) -> None:
        """Waits, and gives every item another chance, after a round in which none could be played."""
        if not (self._has_played and self._lineup.is_looped):
            if self._may_recover:
                raise TransientError(Listings.NOTHING_PLAYABLE_NOW(), hint=Listings.SEE_LOG())
            raise PlaylistError(Listings.NOTHING_PLAYABLE(), hint=Listings.SEE_LOG())
        await self._pause(_NEW_ROUND_SECONDS[min(self._lost_rounds, len(_NEW_ROUND_SECONDS) - 1)])
        self._lost_rounds += 1
        self._order.begin_another_round()

    async def _put_something_else_first(self) -> None:
        """Brings an item forward that needs no answer of the platform; without one, waits a moment."""
        stand_in = None if self._resume_seconds is not None else next(self._at_hand(), None)
        if stand_in:
            self._order.bring_forward(stand_in)
        else:
            await self._pause(_OUTAGE_CHECK_SECONDS)

    def _at_hand(self) -> Iterator[Item]:
        looked_through = itertools.islice(self._lineup.others(), _LOOKED_THROUGH)
        return filter(
            lambda item: item.key not in self._not_at_hand and self._playlist.is_at_hand(item), looked_through
        )

    def _has_other(self, item: Item) -> bool:
        upcoming = self._lineup.upcoming()
        is_ready = upcoming is not None and upcoming.key != item.key and self._playlist.is_at_hand(upcoming)
        return is_ready or next(self._at_hand(), None) is not None

    # The result

    def _note_success(self, media: Media, *, was_at_hand: bool) -> None:
        self._resume_seconds = None
        self._has_played = True
        self._out_of_reach = self._lost_rounds = 0
        self._may_recover = False
        self._logged_reasons.pop(media.item.key, None)
        if media not in self._playable:
            self._playable.append(media)
        if not was_at_hand:
            self._outage.end()
            self._not_at_hand.clear()

    def _pass_over(self, item: Item, reason: Message) -> None:
        self._resume_seconds = None
        self._order.pass_over(item)
        if self._logged_reasons.get(item.key) != reason:
            self._logged_reasons[item.key] = reason
            if len(self._logged_reasons) > _MOST_REASONS:
                del self._logged_reasons[next(iter(self._logged_reasons))]
            self._events.log(LogLevel.WARNING, Plays.PASSED_OVER(title=item.title, reason=reason))

    async def _pass_over_or_wait(self, item: Item, reason: TransientError) -> None:
        """Passes over one unreachable item. If the next is unreachable too, it assumes an outage and waits."""
        waits = self._out_of_reach if self._has_played else 0
        if 0 < waits <= len(_OUT_OF_REACH_SECONDS):
            await self._pause(_OUT_OF_REACH_SECONDS[waits - 1])
            self._out_of_reach += 1
        else:
            self._pass_over(item, Plays.TRIED(reason=reason.message, tries=_TRIES))
            self._out_of_reach = 1

    async def _pause(self, seconds: float) -> None:
        await self._sleep(random.uniform(seconds / 2, seconds))


async def _with_retries(
    prepare: Callable[..., Coroutine[Any, Any, CuedItem]], *arguments: Item | CuedItem | float | Fault | None
) -> CuedItem:
    """Retries a transient failure a few times."""
    trying = tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception_type(TransientError),
        stop=tenacity.stop_after_attempt(_TRIES),
        wait=_SHORT_WAITS,
        reraise=True,
    )
    try:
        return await trying(prepare, *arguments)
    except NonstopError:
        raise
    except Exception as error:
        _log.error("An item could not be prepared", exc_info=error)
        raise Unforeseen from error
