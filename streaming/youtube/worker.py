"""A process that holds one warm yt-dlp: `python -m streaming.youtube.worker`, JSON lines in, JSON lines out.

The first line in gives yt-dlp's options, the first line out its version and JavaScript runtime. After that each line in
is a question and is answered by one line, in turn, with the question's `id`. A listing is read page by page as it is
asked for, so that between two pages there is room for other questions.
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

Json = dict[str, Any]  # the questions and answers; both sides of the pipe are in this package
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
"""A page of a hundred entries has 50 KB. Whoever asked reads lines of twice this, and nothing behind a longer one."""
_LONGEST_MESSAGE = 10_000
_MOST_WARNINGS = 100
_NOT_OVER = ("is_live", "is_upcoming", "post_live")


class Log:
    """Takes what yt-dlp says. The warnings are kept: they are often the only trace of what went wrong."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Progress; nobody reads it."""

    def warning(self, message: str) -> None:
        """Keeps it until the answer is given."""
        self.warnings.append(redact(message))

    def error(self, message: str) -> None:
        """Errors are raised as well; the text is kept beside the warnings."""
        self.warnings.append(redact(message))


class ListingGone(Exception):
    """Another process held this listing."""


class Extractor:
    """Answers questions with one YoutubeDL."""

    def __init__(self, options: Json) -> None:
        self.log = Log()
        self._ydl = yt_dlp.YoutubeDL(_prepared(options) | {"logger": self.log})
        self._arguments: Json = self._ydl.params.get("extractor_args") or {}
        self._listings: dict[str, Iterator[Json]] = {}
        self._numbers = itertools.count(1)

    def hello(self) -> Json:
        """The versions of yt-dlp and of the JavaScript runtime it found, empty without one."""
        runtimes = (runtime.info for runtime in self._ydl._js_runtimes.values() if runtime)  # noqa: SLF001
        found = next((info for info in runtimes if info and info.supported), None)
        runtime = f"{found.name} {found.version}" if found else ""
        return {"yt_dlp": yt_dlp.version.__version__, "runtime": runtime}

    def resolve(self, url: str, avoid: Sequence[str] = ()) -> Json:
        """One video: `id`, `title`, `duration`, `live_status`, `type`; also the chosen `formats`, if it is over.

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
        """Begins a listing after `skip` entries, at most `limit` in all; gives its name, title and `first` entries."""
        info = self._ydl.extract_info(url, download=False, process=False)
        if info.get("_type") == "url":
            info = self._ydl.extract_info(info["url"], download=False, process=False)
        if "entries" not in info:
            raise ExtractorError("The playlist does not exist.", expected=True)
        listing = f"{os.getpid()}-{next(self._numbers)}"
        self._listings[listing] = itertools.islice(info["entries"], skip, limit)
        return {"listing": listing, "title": info.get("title") or ""} | self.more(listing, first)

    def more(self, listing: str, count: int) -> Json:
        """The next `count` entries of a listing; fewer are the last."""
        if listing not in self._listings:
            raise ListingGone
        entries = list(itertools.islice(self._listings[listing], count))
        if len(entries) < count:
            self.close(listing)
        return {"entries": [{key: entry.get(key) for key in _ENTRY_KEYS} for entry in entries]}

    def close(self, listing: str) -> Json:
        """Forgets a listing; one that has ended is forgotten already."""
        self._listings.pop(listing, None)
        return {}


def _prepared(options: Json) -> Json:
    """Cookies are read into memory: yt-dlp writes back what it was given, and the file is the operator's."""
    path = options.get("cookiefile")
    return options | {"cookiefile": io.StringIO(Path(path).read_text())} if path else options


def _with_every_client(arguments: Json) -> Json:
    """Has yt-dlp tell what each client offers, and not only what the first one that has a format does."""
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
    """What there is to say does not fit into a line."""

    def __init__(self) -> None:
        super().__init__("the answer is too large")


def _answer(extractor: Extractor, question: Json) -> str:
    extractor.log.warnings.clear()
    number = question.pop("id", None)
    ask: Callable[..., Json] = getattr(extractor, question.pop("ask"))
    try:
        return answer_line(number, ask(**question))
    except Exception as error:  # noqa: BLE001  (told to whoever asked; the process goes on)
        return json.dumps({"id": number, "failure": _failure(error, extractor.log.warnings)})


def answer_line(number: int | None, answer: Json) -> str:
    """The line that answers a question. Raises AnswerTooLarge."""
    line = json.dumps({"id": number, "answer": answer})  # all ASCII: a character is a byte
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
    """The lines of standard input. At its end whoever started us is gone, and so are we, in the middle of anything."""
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
    except Exception as error:  # noqa: BLE001  (told to whoever started us)
        print(json.dumps({"failure": _failure(error, [])}), file=answers, flush=True)
        return
    print(json.dumps({"answer": extractor.hello()}), file=answers, flush=True)
    for question in lines:
        print(_answer(extractor, question), file=answers, flush=True)


if __name__ == "__main__":
    main()
