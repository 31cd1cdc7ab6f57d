"""Masks what is secret by its place in a text: passwords and signatures in URLs, headers, parameters.

Every pattern is bounded, or anchored where nothing like it precedes, so that the time is linear in the text.
"""

import re

_MASK = "…"
_START = re.compile(r"(?::|%3A)(?:\\?/\\?/|%2F%2F)", re.IGNORECASE)
_END = re.compile(r"[\s\"<>`]")
_LONGEST_SCHEME = 16
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*$")
_RTMP = re.compile(r"(?:rtmp(?:s|t|e|te|ts)?|srt)$", re.IGNORECASE)
_AUTHORITY_END = re.compile(r"[/?#\\]")
_PLAIN_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.%]*\]|[^:\[\]]*)(?::\d{0,5})?[.,;:)\]}'!]*$")
_AFTER_URL = re.compile(r"[.,;:)\]}'!]+$")
_AFTER_RTMP = re.compile(r"[,)\]}']+$")
_PUBLIC_QUERY = re.compile(r"(?:(?:v|list)=[-\w…]{0,64}|(?:t|start|index)=[\dhms]{1,12})(?:&(?!$)|$)")
_ADDRESS_OF_ITS_OWN = frozenset({"channel", "playlist", "c", "user"})
"""A long public name follows."""
_SIGNED_BY = frozenset(
    (
        *("videoplayback", "expire", "expires", "exp", "sig", "lsig", "sign", "signature", "token", "tok", "auth"),
        *("authkey", "auth_key", "hash", "hmac", "hdnts", "hdnea", "hdntl", "hdnt", "jwt", "secret", "pass", "passwd"),
        *("password", "policy", "session", "sid", "key", "apikey", "api_key", "access_token"),
    )
)
"""Path segments that precede a signature, or parameters with one among them."""
_BY_TOKEN = frozenset({"webhooks", "interactions"})
"""Discord's: an id follows, then a token."""
_RUN = re.compile(r"[0-9A-Za-z]{20,}")

_HEADER = re.compile(
    r"(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,24}(?:token|key|auth|secret))"
    r"([\"']?\s{0,3}[:=,]\s{0,3})(\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\r\n]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer\s{1,3})[\w.~+/=-]{8,}", re.IGNORECASE)
_NAMES = (
    r"access_?token|refresh_?token|token|sig|lsig|signature|password|passwd|pwd|api_?key|auth_?key|stream_?key|secret"
    r"|hdnts|hdnea|hdntl|hmac|jwt"
)
_PARAMETER = re.compile(rf"(?<![A-Za-z0-9])({_NAMES})(=|%3D)[^\s&\"'<>,;)]+", re.IGNORECASE)
_MEMBER = re.compile(rf"([\"'](?:{_NAMES})[\"']\s{{0,3}}:\s{{0,3}})(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_JWT = re.compile(r"(?<![\w.-])eyJ[\w-]{8,}\.[\w.-]{8,}")


def mask_secrets(text: str) -> str:
    """Masks the secrets in a text's URLs, headers and parameters."""
    if _START.search(text):
        text = _mask_urls(text)
    if ":" in text or "=" in text or "%3" in text:
        text = _HEADER.sub(rf"\1\2{_MASK}", text)
        text = _MEMBER.sub(rf'\1"{_MASK}"', text)
        text = _PARAMETER.sub(rf"\1\2{_MASK}", text)
    text = _BEARER.sub(rf"\1{_MASK}", text)
    return _JWT.sub(_MASK, text)


def is_secret_segment(segment: str) -> bool:
    """Whether a path segment looks like a token: it holds parameters, or is long and random."""
    if "=" in segment:
        return True
    return any(_is_mixed(run) for run in _RUN.findall(segment))


def _is_mixed(run: str) -> bool:
    return not run.isdigit() and not run.isalpha()


def _mask_urls(text: str) -> str:
    parts, done = [], 0
    starts = list(_START.finditer(text))
    for number, start in enumerate(starts):
        if start.start() < done:
            continue
        next_start = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        found = _END.search(text, start.end(), next_start)
        end = found.start() if found else next_start
        parts.append(text[done : start.end()])
        parts.append(_masked(_scheme_before(text, start.start()), start[0], text[start.end() : end]))
        done = end
    return "".join((*parts, text[done:]))


def _scheme_before(text: str, place: int) -> str:
    found = _SCHEME.search(text[max(0, place - _LONGEST_SCHEME) : place])
    return found[0] if found else ""


def _masked(scheme: str, separator: str, rest: str) -> str:
    """Masks what follows the scheme of a URL."""
    if "%" in separator:  # a URL inside another one: its end is unknown
        return _MASK if rest else ""
    authority, tail = _parted(rest)
    if "@" in authority:
        return f"{_MASK}@{authority.rpartition('@')[2]}{_tail(scheme, tail)}"
    if _PLAIN_AUTHORITY.match(authority):
        return authority + _tail(scheme, tail)
    before, at, after = rest.rpartition("@")  # a password with a slash or a question mark in it
    if at and before:
        host, tail = _parted(after)
        return f"{_MASK}@{host}{_tail(scheme, tail)}"
    return f"{authority.partition(':')[0]}:{_MASK}{_tail(scheme, tail)}"


def _parted(rest: str) -> tuple[str, str]:
    found = _AUTHORITY_END.search(rest)
    at = found.start() if found else len(rest)
    return rest[:at], rest[at:]


def _tail(scheme: str, tail: str) -> str:
    is_rtmp = _RTMP.search(scheme) is not None
    after = (_AFTER_RTMP if is_rtmp else _AFTER_URL).search(tail[-16:])
    ending = after[0] if after else ""
    tail = tail[: len(tail) - len(ending)]
    return (_rtmp_tail(tail) if is_rtmp else _web_tail(tail)) + ending


def _rtmp_tail(tail: str) -> str:
    """Keeps the application. What follows it is the key; without an application, the first segment may be."""
    path, question, _ = tail.partition("?")
    application, slash, key = path[1:].partition("/")
    if slash and key:
        return f"/{application}/{_MASK}"
    return f"/{_MASK}" if application or question else path


def _web_tail(tail: str) -> str:
    body, hash_sign, fragment = tail.partition("#")
    path, question, query = body.partition("?")
    shown = _path(path)
    if shown != path:
        return shown
    if question and query:
        shown += f"?{query if _is_public(query) else _MASK}"
    elif question:
        shown += question
    if hash_sign:
        shown += f"#{_MASK if '=' in fragment or is_secret_segment(fragment) else fragment}"
    return shown


def _is_public(query: str) -> bool:
    place = 0
    while match := _PUBLIC_QUERY.match(query, place):
        place = match.end()
        if place == len(query):
            return True
    return False


def _path(path: str) -> str:
    segments = path.split("/")
    for number, segment in enumerate(segments[:-1]):
        skipped = 2 if segment.lower() in _BY_TOKEN else 1
        if (segment.lower() in _SIGNED_BY or skipped == 2) and any(segments[number + skipped :]):
            return "/".join((*segments[: number + skipped], _MASK))
    for number, segment in enumerate(segments):
        before = segments[number - 1].lower() if number else ""
        if is_secret_segment(segment) and before not in _ADDRESS_OF_ITS_OWN:
            return "/".join((*segments[:number], _MASK))
    return path
