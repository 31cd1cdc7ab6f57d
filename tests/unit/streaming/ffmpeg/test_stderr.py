"""What FFmpeg 9.0.2 wrote in each of these troubles, and what is read from it."""

import pytest

from streaming.ffmpeg.stderr import Complaint, classify, is_consequence, user_message

UPLINKS = {
    Complaint.KEY_REFUSED: """
[rtmp @ 0x55d4b05b17c0] Server error: Stream not found
[out#0/flv @ 0x55d4b05e8700] Error opening output rtmp://127.0.0.1:44879/live/x: Operation not permitted
Error opening output file rtmp://127.0.0.1:44879/live/x.
Error opening output files: Operation not permitted""",
    Complaint.ADDRESS_REFUSED: """
[rtmp @ 0x558256a8d7c0] Unknown connect error (unsupported authentication method?)
[rtmp @ 0x558256a8d7c0] Server error: Refused by the ingest.
[out#0/flv @ 0x558256ac4700] Error opening output rtmp://127.0.0.1:44879/none/x: Unknown error occurred
Error opening output file rtmp://127.0.0.1:44879/none/x.
Error opening output files: Unknown error occurred""",
    Complaint.CERTIFICATE_REFUSED: """
[tls @ 0x55aa69898800] error:0A000086:SSL routines::certificate verify failed
[rtmps @ 0x55aa698a2540] Cannot open connection tls://localhost:19401?tcp_nodelay=1
[out#0/flv @ 0x55aa6989b2c0] Error opening output rtmps://localhost:19401/live/x: Input/output error
Error opening output file rtmps://localhost:19401/live/x.
Error opening output files: Input/output error""",
    Complaint.HOST_UNKNOWN: """
[tcp @ 0x55e4f037b800] Failed to resolve hostname no.such.host.invalid: Name or service not known
[rtmp @ 0x55e4f04277c0] Cannot open connection tcp://no.such.host.invalid:1935?tcp_nodelay=1
[out#0/flv @ 0x55e4f045e700] Error opening output rtmp://no.such.host.invalid/live/x: Input/output error
Error opening output files: Input/output error""",
}

INGESTS_SAY = [
    (Complaint.KEY_REFUSED, "Authentication Failed."),  # Twitch
    (Complaint.KEY_REFUSED, "NetStream.Publish.Denied"),
    (Complaint.KEY_BUSY, "Already publishing"),  # nginx-rtmp-module
    (Complaint.KEY_BUSY, "Stream already publishing"),  # Node-Media-Server
    (Complaint.KEY_BUSY, "Stream is busy"),
]

UNREACHABLE_INGESTS = {
    "nobody listens": """
[tcp @ 0x563cf06bb200] Connection to tcp://127.0.0.1:44879?tcp_nodelay=1 failed: Connection refused
[rtmp @ 0x563cf07057c0] Cannot open connection tcp://127.0.0.1:44879?tcp_nodelay=1
[out#0/flv @ 0x563cf073c700] Error opening output rtmp://127.0.0.1:44879/live/x: Connection refused
Error opening output files: Connection refused""",
    "it resets at once": """
[tcp @ 0x56008d957200] Connection to tcp://127.0.0.1:44879?tcp_nodelay=1 failed: Connection reset by peer
[rtmp @ 0x56008d9a17c0] Cannot open connection tcp://127.0.0.1:44879?tcp_nodelay=1
[out#0/flv @ 0x56008d9d8700] Error opening output rtmp://127.0.0.1:44879/live/x: Connection reset by peer""",
    "it closes at once": """
[rtmp @ 0x561c497257c0] Cannot read RTMP handshake response
[out#0/flv @ 0x561c4975c700] Error opening output rtmp://127.0.0.1:40991/live/x: End of file
Error opening output files: End of file""",
    "it speaks no TLS": """
[tls @ 0x55bef1142640] IO error: End of file
[rtmps @ 0x55bef110b7c0] Cannot open connection tls://127.0.0.1:36451
[out#0/flv @ 0x55bef1142700] Error opening output rtmps://127.0.0.1:36451/live/x: End of file""",
}

LOST_INGEST = """
[vost#0:0/copy @ 0x561c5f694a40] Error submitting a packet to the muxer: Connection reset by peer
    Last message repeated 1 times
[out#0/flv @ 0x561c5f668780] Error muxing a packet
[out#0/flv @ 0x561c5f668780] Task finished with error code: -104 (Connection reset by peer)
[out#0/flv @ 0x561c5f668780] Terminating thread with return code -104 (Connection reset by peer)
[flv @ 0x561c5f6ce7c0] Failed to update header with correct duration.
[flv @ 0x561c5f6ce7c0] Failed to update header with correct filesize.
[out#0/flv @ 0x561c5f668780] Error writing trailer: Connection reset by peer
[out#0/flv @ 0x561c5f668780] Error closing file: Broken pipe"""

