"""The permission matrix: who may do what, and whose it may be about, for everything there is to do.

A command, completion, button, list or form that is in the bot and not in this table fails the first tests; everything
in it is done by everybody, about their own guild's things and another's.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands, ui

from bot.client import NonstopBot
from bot.discord.forms import Form
from bot.panels.buttons import ACTIONS, PanelButton
from bot.queue.views import QueueButton, QueueSelect, entry_view, page_view, read_page
from bot.setup.welcome import PlatformSelect, StartModal, Step, StepButton
from bot.streams.confirmation import DEEDS, ConfirmButton
from bot.targets.modal import EditTargetModal, TargetModal
from streaming.services.services import Services
from streaming.settings import Settings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.discord.matrix import (
    COMPLETION,
    RIGHTS,
    Doing,
    Outcome,
    Person,
    Right,
    World,
    choose,
    command,
    completion,
    press,
    subclasses,
    submit,
)
from tests.standins.paper_engine import PaperEngine

NOTHING, LOOK, RUN, MANAGE = Right.NOTHING, Right.MEMBERSHIP, Right.OPERATION, Right.MANAGEMENT
STREAM = "#<<stream_id>>"

COMMANDS = (
    command("help", NOTHING),
    command("about", NOTHING),
    command("stream status", LOOK, stream=STREAM),
    command("stream status", LOOK),
    command("stream list", LOOK),
    command("stream queue", LOOK, stream=STREAM),
    command("stream queue", RUN, stream=STREAM, remove="<<item>>"),
    command("stream logs", LOOK, stream=STREAM),
    command("stream logs", LOOK),
    command("stream preview", LOOK, stream=STREAM),
    command("stream start", RUN, playlist="demo", to="<<target>>"),
    command("stream start", RUN, playlist="<<playlist>>"),
    command("stream stop", RUN, stream=STREAM),
    command("stream stop", RUN, stream="<<stream>>"),
    command("stream restart", RUN, stream=STREAM),
    command("stream skip", RUN, stream=STREAM),
    command("stream previous", RUN, stream=STREAM),
    command("stream jump", RUN, stream=STREAM, item="<<item>>"),
    command("stream jump", RUN, item="<<item>>", when="next"),
    command("stream edit", RUN, stream=STREAM, title="Renamed"),
    command("stream delete", RUN, stream=STREAM),
    command("stream delete", RUN, stream=STREAM, confirm=True),
    command("stream panel", RUN, stream=STREAM),
    command("stream panel", RUN, stream=STREAM, remove=True),
    command("target list", RUN),
    command("target add", RUN, platform="twitch"),
    command("target edit", RUN, target="<<target>>"),
    command("target remove", RUN, target="<<target>>"),
    command("target test", RUN, target="<<target>>"),
    command("playlist list", LOOK),
    command("playlist add", RUN, playlist="PLbbbbbbbbbbbbbbbb"),
    command("playlist refresh", RUN, playlist="<<playlist>>"),
    command("playlist remove", RUN, playlist="<<playlist>>"),
    command("settings", LOOK),
    command("settings", MANAGE, language="de"),
    command("settings", MANAGE, clear="operator_role"),
)
"""At least one for each command there is; several where what is asked decides what it takes."""
COMPLETIONS = {
    "help command": NOTHING,
    "stream status stream": LOOK,
    "stream queue stream": LOOK,
    "stream queue remove": LOOK,
    "stream logs stream": LOOK,
    "stream preview stream": LOOK,
    "stream start playlist": RUN,
    "stream start to": RUN,
    "stream stop stream": RUN,
    "stream restart stream": RUN,
    "stream skip stream": RUN,
    "stream previous stream": RUN,
    "stream jump item": RUN,
    "stream jump stream": RUN,
    "stream edit stream": RUN,
    "stream delete stream": RUN,
    "stream panel stream": RUN,
    "target edit target": RUN,
    "target remove target": RUN,
    "target test target": RUN,
    "playlist refresh playlist": RUN,
    "playlist remove playlist": RUN,
}
PANEL_BUTTONS = {
    "previous": RUN,
    "skip": RUN,
    "restart": RUN,
    "stop": RUN,
    "queue": LOOK,
    "logs": LOOK,
    "refresh": LOOK,
}
HARMLESS = {*(f"[confirm:{deed}:<<stream_id>>:1:no]" for deed in DEEDS), "[queue:<<stream_id>>:search:]"}
"""These only change the message they stand below, or open a form that asks again: they look at nothing."""
QUEUE_BUTTONS = {
    "page:1": LOOK,
    "find:1 one": LOOK,
    "search:": NOTHING,
    "shuffle:on": RUN,
    "loop:off": RUN,
    "jump:<<item>>": RUN,
    "next:<<item>>": RUN,
    "remove:<<item>>": RUN,
}
ANSWERS = {"yes": RUN, "no": NOTHING}
STEPS = {"target": RUN, "start": RUN, "status": LOOK}
BUTTONS = (
    *(press(f"panel:{name}:<<stream_id>>", right) for name, right in PANEL_BUTTONS.items()),
    *(press(f"queue:<<stream_id>>:{name}", right) for name, right in QUEUE_BUTTONS.items()),
    *(press(f"confirm:{deed}:<<stream_id>>:1:{name}", right) for deed in DEEDS for name, right in ANSWERS.items()),
    *(press(f"welcome:{name}", right) for name, right in STEPS.items()),
    choose("queue:<<stream_id>>:choose", "<<item>>", LOOK),
    choose("welcome:platform", "twitch", RUN),
)
COMPONENTS = {PanelButton, QueueButton, QueueSelect, ConfirmButton, StepButton, PlatformSelect}
FORMS = {
    TargetModal: (
        choose("welcome:platform", "twitch", RUN),
        RUN,
        {"url": "rtmp://8.8.8.8/live", "key": "live_12345678_new"},
    ),
    EditTargetModal: (
        command("target edit", RUN, target="<<target>>"),
        RUN,
        {"name": "renamed", "url": "rtmp://8.8.8.8/live", "key": "live_12345678_new"},
    ),
    StartModal: (press("welcome:start", RUN), RUN, {"playlist": "demo", "to": ""}),
}
"""What opens each, what it takes, and what is filled in. The search of a queue has a test of its own."""


# Everything there is, is in the table


def leaves(bot: NonstopBot) -> Iterator[app_commands.Command[Any, ..., Any]]:
    for each in bot.tree.walk_commands():
        if isinstance(each, app_commands.Command):
            yield each


def test_every_command_is_in_the_table(simcord_bot: NonstopBot) -> None:
    known = {doing.name.removeprefix("/").partition(" {")[0] for doing in COMMANDS}
    assert known == {each.qualified_name for each in leaves(simcord_bot)}
    assert not [
        each
        for each in simcord_bot.tree.get_commands()
        if not isinstance(each, app_commands.Command | app_commands.Group)
    ]


def test_every_completion_is_in_the_table(simcord_bot: NonstopBot) -> None:
    there = {
        f"{each.qualified_name} {parameter.name}"
        for each in leaves(simcord_bot)
        for parameter in each.parameters
        if parameter.autocomplete
    }
    assert there == set(COMPLETIONS)


@pytest.mark.usefixtures("simcord_env")
def test_every_button_and_list_is_in_the_table(simcord_bot: NonstopBot) -> None:
    registered = set(simcord_bot._connection._view_store._dynamic_items.values())
    assert registered == COMPONENTS
    assert {each for each in subclasses(ui.DynamicItem) if each.__module__.startswith("bot.")} == COMPONENTS
    assert set(PANEL_BUTTONS) == set(ACTIONS)
    assert set(STEPS) == set(Step)
    static = [each for each in subclasses(ui.View) if each.__module__.startswith("bot.")]
    assert static == [], "a view of its own holds components that are not in the table"


def test_every_form_is_in_the_table() -> None:
    forms = {each for each in subclasses(ui.Modal) if each.__module__.startswith("bot.")}
    assert {each.__name__ for each in forms} - {Form.__name__, "SearchModal"} == {each.__name__ for each in FORMS}


async def test_every_button_of_a_queue_is_in_the_table(world: World) -> None:
    about = world.objects[world.ours.id]
    page = await read_page(world.services.queue, world.ours.id, f"#{about.stream_id}")
    found = await read_page(world.services.queue, world.ours.id, f"#{about.stream_id}", 1, "one")
    views = (page_view(page), page_view(found), entry_view(about.stream_id, page.entries[0]))
    shown = {item.custom_id.split(":")[2] for view in views for item in view.children}  # type: ignore[attr-defined]
    assert shown - {"choose"} == {name.partition(":")[0] for name in QUEUE_BUTTONS}


# Everything in the table is done by everybody


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    """No engine answers here, so nobody waits long for one."""
    database = Database(database_url)
    yield Services.create(Settings(), database, Vault.open(tmp_path), command_life_seconds=0.02)
    await database.close()


@pytest.fixture
async def world(simcord_env: Any, services: Services, engine: PaperEngine, tmp_path: Path) -> AsyncIterator[World]:
    found = World(simcord_env, services, engine, tmp_path / "nonstop.db")
    await found.furnish()
    yield found
    await simcord_env.settle(timeout=30)  # who follows a start sees that it is not wanted any more
    _ = simcord_env.errors  # told to people, so no surprise; reading them says so
    found.close()


@dataclass(frozen=True)
class Trial:
    """Something that somebody has done about a guild's things, and how all guilds were before."""

    world: World
    person: Person
    doing: Doing
    about: int
    kept: Mapping[int, object]
    outcome: Outcome

    @property
    def is_admitted(self) -> bool:
        return self.doing.right in RIGHTS[self.person]

    @property
    def home(self) -> int | None:
        return self.world.home(self.person)

    def problems(self) -> Iterator[str]:
        """All that is not as it should be."""
        yield from self._changed()
        yield from self._shown()
        if self.doing.kind == COMPLETION:  # it has no words to refuse with
            if not self.is_admitted and self.outcome.choices:
                yield "completes for who may not"
            return
        if self.is_admitted and self.outcome.refusal:
            yield f"is refused: {self.outcome.told}"
        if not self.is_admitted and self.outcome.refusal is None:
            yield f"is not refused: {self.outcome.told or self.outcome.form}"
        yield from self._found()

    def _changed(self) -> Iterator[str]:
        for guild_id, before in self.kept.items():
            is_theirs = guild_id == self.home and self.is_admitted
            if not is_theirs and self.world.kept_of(guild_id) != before:
                yield "changes what is not theirs to change"

    def _shown(self) -> Iterator[str]:
        typed = str(self.doing.data(self.world.objects[self.about]))
        for guild_id, each in self.world.objects.items():
            for name in each.names:
                if guild_id != self.home and name in self.outcome.text and name not in typed:
                    yield f"shows {name!r}"

    def _found(self) -> Iterator[str]:
        if not (self.is_admitted and self.doing.is_about_something) or self.doing.name in HARMLESS:
            return
        if self.about == self.home and self.outcome.found_nothing:
            yield f"does not find its own: {self.outcome.told}"
        if self.about != self.home and not self.outcome.found_nothing:
            yield f"does something with another guild's: {self.outcome.told or self.outcome.form}"


