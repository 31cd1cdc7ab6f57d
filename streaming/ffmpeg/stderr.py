"""Classifies FFmpeg's stderr lines (as of FFmpeg 9.0.2)."""

import re
from enum import StrEnum


class Complaint(StrEnum):
    """The fault that a line reports. Causes precede consequences, so a process's first one counts."""

    KEY_REFUSED = "key_refused"
    KEY_BUSY = "key_busy"
    ADDRESS_REFUSED = "address_refused"
    CERTIFICATE_REFUSED = "certificate_refused"
    ADDRESS_NOT_PUBLIC = "address_not_public"
    """Set by the uplink, which does not start FFmpeg for such an address."""
    INGEST_UNREACHABLE = "ingest_unreachable"
    INGEST_LOST = "ingest_lost"
    HOST_UNKNOWN = "host_unknown"
    INPUT_REFUSED = "input_refused"
    INPUT_MISSING = "input_missing"
    INPUT_UNREACHABLE = "input_unreachable"
    INPUT_CUT = "input_cut"
    INPUT_BROKEN = "input_broken"
    INPUT_NO_MEDIA = "input_no_media"
    INPUT_TOO_LARGE = "input_too_large"
    OUT_OF_MEMORY = "out_of_memory"
    READER_GONE = "reader_gone"
    DISK_FULL = "disk_full"


_PATTERNS = tuple(
    (re.compile(pattern), complaint)
    for pattern, complaint in (
        (r"No space left on device", Complaint.DISK_FULL),
        (r"Cannot allocate memory|malloc of size \d+ failed|std::bad_alloc", Complaint.OUT_OF_MEMORY),
        # Uplinks. "Server error" is followed by the ingest's own words about a key: docs/operations.md.
        (r"^\[rtmp\w* @ .*\] Unknown connect error", Complaint.ADDRESS_REFUSED),
        (r"Error opening output .*: Protocol not found", Complaint.ADDRESS_REFUSED),
        (r"^\[rtmp\w* @ .*\] Server error: (?i:.*(already|in use|busy))", Complaint.KEY_BUSY),
        (r"^\[rtmp\w* @ .*\] Server error: ", Complaint.KEY_REFUSED),
        (r"Error opening output .*: Operation not permitted", Complaint.KEY_REFUSED),
        # OpenSSL's words, then GnuTLS's.
        (r"^\[tls @ .*certificate verify failed", Complaint.CERTIFICATE_REFUSED),
        (r"^\[tls @ .*(Unable to verify peer certificate|owner does not match)", Complaint.CERTIFICATE_REFUSED),
        (r"Failed to resolve hostname", Complaint.HOST_UNKNOWN),
        (r"^\[rtmp\w* @ .*\] Cannot (open connection|read RTMP handshake)", Complaint.INGEST_UNREACHABLE),
        (r"Error opening output .*rtmp.*: (Connection|End of file|Input/output|Broken)", Complaint.INGEST_UNREACHABLE),
        (r"^\[out#\d+/flv @ .*\] Task finished with error code", Complaint.INGEST_LOST),
        (r"^\[out#\d+/flv @ .*\] Error writing trailer: ", Complaint.INGEST_LOST),
        # Feeders and probes.
        (r"^\[out#.*\] .*Broken pipe", Complaint.READER_GONE),
        (r"^\[in#.*Format not on whitelist", Complaint.INPUT_NO_MEDIA),
        (r"Picture size \d+x\d+ (exceeds specified max pixel count|is invalid)", Complaint.INPUT_TOO_LARGE),
        (r"HTTP error (401|403|410)|Server returned (401|403)", Complaint.INPUT_REFUSED),
        (r"HTTP error (400|404)|Server returned (400|404)", Complaint.INPUT_MISSING),
        (r"HTTP error (429|5\d\d)|Server returned (429|5XX)", Complaint.INPUT_UNREACHABLE),
        (r"Error opening input: Permission denied", Complaint.INPUT_REFUSED),
        (r"Error opening input: No such file", Complaint.INPUT_MISSING),
        (r"Error opening input: (Is a directory|Invalid data found)", Complaint.INPUT_BROKEN),
        (r"Error opening input: (Connection|End of file|Input/output error)", Complaint.INPUT_UNREACHABLE),
        (r"Error reading HTTP response", Complaint.INPUT_UNREACHABLE),
        (r"Stream ends prematurely|partial file", Complaint.INPUT_CUT),
        (r"moov atom not found|[Cc]orrupt (input )?packet|Packet corrupt", Complaint.INPUT_BROKEN),
        (r"^\[in#.*Invalid data found|Decoding error: Invalid data found", Complaint.INPUT_BROKEN),
    )
)

_CONSEQUENCES = re.compile(
    r"Error opening (input|output) files?\b"
    r"|Error (muxing a packet|writing trailer|closing file)"
    r"|(Task finished|Terminating thread) with"
    r"|HTTP error 502|Server returned 5XX"  # our own source's answer; `OpenSource.failure` has the reason
)

_USER_MESSAGES = {
    Complaint.KEY_REFUSED: "The ingest refuses the stream key. Check the key, and that nothing else streams with it.",
    Complaint.KEY_BUSY: "The ingest says that this key is already in use. Trying again; if this lasts, "
    "make sure that nothing else uses the key.",
    Complaint.ADDRESS_REFUSED: "The ingest refuses the address. Check the target's URL.",
    Complaint.CERTIFICATE_REFUSED: "The ingest's certificate is not trusted, so the key was not sent. Check the "
    "target's URL; name a private certificate authority in the settings.",
    Complaint.ADDRESS_NOT_PUBLIC: "Streams may not go to the target's address: it is not public. Whoever runs Nonstop "
    "can allow it ([targets] allow).",
    Complaint.INGEST_UNREACHABLE: "The ingest cannot be reached. If this lasts, check the target's URL.",
    Complaint.INGEST_LOST: "The ingest closed the connection. Reconnecting.",
    Complaint.HOST_UNKNOWN: "The server's name is unknown. Check the address, and this machine's DNS.",
    Complaint.INPUT_REFUSED: "The item's server refuses access. A new URL may help.",
    Complaint.INPUT_MISSING: "The item no longer exists. Skipping it.",
    Complaint.INPUT_UNREACHABLE: "The item's server does not respond properly. Trying again.",
    Complaint.INPUT_CUT: "The item ended too early. Requesting the rest again.",
    Complaint.INPUT_BROKEN: "The item is not a media file, or it is damaged. It is skipped if it cannot be played.",
    Complaint.INPUT_NO_MEDIA: "The item is not a media file, but a list or something else. Skipping it.",
    Complaint.INPUT_TOO_LARGE: "The item's picture is larger than 8K. Skipping it.",
    Complaint.OUT_OF_MEMORY: "FFmpeg needs more memory than it may use. If the item is fine, raise feeder_memory_mb.",
    Complaint.READER_GONE: "FFmpeg's output is no longer read. This is normal when a stream ends or skips.",
    Complaint.DISK_FULL: "The disk is full. Free some space.",
}


def classify(line: str) -> Complaint | None:
    """The fault that a line reports, or None if it calls for no action."""
    return next((complaint for pattern, complaint in _PATTERNS if pattern.search(line)), None)


def is_consequence(line: str) -> bool:
    """Whether a line only reports a consequence of an earlier line."""
    return _CONSEQUENCES.search(line) is not None


def user_message(complaint: Complaint) -> str:
    """The sentence for people: what happened and what to do."""
    return _USER_MESSAGES[complaint]
