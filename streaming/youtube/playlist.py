"""A YouTube playlist or a single video as a playlist of items."""

from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing

from streaming.model.errors import ItemUnplayable, PlaylistError
from streaming.model.items import Item, Media
from streaming.youtube.formats import link
from streaming.youtube.messages import YouTubeListings
from streaming.youtube.references import Reference
from streaming.youtube.resolver import Resolver


class YouTubePlaylist:
    """A playlist or a video on YouTube, read through a resolver."""

    def __init__(self, reference: Reference, resolver: Resolver, owner: Hashable = None) -> None:
        """`owner` is whose turn at the resolver its requests use."""
        self._reference = reference
        self._resolver = resolver
        self._owner = owner
        self._title = str(reference)
        self._was_listed = False
        self._only: Item | None = None

    @property
    def reference(self) -> str:
        return str(self._reference)

    @property
    def title(self) -> str:
        """The playlist's name once the first page has arrived; before that its id."""
        return self._title

    async def items(self) -> AsyncGenerator[Item, None]:
        """Yields the items in order; unplayable ones carry their reason.

        A complete listing is repeated only with spare permissions of the rate limit.

        Raises PlaylistError (also for an empty playlist), UsageError, PlatformTrouble or TransientError.
        """
        if not self._reference.playlist_id:
            if self._only is None or self._only.reason_unplayable:
                self._only = await self._single()
            yield self._only
            return
        if self._was_listed:
            await self._resolver.ready_to_list_again()
        listing = self._resolver.list(self._reference, self._owner)
        seen = set[str]()
        async with aclosing(aiter(listing)) as items:
            async for item in items:
                self._title = listing.title or self._title
                if not self._reference.is_mix or item.key not in seen:  # mixes repeat when YouTube runs out of songs
                    yield item
                seen.add(item.key)
        if not seen:
            raise PlaylistError(YouTubeListings.EMPTY())
        self._was_listed = True

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        """Finds media for one item. Raises ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError."""
        return await self._resolver.resolve(item.key, fresh=fresh, avoid=avoid, owner=self._owner)

    def is_at_hand(self, item: Item) -> bool:
        """Whether the resolver still has the item's media in its cache."""
        return self._resolver.remembers(item.key)

    async def _single(self) -> Item:
        """The video as an item. Resolving it for its title costs nothing: the answer is cached for playing."""
        video_id = self._reference.video_id
        try:
            item = (await self._resolver.resolve(video_id, owner=self._owner)).item
        except ItemUnplayable as error:
            return Item(video_id, video_id, link=link(video_id), reason_unplayable=error.message)
        self._title = item.title
        return item
