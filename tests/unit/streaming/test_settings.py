"""Settings: where they come from, and every problem told at once."""

from pathlib import Path

import pytest

from streaming.model.errors import ConfigurationError
from streaming.model.states import EncodeMode
from streaming.settings import load, print_problems

NAMES = ("NONSTOP_CONFIG", "DISCORD_TOKEN", "DATABASE_URL", "STREAM_TEMP_DIR", "FFMPEG_TIMEOUT")


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is chosen once it is written."""
    path = tmp_path / "my.toml"
    path.touch()
    monkeypatch.setenv("NONSTOP_CONFIG", str(path))
    return path


def problems() -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refusal:
        load()
    return refusal.value.problems


def test_nothing_set_is_enough() -> None:
    settings = load()
    assert settings.database_url == "sqlite+aiosqlite:///data/nonstop.db"
    assert settings.streaming.encode is EncodeMode.AUTO
    assert not settings.discord.token.get_secret_value()


def test_file_in_the_working_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[youtube]\nmax_height = 480\n")
    assert load().youtube.max_height == 480


def test_file_given_by_option_wins(tmp_path: Path, config: Path) -> None:
    config.write_text("[youtube]\nmax_height = 480\n")
    other = tmp_path / "other.toml"
    other.write_text("[youtube]\nmax_height = 1080\n")
    assert load(other).youtube.max_height == 1080


def test_environment_goes_before_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[streaming]\nprofile = '480p30'\nlead_seconds = 5\n")
    monkeypatch.setenv("NONSTOP__STREAMING__PROFILE", "1080p30")
    settings = load()
    assert (settings.streaming.profile, settings.streaming.lead_seconds) == ("1080p30", 5)


def test_plain_names_of_hosting_platforms_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(
        NAMES[1:], ("the-token", f"sqlite+aiosqlite:///{tmp_path}/x.db", str(tmp_path), "12"), strict=True
    ):
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.discord.token.get_secret_value() == "the-token"
    assert settings.database_url.endswith("/x.db")
    assert settings.streaming.temp_dir == tmp_path
    assert settings.streaming.operation_timeout_seconds == 12


def test_every_problem_is_told_at_once_with_the_nearest_name(config: Path) -> None:
    config.write_text(
        "[streaming]\nprofle = '720p30'\nlead_seconds = 1\n[youtub]\nx = 1\n[youtube]\nmax_height = 721\n"
    )
    told = problems()
    assert len(told) == 4
    assert "There is no setting streaming.profle; did you mean streaming.profile?" in told
    assert "There is no setting youtub; did you mean youtube?" in told
    assert any(problem.startswith("streaming.lead_seconds") and "1" in problem for problem in told)
    assert any(problem.startswith("youtube.max_height") and "721" in problem for problem in told)


def test_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONSTOP__YOUTUBE__MAX_HIGHT", "720")
    assert problems() == ("NONSTOP__YOUTUBE__MAX_HIGHT sets nothing; did you mean NONSTOP__YOUTUBE__MAX_HEIGHT?",)


def test_yt_dlp_options_pass_through_unchecked(config: Path) -> None:
    config.write_text("[youtube.options]\nsource_address = '127.0.0.1'\n")
    assert load().youtube.options == {"source_address": "127.0.0.1"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[streaming", "is not valid TOML"),
        ("[streaming]\nprofile = '721p'", "is not a known profile: '721p'; available: 480p30, 720p30, 1080p30"),
        ("[streaming]\nffmpeg = '/nope/ffmpeg'", "names a program that cannot be run: /nope/ffmpeg"),
        ("[youtube]\nca_file = '/nope/ca.pem'", "names a file that does not exist: /nope/ca.pem"),
        ("[database]\nurl = 'postgresql://x'", "is not a database this version supports"),
    ],
)
def test_broken_setting_says_what_is_wrong(config: Path, text: str, problem: str) -> None:
    config.write_text(text)
    (told,) = problems()
    assert problem in told


def test_missing_file_is_told_when_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONSTOP_CONFIG", str(tmp_path / "nope.toml"))
    assert problems() == (f"There is no configuration file {tmp_path / 'nope.toml'}.",)


def test_token_is_never_quoted(config: Path) -> None:
    config.write_text("[discord]\ntoken = 12345678901234\n")
    assert "12345678901234" not in str(problems())
    config.write_text("[discord]\ntoken = 'planted-token'\n")
    assert "planted-token" not in repr(load())


def test_problems_are_printed_a_line_each(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text("[streaming]\nlead_seconds = 1\n[youtube]\nmax_height = 721\n")
    with pytest.raises(ConfigurationError) as refusal:
        load()
    print_problems(refusal.value)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("nonstop: ") for line in lines)
