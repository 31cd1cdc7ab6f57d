"""A process with one warm yt-dlp: `python -m streaming.youtube.worker`, JSON lines in, JSON lines out.

The first line in holds yt-dlp's options, the first line out its version and JavaScript runtime. Every later line in is
a request, answered in order by one line with the request's `id`. Listings are read a page at a time, so that other
requests fit between two pages.
"""

import io
import itertools
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yt_dlp
from yt_dlp.networking.exceptions import HTTPError
from yt_dlp.utils import DownloadError, ExtractorError, YoutubeDLError

from streaming.redaction.secrets import redact

Json = dict[str, Any]  # the requests and answers; both sides of the pipe are in this package
_FORMAT_KEYS = (
    "format_id",
    "url",
    "http_headers",
    "vcodec",
    "acodec",
    "filesize",
    "tbr",
    "width",
    "height",
    "fps",
    "asr",
    "audio_channels",
    "available_at",
)
_ENTRY_KEYS = ("id", "title", "duration", "live_status", "availability")
_MOST_BYTES = 8 << 20
"""A page of a hundred entries has 50 KB. The pool reads lines of twice this size; a longer one breaks the pipe."""
_LONGEST_MESSAGE = 10_000
_MOST_WARNINGS = 100
_NOT_OVER = ("is_live", "is_upcoming", "post_live")


class Log:
    """yt-dlp's logger. It keeps the warnings, which are often the only trace of what failed."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Discards progress messages."""

    def warning(self, message: str) -> None:
        self.warnings.append(redact(message))

    def error(self, message: str) -> None:
        """Keeps the text beside the warnings; yt-dlp raises the error as well."""
        self.warnings.append(redact(message))


class ListingGone(Exception):
    """Another process held this listing."""


class Extractor:
    """Answers requests with one YoutubeDL."""

    def __init__(self, options: Json) -> None:
        self.log = Log()
        self._ydl = yt_dlp.YoutubeDL(_prepared(options) | {"logger": self.log})
        self._arguments: Json = self._ydl.params.get("extractor_args") or {}
        self._listings: dict[str, Iterator[Json]] = {}
        self._numbers = itertools.count(1)

    def hello(self) -> Json:
        """The versions of yt-dlp and of its JavaScript runtime, empty without one."""
        runtimes = (runtime.info for runtime in self._ydl._js_runtimes.values() if runtime)  # noqa: SLF001
        found = next((info for info in runtimes if info and info.supported), None)
        runtime = f"{found.name} {found.version}" if found else ""
        return {"yt_dlp": yt_dlp.version.__version__, "runtime": runtime}

    def resolve(self, url: str, avoid: Sequence[str] = ()) -> Json:
        """One video: `id`, `title`, `duration`, `live_status`, `type`, and `formats` unless it is live.

        `avoid` excludes formats by `format@client`; the same format from another client may take its place.
        """
        self._ydl.params["extractor_args"] = _with_every_client(self._arguments) if avoid else self._arguments
        info = self._ydl.extract_info(url, download=False, process=False)
        answer = {key: info.get(key) for key in ("id", "title", "duration", "live_status")}
        answer["type"] = info.get("_type") or "video"
        if answer["type"] != "video" or answer["live_status"] in _NOT_OVER:
            return answer
        if avoid:
            info["formats"] = _acceptable(info["formats"], avoid)
        info = self._ydl.sanitize_info(self._ydl.process_ie_result(info, download=False))
        chosen = info.get("requested_formats") or [info]
        return answer | {"formats": list(map(_format_fields, chosen))}

    def open(self, url: str, first: int, skip: int, limit: int | None) -> Json:
        """Opens a listing after `skip` entries, of at most `limit` in all: its id, title and `first` entries."""
        info = self._ydl.extract_info(url, download=False, process=False)
        if info.get("_type") == "url":
            info = self._ydl.extract_info(info["url"], download=False, process=False)
        if "entries" not in info:
            raise ExtractorError("The playlist does not exist.", expected=True)
        listing = f"{os.getpid()}-{next(self._numbers)}"
        self._listings[listing] = itertools.islice(info["entries"], skip, limit)
        return {"listing": listing, "title": info.get("title") or ""} | self.more(listing, first)

    def more(self, listing: str, count: int) -> Json:
        """The next `count` entries of a listing; fewer mean its end."""
        if listing not in self._listings:
            raise ListingGone
        entries = list(itertools.islice(self._listings[listing], count))
        if len(entries) < count:
            self.close(listing)
        return {"entries": [{key: entry.get(key) for key in _ENTRY_KEYS} for entry in entries]}

    def close(self, listing: str) -> Json:
        """Forgets a listing. Closing twice is harmless."""
        self._listings.pop(listing, None)
        return {}


