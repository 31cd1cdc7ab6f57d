"""One frozen object, read once from `config.toml` and the environment, with all problems reported at once."""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast
from urllib.parse import unquote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from streaming.model.errors import ConfigurationError
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.model.text import visible_signs
from streaming.network.egress import Egress
from streaming.redaction.secrets import Secret, redact, remember

ENVIRONMENT_PREFIX = "NONSTOP__"
PLAIN_NAMES = {
    "DISCORD_TOKEN": ("discord", "token"),
    "DATABASE_URL": ("database", "url"),
    "STREAM_TEMP_DIR": ("streaming", "temp_dir"),
    "FFMPEG_TIMEOUT": ("streaming", "operation_timeout_seconds"),
}
"""Variables that hosting platforms and their users already set."""
_SECRET_SETTINGS = frozenset({"token", "proxy", "url", "options", "secrets"})
"""Error messages hide the values of these settings."""
_SECRET_OPTION = re.compile("pass|token|cookie|secret|_key|header|proxy")
"""yt-dlp options with secret values."""


CONSOLE_GUILD_ID = 0
"""Owns the streams and targets of the console, and so the operator's. No guild on Discord has this id."""


class Section(BaseModel):
    """A table of `config.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _existing(path: Path | None) -> Path | None:
    if path and not path.is_file():
        raise ValueError(f"names a file that does not exist: {path}")
    return path


def _split(ids: object) -> object:
    """Splits ids from the environment at commas; surrounding brackets are allowed."""
    return ids.strip("[] ").replace(",", " ").split() if isinstance(ids, str) else ids


Guilds = Annotated[frozenset[Annotated[int, Field(ge=1)]], NoDecode, BeforeValidator(_split)]
"""Ids of guilds."""


class DiscordSettings(Section):
    """How the bot reaches Discord, and which guilds it serves."""

    token: SecretStr = SecretStr("")
    dev_guild_id: int | None = None
    guilds: Guilds = frozenset()
    """Empty: every guild that adds the bot."""

    def serves(self, guild_id: int) -> bool:
        return not self.guilds or guild_id in self.guilds or guild_id in (self.dev_guild_id, CONSOLE_GUILD_ID)

    def model_post_init(self, _: object, /) -> None:
        """Registers the token for redaction."""
        remember(Secret(self.token.get_secret_value()))


class DatabaseSettings(Section):
    """The database; without a URL, an SQLite file in the data folder."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _is_a_database_we_speak(cls, url: str) -> str:
        if url and not url.startswith("sqlite+aiosqlite:///"):
            raise ValueError("is not a database this version supports; use sqlite+aiosqlite:///FILE")
        return url


_ACCOUNT_OPTIONS = frozenset(
    {"cookiefile", "cookiesfrombrowser", "username", "password", "usenetrc", "netrc_location", "netrc_cmd"}
)
_ACCOUNT_HEADERS = frozenset({"cookie", "authorization"})
"""Headers that log yt-dlp in."""


class YouTubeSettings(Section):
    """How YouTube is reached, and which formats are requested."""

    proxy: str = ""
    ca_file: Path | None = None
    cookies_file: Path | None = None
    account_guilds: Guilds = frozenset()
    max_height: Literal[360, 480, 720, 1080] = 720
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("ca_file", "cookies_file")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        return _existing(path)

    def model_post_init(self, _: object, /) -> None:
        """Registers the proxy's password, and those among yt-dlp's options, for redaction."""
        hidden = [str(value) for name, value in self.options.items() if _SECRET_OPTION.search(name)]
        userinfo = self.proxy.partition("://")[2].rpartition("@")[0]
        for secret in (*hidden, userinfo, userinfo.partition(":")[2]):
            remember(Secret(unquote(secret)))

    def may_use_account(self, guild_id: int) -> bool:
        """Whether a guild's requests to YouTube may use the operator's account."""
        return guild_id in self.account_guilds or guild_id == CONSOLE_GUILD_ID

    @property
    def has_account(self) -> bool:
        """Whether the settings hold an account."""
        return self != self.without_account()

    def without_account(self) -> Self:
        """The same settings without the account."""
        options = {name: value for name, value in self.options.items() if name not in _ACCOUNT_OPTIONS}
        if headers := options.get("http_headers"):
            options["http_headers"] = {k: v for k, v in headers.items() if k.lower() not in _ACCOUNT_HEADERS}
        return self.model_copy(update={"cookies_file": None, "options": options})


