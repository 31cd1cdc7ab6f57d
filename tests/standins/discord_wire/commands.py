"""The commands a bot has uploaded, and what a person typing one of them would send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from discord import Permissions

from tests.standins.discord_wire.command_limits import CHAT_INPUT, GROUP, SUBCOMMAND, tree_problems
from tests.standins.discord_wire.refusals import CommandRefusedError, check
from tests.standins.discord_wire.world import Account, Channel, Guild, Json, new_id

STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER = 3, 4, 5, 6, 7, 10
_PYTHON_TYPES: Mapping[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: Account,
    CHANNEL: Channel,
    NUMBER: (int, float),
}


@dataclass(slots=True)
class CommandBook:
    """What is registered, by scope: None is everywhere, otherwise a guild's id. `syncs` counts the uploads."""

    application_id: int
    scopes: dict[int | None, list[Json]] = field(default_factory=dict)
    syncs: int = 0

    def put(self, scope: int | None, commands: list[Json]) -> list[Json]:
        """Replace a scope's commands, as PUT does; a command that keeps its name keeps its id."""
        self.syncs += 1
        check(tree_problems(commands))
        ids = {command["name"]: command["id"] for command in self.scopes.get(scope, [])}
        self.scopes[scope] = [self._registered(command, scope, ids.get(command["name"])) for command in commands]
        return self.scopes[scope]

    def find(self, path: str, guild: Guild, permissions: Permissions) -> "ChosenCommand":
        """The command a person with these permissions means; raises CommandRefusedError where Discord shows none."""
        names = path.split()
        visible = [*self.scopes.get(None, []), *self.scopes.get(guild.id, [])]
        found = [command for command in visible if command["name"] == names[0] and command["type"] == CHAT_INPUT]
        if not found:
            raise CommandRefusedError(f"/{names[0]} is not registered; there are {[c['name'] for c in visible]}")
        if len(found) > 1:
            raise CommandRefusedError(f"/{names[0]} is shown twice: it is registered globally and for this guild")
        _check_visible(found[0], permissions)
        return ChosenCommand(found[0], names, _options_below(found[0], names[1:]))

    def _registered(self, command: Json, scope: int | None, command_id: str | None) -> Json:
        fixed = {
            "id": command_id or str(new_id()),
            "application_id": str(self.application_id),
            "version": str(new_id()),
        } | ({"guild_id": str(scope)} if scope else {})
        return {"type": CHAT_INPUT, "default_member_permissions": None, "nsfw": False, **command, **fixed}


@dataclass(frozen=True, slots=True)
class ChosenCommand:
    """A command with its subcommand picked; `options` are the definitions of what may be filled in."""

    root: Json
    names: list[str]
    options: list[Json]

    def data(self, values: Mapping[str, object]) -> Json:
        """An interaction's `data` for a command sent with these values."""
        definitions = self._definitions(values)
        missing = [o["name"] for o in self.options if o.get("required") and o["name"] not in values]
        if missing:
            raise CommandRefusedError(f"/{' '.join(self.names)} needs {missing}")
        leaves = [_leaf(definitions[name], value) for name, value in values.items()]
        return self._wrap(leaves) | {"resolved": _resolved(values)}

    def typing(self, values: Mapping[str, object], focused: str, text: str) -> Json:
        """An interaction's `data` while a person types `text` into the option `focused`."""
        definition = self._definitions({focused: text})[focused]
        if not definition.get("autocomplete"):
            raise CommandRefusedError(f"option {focused} does not complete")
        definitions = self._definitions(values)
        leaves = [_leaf(definitions[name], value) for name, value in values.items()]
        leaves.append({"type": definition["type"], "name": focused, "value": text, "focused": True})
        return self._wrap(leaves)

    def option_type(self, name: str) -> int:
        return int(self._definitions({name: None})[name]["type"])

    def _definitions(self, values: Mapping[str, object]) -> dict[str, Json]:
        known = {option["name"]: option for option in self.options}
        if unknown := sorted(set(values) - set(known)):
            raise CommandRefusedError(f"/{' '.join(self.names)} has no option {unknown}, only {sorted(known)}")
        return known

    def _wrap(self, leaves: list[Json]) -> Json:
        """Put the values inside subcommand and group: `stream start` is a 1, `admin stream start` a 1 in a 2."""
        options = leaves
        for depth, name in enumerate(reversed(self.names[1:])):
            options = [{"type": GROUP if depth else SUBCOMMAND, "name": name, "options": options}]
        data = {"id": self.root["id"], "name": self.root["name"], "type": CHAT_INPUT, "options": options}
        return data | ({"guild_id": self.root["guild_id"]} if "guild_id" in self.root else {})


def _check_visible(command: Json, permissions: Permissions) -> None:
    needed = command["default_member_permissions"]
    if needed is None or permissions.administrator:
        return
    if int(needed) == 0 or not permissions >= Permissions(int(needed)):
        raise CommandRefusedError(f"/{command['name']} is not visible to this person: it needs {needed}")


def _options_below(command: Json, names: list[str]) -> list[Json]:
    options: list[Json] = command.get("options") or []
    for name in names:
        branch = next((o for o in options if o["name"] == name and o["type"] in {SUBCOMMAND, GROUP}), None)
        if branch is None:
            raise CommandRefusedError(f"/{command['name']} has no {name!r}, only {[o['name'] for o in options]}")
        options = branch.get("options") or []
    if any(option["type"] in {SUBCOMMAND, GROUP} for option in options):
        raise CommandRefusedError(f"/{command['name']} needs one of {[o['name'] for o in options]}")
    return options


def _leaf(definition: Json, value: object) -> Json:
    """One filled-in option; raises CommandRefusedError for a value Discord's interface would not take."""
    name, kind = definition["name"], definition["type"]
    if kind not in _PYTHON_TYPES:
        raise NotImplementedError(f"option {name} is of type {kind}, which this stand-in does not send")
    if not isinstance(value, _PYTHON_TYPES[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise CommandRefusedError(f"option {name} of type {kind} cannot be {value!r}")
    if isinstance(value, (Account, Channel)):
        return {"type": kind, "name": name, "value": str(value.id)}
    _check_range(definition, value)
    return {"type": kind, "name": name, "value": _chosen(definition, value)}


def _check_range(definition: Json, value: Any) -> None:
    size = len(value) if isinstance(value, str) else value
    least, most = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    if size < definition.get(least, size) or size > definition.get(most, 6000 if isinstance(value, str) else size):
        raise CommandRefusedError(f"option {definition['name']} cannot be {value!r}: out of range")


def _chosen(definition: Json, value: object) -> object:
    """The value behind a choice, which a person picks by the name they see."""
    choices = definition.get("choices") or []
    if not choices:
        return value
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    raise CommandRefusedError(f"option {definition['name']} offers {[c['name'] for c in choices]}, not {value!r}")


def _resolved(values: Mapping[str, object]) -> Json:
    channels = [value for value in values.values() if isinstance(value, Channel)]
    accounts = [value for value in values.values() if isinstance(value, Account)]
    permissions = {"permissions": str(Permissions.all().value)}
    return {
        "channels": {str(channel.id): channel.to_json() | permissions for channel in channels},
        "users": {str(account.id): account.to_json() for account in accounts},
        "members": {str(account.id): account.member_json(Permissions.none()) for account in accounts},
    }
