"""One interaction from the press of a key to the last edit of its answer, held to Discord's rules and deadlines."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from tests.standins.discord_wire.limits import choices_problems, message_problems, modal_problems
from tests.standins.discord_wire.record import Record
from tests.standins.discord_wire.refusals import (
    ALREADY_ACKNOWLEDGED,
    EXPIRED_TOKEN,
    INVALID_FORM_BODY,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    RestError,
    check,
)
from tests.standins.discord_wire.world import (
    EPHEMERAL,
    LOADING,
    Account,
    Channel,
    Files,
    Json,
    Message,
    new_id,
    now_text,
)


class InteractionType(IntEnum):
    """Discord's numbers for what a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class AnswerKind(StrEnum):
    """How the bot acknowledged an interaction."""

    UNANSWERED = "unanswered"
    MESSAGE = "message"
    DEFERRED = "deferred"
    DEFERRED_UPDATE = "deferred update"
    UPDATE = "update"
    CHOICES = "choices"
    MODAL = "modal"


_KINDS = {
    4: AnswerKind.MESSAGE,
    5: AnswerKind.DEFERRED,
    6: AnswerKind.DEFERRED_UPDATE,
    7: AnswerKind.UPDATE,
    8: AnswerKind.CHOICES,
    9: AnswerKind.MODAL,
}
_UPDATES = {AnswerKind.DEFERRED_UPDATE, AnswerKind.UPDATE}
_ALLOWED_KINDS = {
    InteractionType.COMMAND: {AnswerKind.MESSAGE, AnswerKind.DEFERRED, AnswerKind.MODAL},
    InteractionType.COMPONENT: {AnswerKind.MESSAGE, AnswerKind.DEFERRED, AnswerKind.MODAL, *_UPDATES},
    InteractionType.AUTOCOMPLETE: {AnswerKind.CHOICES},
    InteractionType.MODAL_SUBMIT: {AnswerKind.MESSAGE, AnswerKind.DEFERRED, *_UPDATES},
}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a bot may take: to acknowledge, and to use an interaction's token."""

    acknowledge_seconds: float = 3.0
    token_seconds: float = 900.0


