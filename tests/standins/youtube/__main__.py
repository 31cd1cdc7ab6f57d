"""The stand-in as a process of its own: JSON lines on standard input tell it what to be, standard output answers."""

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.standins.youtube.catalog import Catalog, Fault, Layout, PlannedFault, PlaylistPage, Video, VideoState
from tests.standins.youtube.certificates import make_authority
from tests.standins.youtube.media import ClipFiles, make_files
from tests.standins.youtube.proxy import ConnectProxy
from tests.standins.youtube.server import Site


class Control:
    """What the commands on standard input do; each method is one command."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self._files: dict[str, ClipFiles] = {}

    async def add_videos(self, ids: list[str], title: str, clip: str | None, state: str, **details: Any) -> None:
        files = await self._files_of(clip) if clip else None
        for number, video_id in enumerate(ids, start=1):
            video = Video(video_id, title.format(number=number), VideoState(state), files, **details)
            self._catalog.videos[video_id] = video

    async def reset(self) -> None:
        self._site.forget()

    async def add_playlist(self, playlist_id: str, title: str, video_ids: list[str]) -> None:
        self._catalog.playlists[playlist_id] = PlaylistPage(playlist_id, title, tuple(video_ids))

    async def behave(self, layout: str | None = None, **changes: Any) -> None:
        if layout:
            changes["layout"] = Layout(layout)
        self._catalog.behaviour = replace(self._catalog.behaviour, **changes)

    async def fail(self, effect: int | str, **details: Any) -> None:
        chosen = Fault(effect) if isinstance(effect, str) else effect
        self._catalog.faults.append(PlannedFault(effect=chosen, **details))

    async def heal(self) -> None:
        self._catalog.faults.clear()

    async def revoke_urls(self) -> None:
        self._site.signer.revoke()

    async def requests(self) -> dict[str, int]:
        return dict(self._site.requests)

    async def ranges(self) -> list[dict[str, Any]]:
        return [asdict(r) for r in self._site.ranges]

    @property
    def _catalog(self) -> Catalog:
        return self._site.catalog

    async def _files_of(self, clip: str) -> ClipFiles:
        if clip not in self._files:
            self._files[clip] = await asyncio.to_thread(make_files, Path(clip), self._folder)
        return self._files[clip]


async def _serve(folder: Path) -> None:
    site = Site()
    ca_file, context = make_authority(folder)
    runner = web.AppRunner(site.application(), access_log=None)
    await runner.setup()
    assert runner.server
    server = runner.server
    loop = asyncio.get_running_loop()
    proxy = await loop.create_server(
        lambda: ConnectProxy(context, server, lambda host: site.requests.update([f"connect {host}"])), "127.0.0.1", 0
    )
    port = proxy.sockets[0].getsockname()[1]
    _say({"proxy_url": f"http://127.0.0.1:{port}", "ca_file": str(ca_file)})
    await _obey(Control(site, folder / "media"))


async def _obey(control: Control) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        try:
            _say({"result": await getattr(control, command["do"])(**command["with"])})
        except Exception as error:  # noqa: BLE001  (whoever asked is told)
            _say({"error": repr(error)})


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="youtube-standin-") as folder:
        asyncio.run(_serve(Path(folder)))


if __name__ == "__main__":
    main()
