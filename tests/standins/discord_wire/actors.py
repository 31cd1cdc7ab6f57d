"""People on the stand-in's Discord, who can do what Discord's interface lets them do, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from discord import Permissions

from tests.standins.discord_wire.commands import CommandBook
from tests.standins.discord_wire.exchange import Deadlines, Exchange, InteractionType
from tests.standins.discord_wire.gateway import Gateway
from tests.standins.discord_wire.limits import ACTION_ROW, BUTTON, LABEL, SELECTS, STRING_SELECT, TEXT_INPUT, walk
from tests.standins.discord_wire.record import Record
from tests.standins.discord_wire.refusals import UNKNOWN_INTERACTION, CommandRefusedError
from tests.standins.discord_wire.world import Account, Channel, Guild, Json, Message, World

_ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stage:
    """What a person's doings pass through on the way to the bot."""

    world: World
    commands: CommandBook
    gateway: Gateway
    exchanges: dict[str, Exchange]
    record: Record
    deadlines: Deadlines


@dataclass(frozen=True, slots=True)
class User:
    """A member of every guild. Each doing returns once the bot acknowledged it, or its time for that is over."""

    account: Account
    permissions: Permissions
    stage: Stage

    async def slash(
        self, command: str, guild: Guild | None = None, channel: Channel | None = None, /, **options: object
    ) -> Exchange:
        """Use `/command`, in the first channel unless told otherwise; CommandRefusedError where Discord says no."""
        place = self._place(guild, channel)
        data = self.stage.commands.find(command, place.guild, self.permissions).data(_accounts(options))
        return await self._do(f"/{command}", InteractionType.COMMAND, place, data)

    async def autocomplete(
        self,
        command: str,
        guild: Guild | None = None,
        channel: Channel | None = None,
        /,
        *,
        option: str,
        value: str,
        filled: Mapping[str, object] | None = None,
    ) -> list[Json]:
        """The choices shown while typing `value` into `option`, with other options `filled` before."""
        place = self._place(guild, channel)
        chosen = self.stage.commands.find(command, place.guild, self.permissions)
        data = chosen.typing(_accounts(filled or {}), option, value)
        what = f"/{command} {option}:{value}"
        kind = chosen.option_type(option)
        return (await self._do(what, InteractionType.AUTOCOMPLETE, place, data, option_type=kind)).choices

    async def click(self, message: Message, custom_id: str) -> Exchange:
        """Press a button."""
        button = _component(message, custom_id, {BUTTON})
        data = {"custom_id": custom_id, "component_type": button["type"]}
        return await self._do(f"[{custom_id}]", InteractionType.COMPONENT, message.channel, data, source=message)

    async def choose(self, message: Message, custom_id: str, *values: str) -> Exchange:
        """Pick options of a select."""
        select = _component(message, custom_id, set(SELECTS))
        _check_picked(select, values)
        data = {"custom_id": custom_id, "component_type": select["type"], "values": list(values)}
        return await self._do(f"[{custom_id}]", InteractionType.COMPONENT, message.channel, data, source=message)

    async def submit(self, asked: Exchange, values: Mapping[str, str]) -> Exchange:
        """Fill in and send the modal that answered `asked`; `values` by custom_id."""
        if asked.modal is None:
            raise CommandRefusedError(f"{asked.what} opened no modal: {asked.kind}")
        data = {
            "custom_id": asked.modal["custom_id"],
            "components": _filled_in(asked.modal["components"], values),
        }
        what = f"modal {asked.modal['title']!r}"
        return await self._do(what, InteractionType.MODAL_SUBMIT, asked.channel, data, source=asked.source)

    def _place(self, guild: Guild | None, channel: Channel | None) -> Channel:
        guild = guild or (channel.guild if channel else self.stage.world.guilds[0])
        channel = channel or guild.channels[0]
        if channel.guild is not guild:
            raise ValueError(f"#{channel.name} is in {channel.guild.name}, not in {guild.name}")
        return channel

    async def _do(
        self,
        what: str,
        kind: InteractionType,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        option_type: int = 3,
    ) -> Exchange:
        stage = self.stage
        exchange = Exchange(
            what=what,
            type=kind,
            person=self.account,
            channel=channel,
            bot=stage.world.bot,
            record=stage.record,
            deadlines=stage.deadlines,
            source=source,
            option_type=option_type,
        )
        stage.exchanges[exchange.token] = exchange
        stage.record.add(f"{self.account.name} {what}")
        await stage.gateway.dispatch(channel.guild, "INTERACTION_CREATE", self._payload(exchange, data))
        await self._acknowledged(exchange)
        return exchange

    async def _acknowledged(self, exchange: Exchange) -> None:
        seconds = exchange.deadlines.acknowledge_seconds
        try:
            await self.stage.record.until(lambda: exchange.is_answered, timeout_seconds=seconds)
        except TimeoutError:
            self.stage.record.violate(UNKNOWN_INTERACTION, f"{exchange.what} was not acknowledged within {seconds} s")

    def _payload(self, exchange: Exchange, data: Json) -> Json:
        channel, guild = exchange.channel, exchange.channel.guild
        source = {"message": exchange.source.to_json()} if exchange.source else {}
        return source | {
            "id": str(exchange.id),
            "application_id": str(exchange.bot.id),
            "type": int(exchange.type),
            "token": exchange.token,
            "version": 1,
            "data": data,
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "channel_id": str(channel.id),
            "channel": channel.to_json() | {"permissions": str(self.permissions.value)},
            "member": self.account.member_json(self.permissions),
            "app_permissions": str(channel.bot_permissions.value),
            "locale": "en-US",
            "guild_locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id)},
            "context": 0,
            "attachment_size_limit": _ATTACHMENT_LIMIT_BYTES,
        }


