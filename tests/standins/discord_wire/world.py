"""What exists on the stand-in's Discord: accounts, guilds, channels and messages, and their JSON."""

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from discord import Permissions

from tests.standins.discord_wire.refusals import EMPTY_MESSAGE, RestError, invalid_form

# As it comes off the wire: what is in it is checked by limits.py and command_limits.py, not by types.
Json: TypeAlias = dict[str, Any]
Files: TypeAlias = Mapping[str, "Upload"]

EPHEMERAL = 1 << 6
LOADING = 1 << 7

_EPOCH_MS = 1_420_070_400_000
_OWN_FILE = "attachment://"
_MOST_ATTACHMENTS, _MOST_ATTACHED_BYTES = 10, 10 * 1024 * 1024
_counter = itertools.count()


def new_id(ago_seconds: float = 0.0) -> int:
    """A snowflake of this moment, or one past: discord.py reads the age of an interaction from it."""
    return (int((time.time() - ago_seconds) * 1000) - _EPOCH_MS) << 22 | (next(_counter) & 0xFFF)


def age_seconds(snowflake: int) -> float:
    """How old what has this id is."""
    return time.time() - ((snowflake >> 22) + _EPOCH_MS) / 1000


def now_text() -> str:
    """This moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a bot."""

    name: str
    is_bot: bool = False
    id: int = field(default_factory=new_id)

    def to_json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
            "bot": self.is_bot,
        }

    def member_json(self, permissions: Permissions | None = None) -> Json:
        member: Json = {"user": self.to_json(), "roles": [], "joined_at": now_text(), "flags": 0}
        if permissions is not None:
            member["permissions"] = str(permissions.value)
        return member


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a message."""

    name: str
    content: bytes


@dataclass(eq=False, slots=True)
class Message:
    """A message as it stands; `flags` and `attachments` are Discord's."""

    channel: "Channel"
    author: Account
    flags: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    allowed_mentions: Json | None = None
    nonce: str | None = None
    created_at: str = field(default_factory=now_text)
    edited_at: str | None = None
    id: int = field(default_factory=new_id)

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & LOADING)

    def snapshot(self) -> "Message":
        """The message as it is now; the lists inside are replaced by edits, never changed."""
        return replace(self)

    def apply(self, data: Json, files: Files) -> None:
        """Take over what `data` names and leave the rest, as create and edit do; an empty message is refused."""
        self.content = (data["content"] or "") if "content" in data else self.content
        self.embeds = (data["embeds"] or []) if "embeds" in data else self.embeds
        self.components = (data["components"] or []) if "components" in data else self.components
        self.allowed_mentions = data.get("allowed_mentions")
        self._attach(data.get("attachments"), files)
        self.flags = (self.flags | int(data.get("flags") or 0)) & ~LOADING
        if not (self.content or self.embeds or self.components or self.attachments):
            raise RestError(400, EMPTY_MESSAGE, "Cannot send an empty message")
        self._check_pictures()

    def to_json(self) -> Json:
        return {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": 0,
            "author": self.author.to_json(),
            "content": self.content,
            "embeds": [self._with_addresses(embed) for embed in self.embeds],
            "components": self.components,
            "attachments": [a for a in self.attachments if a["filename"] not in self._shown()],
            "flags": self.flags,
            "timestamp": self.created_at,
            "edited_timestamp": self.edited_at,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
        } | ({"nonce": self.nonce} if self.nonce else {})

    def _shown(self) -> set[str]:
        """The files that an embed shows: Discord lists them no more, and gives them addresses."""
        pictures = (embed.get(part, {}).get("url", "") for embed in self.embeds for part in ("image", "thumbnail"))
        return {url.removeprefix(_OWN_FILE) for url in pictures if url.startswith(_OWN_FILE)}

    def _with_addresses(self, embed: Json) -> Json:
        urls = {_OWN_FILE + attachment["filename"]: attachment["url"] for attachment in self.attachments}
        parts = {part: embed[part] for part in ("image", "thumbnail") if part in embed}
        return embed | {part: each | {"url": urls.get(each["url"], each["url"])} for part, each in parts.items()}

    def _attach(self, wanted: list[Json] | None, files: Files) -> None:
        """Keep the attachments that an edit names again (without a list: all); new files are named by their index."""
        old = {attachment["id"]: attachment for attachment in self.attachments}
        kept = list(old.values()) if wanted is None else [old[str(a["id"])] for a in wanted if str(a["id"]) in old]
        announced = {f"files[{a['id']}]" for a in wanted or [] if str(a["id"]) not in old}
        if announced - set(files):
            raise invalid_form([f"attachments names {sorted(announced - set(files))}, which were not uploaded"])
        for upload in files.values():
            self.files[upload.name] = upload.content
            kept.append(_attachment_json(upload))
        if problems := list(attachments_problems(kept)):
            raise invalid_form(problems)
        self.attachments = kept

    def _check_pictures(self) -> None:
        """An embed may show a file of its own message; Discord shows nothing when the name is wrong."""
        names = {attachment["filename"] for attachment in self.attachments}
        if lost := self._shown() - names:
            raise invalid_form([f"embed shows {sorted(lost)}, but the message carries {sorted(names)}"])