def _prepared(options: Json) -> Json:
    """Reads the cookies into memory: yt-dlp writes its cookie file back, and the file is the operator's."""
    path = options.get("cookiefile")
    return options | {"cookiefile": io.StringIO(Path(path).read_text())} if path else options


def _with_every_client(arguments: Json) -> Json:
    """Makes yt-dlp list each client's formats instead of the first client's only."""
    return {**arguments, "youtube": {**arguments.get("youtube", {}), "formats": ["duplicate"]}}


def _acceptable(formats: list[Json], avoid: Sequence[str]) -> list[Json]:
    """The first client's of each format, without the avoided ones; segmented variants repeat the same media."""
    kept: dict[str, Json] = {}
    for fmt in formats:
        if _client_format(fmt) not in avoid and fmt.get("protocol") != "http_dash_segments":
            kept.setdefault(fmt["format_id"], fmt)
    return list(kept.values())


def _format_fields(fmt: Json) -> Json:
    return {key: fmt.get(key) for key in _FORMAT_KEYS} | {"client_format": _client_format(fmt)}


def _client_format(fmt: Json) -> str:
    """`format@client`: YouTube accepts or refuses a URL by the client it was made for (`c` in the query)."""
    client = parse_qs(urlsplit(fmt.get("url") or "").query).get("c", [""])
    return f"{fmt['format_id']}@{client[0]}"


class AnswerTooLarge(Exception):
    """The answer does not fit into a line."""

    def __init__(self) -> None:
        super().__init__("the answer is too large")


def _answer(extractor: Extractor, request: Json) -> str:
    extractor.log.warnings.clear()
    number = request.pop("id", None)
    method: Callable[..., Json] = getattr(extractor, request.pop("method"))
    try:
        return answer_line(number, method(**request))
    except Exception as error:  # noqa: BLE001  (reported to the pool; the process goes on)
        return json.dumps({"id": number, "failure": _failure(error, extractor.log.warnings)})


def answer_line(number: int | None, answer: Json) -> str:
    """Encodes an answer as one line. Raises AnswerTooLarge."""
    line = json.dumps({"id": number, "answer": answer})  # ASCII only: a character is a byte
    if len(line) > _MOST_BYTES:
        raise AnswerTooLarge
    return line


def _failure(error: Exception, warnings: list[str]) -> Json:
    inner = error.exc_info[1] if isinstance(error, DownloadError) and error.exc_info else error
    cause = getattr(inner, "cause", None) or inner
    is_network = isinstance(cause, YoutubeDLError) and not isinstance(cause, ExtractorError)
    return {
        "kind": type(cause if is_network else inner).__name__,
        "message": redact(str(getattr(inner, "orig_msg", None) or inner)[:_LONGEST_MESSAGE]),
        "is_expected": bool(getattr(inner, "expected", False)),
        "status": cause.status if isinstance(cause, HTTPError) else None,
        "warnings": [warning[:_LONGEST_MESSAGE] for warning in warnings[:_MOST_WARNINGS]],
    }


def _lines() -> Iterator[Json]:
    """Reads standard input. At its end the parent is gone, so the process exits at once, whatever it does."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(waiting.get())


def main() -> None:
    """Answers until standard input ends. Standard output carries answers only: stray prints go to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lines = _lines()
    try:
        extractor = Extractor(next(lines))
    except Exception as error:  # noqa: BLE001  (reported to the pool)
        print(json.dumps({"failure": _failure(error, [])}), file=answers, flush=True)
        return
    print(json.dumps({"answer": extractor.hello()}), file=answers, flush=True)
    for request in lines:
        print(_answer(extractor, request), file=answers, flush=True)


if __name__ == "__main__":
    main()
