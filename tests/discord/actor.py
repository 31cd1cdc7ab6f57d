"""People in a simulated Discord, as thin as can be, so that what simulates it can be exchanged."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discord import Embed, Permissions

from bot.cards.basic import is_failure


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody saw after a command: the last card, whether only they see it, and the form if there is one."""

    card: Embed
    is_private: bool
    is_only_message: bool
    files: Mapping[str, int]
    """The names of what came with it, and their sizes in bytes."""

    @property
    def text(self) -> str:
        """All words of the card."""
        fields = [f"{field.name}: {field.value}" for field in self.card.fields]
        return "\n".join([self.card.title or "", self.card.description or "", *fields])

    @property
    def is_failure(self) -> bool:
        """Whether the card tells of something that did not work."""
        return is_failure(self.card)


class Person:
    """A member of a guild with a channel of their own to type in."""

    def __init__(
        self,
        env: Any,
        guild: Any,
        name: str,
        *,
        may_manage: bool = True,
        roles: Sequence[Any] = (),
        locale: str = "en-US",
    ) -> None:
        """`locale` is what this person reads Discord in."""
        managing = [guild.create_role(f"{name}s", permissions=Permissions(manage_guild=True))] if may_manage else []
        self.guild_id: int = guild.id
        self._env = env
        self._channel = guild.create_text_channel(f"{name}-room")
        self._actor = guild.add_member(env.create_user(name), roles=[*managing, *roles])
        if locale != "en-US":
            _tell_locale(env, self._actor.id, locale)

    async def slash(self, command: str, /, **options: object) -> Answer:
        """Uses a command to its end."""
        return self.seen(await self._actor.slash(self._channel, command, **options))

    async def fill(self, command: str, values: dict[str, str], /, **options: object) -> Answer:
        """Uses a command that opens a form, and fills that in."""
        return await self.submit(await self.open_form(command, **options), values)

    async def open_form(self, command: str, /, **options: object) -> Any:
        """Uses a command that opens a form, to be filled in later."""
        return await self._actor.slash(self._channel, command, **options)

    async def submit(self, form: Any, values: dict[str, str]) -> Answer:
        """Fills in a form that is open."""
        return self.seen(await self._actor.submit_modal(form, values))

    async def form(self, command: str, /, **options: object) -> dict[str, Any]:
        """Uses a command that opens a form, and returns the form."""
        asked = await self.open_form(command, **options)
        assert asked.modal is not None
        return dict(asked.modal)

    async def press(self, message: Any, custom_id: str) -> Any:
        """Presses a button of a message; what comes may be a form, or is to be `seen`."""
        return await self._actor.click(message, custom_id=custom_id)

    async def choose(self, answer: Any, custom_id: str, value: str) -> Any:
        """Chooses from a list that came as an answer."""
        return await self._actor.select(answer.response, [value], custom_id=custom_id)

    async def click(self, message: Any, button: str) -> Answer:
        """Presses a button to the end of what it does."""
        return self.seen(await self._actor.click(message, custom_id=button))

    async def ask(self, message: Any, button: str) -> Any:
        """Presses a button that asks something back, and returns the question to press buttons of."""
        return (await self._actor.click(message, custom_id=button)).response

    async def write(self, channel: Any, *lines: str) -> None:
        """Writes into a channel."""
        for line in lines:
            await self._actor.send(channel, line)

    async def suggestions(self, command: str, option: str, typed: str) -> list[str]:
        """What Discord offers while typing."""
        return [choice["value"] for choice in await self._offered(command, option, typed)]

    async def suggested_names(self, command: str, option: str, typed: str) -> list[str]:
        """What this person reads of it."""
        return [choice["name"] for choice in await self._offered(command, option, typed)]

    async def _offered(self, command: str, option: str, typed: str) -> list[dict[str, Any]]:
        return list(await self._actor.autocomplete(self._channel, command, option, typed))

    def seen(self, result: Any) -> Answer:
        """What this person sees of an answer."""
        messages = [message for message in (result.response, *result.followups) if message is not None]
        (card,) = messages[-1].embeds
        assert not messages[-1].content
        if is_failure(card):
            _ = self._env.errors  # told to the person, so no surprise; reading them says so
        files = {file.filename: file.size for file in messages[-1].attachments}
        return Answer(card, messages[-1].ephemeral, len(messages) == 1, files)


def _tell_locale(env: Any, person_id: int, locale: str) -> None:
    """What SimCord leaves out: it has everybody read English."""
    emit = env.backend.emit

    def emit_with_locale(event: str, payload: Any, **more: Any) -> Any:
        if event == "INTERACTION_CREATE" and payload["member"]["user"]["id"] == str(person_id):
            guild = env.backend.get_guild(int(payload["guild_id"]))
            payload = {**payload, "locale": locale, "guild_locale": guild.preferred_locale}
        return emit(event, payload, **more)

    env.backend.emit = emit_with_locale


def cards_sent(env: Any) -> list[dict[str, Any]]:
    """Every card the bot showed, in order."""
    bodies = [entry.json for entry in env.http_requests if isinstance(entry.json, dict)]
    return [card for body in bodies for card in body.get("data", body).get("embeds", [])]


async def shown(env: Any, words: str) -> None:
    """Waits until a card with these words was shown."""
    async with asyncio.timeout(10):
        while not any(words in str(card) for card in cards_sent(env)):
            await asyncio.sleep(0.01)  # the simulation has no event to wait for
