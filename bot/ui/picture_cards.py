"""Cards with pictures, and those about the test of a target."""

import io
from collections.abc import Collection

from discord import Embed, File, Message

from bot.ui import colours, text
from bot.ui.sentences import told
from bot.ui.status_card import playing_lines, stream, title
from bot.ui.words import failures, streams
from bot.ui.words import targets as words
from streaming.control.pictures import Picture
from streaming.control.status import StreamStatus
from streaming.control.target_tests import TargetTest

FRAME = "on-air.jpg"
CHART = "health.png"
"""The pictures of a panel."""
_PREVIEW = "preview.jpg"
_NAME_LIMIT = 50


def preview(picture: Picture) -> Embed:
    """What is on air, as a picture."""
    status = picture.status
    lines = [*playing_lines(status.now_playing), f"-# {text.since(picture.taken_at)}"]
    card = Embed(
        title=title(status), description="\n".join(lines), colour=colours.of_light(streams.STATES[status.state])
    )
    return card.set_image(url=f"attachment://{_PREVIEW}").set_footer(text=f"#{status.stream_id}")


def preview_file(picture: Picture) -> File:
    """The picture that goes with its card."""
    return File(io.BytesIO(picture.jpeg), filename=_PREVIEW)


def stream_with_chart(status: StreamStatus) -> Embed:
    """One stream in full, above its health chart."""
    return stream(status).set_image(url=f"attachment://{CHART}")


def chart_file(png: bytes) -> File:
    """The chart that goes with the stream's card."""
    return File(io.BytesIO(png), filename=CHART)


def panel(status: StreamStatus, pictures: Collection[str]) -> tuple[Embed, ...]:
    """One stream in full, with those of its pictures that are there; the chart comes below, in a card of its own."""
    card = stream(status)
    if FRAME in pictures:
        card.set_image(url=f"attachment://{FRAME}")
    if CHART not in pictures:
        return (card,)
    return card, Embed(colour=card.colour).set_image(url=f"attachment://{CHART}")


def pictures_in(message: Message) -> frozenset[str]:
    """The names of a message's files. Discord lists none that a card shows, and gives that an address of its own."""
    shown = (card.image.url or "" for card in message.embeds)
    names = (url.partition("?")[0].rpartition("/")[2] for url in shown)
    return frozenset(filter(None, names)) | {file.filename for file in message.attachments}


def target_test(test: TargetTest) -> Embed:
    """The test of a target, under way or with its outcome."""
    name, said = text.named(test.name, _NAME_LIMIT), text.safe(told(test.answer), 500)
    if test.is_accepted is None:
        return Embed(title=words.testing(name), description=words.TESTING, colour=colours.BLUE)
    if test.is_accepted:
        return Embed(title=words.works(name), description=said, colour=colours.GREEN)
    happened, _, hint = said.partition(". ")
    lines = f"{happened}.\n\n{failures.what_to_do(hint)}" if hint else said
    return Embed(title=words.works_not(name), description=lines, colour=colours.RED)
