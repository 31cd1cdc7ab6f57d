"""The cards of a panel's message, and the names of their pictures."""

from collections.abc import Collection

from discord import Embed, Message

from bot.charts.cache import CHART_FILE
from bot.streams import status_card
from streaming.services.status import StreamStatus

FRAME_FILE = "on-air.jpg"


def panel(status: StreamStatus, pictures: Collection[str]) -> tuple[Embed, ...]:
    """A stream in full with those of its pictures that exist; an embed holds one, so the chart gets its own."""
    card = status_card.stream(status)
    if FRAME_FILE in pictures:
        card.set_image(url=f"attachment://{FRAME_FILE}")
    if CHART_FILE not in pictures:
        return (card,)
    return card, Embed(colour=card.colour).set_image(url=f"attachment://{CHART_FILE}")


def pictures_in(message: Message) -> frozenset[str]:
    """The names of a message's files. Discord lists none that an embed shows, but gives the embed's image a URL."""
    urls = (card.image.url or "" for card in message.embeds)
    names = (url.partition("?")[0].rpartition("/")[2] for url in urls)
    return frozenset(filter(None, names)) | {file.filename for file in message.attachments}
