"""An interaction from the console, with the part of Discord's interface that command tree and handlers use."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from discord import Embed, File, Interaction, InteractionResponseType, InteractionType, Locale, Permissions, ui

from bot.cards.basic import is_failure
from bot.cards.text import safe
from bot.console.screen import Message
from bot.i18n.languages import GuildLanguages
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
    """The user of the console."""

    id: int = 0
    display_name: str = "console"


Ask = Callable[[Field], Awaitable[str]]
"""Asks for the value of one field of a form."""


class Client:
    """What handlers use of the bot. The console is in English, whatever language its guild has chosen."""

    def __init__(self) -> None:
        self.languages = GuildLanguages()

    def serves(self, guild_id: int) -> bool:
        return guild_id == GUILD_ID


class ConsoleInteraction:
    """One command or submitted form; one message shows every response to it."""

    id = 0
    guild_id = GUILD_ID
    guild = None
    locale = guild_locale = Locale.american_english
    type = InteractionType.application_command
    permissions = app_permissions = Permissions.all()
    command_failed = False
    _state = None  # discord.py builds users, roles and channels from it; nobody can type those

    def __init__(
        self, message: Message, ask: Ask, data: Mapping[str, Any] | None = None, *, folder: Path | None = None
    ) -> None:
        """`folder` gets the files of cards."""
        self.folder = folder
        self.client = Client()
        self.user = Person()
        self.data = data or {}
        self.message = message
        self.response = Response(self, ask)
        self.followup = Followup(message)

    @property
    def as_discord(self) -> "Interaction[Any]":
        """Itself, typed as handlers expect it."""
        return cast("Interaction[Any]", self)

    async def edit_original_response(
        self,
        *,
        embed: Embed,
        attachments: Sequence[File] = (),
        view: object = None,  # noqa: ARG002  (see below)
    ) -> None:
        self.message.show(_saved(embed, attachments, self.folder))

    async def delete_original_response(self) -> None:
        """Does nothing: the next card replaces this one."""


class Response:
    """The first response."""

    def __init__(self, interaction: ConsoleInteraction, ask: Ask) -> None:
        self.type: InteractionResponseType | None = None
        self._interaction = interaction
        self._ask = ask

    def is_done(self) -> bool:
        return self.type is not None

    async def defer(self, *, ephemeral: bool = False) -> None:  # noqa: ARG002  (the console has one user)
        self.type = InteractionResponseType.deferred_channel_message

    async def send_message(
        self,
        *,
        embed: Embed,
        files: Sequence[File] = (),
        ephemeral: bool = False,  # noqa: ARG002
        view: object = None,  # noqa: ARG002
    ) -> None:
        """Shows a card without its buttons: commands do the same."""
        self.type = InteractionResponseType.channel_message
        self._interaction.message.show(_saved(embed, files, self._interaction.folder))

    async def send_modal(self, modal: ui.Modal) -> None:
        """Asks for the form's fields and submits it; the command fails if the form does."""
        self.type = InteractionResponseType.modal
        components = [await self._filled_in(component) for component in modal.to_dict()["components"]]
        message = self._interaction.message
        submitted = ConsoleInteraction(message, self._ask)
        # discord.py has no public way to submit a form.
        await modal._dispatch_submit(submitted.as_discord, cast("Any", components), cast("Any", {}))  # noqa: SLF001
        self._interaction.command_failed = message.card is not None and is_failure(message.card)

    async def _filled_in(self, label: Mapping[str, Any]) -> dict[str, Any]:
        field = label["component"]
        asked = Field(field["custom_id"], label["label"], label.get("description") or "", field.get("value") or "")
        return {**label, "component": {**field, "value": await self._ask(asked)}}


class Followup:
    """Responses after the first."""

    def __init__(self, message: Message) -> None:
        self._message = message

    async def send(self, *, embed: Embed, ephemeral: bool = False) -> None:  # noqa: ARG002
        """Replaces the card."""
        self._message.show(embed)


def _saved(card: Embed, files: Sequence[File], folder: Path | None) -> Embed:
    """Saves a card's files, as a terminal shows none; each overwrites the one before of its name."""
    if not files or folder is None:
        return card
    folder.mkdir(parents=True, exist_ok=True)
    card = card.copy()
    for file in files:
        path = folder / file.filename
        path.write_bytes(file.fp.read())
        card.add_field(name="Saved as", value=safe(str(path), 300))
    return card
