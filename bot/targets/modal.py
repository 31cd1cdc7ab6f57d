"""The forms for a target: a stream key must never be an option of a command."""

import discord
from discord import ui

from bot.discord.actor import actor, guild_id
from bot.discord.forms import Form, Line
from bot.discord.permissions import admit
from bot.discord.responses import respond
from bot.i18n.words import discord as discord_words
from bot.i18n.words import targets as words
from bot.targets import cards
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS
from streaming.redaction.secrets import Secret
from streaming.services.guilds import GuildService
from streaming.services.target_validation import NAME_LIMIT
from streaming.services.targets import TargetEdit, TargetInfo, TargetService


class TargetModal(Form):
    """Asks for a target's ingest URL and stream key."""

    def __init__(self, targets: TargetService, guilds: GuildService, name: str, kind: TargetKind) -> None:
        super().__init__(words.MODAL_TITLE)
        self._targets, self._guilds = targets, guilds
        self._name = name
        self._kind = kind
        self.url = Line(custom_id="url", default=INGEST_URLS.get(kind), placeholder=words.URL_EXAMPLE, max_length=300)
        self.key = Line(custom_id="key", max_length=300)
        self.add_item(ui.Label(text=words.URL_LABEL, description=words.URL_HELP, component=self.url))
        self.add_item(ui.Label(text=words.KEY_LABEL, description=words.KEY_HELP, component=self.key))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Saves the target, if the user still may: the form stays open for up to an hour."""
        if not await admit(interaction, self._guilds):
            return
        key = Secret(self.key.value)
        async with respond(interaction, is_private=True) as answer:
            info = await self._targets.add(actor(interaction), self._name, self._kind, self.url.value, key)
        await answer.show(cards.saved(info))


class EditTargetModal(Form):
    """Asks what of a target is to change; its key is kept where none is given."""

    def __init__(self, targets: TargetService, guilds: GuildService, guild_id: int, info: TargetInfo) -> None:
        super().__init__(words.EDIT_TITLE)
        self._targets, self._guilds = targets, guilds
        self._guild_id, self._target = guild_id, info.name
        self.name = Line(custom_id="name", default=info.name, max_length=NAME_LIMIT)
        self.url = Line(custom_id="url", default=info.url, max_length=300)
        kept = words.key_kept(info.key_hint)
        self.key = Line(custom_id="key", required=False, placeholder=kept, max_length=300)
        self.add_item(ui.Label(text=words.NAME_LABEL, component=self.name))
        self.add_item(ui.Label(text=words.URL_LABEL, description=words.URL_HELP, component=self.url))
        self.add_item(ui.Label(text=words.KEY_LABEL, description=words.KEY_HELP, component=self.key))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Changes the target, if the user still may, and this is where it belongs."""
        if not await admit(interaction, self._guilds):
            return
        if guild_id(interaction) != self._guild_id:
            raise UsageError(Message(discord_words.OUTDATED), hint=Message(discord_words.OUTDATED_HINT))
        edit = TargetEdit(self.name.value, self.url.value, Secret(self.key.value) if self.key.value.strip() else None)
        async with respond(interaction, is_private=True) as answer:
            info = await self._targets.edit(actor(interaction), self._target, edit)
        await answer.show(cards.changed(info))
