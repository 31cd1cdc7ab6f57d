"""Files, folders, media URLs and lists of them as a playlist."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from streaming.model.errors import ItemUnavailable, PlaylistError
from streaming.model.items import FilePart, Item, Media, PartKind, RemotePart
from streaming.model.message import NOTHING, Message
from streaming.model.text import clean
from streaming.redaction.secrets import Secret, redact

_VIDEO_EXTENSIONS = frozenset({".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".ts", ".webm", ".wmv"})
_AUDIO_EXTENSIONS = frozenset({".aac", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav"})
_MEDIA_EXTENSIONS = _VIDEO_EXTENSIONS | _AUDIO_EXTENSIONS
_LIST_EXTENSIONS = frozenset({".m3u", ".m3u8"})
_MANIFEST_EXTENSIONS = frozenset({".m3u8", ".mpd"})
_EXTINF = re.compile(r'#EXTINF:\s*(?P<seconds>[^\s,"]{0,64})(?P<attributes>(?:[^",]|"[^"]*")*)(?:,(?P<title>.*))?')
_LONGEST_SECONDS = 1e7
"""Nearly four months. Longer values are errors in the list."""
_FILE_URL = "file://"


class FilesPlaylist:
    """Any mix of files, folders, media URLs and `.m3u` lists, as named on the command line."""

    def __init__(self, references: Sequence[str]) -> None:
        self._references = tuple(references)

    @property
    def reference(self) -> str:
        return " ".join(self._references)

    @property
    def title(self) -> str:
        """The name of the first file or folder, and the number of the others."""
        first, *more = self._references
        return clean(f"{_name(first)} and {len(more)} more" if more else _name(first))

    async def items(self) -> AsyncIterator[Item]:
        """Yields folders in natural order (2 before 10), and lists in their own.

        Raises PlaylistError for a missing path, a folder without media, or a list that is none.
        """
        for reference in self._references:
            for item in await asyncio.to_thread(_items, reference):
                yield item

    async def resolve(
        self,
        item: Item,
        *,
        fresh: bool = False,  # noqa: ARG002  (there is only one URL)
        avoid: frozenset[str] = frozenset(),  # noqa: ARG002  (and one format)
    ) -> Media:
        """Returns the file or URL itself. Raises ItemUnavailable for a missing file."""
        if _is_url(item.key):
            return Media(item, (RemotePart(PartKind.BOTH, Secret(item.key)),), item.duration_seconds)
        path = _path(item.key)
        if not await asyncio.to_thread(path.is_file):
            raise ItemUnavailable(Message(f"there is no file {path}"))
        return Media(item, (FilePart(PartKind.BOTH, path),), item.duration_seconds)

    def is_at_hand(self, item: Item) -> bool:  # noqa: ARG002  (nothing has to be requested)
        """Always true: nothing has to be requested."""
        return True


def _items(reference: str) -> list[Item]:
    """All items of one reference."""
    if _is_url(reference):
        item = _url_item(reference)
        if item.reason_unplayable:
            raise PlaylistError(Message(f"{redact(reference)} {item.reason_unplayable}."))
        return [item]
    path = Path(reference).expanduser().absolute()
    if path.is_dir():
        return _folder_items(path)
    if not path.is_file():
        raise PlaylistError(Message(f"There is no file or folder {path}."))
    return list(_list_items(path)) if path.suffix.lower() in _LIST_EXTENSIONS else [_file_item(path)]


def _folder_items(folder: Path) -> list[Item]:
    files = [path for path in folder.rglob("*") if path.suffix.lower() in _MEDIA_EXTENSIONS and path.is_file()]
    shown = [path for path in files if not any(name.startswith(".") for name in path.relative_to(folder).parts)]
    if not shown:
        raise PlaylistError(Message(f"The folder {folder} holds no media files."))
    return [_file_item(path) for path in sorted(shown, key=_natural_order)]


def _list_items(path: Path) -> Iterator[Item]:
    """Reads an M3U list: one file or URL a line, relative to the list, after an optional `#EXTINF:seconds,title`."""
    lines = [line.strip() for line in _text(path).splitlines()]
    if any(line.startswith("#EXT-X-") for line in lines):
        raise PlaylistError(
            Message(f"{path} is an HLS manifest, not a list of media."),
            hint=Message("Name the media files or their URLs instead."),
        )
    info, count = None, 0
    for line in lines:
        info = _EXTINF.match(line) or info
        if line and not line.startswith("#"):
            yield _listed_item(line, path.parent, info)
            info, count = None, count + 1
    if not count:
        raise PlaylistError(Message(f"The list {path} is empty."))


def _listed_item(line: str, folder: Path, info: re.Match[str] | None) -> Item:
    title = (info["title"] or "").strip() if info else ""
    duration_seconds = _seconds(info["seconds"]) if info else None
    if "://" in line and not line.startswith(_FILE_URL):
        return _url_item(line, title, duration_seconds)
    path = _path(line) if line.startswith(_FILE_URL) else folder / line
    return _file_item(path, title, duration_seconds)


def _seconds(text: str) -> float | None:
    """A duration from a list; None for what is not a number, or not a plausible duration."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 < seconds <= _LONGEST_SECONDS else None


def _file_item(path: Path, title: str = "", duration_seconds: float | None = None) -> Item:
    reason = Message("is a list inside a list") if path.suffix.lower() in _LIST_EXTENSIONS else NOTHING
    return Item(_key(path), title or path.stem, duration_seconds, reason_unplayable=reason)


def _key(path: Path) -> str:
    """The path, or a file URL for names that are not valid text: keys are stored and read again."""
    name = str(path)
    return name if clean(name) == name else path.as_uri()


def _path(key: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(key).path))) if key.startswith(_FILE_URL) else Path(key)


def _url_item(url: str, title: str = "", duration_seconds: float | None = None) -> Item:
    if not _is_url(url):
        reason = Message("is not an HTTP address")
    elif Path(urlsplit(url).path).suffix.lower() in _MANIFEST_EXTENSIONS:
        reason = Message("is a manifest (HLS or DASH), which cannot be played as an item")
    else:
        reason = NOTHING
    return Item(url, title or _name(url), duration_seconds, reason_unplayable=reason)


def _text(path: Path) -> str:
    """A list's text: UTF-8, or Latin-1 in older lists."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlaylistError(Message(f"{path} cannot be read: {error.strerror}.")) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _name(reference: str) -> str:
    if _is_url(reference):
        parts = urlsplit(reference)
        return Path(unquote(parts.path)).stem or parts.netloc
    return Path(reference).expanduser().absolute().stem


def _natural_order(path: Path) -> list[list[str | int]]:
    return [
        [int(piece) if piece.isdecimal() else piece.casefold() for piece in re.split(r"(\d+)", name)]
        for name in path.parts
    ]
