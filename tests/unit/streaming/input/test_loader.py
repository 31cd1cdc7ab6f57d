"""Opening an item on a machine that has no process to spare: an item's trouble, which passes, and not the stream's."""

from pathlib import Path
from typing import Any, cast

import pytest

from streaming.input.loader import ItemLoader, Tools
from streaming.model.errors import TransientError
from streaming.model.items import FilePart, Item, Media, MediaInfo, PartKind
from streaming.model.profiles import DEFAULT_PROFILE, PROFILES
from streaming.model.states import EncodeMode
from streaming.settings import YouTubeSettings
from streaming.sources.server import SourceServer

INFO = MediaInfo(video_codec="h264", width=1280, height=720, fps=30.0, audio_codec="aac", sample_rate=44100, channels=2)


@pytest.mark.parametrize("info", [INFO, None], ids=["known", "to be probed"])
async def test_without_a_process_for_ffmpeg_an_item_is_to_be_tried_again(
    tmp_path: Path, info: MediaInfo | None
) -> None:
    async with SourceServer(YouTubeSettings()) as sources:
        loader = ItemLoader(
            cast("Any", None),
            Tools(str(tmp_path / "no-ffmpeg"), sources, operation_timeout_seconds=10.0),
            encode=EncodeMode.AUTO,
            profile=PROFILES[DEFAULT_PROFILE],
            on_error_line=lambda _: None,
        )
        media = Media(Item("key", "Title"), (FilePart(PartKind.BOTH, tmp_path / "item.mp4"),), info=info)
        with pytest.raises(TransientError, match="this machine cannot run FFmpeg"):
            await loader.open_media(media, 0.0)
        assert not sources.sources
