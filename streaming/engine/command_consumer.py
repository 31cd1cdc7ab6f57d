"""The engine's commands: what people ask of streams that are here, or of any engine, taken once and answered."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial

from streaming.engine.listing import list_playlist
from streaming.engine.messages import Answers
from streaming.engine.previews import Previewer
from streaming.engine.run_writer import RunWriter
from streaming.engine.target_tests import TargetTester
from streaming.model.errors import NonstopError, NotFound, Unexpected, UsageError
from streaming.model.listed import Listed
from streaming.model.message import Message
from streaming.model.states import CommandAction, CommandState
from streaming.model.text import clean
from streaming.playlists.registry import Playlists
from streaming.playout.handle import Jump, PlayNext, PlayoutHandle, Previous, Remove, Skip
from streaming.playout.messages import Controls
from streaming.redaction.secrets import redact
from streaming.storage.commands import CommandQueue
from streaming.storage.database import Database
from streaming.storage.tables import Command

_log = logging.getLogger(__name__)

_NO_GUILD = -1


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
            state, answer = CommandState.FAILED, error.full_message
        except Exception:  # noqa: BLE001  (whoever asked is waiting for an answer)
            _log.exception("Command %s failed", command.id)
            state, answer = CommandState.FAILED, Unexpected.SEE_LOG()
        try:
            await self._run_writer.write()
        except Exception:  # noqa: BLE001  (the answer comes all the same)
            _log.exception("The result of command %s is written later", command.id)
        await self._database.patiently(lambda: self._answer(command, state, answer.mapped(_for_people)))

    async def _answer(self, command: Command, state: CommandState, answer: Message) -> None:
        async with self._database.session() as session:
            await CommandQueue(session).answer(command.id, state, answer)
            await session.commit()

    async def _write_progress(self, command: Command, so_far: Listed) -> None:
        async with self._database.session() as session:
            await CommandQueue(session).write_progress(command.id, so_far.message)
            await session.commit()

    async def _execute(self, command: Command) -> Message:
        match command.action:
            case CommandAction.LIST_PLAYLIST:
                report = partial(self._write_progress, command)
                return (await list_playlist(self._playlists, command.argument, _guild(command), report)).message
            case CommandAction.TEST_TARGET:
                return await self._target_tester.test(command.target_id or 0)
            case _:
                return await self._execute_on_air(command)

    async def _execute_on_air(self, command: Command) -> Message:
        playout = self._playouts().get(command.stream_id or 0)
        if playout is None:
            raise NotFound(Controls.OFF_AIR())
        match command.action:
            case CommandAction.SKIP:
                return Controls.SKIPPED(title=(await playout.command(Skip())).title)
            case CommandAction.PREVIOUS:
                return Controls.BACK_TO(title=(await playout.command(Previous())).title)
            case CommandAction.JUMP:
                return Controls.NOW_PLAYING(title=(await playout.command(Jump(command.argument))).title)
            case CommandAction.PLAY_NEXT:
                return Controls.COMES_NEXT(title=(await playout.command(PlayNext(command.argument))).title)
            case CommandAction.REMOVE:
                return Controls.REMOVED(title=(await playout.command(Remove(command.argument))).title)
            case CommandAction.PREVIEW:
                return await self._previewer.take(command.stream_id or 0, playout.keyframe, _guild(command))
            case _:
                raise UsageError(Answers.NOT_SUPPORTED(), hint=Answers.UPDATE_ENGINE())


def _for_people(text: str) -> str:
    return redact(clean(text))


def _guild(command: Command) -> int:
    """Where a command was asked. One that does not say so has no more rights than a guild nobody knows."""
    return command.guild_id if command.guild_id is not None else _NO_GUILD
