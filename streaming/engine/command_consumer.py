"""The engine's commands: what people ask of streams that are here, or of any engine, taken once and answered."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial

from streaming.engine.listing import list_playlist
from streaming.engine.previews import Previewer
from streaming.engine.run_writer import RunWriter
from streaming.engine.target_tests import TargetTester
from streaming.model.errors import NonstopError, NotFound, UsageError
from streaming.model.states import CommandAction, CommandState
from streaming.model.text import clean
from streaming.playlists.registry import Playlists
from streaming.playout.handle import Jump, PlayNext, PlayoutHandle, Previous, Remove, Skip
from streaming.redaction.secrets import redact
from streaming.storage.commands import CommandQueue
from streaming.storage.database import Database
from streaming.storage.tables import Command

_log = logging.getLogger(__name__)

_NO_GUILD = -1
_FAULT = "An unexpected error occurred; the engine's log has the details."


class CommandConsumer:
    """Takes commands and carries each out in a task of its own."""

    def __init__(
        self,
        database: Database,
        run_writer: RunWriter,
        playouts: Callable[[], Mapping[int, PlayoutHandle]],
        *,
        playlists: Playlists,
        previewer: Previewer,
        target_tester: TargetTester,
    ) -> None:
        """`playouts` gives those on air here by the ids of their streams."""
        self._database = database
        self._run_writer = run_writer
        self._playouts = playouts
        self._playlists = playlists
        self._previewer = previewer
        self._target_tester = target_tester
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Ends what is being carried out."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def consume(self) -> None:
        """Takes what is asked of streams that are here, or of any engine. Each command is taken by one engine, once."""
        here = list(self._playouts())
        async with self._database.session() as session:
            commands = await CommandQueue(session).waiting(here)
        for command in commands:
            if await self._claim(command):
                task = asyncio.create_task(self._handle(command), name=f"command {command.id}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _claim(self, command: Command) -> bool:
        async with self._database.session() as session:
            is_ours = await CommandQueue(session).claim(command.id)
            await session.commit()
            return is_ours

    async def _handle(self, command: Command) -> None:
        try:
            state, answer = CommandState.DONE, await self._execute(command)
        except NonstopError as error:
            state, answer = CommandState.FAILED, str(error)
        except Exception:  # noqa: BLE001  (whoever asked is waiting for an answer)
            _log.exception("Command %s failed", command.id)
            state, answer = CommandState.FAILED, _FAULT
        try:
            await self._run_writer.write()
        except Exception:  # noqa: BLE001  (the answer comes all the same)
            _log.exception("The result of command %s is written later", command.id)
        await self._database.patiently(lambda: self._answer(command, state, clean(answer)))

    async def _answer(self, command: Command, state: CommandState, answer: str) -> None:
        async with self._database.session() as session:
            await CommandQueue(session).answer(command.id, state, redact(answer))
            await session.commit()

    async def _write_progress(self, command: Command, so_far: str) -> None:
        async with self._database.session() as session:
            await CommandQueue(session).write_progress(command.id, so_far)
            await session.commit()

    async def _execute(self, command: Command) -> str:
        match command.action:
            case CommandAction.LIST_PLAYLIST:
                told = partial(self._write_progress, command)
                return str(
                    await list_playlist(self._playlists, command.argument, _guild(command), lambda far: told(str(far)))
                )
            case CommandAction.TEST_TARGET:
                return await self._target_tester.test(command.target_id or 0)
            case _:
                return await self._execute_on_air(command)

    async def _execute_on_air(self, command: Command) -> str:
        playout = self._playouts().get(command.stream_id or 0)
        if playout is None:
            raise NotFound("The stream is not on air.")
        match command.action:
            case CommandAction.SKIP:
                return f"Skipped “{(await playout.command(Skip())).title}”."
            case CommandAction.PREVIOUS:
                return f"Back to “{(await playout.command(Previous())).title}”."
            case CommandAction.JUMP:
                return f"Now playing “{(await playout.command(Jump(command.argument))).title}”."
            case CommandAction.PLAY_NEXT:
                return f"“{(await playout.command(PlayNext(command.argument))).title}” comes next."
            case CommandAction.REMOVE:
                return f"Removed “{(await playout.command(Remove(command.argument))).title}” from the queue."
            case CommandAction.PREVIEW:
                return await self._previewer.take(command.stream_id or 0, playout.keyframe, _guild(command))
            case _:
                raise UsageError("This engine does not support that command.", hint="Update it to the bot's version.")


def _guild(command: Command) -> int:
    """Where a command was asked. One that does not say so has no more rights than a guild nobody knows."""
    return command.guild_id if command.guild_id is not None else _NO_GUILD
