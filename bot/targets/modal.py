"""The form for a target: a stream key must never be an option of a command."""

import discord
from discord import ui

from bot.discord.actor import actor
from bot.discord.forms import Form, Line
from bot.discord.permissions import admit
from bot.discord.responses import respond
from bot.i18n.words import targets as words
from bot.targets import cards
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS
from streaming.redaction.secrets import Secret
from streaming.services.guilds import GuildService
from streaming.services.targets import TargetService


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
