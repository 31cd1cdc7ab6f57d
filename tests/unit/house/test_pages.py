"""The pages show pictures that are there, and no picture lies about that no page shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "tests/standins/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PICTURES = {path for path in (ROOT / "docs").rglob("*.*") if path.suffix in (".svg", ".png", ".jpg", ".webp")}
TEMPLATES = {path for path in PICTURES if path.stem.endswith(".template")}
_SHOWN = re.compile(r'(?:src|srcset)="([^"]+)"|!\[[^\]]*\]\(([^)\s]+)')
_LINKED = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?://)([^)#\s]+)")


def shown(page: Path) -> set[Path]:
    """The pictures of a page."""
    return {(page.parent / (one or other)).resolve() for one, other in _SHOWN.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_and_pages_a_page_names_are_there(page: Path) -> None:
    linked = {(page.parent / path).resolve() for path in _LINKED.findall(page.read_text())}
    assert [path for path in shown(page) | linked if not path.exists()] == []


def test_no_picture_is_left_over() -> None:
    assert PICTURES - TEMPLATES - set().union(*map(shown, PAGES)) == set()


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES) < 1_500_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_told_in_words_as_well(page: Path) -> None:
    pictures = re.findall(r"<img [^>]*>", page.read_text())
    assert [picture for picture in pictures if 'alt="' not in picture or 'alt=""' in picture] == []
