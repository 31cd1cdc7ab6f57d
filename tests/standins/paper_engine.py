"""An engine on paper: writes the rows an engine writes, and plays nothing."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, delete, func, select, update

from streaming.model.states import CommandState, RunStatus, UplinkState
from streaming.services.status import is_wanted
from streaming.storage.database import Database
from streaming.storage.tables import (
    Command,
    EngineHeartbeat,
    Preview,
    QueueItem,
    Run,
    RunLive,
    RunTarget,
    Stream,
    StreamTarget,
    Target,
)

NAME = "paper"
WAY_TO_AIR = (RunStatus.LISTING, RunStatus.RESOLVING, RunStatus.CONNECTING, RunStatus.ON_AIR)


class PaperEngine:
    """The engine's side of the database, on connections of its own."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    async def close(self) -> None:
        await self.database.close()

    async def beat(self, *, age_seconds: float = 0.0) -> None:
        """Shows itself now, or as it would have some time ago."""
        seen_at = datetime.now(UTC) - timedelta(seconds=age_seconds)
        async with self.database.session() as session:
            await session.merge(EngineHeartbeat(name=NAME, pid=os.getpid(), seen_at=seen_at))
            await session.commit()

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Shows itself every second, as an engine does for as long as it runs."""

        async def go_on() -> None:
            while True:
                await self.beat()
                await asyncio.sleep(1)

        beats = asyncio.create_task(go_on())
        try:
            yield
        finally:
            beats.cancel()
            await asyncio.wait([beats])

    async def write_run(self, stream_id: int, status: RunStatus, **fields: Any) -> int:
        """Brings the run of the stream's present wish to a status, making it where there is none."""
        async with self.database.session() as session:
            stream = await session.get_one(Stream, stream_id)
            runs = select(Run).where(Run.stream_id == stream_id, Run.generation == stream.generation)
            run = (await session.exec(runs)).first()
            run = run or Run(stream_id=stream_id, generation=stream.generation, engine=NAME)
            session.add(run)
            await session.flush()
            live = await session.get(RunLive, run.id) or RunLive(run_id=run.id or 0)
            session.add(live)
            run.status = status
            for name, value in fields.items():
                setattr(run if name in Run.model_fields else live, name, value)
            if status is RunStatus.ENDED:
                stream.observed_generation = stream.generation
                session.add(stream)
            await session.commit()
            assert run.id is not None
            return run.id

    async def write_uplinks(self, stream_id: int, run_id: int, state: UplinkState, **fields: Any) -> None:
        """Gives every target of the stream's run a state."""
        async with self.database.session() as session:
            targets = select(StreamTarget.target_id).where(StreamTarget.stream_id == stream_id)
            for target_id in (await session.exec(targets)).all():
                await session.merge(RunTarget(run_id=run_id, target_id=target_id, state=state, **fields))
            await session.commit()

    async def bring_to_air(self, stream_id: int) -> None:
        """Takes a stream along the whole way, in one go."""
        await self.beat()
        playing = {"item_key": "a", "item_title": "First", "item_link": "https://youtu.be/a", "next_title": "Second"}
        for status in WAY_TO_AIR:
            run_id = await self.write_run(stream_id, status)
        now = datetime.now(UTC)
        await self.write_run(stream_id, RunStatus.ON_AIR, on_air_at=now, start_seconds=1.5, **playing)
        await self.write_uplinks(stream_id, run_id, UplinkState.LIVE)

    async def status(self, stream_id: int) -> RunStatus:
        """What the newest run says of itself."""
        async with self.database.session() as session:
            runs = select(Run).where(Run.stream_id == stream_id).order_by(col(Run.id).desc())
            return (await session.exec(runs)).one().status

    async def list_items(
        self, stream_id: int, titles: Mapping[str, str], *, upcoming: Sequence[str] = (), removed: Sequence[str] = ()
    ) -> None:
        """Writes the queue: titles by key, and what comes next in the newest run."""
        entries = [
            QueueItem(
                stream_id=stream_id,
                place=place,
                key=key,
                title=title,
                link=f"https://youtu.be/{key}",
                duration_seconds=60.0 + place,
                is_removed=key in removed,
            )
            for place, (key, title) in enumerate(titles.items())
        ]
        async with self.database.session() as session:
            await session.exec(delete(QueueItem).where(col(QueueItem.stream_id) == stream_id))
            session.add_all(entries)
            newest = select(func.max(Run.id)).where(Run.stream_id == stream_id).scalar_subquery()
            await session.exec(
                update(RunLive).where(col(RunLive.run_id) == newest).values(upcoming=json.dumps(upcoming))
            )
            await session.commit()

    async def wanted(self) -> int:
        """Waits for a stream that is wanted on air and has no run yet, and returns its id."""
        async with asyncio.timeout(10), self.database.changes() as changes:
            while True:
                async with self.database.session() as session:
                    for stream in (await session.exec(select(Stream))).all():
                        runs = select(Run).where(Run.stream_id == stream.id, Run.generation == stream.generation)
                        if is_wanted(stream) and not (await session.exec(runs)).first():
                            assert stream.id is not None
                            return stream.id
                await changes.wait(1)

    async def take_picture(self, stream_id: int, jpeg: bytes) -> None:
        """Waits for somebody who wants to see the stream, and shows this."""
        await self.take_command(CommandState.DONE, "", Preview(stream_id=stream_id, jpeg=jpeg))

    async def take_command(self, state: CommandState, answer: str, preview: Preview | None = None) -> None:
        """Waits for a command, takes it and answers it."""
        async with asyncio.timeout(10), self.database.changes() as changes:
            while True:
                async with self.database.session() as session:
                    is_waiting = col(Command.state) == CommandState.WAITING
                    taken = await session.exec(update(Command).where(is_waiting).values(state=CommandState.TAKEN))
                    await session.commit()
                    if taken.rowcount:
                        if preview:
                            await session.merge(preview)
                            await session.commit()
                        await self.finish_command(state, answer)
                        return
                await changes.wait(1)

    async def finish_command(self, state: CommandState, answer: str) -> None:
        """Answers the command that was taken."""
        async with self.database.session() as session:
            is_taken = col(Command.state) == CommandState.TAKEN
            await session.exec(update(Command).where(is_taken).values(state=state, answer=answer))
            await session.commit()

    async def key_texts(self) -> list[str]:
        """Every stored stream key, as stored."""
        async with self.database.session() as session:
            return list((await session.exec(select(Target.key_encrypted))).all())
