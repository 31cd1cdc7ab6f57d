"""What a kind of odd item is: how its file is made, and what viewers must see and hear of it."""

import hashlib
import importlib
import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from streaming.model.states import EncodeMode
from tests.matrix import surgery, workshop
from tests.matrix.workshop import Workshop
from tests.standins import clips, picture_code

FAMILIES = ("stills", "timing", "clocks", "damage", "changes", "tracks", "looks", "sound", "codecs", "files")
"""The modules of `tests.matrix.odd`, in the order of the table."""
TOLERANCE_SECONDS = 0.5
WIDE = Fraction(16, 9)
MODES = (EncodeMode.AUTO, EncodeMode.ALWAYS, EncodeMode.COPY)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Which numbered pictures are to be seen: `rate` of them lie in a second, the last one is `last`."""

    last: int
    first: int = 0
    rate: float = 30
    least_seen: float | None = None
    """The part of them that must be seen; without it, all that 30 pictures a second can show, but for a tenth."""

    @property
    def part_seen(self) -> float:
        """The part of the numbers that must be seen."""
        return self.least_seen if self.least_seen is not None else 0.9 * min(1.0, 30 / self.rate)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment of an item to another, in seconds."""

    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Played:
    """What viewers see and hear of an item. Seconds count from where the item begins to be seen or heard."""

    seconds: float
    longest_seconds: float | None = None
    """Where players differ, the item may last anything from `seconds` to this."""
    numbers: Numbers | None = None
    unread_seconds: float = 0.0
    """For so long pictures may show no number: where a cover or black stands in, or damage is seen."""
    hum: Span | None = None
    """When the hum is heard without a hole; None when nothing is promised."""
    silent_seconds: float = 0.0
    """So much of the hum damage may cost at a time."""
    synced_seconds: int = 0
    """At so many whole seconds the beep and its picture are compared, at least."""
    aspect: Fraction = WIDE
    has_shape: bool = True
    """Whether the circle is to be round."""
    has_colours: bool = True
    """Whether white, grey and red are to be that."""
    is_smooth: bool = True
    """Whether it must not be combed."""
    colour_tolerance: float = 30.0
    """So far each of red, green and blue may be from what was drawn."""
    own_late_ms: float = 0.0
    """How much later than its picture a beep is in the file itself, as players play it."""
    is_hurt: bool = False
    """Whether it is damaged: pictures near the damage may come a little early or late, and are not looked at."""
    is_bright: bool = False
    """Whether a bright cover fills the picture."""
    is_dark: bool = False
    """Whether black is all there is to see."""
    may_be_passed_over: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Nothing is played, and one line says why."""


Expectation = Played | PassedOver
Make = Callable[[Workshop, Path], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of odd item."""

    name: str
    text: str
    """What it is, in words for the table."""
    suffix: str
    make: Make
    expected: Expectation
    otherwise: Mapping[EncodeMode, Expectation] = field(default_factory=lambda: MappingProxyType({}))
    """What is expected in a mode that promises something else."""

    @property
    def family(self) -> str:
        """Which family it belongs to."""
        return self.make.__module__.rpartition(".")[2]

    def expectation(self, mode: EncodeMode) -> Expectation:
        """What is expected in a mode."""
        return self.otherwise.get(mode, self.expected)

    def draw(self, shelf: Path) -> Path:
        """Its file, made if it is not on the shelf yet; safe beside other processes that do the same."""
        folder = shelf / f"{self.name}-{self._mark}"
        path = folder / f"{self.name}.{self.suffix}"
        if not path.exists():
            masters = shelf / f"masters-{_mark_of([_source(workshop)])}"
            masters.mkdir(exist_ok=True)
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=shelf) as place:
                made = Path(place) / path.name
                self.make(Workshop(masters, Path(place)), made)
                if sound_apart(made).exists():
                    sound_apart(made).replace(sound_apart(path))
                made.replace(path)
            self._clear(shelf, but=folder)
        return path

    def _clear(self, shelf: Path, *, but: Path) -> None:
        """Throws away what another drawing left."""
        for folder in shelf.glob(f"{self.name}-??????????"):
            if folder != but:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def _mark(self) -> str:
        """Changes with everything that draws it."""
        return _mark_of([_source(self.make), _TOOLS])


def sound_apart(path: Path) -> Path:
    """Where the sound of a kind is whose picture and sound are two files."""
    return path.with_name(f"{path.stem}.sound.m4a")


def _source(module: object) -> str:
    return Path(inspect.getfile(module)).read_text()  # type: ignore[arg-type]


def _mark_of(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]


_TOOLS = "\0".join(map(_source, (workshop, surgery, picture_code, clips)))
_KINDS: dict[str, Kind] = {}


def kind(
    text: str,
    expected: Expectation,
    *,
    suffix: str = "mp4",
    name: str = "",
    otherwise: Mapping[EncodeMode, Expectation] | None = None,
) -> Callable[[Make], Make]:
    """Registers what is decorated as the maker of a kind that is called as it is."""

    def register(make: Make) -> Make:
        own_name = name or make.__name__
        assert own_name not in _KINDS, own_name
        _KINDS[own_name] = Kind(own_name, text, suffix, make, expected, otherwise or {})
        return make

    return register


def all_kinds() -> dict[str, Kind]:
    """Every kind there is, by name, in the order of the table."""
    for family in FAMILIES:
        importlib.import_module(f"tests.matrix.odd.{family}")
    return dict(_KINDS)


def whole(seconds: float = 6.0, *, rate: float = 30, first: int = 0, **changes: object) -> Played:
    """An item whose master is seen and heard from its beginning to its end."""
    count = round(seconds * rate)
    usual: dict[str, object] = {
        "numbers": Numbers(last=first + count - 1, first=first, rate=rate),
        "hum": Span(0.0, seconds),
        "synced_seconds": max(1, int(seconds) - 2),
    }
    return Played(seconds, **(usual | changes))  # type: ignore[arg-type]