def _accounts(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value.account if isinstance(value, User) else value for name, value in options.items()}


def _component(message: Message, custom_id: str, types: set[int]) -> Json:
    shown = {part["custom_id"]: part for part in walk(message.components) if part["type"] in types}
    if custom_id not in shown:
        raise CommandRefusedError(f"the message shows {sorted(shown)}, not {custom_id!r}")
    if shown[custom_id].get("disabled"):
        raise CommandRefusedError(f"{custom_id!r} is disabled")
    return shown[custom_id]


def _check_picked(select: Json, values: Iterable[str]) -> None:
    picked = list(values)
    offered = [option["value"] for option in select.get("options") or []]
    if select["type"] == STRING_SELECT and not set(picked) <= set(offered):
        raise CommandRefusedError(f"select offers {offered}, not {picked}")
    if not select.get("min_values", 1) <= len(picked) <= select.get("max_values", 1):
        raise CommandRefusedError(f"select does not take {len(picked)} values")


def _filled_in(components: list[Json], values: Mapping[str, str]) -> list[Json]:
    """The modal's rows and labels with what was typed in; CommandRefusedError where Discord would not send the form."""
    asked = {part["custom_id"] for part in walk(components) if "custom_id" in part}
    if unknown := sorted(set(values) - asked):
        raise CommandRefusedError(f"the modal asks for {sorted(asked)}, not {unknown}")
    rows: list[Json] = []
    for row in components:
        if row["type"] == ACTION_ROW:
            rows.append({"type": ACTION_ROW, "components": [_typed(part, values) for part in row["components"]]})
        elif row["type"] == LABEL:
            rows.append({"type": LABEL, "component": _typed(row["component"], values)})
    return rows


def _typed(part: Json, values: Mapping[str, Any]) -> Json:
    name, kind = part["custom_id"], part["type"]
    if kind == STRING_SELECT:
        default = [option["value"] for option in part["options"] if option.get("default")]
        picked = [values[name]] if name in values else default
        _check_picked(part, picked)
        return {"type": kind, "custom_id": name, "values": picked}
    if kind != TEXT_INPUT:
        raise NotImplementedError(f"{name} is of type {kind}, which this stand-in does not fill in")
    text = values.get(name, part.get("value") or "")
    least = max(part.get("min_length") or 0, 1 if part.get("required", True) else 0)
    if (text or part.get("required", True)) and not least <= len(text) <= (part.get("max_length") or 4000):
        raise CommandRefusedError(f"the modal does not take {len(text)} characters for {name!r}")
    return {"type": kind, "custom_id": name, "value": text}
