"""What the permission matrix is made of: everything that can be done, by whom, and a world with two guilds to do it in.

What people do is put on the gateway as Discord would, and also as it would not: a button of another guild's stream, a
form somebody else has opened, a command from a direct message. The table is beside the test.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

from discord import Embed, Permissions
from simcord import interactions
from simcord.backend import serializers

from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.guilds import GuildChoice
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from tests.standins.paper_engine import PaperEngine

SECRET = "4711-planted"
"""Part of every name that belongs to the other guild."""
_ANSWERED_SECONDS = 10.0
_COMMAND, _COMPONENT, COMPLETION, _FORM = 2, 3, 4, 5
_BUTTON, _SELECT = 2, 3
_ACTION_ROW, _LABEL, _TEXT = 1, 18, 4
_SUBCOMMAND, _STRING, _INTEGER, _BOOLEAN = 1, 3, 4, 5


class Right(Enum):
    """What somebody needs for a thing."""

    NOTHING = "nothing: it says nothing about any server"
    MEMBERSHIP = "to be in the server"
    OPERATION = "to run the server's streams"
    MANAGEMENT = "to manage the server"


class Person(StrEnum):
    """Everybody there is. All but the stranger, who manages another guild, are in ours."""

    MANAGER = "manager"
    OPERATOR = "operator"
    MEMBER = "member"
    STRANGER = "stranger"
    CORRESPONDENT = "correspondent"
    """Writes direct messages."""


RIGHTS: Mapping[Person, frozenset[Right]] = {
    Person.MANAGER: frozenset(Right),
    Person.OPERATOR: frozenset(Right) - {Right.MANAGEMENT},
    Person.MEMBER: frozenset({Right.NOTHING, Right.MEMBERSHIP}),
    Person.STRANGER: frozenset(Right),
    Person.CORRESPONDENT: frozenset({Right.NOTHING}),
}


@dataclass(frozen=True, slots=True)
class Objects:
    """What a guild has, as its people would name it."""

    stream: str
    stream_id: int
    target: str
    playlist: str
    item: str

    @property
    def names(self) -> tuple[str, ...]:
        """What nobody else is to read."""
        return self.stream, self.target, self.playlist, self.item


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that can be done. `data` is an interaction's, made for the objects it is about."""

    name: str
    kind: int
    right: Right
    is_about_something: bool
    template: str
    """The data as JSON, with the objects' fields in double angle brackets."""

    def data(self, about: Objects) -> dict[str, Any]:
        text = self.template
        for name in Objects.__slots__:
            text = text.replace(f"<<{name}>>", str(getattr(about, name)))
        return dict(json.loads(text))


def command(name: str, right: Right, /, **options: object) -> Doing:
    """A slash command with these options."""
    return Doing(f"/{name} {options or ''}".strip(), _COMMAND, right, "<<" in str(options), _typed(name, options))


def completion(typed: str, right: Right) -> Doing:
    """Typing into an option, the last word of `typed`; items are completed of a stream that is named beside."""
    name, _, option = typed.rpartition(" ")
    beside = {"stream": "#<<stream_id>>"} if option in ("item", "remove") else {}
    return Doing(f"/{name} {option}:…", COMPLETION, right, bool(beside), _typed(name, beside, focused=option))


def press(custom_id: str, right: Right) -> Doing:
    """A button."""
    data = {"custom_id": custom_id, "component_type": _BUTTON}
    return Doing(f"[{custom_id}]", _COMPONENT, right, "<<" in custom_id, json.dumps(data))


def choose(custom_id: str, value: str, right: Right) -> Doing:
    """An entry of a list."""
    data = {"custom_id": custom_id, "component_type": _SELECT, "values": [value]}
    return Doing(f"[{custom_id} → {value}]", _COMPONENT, right, "<<" in custom_id + value, json.dumps(data))


def submit(opened_as: str, right: Right, /, **values: str) -> Doing:
    """A form that is open as `opened_as`, filled in."""
    rows = [
        {"type": _LABEL, "component": {"type": _TEXT, "custom_id": name, "value": value}}
        for name, value in values.items()
    ]
    data = {"custom_id": opened_as, "components": rows}
    return Doing(f"form {sorted(values)}", _FORM, right, False, json.dumps(data))


