"""Media URLs: how they are signed, when they stop being good, and the challenge only a JavaScript runtime solves."""

import hashlib
import hmac
import itertools
import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.standins.youtube.catalog import Video
from tests.standins.youtube.media import Format

HTTP_OK = 200
HTTP_FORBIDDEN = 403
_HOST = "rr1---sn-standin.googlevideo.com"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a URL is not served; the status YouTube's CDN would answer and a word for whoever debugs a test."""

    status: int
    reason: str


class Signer:
    """Makes and checks the media URLs of one run."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._serials = itertools.count(1)
        self._first_good_serial = 1
        self._newest_serial = 0

    def sign(self, video: Video, fmt: Format, *, client: str, life_seconds: float, challenged: bool) -> str:
        """A URL for one itag; `challenged` ones are refused until their `n` is replaced by its solution."""
        self._newest_serial = next(self._serials)
        query = {
            "expire": str(math.ceil(time.time() + life_seconds)),
            "ei": str(self._newest_serial),
            "ip": "127.0.0.1",
            "id": video.id,
            "itag": str(fmt.itag),
            "mime": fmt.mime,
            "dur": f"{video.duration_seconds:.3f}",
            "c": client,
        }
        if fmt.length_bytes is not None:
            query["clen"] = str(fmt.length_bytes)
        if challenged:
            query["n"] = self._challenge(query["ei"])
        return f"https://{_HOST}/videoplayback?{urlencode({**query, 'sig': self._signature(query)})}"

    def revoke(self) -> None:
        """Every URL handed out so far is refused from now on."""
        self._first_good_serial = self._newest_serial + 1

    def refusal(self, query: Mapping[str, str]) -> Refusal | None:
        """Why this URL is not served, or None."""
        if not hmac.compare_digest(query.get("sig", ""), self._signature(query)):
            return Refusal(HTTP_FORBIDDEN, "signature")
        if time.time() >= int(query["expire"]):
            return Refusal(HTTP_FORBIDDEN, "expired")
        if int(query["ei"]) < self._first_good_serial:
            return Refusal(HTTP_FORBIDDEN, "revoked")
        if "n" in query and query["n"] != _solution(self._challenge(query["ei"])):
            return Refusal(HTTP_FORBIDDEN, "challenge")
        return None

    def _challenge(self, serial: str) -> str:
        return hmac.new(self._secret, f"n{serial}".encode(), hashlib.sha256).hexdigest()[:16]

    def _signature(self, query: Mapping[str, str]) -> str:
        signed = "|".join(query.get(key, "") for key in ("expire", "ei", "ip", "id", "itag", "c"))
        return hmac.new(self._secret, signed.encode(), hashlib.sha256).hexdigest()


def _solution(challenge: str) -> str:
    return challenge[::-1] + "s"


PLAYER_JS = """
var _yt_player={};(function(g){
var window=this;
var Url=function(address){this.address=address;this.values=new Map()};
Url.prototype.set=function(name,value){this.values.set(name,value)};
Url.prototype.get=function(name){return this.values.get(name)};
Url.prototype.clone=function(){return this};
Url.prototype.solve=function(){var n=this.get("n");n&&this.set("n",n.split("").reverse().join("")+"s")};
var open=function(address,name,value){var url=new Url(address);url.set("alr","yes");value&&url.set(name,value);
return url};
g.config={signatureTimestamp:20555};
})(_yt_player);
"""
"""A player as small as one can be in which yt-dlp's solver finds what it looks for."""
