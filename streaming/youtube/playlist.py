"""A YouTube playlist, or one video, as a playlist of items."""

from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing

from streaming.model.errors import ItemUnplayable, PlaylistError
from streaming.model.items import Item, Media
from streaming.youtube.formats import link
from streaming.youtube.references import Reference
from streaming.youtube.resolver import Resolver


class YouTubePlaylist:
    """A playlist (or one video) on YouTube, read through a resolver."""

    def __init__(self, reference: Reference, resolver: Resolver, owner: Hashable = None) -> None:
        """`owner` is on whose behalf the resolver is asked."""
        self._reference = reference
        self._resolver = resolver
        self._owner = owner
        self._title = str(reference)
        self._was_listed = False
        self._only: Item | None = None

    @property
    def reference(self) -> str:
        """Its id."""
        return str(self._reference)

    @property
    def title(self) -> str:
        """Its name once the first page is there, its id until then."""
        return self._title

    async def items(self) -> AsyncGenerator[Item, None]:
        """Yields its items as listed; what the listing rules out comes with its reason.

        Once it was listed to its end, it is listed again only when that takes nothing from anybody.

        Raises PlaylistError (also when it is empty), UsageError, PlatformTrouble or TransientError.
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
                if not self._reference.is_mix or item.key not in seen:  # a mix begins again when nothing else fits
                    yield item
                seen.add(item.key)
        if not seen:
            raise PlaylistError("The playlist is empty.")
        self._was_listed = True

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        """Finds media for one item; raises ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError."""
        return await self._resolver.resolve(item.key, fresh=fresh, avoid=avoid, owner=self._owner)

    def is_at_hand(self, item: Item) -> bool:
        """Whether an item was resolved lately."""
        return self._resolver.remembers(item.key)

    async def _single(self) -> Item:
        """The one video as an item; resolving it for its title is not lost, as the answer is kept."""
        video_id = self._reference.video_id
        try:
            item = (await self._resolver.resolve(video_id, owner=self._owner)).item
        except ItemUnplayable as error:
            return Item(video_id, video_id, link=link(video_id), reason_unplayable=error.message)
        self._title = item.title
        return item
