"""Column types that several tables share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, Enum, String, TypeDecorator
from sqlmodel import Field

from streaming.model.message import Message, decode, encode

_Choice = TypeVar("_Choice", bound=StrEnum)


def now() -> datetime:
    """The current time, as rows are dated."""
    return datetime.now(UTC)


def one_of(choices: type[_Choice], **options: Any) -> Any:  # noqa: ANN401  (what Field itself returns)
    """A column that holds one of the values as text, checked by the database."""
    kind = Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=choices.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=kind, **options)


def discord_id(**options: Any) -> Any:  # noqa: ANN401
    """A column for a Discord id, which has 64 bits."""
    return Field(sa_type=BigInteger, **options)


class _MessageText(TypeDecorator[Message]):
    """Stores a message with its code and values. Rows from before messages had codes hold their text alone."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else encode(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Message | None:
        return None if value is None else decode(value)


def message(**options: Any) -> Any:  # noqa: ANN401
    """A column that holds a message for people."""
    return Field(sa_type=_MessageText, **options)