def _typed(name: str, options: Mapping[str, object], *, focused: str = "") -> str:
    root, *below = name.split()
    leaves = [{"type": _option_type(value), "name": key, "value": value} for key, value in options.items()]
    if focused:
        leaves.append({"type": _STRING, "name": focused, "value": "", "focused": True})
    for word in reversed(below):
        leaves = [{"type": _SUBCOMMAND, "name": word, "options": leaves}]
    return json.dumps({"id": "1", "name": root, "type": 1, "options": leaves})


def _option_type(value: object) -> int:
    return _BOOLEAN if isinstance(value, bool) else _INTEGER if isinstance(value, int) else _STRING


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody got to see."""

    cards: tuple[Embed, ...] = ()
    choices: tuple[Mapping[str, Any], ...] = ()
    form: str = ""
    """The custom_id of a form that was opened."""
    text: str = ""
    """Everything that was said, as it went over the wire."""

    @property
    def told(self) -> str:
        return " ".join(f"{card.title} {card.description}" for card in self.cards)

    @property
    def refusal(self) -> Right | None:
        """The right that was found to be missing."""
        if "only works in a server" in self.told:
            return Right.MEMBERSHIP
        if "You don't have permission" in self.told:
            return Right.OPERATION
        if "with Manage Server" in self.told:
            return Right.MANAGEMENT
        return None

    @property
    def found_nothing(self) -> bool:
        """Whether it says that there is no such thing."""
        return any(words in self.told for words in ("There is no", "There are no", "is not the ID of"))


@dataclass(eq=False)
class World:
    """Two guilds with the same things, and everybody."""

    env: Any
    services: Services
    engine: PaperEngine
    path: Path
    ours: Any = None
    theirs: Any = None
    objects: dict[int, Objects] = field(default_factory=dict)
    _channels: dict[int | None, Any] = field(default_factory=dict)
    _messages: dict[int | None, Any] = field(default_factory=dict)
    _people: dict[Person, int] = field(default_factory=dict)
    _before: sqlite3.Connection | None = None

    async def furnish(self) -> None:
        """Brings everything into being."""
        env, backend = self.env, self.env.backend
        self.ours, self.theirs = env.create_guild(), env.create_guild()
        await self.engine.beat()
        crew = self.ours.create_role("Crew")
        managers = [guild.create_role("Bosses", permissions=Permissions(manage_guild=True)) for guild in self._guilds]
        for person, guild, roles in (
            (Person.MANAGER, self.ours, managers[:1]),
            (Person.OPERATOR, self.ours, [crew]),
            (Person.MEMBER, self.ours, []),
            (Person.STRANGER, self.theirs, managers[1:]),
        ):
            self._people[person] = guild.add_member(env.create_user(person.value), roles=roles).id
        self._people[Person.CORRESPONDENT] = env.create_user("correspondent").id
        for guild, mark in ((self.ours, "ours"), (self.theirs, SECRET)):
            self._channels[guild.id] = guild.create_text_channel(f"{mark}-room")
            await self._furnish(guild.id, mark)
        private = backend.get_dm_channel(self._people[Person.CORRESPONDENT])
        self._channels[None] = private
        for guild_id, channel in self._channels.items():
            self._messages[guild_id] = backend.create_message(channel.id, backend.bot_user.id, content="Press")
        role = GuildChoice(operator_role_id=crew.id)
        await self.services.guilds.change(Actor(self.ours.id, 1, "Setup"), role)
        self._before = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self.path)) as now:
            now.backup(self._before)

    async def _furnish(self, guild_id: int, mark: str) -> None:
        who = Actor(guild_id, 1, f"{mark} setup")
        await self.services.targets.add(who, f"{mark} target", TargetKind.TWITCH, "", Secret("live_12345678_main"))
        await self.services.playlists.add(who, f"PL{'o' if mark == 'ours' else 't'}{'a' * 15}", f"{mark} list")
        started = await self.services.streams.start(who, StartRequest("demo", title=f"{mark} loop"))
        await self.engine.bring_to_air(started.stream_id)
        titles = {f"{mark}-a": f"{mark}-a one", f"{mark}-b": f"{mark} two"}
        await self.engine.list_items(started.stream_id, titles, upcoming=list(titles))
        self.objects[guild_id] = Objects(
            f"{mark} loop", started.stream_id, f"{mark} target", f"{mark} list", f"{mark}-a"
        )

    @property
    def _guilds(self) -> tuple[Any, Any]:
        return self.ours, self.theirs

    def home(self, person: Person) -> int | None:
        """The guild somebody is in."""
        homes: dict[Person, int | None] = {Person.STRANGER: self.theirs.id, Person.CORRESPONDENT: None}
        return homes[person] if person in homes else int(self.ours.id)

    async def do(self, person: Person, kind: int, data: dict[str, Any]) -> Outcome:
        """Has somebody do it where they are, and gives what they got to see."""
        home, backend = self.home(person), self.env.backend
        record, payload = interactions.base_payload(
            backend,
            type=kind,
            channel_id=self._channels[home].id,
            guild_id=home,
            user_id=self._people[person],
            data=data,
        )
        if kind in (_COMPONENT, _FORM):
            message = self._messages[home]
            record.source_message_id = message.id
            payload["message"] = {**serializers.message_payload(backend, message), "components": _shown(kind, data)}
        seen = len(self.env.http_requests)
        backend.emit("INTERACTION_CREATE", payload)
        async with asyncio.timeout(_ANSWERED_SECONDS):
            while not (outcome := self._outcome(seen, str(record.id), record.token)):
                await asyncio.sleep(0.005)  # the simulation has no event to wait for
        return outcome

    def _outcome(self, seen: int, interaction_id: str, token: str) -> Outcome | None:
        """What was answered to an interaction, as soon as there is something to see in it."""
        entries = [e for e in self.env.http_requests[seen:] if interaction_id in e.path or token in e.path]
        bodies = [entry.json for entry in entries if isinstance(entry.json, dict)]
        told = [body.get("data") or body for body in bodies]
        cards = tuple(Embed.from_dict(card) for body in told for card in body.get("embeds") or [])
        is_completion = any(body.get("type") == 8 for body in bodies)
        choices = tuple(choice for body in told for choice in body.get("choices") or [])
        form = next((body["data"]["custom_id"] for body in bodies if body.get("type") == 9), "")
        if not (cards or form or is_completion):
            return None
        return Outcome(cards, choices, form, json.dumps(bodies, ensure_ascii=False))

    def kept_of(self, guild_id: int) -> list[tuple[Any, ...]]:
        """Everything in the database that is a guild's."""
        with closing(sqlite3.connect(self.path)) as connection:
            return [
                (table, *row)
                for table, condition in _OF_GUILD
                for row in connection.execute(
                    f"SELECT * FROM {table} WHERE {condition} ORDER BY 1, 2",
                    {"guild": guild_id},
                )
            ]

    def restore(self) -> None:
        """Makes everything as it was."""
        assert self._before
        with closing(sqlite3.connect(self.path, timeout=5)) as now:
            self._before.backup(now)

    def close(self) -> None:
        if self._before:
            self._before.close()