class LimitsSettings(Section):
    """Limits of one guild; `encodes_per_engine` is the limit of all together."""

    streams_on_air: int = Field(default=10, ge=1)
    streams: int = Field(default=100, ge=1)
    targets: int = Field(default=25, ge=1)
    playlists: int = Field(default=100, ge=1)
    panels: int = Field(default=25, ge=1)
    target_tests_per_minute: int = Field(default=6, ge=1)
    playlist_refreshes_per_minute: int = Field(default=6, ge=1)
    previews_per_minute: int = Field(default=30, ge=1)
    encodes: int = Field(default=4, ge=1)
    encodes_per_engine: int = Field(default_factory=lambda: max(3, (os.cpu_count() or 1) * 3 // 2), ge=1)


class StreamingSettings(Section):
    """How streams are produced."""

    data_dir: Path = Path("data")
    temp_dir: Path | None = None
    ffmpeg: Path | None = None
    ingest_ca_file: Path | None = None
    feeder_memory_mb: int = Field(default=2048, ge=256, le=1 << 20)
    operation_timeout_seconds: float = Field(default=30.0, ge=5, le=600)
    encode: EncodeMode = EncodeMode.AUTO
    profile: str = "720p30"
    lead_seconds: float = Field(default=10.0, ge=2, le=60)

    @field_validator("ingest_ca_file")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        return _existing(path)

    @field_validator("ffmpeg")
    @classmethod
    def _can_run(cls, path: Path | None) -> Path | None:
        if path and not os.access(path, os.X_OK):
            raise ValueError(f"names a program that cannot be run: {path}")
        return path

    @field_validator("profile")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in PROFILES:
            raise ValueError(f"is not a known profile: {name!r}; available: {', '.join(PROFILES)}")
        return name


class SecretsSettings(Section):
    """The file of the key that encrypts stream keys; by default one in the data folder."""

    key_file: Path | None = None


class TargetsSettings(Section):
    """Networks and hosts that streams may go to beside public addresses."""

    allow: list[str] = Field(default_factory=list)

    @field_validator("allow")
    @classmethod
    def _is_a_network_or_host(cls, allow: list[str]) -> list[str]:
        Egress.allowing(allow)
        return allow

    @property
    def egress(self) -> Egress:
        return Egress.allowing(self.allow)


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    discord: DiscordSettings = DiscordSettings()
    database: DatabaseSettings = DatabaseSettings()
    youtube: YouTubeSettings = YouTubeSettings()
    streaming: StreamingSettings = StreamingSettings()
    limits: LimitsSettings = LimitsSettings()
    secrets: SecretsSettings = SecretsSettings()
    targets: TargetsSettings = TargetsSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Gives the environment precedence over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _chosen_file(os.environ))

    @property
    def database_url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database.url or f"sqlite+aiosqlite:///{self.streaming.data_dir / 'nonstop.db'}"


def load(config: Path | None = None) -> Settings:
    """Reads the settings from `config`, else `NONSTOP_CONFIG`, else `config.toml` if it exists.

    Raises ConfigurationError with every problem found.
    """
    if config:
        os.environ["NONSTOP_CONFIG"] = str(config)
    problems = list(_unreadable_file(os.environ)) or list(_unknown_variables(os.environ))
    if problems:
        raise ConfigurationError(*problems)
    try:
        return Settings(**cast("dict[str, Any]", _plain_values(os.environ)))
    except ValidationError as error:
        raise ConfigurationError(*map(_sentence, error.errors())) from None


def _chosen_file(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("NONSTOP_CONFIG") or "config.toml")


def _unreadable_file(environment: Mapping[str, str]) -> Iterator[str]:
    path = _chosen_file(environment)
    if not path.exists():
        if "NONSTOP_CONFIG" in environment:
            yield f"There is no configuration file {path}."
        return
    try:
        tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        yield f"{path} cannot be read: {error}."
    except tomllib.TOMLDecodeError as error:
        yield f"{path} is not valid TOML: {error}."


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Reports misspelt variables with our prefix, which pydantic ignores."""
    known = [f"{ENVIRONMENT_PREFIX}{key.replace('.', '__').upper()}" for key in _known_keys()]
    for name in environment:
        takes_any = name.startswith(f"{ENVIRONMENT_PREFIX}YOUTUBE__OPTIONS")
        if name.startswith(ENVIRONMENT_PREFIX) and name not in known and not takes_any:
            yield f"{name} sets nothing{_nearest(name, known)}"


def _plain_values(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for name, (section, key) in PLAIN_NAMES.items():
        if environment.get(name):
            values.setdefault(section, {})[key] = environment[name]
    return values


def _known_keys() -> list[str]:
    """Every setting as `section.key`."""
    sections = {name: cast("type[Section]", field.annotation) for name, field in Settings.model_fields.items()}
    return [f"{name}.{key}" for name, section in sections.items() for key in section.model_fields]


def _nearest(name: str, known: list[str]) -> str:
    """The end of a sentence about an unknown name."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else "."


def _sentence(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = _known_keys() if "." in key else list(Settings.model_fields)
        return f"There is no setting {key}{_nearest(key, known)}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{key} {message}." if error["type"] == "value_error" else f"{key}: {message} (it is {_shown(error)})."


def _shown(error: ErrorDetails) -> str:
    return "hidden" if _SECRET_SETTINGS.intersection(error["loc"]) else repr(error["input"])


def print_problems(error: ConfigurationError) -> None:
    """Prints each problem on a line of its own to standard error."""
    for problem in error.problems:
        print(f"nonstop: {visible_signs(redact(problem))}", file=sys.stderr)  # noqa: T201  (there is no log yet)
    if error.hint:
        print(f"nonstop: {error.hint}", file=sys.stderr)  # noqa: T201
