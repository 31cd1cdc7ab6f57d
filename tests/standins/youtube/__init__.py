"""YouTube on loopback, good enough that the unmodified yt-dlp extractor believes it.

    async with YouTube() as youtube:
        await youtube.add_video("aaaaaaaaaaa", "First", clip=path)
        await youtube.add_playlist("PLaaaaaaaaaaaaaaaa", "List", ["aaaaaaaaaaa"])

It runs as a process of its own, so its TLS never takes time from what is being tested. Whoever is to meet it needs
`proxy_url` as an HTTP proxy and `ca_file` as the authority to trust.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from streaming.process.subprocesses import Child
from tests.standins.youtube.catalog import Fault, Layout, RangeRead, VideoState

__all__ = ["Fault", "Layout", "RangeRead", "VideoState", "YouTube"]

_ANSWER_SECONDS = 60.0
_ID_LENGTH = 11


class YouTube:
    """The stand-in, from outside."""

    def __init__(self, **behaviour: Any) -> None:
        """Takes what `behave` takes."""
        self._behaviour = behaviour
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Starts the process and waits until it listens."""
        self._child = await Child.start(
            [sys.executable, "-m", "tests.standins.youtube"], stdin=True, on_error_line=print, buffer_bytes=1 << 24
        )
        hello = await self._answer()
        self.proxy_url: str = hello["proxy_url"]
        self.ca_file = Path(hello["ca_file"])
        await self.behave(**self._behaviour)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._child.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await self._child.wait()
        await self._child.stop()

    async def add_video(
        self,
        video_id: str,
        title: str,
        *,
        clip: Path | None = None,
        state: VideoState = VideoState.PUBLIC,
        only_muxed: bool = False,
        preroll_seconds: int = 0,
    ) -> None:
        """Adds one video.

        The clip is an MP4 with H.264 and AAC (or no sound); its size and rate decide the video itag (134 … 299). What
        cannot be watched needs none.
        """
        details = {"only_muxed": only_muxed, "preroll_seconds": preroll_seconds}
        await self._ask("add_videos", ids=[video_id], title=title, clip=_text(clip), state=state, **details)

    async def add_videos(self, prefix: str, count: int, *, clip: Path) -> list[str]:
        """Adds many videos of one clip, titled `prefix 1` and so on; gives their ids."""
        ids = [prefix + str(number).zfill(_ID_LENGTH - len(prefix)) for number in range(1, count + 1)]
        title = f"{prefix} {{number}}"
        await self._ask("add_videos", ids=ids, title=title, clip=str(clip), state=VideoState.PUBLIC)
        return ids

    async def add_playlist(self, playlist_id: str, title: str, video_ids: Sequence[str]) -> None:
        """Adds or replaces a playlist; ids never added as videos show as deleted. An id in RD… is a mix."""
        await self._ask("add_playlist", playlist_id=playlist_id, title=title, video_ids=list(video_ids))

    async def reset(self) -> None:
        """Forgets everything: videos, playlists, behaviour, faults, counts. Only the media made of clips are kept."""
        await self._ask("reset")
        await self.behave(**self._behaviour)

    async def behave(self, **changes: Any) -> None:
        """Changes how it answers from now on; what is not named stays. The names are the fields of `Behaviour`."""
        await self._ask("behave", **changes)

    async def fail(
        self,
        request: str,
        effect: int | Fault,
        *,
        video_id: str | None = None,
        itag: int | None = None,
        client: str | None = None,
        at_byte: int | None = None,
        times: int = 1,
    ) -> None:
        """Plans a fault for the next requests of a kind.

        Kinds: media, watch, player, playlist, browse, base_js. `effect` is an HTTP status or a Fault; with `at_byte`
        (media only), the request that covers this byte of the file meets it, there. `client` (media only) is the one
        whose URLs meet it.
        """
        details = {"video_id": video_id, "itag": itag, "client": client, "at_byte": at_byte, "times": times}
        await self._ask("fail", effect=effect, request=request, **details)

    async def heal(self) -> None:
        """Forgets the faults still planned."""
        await self._ask("heal")

    async def revoke_urls(self) -> None:
        """Answers 403 to every media URL handed out so far."""
        await self._ask("revoke_urls")

    async def requests(self) -> Counter[str]:
        """How often each kind of request was made, and each `player CLIENT` and `connect HOST`."""
        return Counter(await self._ask("requests"))

    async def ranges(self) -> list[RangeRead]:
        """Every request for media, in order."""
        return [RangeRead(**r) for r in await self._ask("ranges")]

    async def _ask(self, do: str, **arguments: Any) -> Any:
        async with self._asking:
            self._child.stdin.write(json.dumps({"do": do, "with": arguments}).encode() + b"\n")
            answer = await self._answer()
        if "error" in answer:
            raise AssertionError(f"the YouTube stand-in could not {do}: {answer['error']}")
        return answer["result"]

    async def _answer(self) -> dict[str, Any]:
        line = await asyncio.wait_for(self._child.stdout.readline(), _ANSWER_SECONDS)
        if not line:
            raise AssertionError("the YouTube stand-in has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
