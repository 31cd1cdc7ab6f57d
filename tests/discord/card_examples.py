"""States worth a look, each with its card; `python -m tests.discord.card_examples` draws the snapshots anew."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from discord import Embed

from bot.cards import basic
from bot.i18n.words import queue as words
from bot.i18n.words import streams as stream_words
from bot.queue import cards as queue_cards
from bot.streams import cards, log_card, status_card
from bot.targets import cards as target_cards
from streaming.ffmpeg.messages import Treatments
from streaming.ffmpeg.stderr import Complaint, user_message
from streaming.model.message import NOTHING, Message
from streaming.model.states import EncodeMode, LogLevel, ServeMode, TargetKind, UplinkState
from streaming.playout.detection import Diagnosis
from streaming.playout.messages import Controls, Plays
from streaming.services.messages import Audit, Engines
from streaming.services.previews import Picture
from streaming.services.queue import Queue, QueueEntry
from streaming.services.status import Health, NowPlaying, StreamState, StreamStatus, TargetStatus
from streaming.services.streams import LogLine
from streaming.services.targets import TargetInfo, TargetTest
from streaming.youtube.messages import Videos
from tests.discord import guild_card_examples

SNAPSHOTS = Path(__file__).parent / "snapshots"

ASKED_FOR = StreamStatus(
    stream_id=7,
    generation=1,
    title="Night loop",
    description="",
    playlist="PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-",
    mode=ServeMode.DIRECT,
    encode=EncodeMode.AUTO,
    profile="720p30",
    is_looped=True,
    is_shuffled=False,
    state=StreamState.WAITING,
    targets=(TargetStatus("main", TargetKind.YOUTUBE), TargetStatus("backup", TargetKind.TWITCH)),
)
LISTING = replace(ASKED_FOR, state=StreamState.LISTING, engine="studio-1", items_listed=100)
LIVE = TargetStatus("main", TargetKind.YOUTUBE, UplinkState.LIVE)
ON_AIR = replace(
    LISTING,
    state=StreamState.ON_AIR,
    description="For insomniacs.",
    targets=(
        LIVE,
        TargetStatus("backup", TargetKind.TWITCH, UplinkState.RETRYING, Message("Connection reset by peer"), 3, 42.4),
    ),
    now_playing=NowPlaying("Sinfonia in B minor", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", 61.2, 245.0),
    next_title="Aria",
    items_played=12,
    is_copy=True,
    treatment=Treatments.COPIED(),
    urls_expire_at=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
    on_air_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    start_seconds=2.31,
    health=Health(1.0, 2512.3, 9.8),
    slate_seconds=12.4,
    rerun_seconds=30.0,
)
FAILED = replace(
    ASKED_FOR,
    state=StreamState.FAILED,
    reason=Message("The playlist is private."),
    ended_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
)
DEMO = replace(ON_AIR, stream_id=8, title="Demo", playlist="demo", targets=(LIVE,), health=None, is_looped=False)
QUEUE = Queue(
    stream_id=7,
    title="Night loop",
    is_playing=True,
    is_shuffled=True,
    is_looped=True,
    now_playing=ON_AIR.now_playing,
    upcoming=tuple(
        QueueEntry(f"video{number}", f"Variation {number}", f"https://youtu.be/video{number}", 120.0 + number)
        for number in range(1, 15)
    ),
    listed=1234,
    removed=2,
)
LOG = [
    LogLine(
        datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC), LogLevel.INFO, Audit.STARTED(person="Alice", targets="main"), 1
    ),
    LogLine(datetime(2026, 11, 22, 12, 0, 3, tzinfo=UTC), LogLevel.INFO, Controls.NOW_PLAYING(title="Aria")),
    LogLine(
        datetime(2026, 11, 22, 12, 4, 0, tzinfo=UTC),
        LogLevel.WARNING,
        Plays.PASSED_OVER(title="Canon", reason=Videos.PRIVATE()),
    ),
    LogLine(datetime(2026, 11, 22, 12, 5, 0, tzinfo=UTC), LogLevel.ERROR, Message("YouTube asks for a pause.")),
]
TARGET = TargetInfo("main", TargetKind.YOUTUBE, "rtmps://a.rtmps.youtube.com:443/live2", "…9f3c", ("Night loop",))


def examples() -> Iterator[tuple[str, Embed]]:
    """A name and a card for each state that looks different."""
    yield from _streams()
    yield from _targets()
    yield from _queue()
    yield from _rest()
    yield from guild_card_examples.examples()


def _streams() -> Iterator[tuple[str, Embed]]:
    yield "asked_for", status_card.stream(ASKED_FOR)
    yield "no_engine", status_card.stream(replace(ASKED_FOR, state=StreamState.NO_ENGINE, reason=Engines.NOT_RUNNING()))
    yield "listing", status_card.stream(LISTING)
    yield "on_air", status_card.stream(ON_AIR)
    yield "lost_panel", status_card.stream(replace(ON_AIR, has_lost_panel=True))
    yield (
        "slate",
        status_card.stream(
            replace(ON_AIR, state=StreamState.SLATE, reason=Message("Nothing can be played at present."))
        ),
    )
    stuck, missing = Diagnosis.UPLINK_STUCK.sentence, Diagnosis.DRIFT.sentence
    yield (
        "watched",
        status_card.stream(replace(ON_AIR, reason=missing, targets=(replace(LIVE, reason=stuck),))),
    )
    yield (
        "just_on_air",
        status_card.stream(
            replace(ON_AIR, health=None, slate_seconds=0.0, rerun_seconds=0.0, targets=(LIVE,), urls_expire_at=None)
        ),
    )
    gone = (TargetStatus("main", TargetKind.YOUTUBE, UplinkState.ENDED),)
    yield (
        "off_air",
        status_card.stream(replace(ON_AIR, state=StreamState.STOPPED, targets=gone, ended_at=FAILED.ended_at)),
    )
    yield "with_chart", cards.stream_with_chart(ON_AIR)
    yield "preview", cards.preview(Picture(b"", datetime(2026, 11, 22, 12, 1, tzinfo=UTC), ON_AIR))
    yield "stopping", status_card.stream(replace(ON_AIR, state=StreamState.STOPPING))
    yield (
        "ended",
        status_card.stream(
            replace(FAILED, state=StreamState.ENDED, reason=NOTHING, items_played=100, items_listed=100)
        ),
    )
    yield "failed", status_card.stream(FAILED)
    yield "demo", status_card.stream(DEMO)
    yield "several", cards.overview([ON_AIR, DEMO, FAILED])
    yield "no_streams", cards.overview([])


def _targets() -> Iterator[tuple[str, Embed]]:
    yield "testing", target_cards.target_test(TargetTest("main"))
    yield (
        "target_works",
        target_cards.target_test(TargetTest("main", is_accepted=True, answer=Message("It took all of it."))),
    )
    refused = TargetTest("main", is_accepted=False, answer=user_message(Complaint.KEY_REFUSED))
    yield "target_refuses", target_cards.target_test(refused)
    yield (
        "targets",
        target_cards.target_list([TARGET, replace(TARGET, name="spare", kind=TargetKind.CUSTOM, used_by=())]),
    )
    yield "no_targets", target_cards.target_list([])
    yield "target_saved", target_cards.saved(TARGET)
    yield "target_removed", target_cards.removed("main")


def _rest() -> Iterator[tuple[str, Embed]]:
    yield "skipped", basic.answer(stream_words.SKIPPED, "Now playing Aria.")
    yield "still_starting", cards.still_starting()
    yield "delete_question", cards.question("delete", "Night loop")
    yield "deleted", cards.deleted("Night loop")
    yield "kept", cards.called_off("delete")
    yield "log", log_card.log("Night loop", LOG)
    yield "log_of_server", log_card.log("", [replace(line, stream="Night loop") for line in LOG])
    yield "no_log", log_card.log("Night loop", [])
    yield "failure", basic.failure("There are no targets yet.", "Add one with /target add.")


def _queue() -> Iterator[tuple[str, Embed]]:
    yield "queue", queue_cards.card(queue_cards.page_of(QUEUE, 1))
    yield "queue_after_a_jump", queue_cards.card(queue_cards.page_of(QUEUE, 2), "Now playing “Aria”.")
    found = [QUEUE.upcoming[0], replace(QUEUE.upcoming[1], is_removed=True)]
    yield "queue_search", queue_cards.card(queue_cards.page_of(QUEUE, 1, found=found, searched="variation"))
    yield "queue_search_in_vain", queue_cards.card(queue_cards.page_of(QUEUE, 1, found=[], searched="polka"))
    off_air = replace(QUEUE, is_playing=False, now_playing=None)
    yield "queue_off_air", queue_cards.card(queue_cards.page_of(off_air, 1))
    yield "queue_item", queue_cards.entry_card(QUEUE, QUEUE.upcoming[0])
    yield "back", basic.answer(words.BACK, "Back to “Aria”.")


def drawn(card: Embed) -> str:
    """A card as it is kept on file."""
    return json.dumps(card.to_dict(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for name, example in examples():
        (SNAPSHOTS / f"{name}.json").write_text(drawn(example))
