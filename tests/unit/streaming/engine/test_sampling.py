"""Samples tell what was sent, from the first media on."""

from collections.abc import Sequence
from dataclasses import replace

from streaming.engine.sampling import Sampler
from streaming.ffmpeg.progress import Progress
from streaming.model.message import NOTHING
from streaming.model.states import RunStatus, UplinkState
from streaming.output.uplink import UplinkStatus
from streaming.playout.snapshot import LineupView, Snapshot, TargetSnapshot
from streaming.storage.tables import Sample

ON_AIR = Snapshot(
    status=RunStatus.ON_AIR,
    reason=NOTHING,
    item=None,
    position_seconds=0.0,
    lineup_view=LineupView(),
    is_copy=None,
    treatment=NOTHING,
    urls_expire_at=None,
    items_listed=1,
    items_played=1,
    on_air_since=None,
    rerun_seconds=0.0,
    slate_seconds=0.0,
    lead_seconds=9.0,
    targets=(),
)


def target(sent_seconds: float, total_bytes: int | None, *, reconnects: int = 0) -> TargetSnapshot:
    progress = None if total_bytes is None else Progress(sent_seconds * 1000, total_bytes, 1.0, 0)
    status = UplinkStatus(UplinkState.LIVE, reconnects=reconnects, progress=progress)
    return TargetSnapshot(1, "main", status, NOTHING, sent_seconds, 0.0)


def taken(*seen: TargetSnapshot, snapshot: Snapshot = ON_AIR) -> Sequence[Sample]:
    """The samples of looks that are a second apart."""
    sampler = Sampler()
    looks = [sampler.take(replace(snapshot, targets=(one,)), float(now)) for now, one in enumerate(seen)]
    return [sample for look in looks for sample in look]


def test_on_its_way_to_air_nothing_is_sampled() -> None:
    assert taken(target(0.0, None), target(0.0, 0), target(0.0, 0), target(0.5, 100_000)) == []


def test_a_sample_is_what_was_sent_since_the_last_look() -> None:
    (sample,) = taken(target(1.0, 100_000), target(2.1, 400_000))
    assert (sample.target_id, sample.lead_seconds) == (1, 9.0)
    assert (round(sample.speed, 3), sample.bitrate_kbps) == (1.1, 2400)


def test_one_that_breaks_off_is_sampled_as_silent() -> None:
    broken, again = taken(target(5.0, 500_000), target(5.0, None, reconnects=1), target(5.5, 80_000, reconnects=1))
    assert (broken.speed, broken.bitrate_kbps, broken.reconnects) == (0, 0, 1)
    assert (again.speed, again.bitrate_kbps, again.reconnects) == (0.5, 640, 1)


def test_the_slate_is_marked() -> None:
    on_slate = replace(ON_AIR, status=RunStatus.SLATE)
    assert [s.is_slate for s in taken(target(1, 1), target(2, 2), snapshot=on_slate)] == [True]
    assert [s.is_slate for s in taken(target(1, 1), target(2, 2))] == [False]
