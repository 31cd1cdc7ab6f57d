"""The settings: one frozen object, read once from `config.toml` and the environment; every problem is told at once."""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from streaming.egress import Egress
from streaming.errors import ConfigurationError
from streaming.secrets import Secret, redact, remember
from streaming.signs import visible_signs

ENVIRONMENT_PREFIX = "NONSTOP__"
PLAIN_NAMES = {
    "DISCORD_TOKEN": ("discord", "token"),
    "DATABASE_URL": ("database", "url"),
    "STREAM_TEMP_DIR": ("streaming", "temp_dir"),
    "FFMPEG_TIMEOUT": ("streaming", "operation_timeout_seconds"),
}
"""Variables that hosting platforms and the people on them already use."""
_SECRET_SETTINGS = frozenset({"token", "proxy", "url", "options", "secrets"})
"""What stands there is not repeated when it is wrong."""
_SECRET_OPTION = re.compile("pass|token|cookie|secret|_key|header|proxy")
"""Of yt-dlp."""


class EncodeMode(StrEnum):
    """When a stream's video is encoded again."""

    AUTO = "auto"
    ALWAYS = "always"
    COPY = "copy"


class Section(BaseModel):
    """A table of `config.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DiscordSettings(Section):
    """How the bot reaches Discord."""

    token: SecretStr = SecretStr("")
    dev_guild_id: int | None = None

    def model_post_init(self, _: object, /) -> None:
        """Has the token taken out of every text from here on."""
        remember(Secret(self.token.get_secret_value()))


class DatabaseSettings(Section):
    """Where state is kept; without a URL, an SQLite file in the data folder."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _is_a_database_we_speak(cls, url: str) -> str:
        if url and not url.startswith("sqlite+aiosqlite:///"):
            raise ValueError("is not a database this version can use; it takes sqlite+aiosqlite:///FILE")
        return url


class YouTubeSettings(Section):
    """How YouTube is reached and which formats are asked for."""

    proxy: str = ""
    ca_file: Path | None = None
    cookies_file: Path | None = None
    max_height: Literal[360, 480, 720, 1080] = 720
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("ca_file", "cookies_file")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        if path and not path.is_file():
            raise ValueError(f"names a file that is not there: {path}")
        return path

    def model_post_init(self, _: object, /) -> None:
        """Has the proxy's password, and those among yt-dlp's options, taken out of every text from here on."""
        hidden = [str(value) for name, value in self.options.items() if _SECRET_OPTION.search(name)]
        userinfo = self.proxy.partition("://")[2].rpartition("@")[0]
        for secret in (*hidden, userinfo, userinfo.partition(":")[2]):
            remember(Secret(unquote(secret)))


class StreamingSettings(Section):
    """How streams are made."""

    data_dir: Path = Path("data")
    temp_dir: Path | None = None
    ffmpeg: Path | None = None
    operation_timeout_seconds: float = Field(default=30.0, ge=5, le=600)
    encode: EncodeMode = EncodeMode.AUTO
    profile: str = "720p30"
    lead_seconds: float = Field(default=10.0, ge=2, le=60)

    @field_validator("ffmpeg")
    @classmethod
    def _can_run(cls, path: Path | None) -> Path | None:
        if path and not os.access(path, os.X_OK):
            raise ValueError(f"names no program that can be run: {path}")
        return path

    @field_validator("profile")
    @classmethod
    def _is_known(cls, name: str) -> str:
        from streaming.ffmpeg.profiles import PROFILES  # noqa: PLC0415  (profiles know nothing of settings)

        if name not in PROFILES:
            raise ValueError(f"knows no profile {name!r}; there is {', '.join(PROFILES)}")
        return name


class SecretsSettings(Section):
    """Where the key that encrypts stream keys is kept; without a file, one is made in the data folder."""

    key_file: Path | None = None


class TargetsSettings(Section):
    """Where streams may go, beside public addresses: networks and hosts that are not."""

    allow: list[str] = Field(default_factory=list)

    @field_validator("allow")
    @classmethod
    def _is_a_network_or_host(cls, allow: list[str]) -> list[str]:
        Egress.allowing(allow)
        return allow

    @property
    def egress(self) -> Egress:
        """What judges addresses."""
        return Egress.allowing(self.allow)


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    discord: DiscordSettings = DiscordSettings()
    database: DatabaseSettings = DatabaseSettings()
    youtube: YouTubeSettings = YouTubeSettings()
    streaming: StreamingSettings = StreamingSettings()
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
        """The environment goes before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _chosen_file(os.environ))

    @property
    def database_url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database.url or f"sqlite+aiosqlite:///{self.streaming.data_dir / 'nonstop.db'}"


def load(config: Path | None = None) -> Settings:
    """Reads the settings from `config`, else `NONSTOP_CONFIG`, else `config.toml` where there is one.

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
    """An environment variable of ours that sets nothing is a misspelt one; pydantic would pass over it."""
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
    """How a sentence about an unknown name ends."""
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


def complain(error: ConfigurationError) -> None:
    """Prints each problem on a line of its own to standard error."""
    for problem in error.problems:
        print(f"nonstop: {visible_signs(redact(problem))}", file=sys.stderr)  # noqa: T201  (there is no log yet)
    if error.hint:
        print(f"nonstop: {error.hint}", file=sys.stderr)  # noqa: T201
