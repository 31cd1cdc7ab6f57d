"""The control room's figures, in a short run; the long one is `python -m tests.discord.scale --minutes 10`."""

from pathlib import Path

import pytest

from tests.discord.scale import Size, measure, percentile

pytestmark = pytest.mark.long


@pytest.mark.timed
async def test_answers_and_panels_are_in_time_with_a_hundred_streams(tmp_path: Path) -> None:
    figures = await measure(Size(seconds=30.0, commands_a_second=25.0), tmp_path)
    print(f"grown by {figures.memory_grown_bytes / 2**20:.1f} MiB; {len(figures.shown_old)} changes of old messages")
    assert percentile(figures.acknowledged, 50) < 0.1
    assert percentile(figures.acknowledged, 99) < 0.3
    # Of some hundred in a short run, the 99th percentile is the worst one; the long run judges that, at 0.1 s. The 90th
    # is 0.03 s on the machine of docs/performance.md, and was 0.1 s on the slowest one so far.
    assert percentile(figures.completed, 90) < 0.15
    assert percentile(figures.completed, 99) < 0.3
    assert max(figures.shown_fresh) < 2.0
    assert max(figures.shown_old) < 15.0
    assert figures.pictured > 0
    assert figures.refused_429 == 0
    assert figures.memory_grown_bytes < 8 * 2**20
    assert "Traceback" not in (tmp_path / "bot.log").read_text()
