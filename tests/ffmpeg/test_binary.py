"""Which FFmpeg is used, and what is said when it cannot be."""

from pathlib import Path

import imageio_ffmpeg
import pytest

from streaming.ffmpeg import binary
from streaming.model.errors import ConfigurationError
from streaming.settings import StreamingSettings


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_one_that_was_installed_with_us_is_used_when_none_is_named() -> None:
    assert binary.find(StreamingSettings()) == imageio_ffmpeg.get_ffmpeg_exe()


def test_the_one_that_is_named_is_used(tmp_path: Path) -> None:
    mine = tmp_path / "my ffmpeg"
    mine.symlink_to(imageio_ffmpeg.get_ffmpeg_exe())

    assert binary.find(StreamingSettings(ffmpeg=mine)) == str(mine)


def test_its_version_is_known() -> None:
    assert binary.version(imageio_ffmpeg.get_ffmpeg_exe())[0].isdigit()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#!/bin/sh\nexit 1\n", "does not start"),
        ("#!/nowhere/sh\n", "does not start"),
        ("#!/bin/sh\necho hello\n", "is not FFmpeg"),
        ("#!/bin/sh\necho 'ffmpeg version 8.1.3-0+deb14u1 Copyright (c) 2000-2026'\n", "version 9 is needed"),
        ("#!/bin/sh\necho 'ffmpeg version n7.0.2 Copyright'\n", "version 9 is needed"),
        ("#!/bin/sh\necho 'ffmpeg version N-118193-g5f38c82536'; echo 'libavformat    61.  9.107'\n", "is needed"),
        ("#!/bin/sh\necho 'ffmpeg version N-118193-g5f38c82536'\n", "version 9 is needed"),
    ],
)
def test_one_that_is_no_good_is_refused_in_one_sentence(tmp_path: Path, text: str, problem: str) -> None:
    broken = script(tmp_path / "ffmpeg", text)

    with pytest.raises(ConfigurationError, match=problem) as refused:
        binary.find(StreamingSettings(ffmpeg=broken))
    assert refused.value.problems[0].endswith(".")
    assert refused.value.hint
    assert str(broken) in refused.value.problems[0]


def test_one_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not start"):
        binary.version(str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ffmpeg version n9.0.2-17-g2a571b6068-20260930 Copyright", "9.0.2-17-g2a571b6068-20260930"),
        ("ffmpeg version 10 Copyright", "10"),
        ("ffmpeg version N-121950-gabc1234 Copyright\nlibavformat    63.  2.100 / 63.  2.100", "N-121950-gabc1234"),
        ("ffmpeg version 2026-10-01-git-0123456789 Copyright\nlibavformat    63.  2.100", "2026-10-01-git-0123456789"),
    ],
)
def test_new_ones_are_taken_by_whatever_name(tmp_path: Path, said: str, name: str) -> None:
    mine = script(tmp_path / "ffmpeg", f"#!/bin/sh\ncat <<'EOF'\n{said}\nEOF\n")

    assert binary.find(StreamingSettings(ffmpeg=mine)) == str(mine)
    assert binary.version(str(mine)) == name