async def tried(world: World, person: Person, doings: tuple[Doing, ...]) -> list[str]:
    """Does everything about both guilds' things, each time in the same world; gives all that is wrong."""
    problems: list[str] = []
    for doing in doings:
        for about in world.objects if doing.is_about_something else (world.ours.id,):
            kept = {guild_id: world.kept_of(guild_id) for guild_id in world.objects}
            outcome = await world.do(person, doing.kind, doing.data(world.objects[about]))
            trial = Trial(world, person, doing, about, kept, outcome)
            whose = "ours" if about == world.ours.id else "theirs"
            problems += [f"{person}: {doing.name} ({whose}) {problem}" for problem in trial.problems()]
            world.restore()
    return problems


@pytest.mark.parametrize("person", Person)
async def test_commands(world: World, person: Person) -> None:
    assert await tried(world, person, COMMANDS) == []


@pytest.mark.parametrize("person", Person)
async def test_completions(world: World, person: Person) -> None:
    doings = tuple(completion(typed, right) for typed, right in COMPLETIONS.items())
    assert await tried(world, person, doings) == []


@pytest.mark.parametrize("person", Person)
async def test_buttons_and_lists(world: World, person: Person) -> None:
    assert await tried(world, person, BUTTONS) == []


@pytest.mark.parametrize("person", Person)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
async def test_forms_also_those_that_somebody_else_has_opened(world: World, person: Person, form: type[Form]) -> None:
    opening, right, values = FORMS[form]
    opened = await world.do(Person.MANAGER, opening.kind, opening.data(world.objects[world.ours.id]))
    assert opened.form
    assert await tried(world, person, (submit(opened.form, right, **values),)) == []


@pytest.mark.parametrize("person", Person)
async def test_search_of_a_queue_finds_nothing_of_another_guilds(world: World, person: Person) -> None:
    about = world.objects[world.ours.id]
    opening = press("queue:<<stream_id>>:search:", NOTHING)
    opened = await world.do(Person.MANAGER, opening.kind, opening.data(about))
    doing = submit(opened.form, LOOK, text="one")
    outcome = await world.do(person, doing.kind, doing.data(about))
    home = world.home(person)
    assert outcome.refusal is (None if home else Right.MEMBERSHIP)
    assert (about.item in outcome.text) == (home == world.ours.id)
