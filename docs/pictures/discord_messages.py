"""What people see on Discord, picture by picture: drawn from the bot's own cards and buttons."""

import asyncio
import io
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any, cast

import imageio_ffmpeg
from discord import Embed
from PIL import Image

from bot.cards import basic
from bot.charts import rendering
from bot.charts.cache import CHART_FILE
from bot.client import create_bot
from bot.console.cards import plain
from bot.discord.mentions import Mentions
from bot.help import cards as help_cards
from bot.incidents import cards as incident_cards
from bot.panels import cards as panel_cards
from bot.panels.buttons import panel_view
from bot.panels.cards import FRAME_FILE
from bot.playlists import cards as playlist_cards
from bot.queue import cards as queue
from bot.queue.views import page_view
from bot.setup import welcome
from bot.streams import cards
from bot.targets import cards as target_cards
from docs.pictures import example, measuring
from docs.pictures.message import Message, Picture, drawn
from streaming.ffmpeg import thumbnail
from streaming.playlists.demo.clips import CLIP_SECONDS, render
from streaming.services.previews import Picture as Preview
from streaming.services.status import StreamState
from streaming.settings import Settings
from tests.standins.no_services import NO_SERVICES

WIDTH = 640
_FOLDER = Path(__file__).parent
_TEMPLATE = Template((_FOLDER / "discord.template.svg").read_text())
_STYLE = (_FOLDER / "discord.css").read_text()


def pictures() -> dict[str, str]:
    """Each picture as SVG, by name; they are dark or light as their viewer is."""
    scenes = {name: (messages, drawn(messages)) for name, messages in _scenes().items()}
    heights = measuring.heights({name: html for name, (_, html) in scenes.items()}, _STYLE, WIDTH)
    return {name: _svg(messages, html, heights[name]) for name, (messages, html) in scenes.items()}


def _svg(messages: list[Message], html: str, height: int) -> str:
    alt = escape(" · ".join(plain(message.cards[0].title or "") for message in messages))
    return _TEMPLATE.substitute(
        alt=alt,
        style=_STYLE,
        messages=html,
        width=WIDTH,
        height=height,
        frame_width=WIDTH - 1,
        frame_height=height - 1,
    )


def _scenes() -> Mapping[str, list[Message]]:
    on_air, frame = example.ON_AIR, asyncio.run(_frame())
    chart, strip = _small(rendering.health(example.history())), _small(rendering.strip(example.history()))
    page = queue.page_of(example.QUEUE, 1)
    preview = Preview(b"", datetime.now(UTC), on_air)
    failure = basic.failure(
        "The target 'Twitch' is used by the stream 'Harbour radio'.",
        "Stop that stream first with /stream stop, or use another target.",
    )
    return {
        "status": [Message((cards.stream_with_chart(on_air),), "answers /stream status", files={"health.png": chart})],
        "panel": [
            Message(
                panel_cards.panel(on_air, (FRAME_FILE, CHART_FILE)),
                "Today at 20:15",
                panel_view(on_air),
                {FRAME_FILE: frame, CHART_FILE: strip},
            )
        ],
        "queue": [Message((queue.card(page),), "answers /stream queue", page_view(page), is_private=True)],
        "preview": [
            Message(
                (cards.preview(preview),),
                "answers /stream preview",
                files={"preview.jpg": frame},
                is_private=True,
            )
        ],
        "failure": [Message((failure,), "answers /stream start", is_private=True)],
        "incident": [
            Message((incident_cards.incident(example.INCIDENT),), "Today at 20:15"),
            Message(
                (incident_cards.incident_over(example.INCIDENT_OVER, StreamState.ON_AIR),), "Today at 20:15 (edited)"
            ),
        ],
        "welcome": [Message((welcome.card(_mentions()),), "Today at 20:00", welcome.buttons())],
        "help": [Message((_help(),), "answers /help", is_private=True)],
        "targets": [Message((target_cards.target_list(example.TARGETS),), "answers /target list", is_private=True)],
        "playlists": [
            Message((playlist_cards.playlists(example.PLAYLISTS),), "answers /playlist list", is_private=True)
        ],
    }


def _mentions() -> Mentions:
    """Commands as Discord shows them once it knows them."""
    mentions = Mentions()
    mentions.set_ids(dict.fromkeys(("stream", "target", "playlist", "settings", "help", "about"), 1))
    return mentions


def _help() -> Embed:
    tree = create_bot(Settings(), NO_SERVICES).tree
    commands = cast("list[Any]", tree.get_commands())
    return help_cards.overview(commands, _mentions())


async def _frame() -> Picture:
    """A frame of the demo, taken as the engine takes it from what is on air."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        await render(ffmpeg, example.CLIP, clip, seconds=CLIP_SECONDS, on_progress=None)
        at = ("-ss", str(example.POSITION_SECONDS), "-i", str(clip))
        cut = [ffmpeg, "-v", "error", *at, "-map", "0:v", "-c", "copy", "-frames:v", "1", "-f", "matroska", "pipe:1"]
        keyframe = await asyncio.to_thread(subprocess.run, cut, capture_output=True, check=True)
        return Picture(await thumbnail.jpeg(ffmpeg, keyframe.stdout), 640, 360)


def _small(png: bytes) -> Picture:
    """A chart in as few colours as it has, nearly."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    file = io.BytesIO()
    image.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return Picture(file.getvalue(), image.width, image.height)
