"""Classifies FFmpeg's stderr lines (as of FFmpeg 9.0.2)."""

import re
from enum import StrEnum

from streaming.ffmpeg.messages import Complaints
from streaming.model.message import Message


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

_TEXTS = {
    Complaint.KEY_REFUSED: Complaints.KEY_REFUSED,
    Complaint.KEY_BUSY: Complaints.KEY_BUSY,
    Complaint.ADDRESS_REFUSED: Complaints.ADDRESS_REFUSED,
    Complaint.CERTIFICATE_REFUSED: Complaints.CERTIFICATE_REFUSED,
    Complaint.ADDRESS_NOT_PUBLIC: Complaints.ADDRESS_NOT_PUBLIC,
    Complaint.INGEST_UNREACHABLE: Complaints.INGEST_UNREACHABLE,
    Complaint.INGEST_LOST: Complaints.INGEST_LOST,
    Complaint.HOST_UNKNOWN: Complaints.HOST_UNKNOWN,
    Complaint.INPUT_REFUSED: Complaints.INPUT_REFUSED,
    Complaint.INPUT_MISSING: Complaints.INPUT_MISSING,
    Complaint.INPUT_UNREACHABLE: Complaints.INPUT_UNREACHABLE,
    Complaint.INPUT_CUT: Complaints.INPUT_CUT,
    Complaint.INPUT_BROKEN: Complaints.INPUT_BROKEN,
    Complaint.INPUT_NO_MEDIA: Complaints.INPUT_NO_MEDIA,
    Complaint.INPUT_TOO_LARGE: Complaints.INPUT_TOO_LARGE,
    Complaint.OUT_OF_MEMORY: Complaints.OUT_OF_MEMORY,
    Complaint.READER_GONE: Complaints.READER_GONE,
    Complaint.DISK_FULL: Complaints.DISK_FULL,
}


def classify(line: str) -> Complaint | None:
    """The fault that a line reports, or None if it calls for no action."""
    return next((complaint for pattern, complaint in _PATTERNS if pattern.search(line)), None)


def is_consequence(line: str) -> bool:
    """Whether a line only reports a consequence of an earlier line."""
    return _CONSEQUENCES.search(line) is not None


def user_message(complaint: Complaint) -> Message:
    """The sentence for people: what happened and what to do."""
    return _TEXTS[complaint]()
