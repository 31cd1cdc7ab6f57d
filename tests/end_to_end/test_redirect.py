"""A target that is edited while it is on air: its uplink goes to the new address when it next connects."""

import asyncio
from dataclasses import replace
from pathlib import Path

from streaming.output.uplink import Destination
from streaming.redaction.secrets import Secret
from tests.end_to_end.playouts import files, on_air
from tests.standins.clips import ClipSpec
from tests.standins.ingest import Ingest

PATIENCE_SECONDS = 20.0
SHORT_KEY = "k-old1"
"""Too short to be masked wherever it stands: only where it is known as a part of an address."""


async def test_an_uplink_goes_to_the_new_address_when_it_next_connects(clips: Path) -> None:
    async with Ingest() as ingest:
        playlist = files(clips, [ClipSpec(1, 8.0, 640, 360)])
        async with on_air(playlist, ingest.url(SHORT_KEY), is_looped=True) as under_test:
            playout = under_test.playout
            before = await ingest.session(SHORT_KEY)
            await ingest.wait_for(lambda: before.media_seconds > 1.0, timeout_seconds=PATIENCE_SECONDS)
            present = Destination(1, "Stage", Secret(ingest.url("k-new1")), Secret(ingest.url("k-spare")))
            playout._uplinks.all[0]._is_on_backup = True  # the old address had failed
            playout.redirect([present, replace(present, target_id=2)])
            await asyncio.sleep(0)
            assert len(ingest.sessions) == 1, "what is on air is not interrupted"
            ingest.drop(before)
            after = await ingest.session("k-new1", timeout_seconds=PATIENCE_SECONDS)
            await ingest.wait_for(lambda: after.media_seconds > 1.0, timeout_seconds=PATIENCE_SECONDS)
            assert ingest.sessions_of("k-spare") == []
            assert playout.snapshot().targets[0].name == "Stage"
            for key in (SHORT_KEY, "k-new1"):
                playout._log_ffmpeg(f"[error] cannot open {ingest.url(key)} with {key}")
            assert not [line for _, line in under_test.lines if SHORT_KEY in line or "k-new1" in line]