INPUTS = [
    (Complaint.INPUT_REFUSED, "[http @ 0x559bc81089c0] HTTP error 403 X"),
    (
        Complaint.INPUT_REFUSED,
        "[in#0 @ 0x559bc8107d00] Error opening input: Server returned 403 Forbidden (access denied)",
    ),
    (Complaint.INPUT_REFUSED, "[http @ 0x555654c349c0] HTTP error 410 X"),
    (Complaint.INPUT_REFUSED, "[in#0 @ 0x2602098a] Error opening input: Permission denied"),
    (Complaint.INPUT_MISSING, "[in#0 @ 0x5654d9f16d00] Error opening input: Server returned 404 Not Found"),
    (Complaint.INPUT_MISSING, "[in#0 @ 0x5578538b9d00] Error opening input: No such file or directory"),
    (Complaint.INPUT_UNREACHABLE, "[http @ 0x7db3259c0] HTTP error 503 X"),
    (Complaint.INPUT_UNREACHABLE, "[in#0 @ 0x7db3249c0] Error opening input: Server returned 5XX Server Error reply"),
    (Complaint.INPUT_UNREACHABLE, "[in#0 @ 0x560e34cb7d00] Error opening input: Server returned 429 Too Many Requests"),
    (Complaint.INPUT_UNREACHABLE, "[http @ 0x5614492e7b00] Error reading HTTP response: Connection timed out"),
    (Complaint.INPUT_UNREACHABLE, "[in#0 @ 0x55bd339efd00] Error opening input: Connection refused"),
    (Complaint.INPUT_UNREACHABLE, "[in#0 @ 0x56076fa44f00] Error opening input: End of file"),
    (Complaint.INPUT_CUT, "[http @ 0x55c7efcd6a00] Stream ends prematurely at 15692, should be 31384"),
    (Complaint.INPUT_CUT, "[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x55fcbf894040] stream 1, offset 0x3fa1: partial file"),
    (Complaint.INPUT_BROKEN, "[in#0 @ 0x5556734f0040] moov atom not found"),
    (Complaint.INPUT_BROKEN, "[in#0 @ 0x5556734efd00] Error opening input: Invalid data found when processing input"),
    (Complaint.INPUT_BROKEN, "[in#0 @ 0x563207ec2d00] Error opening input: Is a directory"),
    (
        Complaint.INPUT_BROKEN,
        "[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x55c7efcd6080] Packet corrupt (stream = 0, dts = 1024).",
    ),
    (Complaint.READER_GONE, "[out#0/matroska @ 0x5621f55c0080] Task finished with error code: -32 (Broken pipe)"),
    (Complaint.DISK_FULL, "[out#0/flv @ 0x559cc8e5e080] Error writing trailer: No space left on device"),
]

HARMLESS = [
    "",
    "    Last message repeated 1 times",
    "[flv @ 0x561c5f6ce7c0] Failed to update header with correct duration.",
    "[in#0 @ 0x5556734f0040] Format mov,mp4 detected only with low score of 1, misdetection possible!",
    "[aist#0:0/pcm_s16le @ 0x55586e6ee740] Guessed Channel Layout: mono",
]


def first_complaint(said: str) -> Complaint | None:
    return next(filter(None, map(classify, said.splitlines())), None)


@pytest.mark.parametrize(("complaint", "said"), UPLINKS.items())
def test_a_refusal_is_told_from_a_fault_by_the_first_complaint(complaint: Complaint, said: str) -> None:
    assert first_complaint(said) is complaint


@pytest.mark.parametrize(("complaint", "words"), INGESTS_SAY)
def test_a_key_in_use_is_told_from_a_wrong_one_by_what_the_ingest_says(complaint: Complaint, words: str) -> None:
    assert classify(f"[rtmp @ 0x55d4b05b17c0] Server error: {words}") is complaint


@pytest.mark.parametrize("said", UNREACHABLE_INGESTS.values(), ids=UNREACHABLE_INGESTS)
def test_an_ingest_that_cannot_be_reached_refuses_nothing(said: str) -> None:
    assert {classify(line) for line in said.splitlines()} == {Complaint.INGEST_UNREACHABLE, None}


def test_a_connection_lost_while_publishing_is_not_one_that_was_never_made() -> None:
    assert first_complaint(LOST_INGEST) is Complaint.INGEST_LOST
    assert Complaint.INGEST_UNREACHABLE not in map(classify, LOST_INGEST.splitlines())


@pytest.mark.parametrize(("complaint", "line"), INPUTS)
def test_what_is_wrong_with_an_input_is_understood(complaint: Complaint, line: str) -> None:
    assert classify(line) is complaint


def test_only_the_first_of_what_one_trouble_makes_ffmpeg_say_is_worth_keeping() -> None:
    told = [line for line in LOST_INGEST.splitlines() if line.strip() and not is_consequence(line)]
    assert "Error submitting a packet to the muxer: Connection reset by peer" in told[0]
    assert not any("out#0" in line for line in told)
    assert not is_consequence("[in#0 @ 0x55bd339efd00] Error opening input: Connection refused")


@pytest.mark.parametrize("line", HARMLESS)
def test_chatter_is_no_complaint(line: str) -> None:
    assert classify(line) is None


@pytest.mark.parametrize("complaint", Complaint)
def test_every_complaint_is_told_in_words_for_people(complaint: Complaint) -> None:
    assert user_message(complaint).endswith(".")
    assert complaint not in user_message(complaint)
