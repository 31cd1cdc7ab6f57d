"""What the monitor does about an uplink that is stuck: frees it once for an item, and then blames the item."""

from types import SimpleNamespace
from typing import Any, cast

from streaming.ffmpeg.treatment import Fault
from streaming.output.uplink import UplinkStatus
from streaming.playout.detection import LIMITS, Diagnosis
from streaming.playout.health import HealthMonitor
from streaming.timeline.program import Program
from tests.standins.paper_events import PaperEvents


class StuckUplink:
    """Takes what it is given and sends nothing of it, whatever is done."""

    def __init__(self) -> None:
        self.destination = SimpleNamespace(name="main")
        self.status = UplinkStatus(reports=10)
        self.position = SimpleNamespace(sent_ms=0.0, handed_ms=0.0)
        self.process = 1
        self.restarts = 0

    def measure_unsent(self) -> int:
        return 0

    def restart(self, _reason: str) -> None:
        self.restarts += 1
        self.process += 1
        self.status.reports += 1


class PaperSequencer:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.feeding = None
        self.clusters_fed = 0
        self.faults: list[Fault] = []

    def change_treatment(self, fault: Fault) -> None:
        self.faults.append(fault)


class PaperProgram(Program):
    """Owes everybody something, and shows what a test says."""

    play_id = 1

    def owes(self, position: Any) -> bool:
        del position
        return True

    @property
    def on_air(self) -> Any:
        return SimpleNamespace(play_id=self.play_id, item="something")


def test_an_uplink_is_taken_down_once_for_an_item_and_then_the_item_is_treated_otherwise() -> None:
    uplink, sequencer, program = StuckUplink(), PaperSequencer(), PaperProgram(lead_seconds=10)
    events = PaperEvents()
    monitor = HealthMonitor(
        program,
        cast("Any", sequencer),
        [cast("Any", uplink)],
        events=events,
    )
    for second in range(60):
        uplink.status.reports += 10
        monitor.check(float(second))
    assert uplink.restarts == 1
    assert 2 <= len(sequencer.faults) <= 60 / (2 * LIMITS.uplink_seconds)
    assert monitor.is_stalled(cast("Any", uplink))
    program.play_id = 2
    for second in range(60, 90):
        uplink.status.reports += 10
        monitor.check(float(second))
    assert uplink.restarts == 2
    assert any(Diagnosis.UPLINK_STUCK.sentence in line for line in events.messages)
