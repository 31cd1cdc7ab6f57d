"""An interaction that comes from the console: as much of Discord's as the command tree and our handlers use."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from discord import Embed, File, Interaction, InteractionResponseType, InteractionType, Locale, Permissions, ui

from bot.console.files import kept
from bot.console.screen import Message
from bot.languages import Languages
from bot.ui.cards import is_failure
from streaming.settings import CONSOLE_GUILD_ID

GUILD_ID = CONSOLE_GUILD_ID
"""The guild whose streams and targets are the console's."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    id: str
    label: str
    help: str
    default: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who types."""

    id: int = 0
    display_name: str = "console"


Ask = Callable[[Field], Awaitable[str]]
"""Asks for the value of one field of a form."""


class Client:
    """What handlers ask of our bot. The console speaks English, whatever is chosen there."""

    def __init__(self) -> None:
        self.languages = Languages()

    def serves(self, guild_id: int) -> bool:
        """Whoever opens the console may use it."""
        return guild_id == GUILD_ID


class ConsoleInteraction:
    """One command or submitted form; every answer to it is shown in one message."""

    id = 0
    guild_id = GUILD_ID
    guild = None
    locale = guild_locale = Locale.american_english
    type = InteractionType.application_command
    permissions = app_permissions = Permissions.all()
    command_failed = False
    _state = None  # what discord.py makes users, roles and channels of; nobody can type those

    def __init__(
        self, message: Message, ask: Ask, data: Mapping[str, Any] | None = None, *, folder: Path | None = None
    ) -> None:
        """`folder` is where files are kept that come with a card."""
        self.folder = folder
        self.client = Client()
        self.user = Person()
        self.data = data or {}
        self.message = message
        self.response = Response(self, ask)
        self.followup = Followup(message)

    @property
    def as_discord(self) -> "Interaction[Any]":
        """Itself, under the type that handlers ask for."""
        return cast("Interaction[Any]", self)

    async def edit_original_response(
        self,
        *,
        embed: Embed,
        attachments: Sequence[File] = (),
        view: object = None,  # noqa: ARG002  (see below)
    ) -> None:
        """Replaces the card."""
        self.message.show(kept(embed, attachments, self.folder))

    async def delete_original_response(self) -> None:
        """Does nothing: the card that follows takes its place."""


class Response:
    """The first answer."""

    def __init__(self, interaction: ConsoleInteraction, ask: Ask) -> None:
        self.type: InteractionResponseType | None = None
        self._interaction = interaction
        self._ask = ask

    def is_done(self) -> bool:
        """Whether it was given."""
        return self.type is not None

    async def defer(self, *, ephemeral: bool = False) -> None:  # noqa: ARG002  (everything here is for one pair of eyes)
        """Promises a card."""
        self.type = InteractionResponseType.deferred_channel_message

    async def send_message(
        self,
        *,
        embed: Embed,
        files: Sequence[File] = (),
        ephemeral: bool = False,  # noqa: ARG002
        view: object = None,  # noqa: ARG002
    ) -> None:
        """Shows a card; what could be pressed below it, commands do as well."""
        self.type = InteractionResponseType.channel_message
        self._interaction.message.show(kept(embed, files, self._interaction.folder))

    async def send_modal(self, modal: ui.Modal) -> None:
        """Asks for the form's fields and submits it; the command has failed when the form has."""
        self.type = InteractionResponseType.modal
        components = [await self._filled_in(component) for component in modal.to_dict()["components"]]
        message = self._interaction.message
        submitted = ConsoleInteraction(message, self._ask)
        # The door through which discord.py lets submitted forms in; it has no public one.
        await modal._dispatch_submit(submitted.as_discord, cast("Any", components), cast("Any", {}))  # noqa: SLF001
        self._interaction.command_failed = message.card is not None and is_failure(message.card)

    async def _filled_in(self, label: Mapping[str, Any]) -> dict[str, Any]:
        field = label["component"]
        asked = Field(field["custom_id"], label["label"], label.get("description") or "", field.get("value") or "")
        return {**label, "component": {**field, "value": await self._ask(asked)}}


class Followup:
    """Answers after the first."""

    def __init__(self, message: Message) -> None:
        self._message = message

    async def send(self, *, embed: Embed, ephemeral: bool = False) -> None:  # noqa: ARG002
        """Shows the card in place of the one before."""
        self._message.show(embed)