@dataclass(eq=False, slots=True)
class Exchange:
    """What a person did and what the bot made of it. `source` is the message whose button or modal was used."""

    what: str
    type: InteractionType
    person: Account
    channel: Channel
    bot: Account
    record: Record
    deadlines: Deadlines
    source: Message | None = None
    option_type: int = 3
    kind: AnswerKind = AnswerKind.UNANSWERED
    acked_after_seconds: float | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    edits: list[Message] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    original: Message | None = None
    id: int = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    sent_at: float = field(default_factory=time.monotonic)

    @property
    def message(self) -> Message:
        """The answer as it stands now; a deferred one is `is_loading` until its first edit."""
        if self.original is None:
            raise LookupError(f"{self.what} has no message: {self.kind}")
        return self.original

    @property
    def ephemeral(self) -> bool:
        return self.message.is_ephemeral

    @property
    def is_answered(self) -> bool:
        return self.kind is not AnswerKind.UNANSWERED

    async def until(self, is_true: Callable[["Exchange"], bool], *, timeout_seconds: float) -> "Exchange":
        """Wait until the exchange is as wanted; TimeoutError carries the transcript."""
        await self.record.until(lambda: is_true(self), timeout_seconds=timeout_seconds)
        return self

    def answer(self, number: int, data: Json, files: Files) -> None:
        """The callback: `number` is Discord's response type."""
        self._check_in_time()
        kind = _KINDS.get(number)
        if kind not in _ALLOWED_KINDS[self.type] or (kind in _UPDATES and self.source is None):
            raise RestError(400, INVALID_FORM_BODY, f"{self.what} cannot be answered with type {number}")
        assert kind is not None
        self._take(kind, data, files)
        self.kind = kind
        self.acked_after_seconds = self._age_seconds()

    def edit(self, message: Message, data: Json, files: Files) -> Message:
        """Change a message of this exchange's; being ephemeral is settled when it is first answered."""
        self._check_token()
        check(message_problems(data))
        if int(data.get("flags") or 0) & EPHEMERAL and not message.is_ephemeral:
            raise RestError(400, INVALID_FORM_BODY, "a public answer cannot become ephemeral")
        message.apply(data, files)
        message.edited_at = now_text()
        self.edits.append(message.snapshot())
        return message

    def follow_up(self, data: Json, files: Files) -> Message:
        """A further message; the first one after a deferral takes the place of what is loading."""
        self._check_token()
        if self.original is not None and self.original.is_loading:
            return self.edit(self.original, data, files)
        check(message_problems(data))
        message = self._new_message(data, files)
        self.followups.append(message)
        return message

    def own_message(self, message_id: str) -> Message:
        """The message a webhook route means: `@original` or an id of this exchange's."""
        self._check_token()
        mine = [message for message in (self.original, *self.followups) if message is not None]
        for message in mine:
            if message_id in {str(message.id), "@original" if message is self.original else ""}:
                return message
        raise RestError(404, UNKNOWN_MESSAGE, "Unknown Message")

    def delete(self, message: Message) -> None:
        self.channel.messages.pop(message.id, None)
        if message is self.original:
            self.original = None
        else:
            self.followups.remove(message)

    def callback_json(self) -> Json:
        """What `with_response` asks for."""
        about: Json = {"id": str(self.id), "type": int(self.type)}
        if self.original is None:
            return {"interaction": about}
        about["response_message_id"] = str(self.original.id)
        about["response_message_loading"] = self.original.is_loading
        about["response_message_ephemeral"] = self.original.is_ephemeral
        number = next(number for number, kind in _KINDS.items() if kind is self.kind)
        return {"interaction": about, "resource": {"type": number, "message": self.original.to_json()}}

    def _take(self, kind: AnswerKind, data: Json, files: Files) -> None:
        if kind is AnswerKind.CHOICES:
            check(choices_problems(data["choices"], self.option_type))
            self.choices = data["choices"]
        elif kind is AnswerKind.MODAL:
            check(modal_problems(data))
            self.modal = data
        elif kind in _UPDATES:
            check(message_problems(data))
            self.original = self.source
            if kind is AnswerKind.UPDATE:
                self._update_source(data, files)
        else:
            check(message_problems(data))
            self.original = self._loading(data) if kind is AnswerKind.DEFERRED else self._new_message(data, files)

    def _update_source(self, data: Json, files: Files) -> None:
        assert self.source is not None
        self.source.apply(data, files)
        self.source.edited_at = now_text()
        self.edits.append(self.source.snapshot())

    def _loading(self, data: Json) -> Message:
        if set(data) - {"flags"}:
            raise RestError(400, INVALID_FORM_BODY, f"a deferral carries {sorted(data)}, only flags allowed")
        return self._keep(Message(self.channel, self.bot, flags=int(data.get("flags") or 0) & EPHEMERAL | LOADING))

    def _new_message(self, data: Json, files: Files) -> Message:
        message = Message(self.channel, self.bot)
        message.apply(data, files)
        return self._keep(message)

    def _keep(self, message: Message) -> Message:
        if not message.is_ephemeral:
            self.channel.messages[message.id] = message
        return message

    def _check_in_time(self) -> None:
        if self.is_answered:
            raise RestError(400, ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
        if self._age_seconds() > self.deadlines.acknowledge_seconds:
            raise RestError(404, UNKNOWN_INTERACTION, "Unknown interaction")

    def _check_token(self) -> None:
        if not self.is_answered:
            raise RestError(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        if self._age_seconds() > self.deadlines.token_seconds:
            raise RestError(401, EXPIRED_TOKEN, "Invalid Webhook Token")

    def _age_seconds(self) -> float:
        return time.monotonic() - self.sent_at