_STREAMS_OF_GUILD = "(SELECT id FROM stream WHERE guild_id = :guild)"
_OF_GUILD: Sequence[tuple[str, str]] = (
    ("stream", "guild_id = :guild"),
    ("target", "guild_id = :guild"),
    ("saved_playlist", "guild_id = :guild"),
    ("guild_settings", "guild_id = :guild"),
    ("panel", "guild_id = :guild"),
    ("departed_guild", "guild_id = :guild"),
    ("stream_target", f"stream_id IN {_STREAMS_OF_GUILD}"),
    ("queue_item", f"stream_id IN {_STREAMS_OF_GUILD}"),
    ("run", f"stream_id IN {_STREAMS_OF_GUILD}"),
    ("stream_log", f"guild_id = :guild OR stream_id IN {_STREAMS_OF_GUILD}"),
    ("command", f"guild_id = :guild OR stream_id IN {_STREAMS_OF_GUILD}"),
)


def _shown(kind: int, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The one component that is used, as a message shows it."""
    if kind == _FORM:
        return []
    used: dict[str, Any] = {"type": data["component_type"], "custom_id": data["custom_id"]}
    if data["component_type"] == _SELECT:
        used |= {"options": [{"label": value, "value": value} for value in data["values"]]}
    else:
        used |= {"style": 1, "label": "Press"}
    return [{"type": _ACTION_ROW, "components": [used]}]


def subclasses(kind: type) -> Iterator[type]:
    """All of them, with theirs."""
    below: list[type] = kind.__subclasses__()
    for each in below:
        yield each
        yield from subclasses(each)