@dataclass(eq=False, slots=True)
class Channel:
    """A text channel; `bot_permissions` is what the bot may do there."""

    guild: "Guild"
    name: str
    bot_permissions: Permissions
    messages: dict[int, Message] = field(default_factory=dict)
    id: int = field(default_factory=new_id)

    def add_message(self, author: Account, *, ago_seconds: float = 0.0) -> Message:
        """A message somebody wrote so long ago."""
        message = Message(self, author, content="Hello", id=new_id(ago_seconds))
        self.messages[message.id] = message
        return message

    def to_json(self) -> Json:
        allowed = self.bot_permissions.value
        denied = Permissions.all().value & ~allowed
        overwrite = {"id": str(self.guild.bot.id), "type": 1, "allow": str(allowed), "deny": str(denied)}
        return {
            "id": str(self.id),
            "type": 0,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "permission_overwrites": [overwrite],
        }


@dataclass(eq=False, slots=True)
class Guild:
    """A server the bot has joined."""

    name: str
    bot: Account
    owner: Account
    channels: list[Channel] = field(default_factory=list)
    id: int = field(default_factory=new_id)

    def add_channel(self, name: str, *, bot_permissions: Permissions | None = None) -> Channel:
        """A text channel in which the bot may do everything, unless told otherwise. Add it before the bot connects."""
        channel = Channel(self, name, Permissions.all() if bot_permissions is None else bot_permissions)
        self.channels.append(channel)
        return channel

    def to_json(self) -> Json:
        everyone = {"id": str(self.id), "name": "@everyone", "permissions": "0", "position": 0}
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "unavailable": False,
            "member_count": 2,
            "roles": [everyone],
            "channels": [channel.to_json() for channel in self.channels],
            "members": [self.bot.member_json()],
            "preferred_locale": "en-US",
        }


@dataclass(slots=True)
class World:
    """All there is on this Discord."""

    bot: Account
    owner: Account
    guilds: list[Guild] = field(default_factory=list)
    people: list[Account] = field(default_factory=list)

    def guild(self, guild_id: int) -> Guild | None:
        return next((guild for guild in self.guilds if guild.id == guild_id), None)

    def channel(self, channel_id: int) -> Channel | None:
        return next((channel for guild in self.guilds for channel in guild.channels if channel.id == channel_id), None)

    def account(self, account_id: int) -> Account | None:
        everybody = [self.bot, self.owner, *self.people]
        return next((account for account in everybody if account.id == account_id), None)


def attachments_problems(attachments: list[Json]) -> Iterator[str]:
    """What breaks Discord's limits on the files of one message."""
    if len(attachments) > _MOST_ATTACHMENTS:
        yield f"{len(attachments)} attachments, at most {_MOST_ATTACHMENTS}"
    if sum(attachment["size"] for attachment in attachments) > _MOST_ATTACHED_BYTES:
        yield f"attachments of more than {_MOST_ATTACHED_BYTES} bytes"


def _attachment_json(upload: Upload) -> Json:
    url = f"http://127.0.0.1/attachments/{upload.name}"
    return {"id": str(new_id()), "filename": upload.name, "size": len(upload.content), "url": url, "proxy_url": url}
