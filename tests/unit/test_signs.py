"""Text of others cannot steer a terminal, nor write lines that pass for ours."""

import logging

import pytest

from streaming.command_line import configure_logging
from streaming.model.text import visible_signs

HOSTILE = "a\x1b[2Jb\nc\r\t\x07\x9b31m\u202ed\u2028e\x7f\x00\ud800"


def test_control_signs_are_shown_as_signs() -> None:
    shown = visible_signs(HOSTILE)
    assert shown == "a␛[2Jb␤c␍␉␇\\u009b31m\\u202ed\\u2028e␡␀\\ud800"
    assert visible_signs("a\nb\x1b", keeps_lines=True) == "a\nb␛"
    assert visible_signs("Größe 👩‍👩‍👧 …") == "Größe 👩‍👩‍👧 …"


def test_a_log_line_is_one_line_whatever_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    log = logging.getLogger("streaming.test")
    log.warning("the title is %s", HOSTILE + "\n2026-01-01 00:00:00,000 INFO    streaming: all is well")
    error = ValueError("bad\n2026-01-01 00:00:00,000 INFO    streaming: all is well\x1b[2J")
    log.error("it failed", exc_info=error)
    lines = capsys.readouterr().err.split("\n")
    assert "\x1b" not in "".join(lines)
    assert not any(line.startswith("2026-01-01 00:00:00,000") for line in lines)
    assert sum("streaming.test:" in line for line in lines) == 2
    assert "    ValueError: bad" in lines
