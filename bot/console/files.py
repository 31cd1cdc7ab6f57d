"""Files that come with a card: a terminal shows no pictures, so they are kept, and the card says where."""

from collections.abc import Sequence
from pathlib import Path

from discord import Embed, File

from bot.ui.text import safe


def kept(card: Embed, files: Sequence[File], folder: Path | None) -> Embed:
    """The card with the place of each file, which takes that of the one before under its name."""
    if not files or folder is None:
        return card
    folder.mkdir(parents=True, exist_ok=True)
    card = card.copy()
    for file in files:
        path = folder / file.filename
        path.write_bytes(file.fp.read())
        card.add_field(name="Saved as", value=safe(str(path), 300))
    return card
