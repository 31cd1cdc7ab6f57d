"""Discord's limits on messages, embeds, components, modals and choices; each function yields what breaks them.

Lengths and counts are those of the API documentation (channel, message components, interactions).
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from tests.standins.discord_wire.world import Json

_EMBED_LENGTHS = {"title": 256, "description": 4096}
_V2_FLAG = 1 << 15
ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
SELECTS = (3, 5, 6, 7, 8)
_V1_TYPES = {ACTION_ROW, BUTTON, TEXT_INPUT, *SELECTS}
_LINK_STYLE, _PREMIUM_STYLE = 5, 6
_WEB = ("http://", "https://")
_CHOICE_TYPES: Mapping[int, type | tuple[type, ...]] = {3: str, 4: int, 10: (int, float)}


def message_problems(data: Json) -> Iterator[str]:
    """A message to create or edit."""
    yield from too_long(data, "content", 2000)
    yield from embeds_problems(data.get("embeds") or [])
    components = data.get("components") or []
    if int(data.get("flags") or 0) & _V2_FLAG:
        if data.get("content") or data.get("embeds"):
            yield "a components v2 message cannot have content or embeds"
        if len(list(walk(components))) > 40:
            yield "more than 40 components"
    elif any(part["type"] not in _V1_TYPES for part in walk(components)):
        yield "components v2 without their flag"
    else:
        yield from rows_problems(components)
    yield from custom_id_problems(components)
    yield from chain.from_iterable(map(component_problems, walk(components)))


def embeds_problems(embeds: list[Json]) -> Iterator[str]:
    if len(embeds) > 10:
        yield f"{len(embeds)} embeds, at most 10"
    yield from chain.from_iterable(map(embed_problems, embeds))
    total = sum(map(embed_length, embeds))
    if total > 6000:
        yield f"embeds hold {total} characters, at most 6000"


def embed_problems(embed: Json) -> Iterator[str]:
    for key, limit in _EMBED_LENGTHS.items():
        yield from too_long(embed, key, limit)
    yield from too_long(embed.get("footer", {}), "text", 2048)
    yield from too_long(embed.get("author", {}), "name", 256)
    fields = embed.get("fields", [])
    if len(fields) > 25:
        yield f"{len(fields)} embed fields, at most 25"
    for entry in fields:
        yield from length_outside(entry, "name", 1, 256)
        yield from length_outside(entry, "value", 1, 1024)
    for part, key in (("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url")):
        yield from url_problems(embed.get(part, {}), key, *_WEB, "attachment://")
    yield from url_problems(embed, "url", *_WEB)


def embed_length(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [embed.get("footer", {}).get("text"), embed.get("author", {}).get("name")]
    texts += [entry.get(key) for entry in embed.get("fields", []) for key in ("name", "value")]
    return sum(len(text or "") for text in texts)


def rows_problems(rows: list[Json]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"{len(rows)} rows, at most 5"
    for row in rows:
        if row["type"] != ACTION_ROW:
            yield f"component of type {row['type']} outside a row"
            continue
        width = sum(1 if child["type"] == BUTTON else 5 for child in row["components"])
        if not 1 <= width <= 5:
            yield "a row holds 1 to 5 buttons or one select"


def custom_id_problems(components: list[Json]) -> Iterator[str]:
    custom_ids = [part["custom_id"] for part in walk(components) if "custom_id" in part]
    for custom_id in custom_ids:
        if not 1 <= len(custom_id) <= 100:
            yield f"custom_id {custom_id[:20]!r}… has {len(custom_id)} characters, 1 to 100 allowed"
    if len(set(custom_ids)) != len(custom_ids):
        yield f"custom_id used twice in {custom_ids}"


def component_problems(part: Json) -> Iterator[str]:
    if part["type"] == BUTTON:
        yield from button_problems(part)
    elif part["type"] in SELECTS:
        yield from select_problems(part)
    elif part["type"] == TEXT_INPUT:
        yield from too_long(part, "label", 45)
        yield from too_long(part, "placeholder", 100)
        yield from too_long(part, "value", 4000)
    elif part["type"] == LABEL:
        yield from length_outside(part, "label", 1, 45)
        yield from too_long(part, "description", 100)


def button_problems(button: Json) -> Iterator[str]:
    yield from too_long(button, "label", 80)
    needed = {_LINK_STYLE: "url", _PREMIUM_STYLE: "sku_id"}.get(button["style"], "custom_id")
    if not button.get(needed):
        yield f"button of style {button['style']} without {needed}"
    if not (button.get("label") or button.get("emoji") or needed == "sku_id"):
        yield "button without label and emoji"
    yield from url_problems(button, "url", *_WEB, "discord://")


def select_problems(select: Json) -> Iterator[str]:
    yield from too_long(select, "placeholder", 150)
    options = select.get("options") or []
    if select["type"] == STRING_SELECT and not 1 <= len(options) <= 25:
        yield f"select with {len(options)} options, 1 to 25 allowed"
    for option in options:
        yield from length_outside(option, "label", 1, 100)
        yield from length_outside(option, "value", 1, 100)
        yield from too_long(option, "description", 100)
    if len({option["value"] for option in options}) != len(options):
        yield "two options of a select with one value"


def modal_problems(modal: Json) -> Iterator[str]:
    yield from length_outside(modal, "title", 1, 45)
    yield from length_outside(modal, "custom_id", 1, 100)
    components = modal.get("components") or []
    if not 1 <= len(components) <= 5:
        yield f"modal with {len(components)} components, 1 to 5 allowed"
    yield from custom_id_problems(components)
    yield from chain.from_iterable(map(component_problems, walk(components)))
    for row in components:
        if row["type"] == ACTION_ROW and not all(child.get("label") for child in row["components"]):
            yield "text input in a row without a label"


def choices_problems(choices: list[Json], option_type: int) -> Iterator[str]:
    """Choices of an option, synced or completed; `option_type` 3 is text, 4 a whole number, 10 a number."""
    if len(choices) > 25:
        yield f"{len(choices)} choices, at most 25"
    for choice in choices:
        yield from length_outside(choice, "name", 1, 100)
        if not isinstance(choice["value"], _CHOICE_TYPES[option_type]):
            yield f"choice {choice['name']!r} has a value of the wrong type"
        elif option_type == 3:
            yield from length_outside(choice, "value", 1, 100)
    if len({choice["name"] for choice in choices}) != len(choices):
        yield "two choices with one name"


def too_long(data: Mapping[str, Any], key: str, most: int) -> Iterator[str]:
    yield from length_outside(data, key, 0, most)


def length_outside(data: Mapping[str, Any], key: str, least: int, most: int) -> Iterator[str]:
    length = len(data.get(key) or "")
    if not least <= length <= most:
        yield f"{key} has {length} characters, {least} to {most} allowed"


def url_problems(data: Mapping[str, Any], key: str, *schemes: str) -> Iterator[str]:
    if data.get(key) and not data[key].startswith(schemes):
        yield f"{key} {data[key]!r} is not a link Discord takes"


def walk(components: list[Json]) -> Iterator[Json]:
    """All components, however deep they sit in rows, labels, sections and containers."""
    for part in components:
        yield part
        yield from walk(part.get("components") or [])
        yield from walk([part[key] for key in ("component", "accessory") if part.get(key)])
