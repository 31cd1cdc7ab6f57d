"""Videos for the stand-in, each made of a test clip."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.standins.clips import ClipSpec, render
from tests.standins.youtube import YouTube

LIST = "PLaaaaaaaaaaaaaaaa"


def small(count: int, *, seconds: float) -> list[ClipSpec]:
    """Clips of one kind that are quickly made, numbered from 1."""
    return [ClipSpec(number, seconds, 320, 180) for number in range(1, count + 1)]


async def upload(youtube: YouTube, clips: Path, specs: Sequence[ClipSpec], prefix: str = "part") -> list[str]:
    """A video of each clip, called `Part 1` and so on; gives their ids."""
    ids = [f"{prefix}{number:0{11 - len(prefix)}}" for number in range(1, len(specs) + 1)]
    made = {spec: await asyncio.to_thread(render, clips, spec) for spec in dict.fromkeys(specs)}
    for number, (video_id, spec) in enumerate(zip(ids, specs, strict=True), 1):
        await youtube.add_video(video_id, f"{prefix.capitalize()} {number}", clip=made[spec])
    return ids
