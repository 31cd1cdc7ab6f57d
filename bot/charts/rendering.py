"""Draws health charts of an hour or a day, legible on a phone in Discord's dark theme.

Drawing is pure: values in, a PNG out, on canvases of our own and none of matplotlib's global state.
"""

import io
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

from bot.i18n.words import charts as words
from bot.i18n.words import numbers
from streaming.services.history import HealthHistory, HealthPoint, TargetHealth

_BACKGROUND, _GRID, _TEXT, _QUIET = "#2b2d31", "#3f4147", "#f2f3f5", "#b5bac1"
_COLOURS = ("#5c9df5", "#57c785", "#c58af9", "#f78fb3")
_SLATE, _RECONNECT = "#e8a33d", "#f04747"
_INCHES, _STRIP_INCHES, _DOTS_PER_INCH = (8.0, 6.0), (8.0, 2.4), 100
_TEXT_SIZE, _SMALL_SIZE = 15, 13
_NAME_LIMIT = 14
_TICKS = 4

Value = Callable[[HealthPoint], float]
Line = tuple[TargetHealth, str]
"""A target and the colour of its line."""


def health(history: HealthHistory) -> bytes:
    """The chart as a PNG of 800 × 600: bitrate, speed and lead, with the slate shaded and reconnects marked."""
    figure = _figure(_INCHES)
    legend, bitrate, speed, lead = figure.subplots(4, 1, sharex=True, height_ratios=(0.25, 3, 2, 2))
    stream = [(target, _QUIET) for target in history.targets[:1]]  # the lead is the same for all
    _draw(bitrate, history, _lines(history), _mbps, words.BITRATE, least=1)
    _draw(speed, history, _lines(history), lambda point: point.speed, words.SPEED, least=1.5)
    _draw(lead, history, stream, lambda point: point.lead_seconds, words.LEAD, least=2)
    _time_axis(lead, history)
    _explain(legend, history)
    return _png(figure)


def strip(history: HealthHistory) -> bytes:
    """The bitrate alone as a PNG of 800 × 240, low enough to stand below a picture."""
    figure = _figure(_STRIP_INCHES)
    legend, bitrate = figure.subplots(2, 1, height_ratios=(0.25, 3))
    _draw(bitrate, history, _lines(history), _mbps, "", least=1)
    _time_axis(bitrate, history)
    _explain(legend, history, (words.BITRATE, _TEXT))
    return _png(figure)


def _figure(inches: tuple[float, float]) -> Figure:
    figure = Figure(figsize=inches, dpi=_DOTS_PER_INCH, facecolor=_BACKGROUND)
    figure.set_layout_engine("constrained", w_pad=0.15, h_pad=0.08)
    return figure


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    FigureCanvasAgg(figure).print_figure(picture, format="png")
    return picture.getvalue()


def _lines(history: HealthHistory) -> list[Line]:
    return list(zip(history.targets, _COLOURS, strict=False))


def _mbps(point: HealthPoint) -> float:
    return point.bitrate_kbps / 1000


def _draw(axes: Axes, history: HealthHistory, lines: Sequence[Line], value: Value, name: str, *, least: float) -> None:
    """One quantity, with a line for each target; the axis reaches at least to `least`."""
    axes.set_facecolor(_BACKGROUND)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=_SMALL_SIZE, labelcolor=_QUIET)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(lambda number, _: numbers.respelled(f"{number:g}"))
    axes.set_title(name, loc="left", color=_TEXT, fontsize=_TEXT_SIZE, fontweight="bold")
    highest = least
    for target, colour in lines:
        places = list(_places(history, target, value))
        axes.plot([x for x, _ in places], [y for _, y in places], color=colour, linewidth=2, zorder=3)
        highest = max([highest, *(y for _, y in places if not math.isnan(y))])
    axes.set_ylim(0, highest * 1.15)
    _mark_incidents(axes, history)


def _places(history: HealthHistory, target: TargetHealth, value: Value) -> Iterator[tuple[float, float]]:
    """The points of a target's line in hours before now, with NaN where it was not on air."""
    last = None
    for point in target.points:
        hours = _hours(history, point)
        if last is not None and point.at - last > 1.5 * history.span.step:
            yield hours, math.nan
        yield hours, value(point)
        last = point.at


def _mark_incidents(axes: Axes, history: HealthHistory) -> None:
    step_hours = history.span.step.total_seconds() / 3600
    for hours in {_hours(history, p) for target in history.targets for p in target.points if p.is_slate}:
        axes.axvspan(hours, hours + step_hours, color=_SLATE, alpha=0.3, linewidth=0, zorder=1)
    for hours in {_hours(history, p) for target in history.targets for p in _reconnects(target)}:
        axes.axvline(hours + step_hours / 2, color=_RECONNECT, linewidth=1.5, zorder=2)


def _reconnects(target: TargetHealth) -> Iterator[HealthPoint]:
    """The points in which the target reconnected; each run counts from zero."""
    for before, after in pairwise(target.points):
        if after.reconnects > (before.reconnects if after.reconnects >= before.reconnects else 0):
            yield after


def _hours(history: HealthHistory, point: HealthPoint) -> float:
    return (point.at - history.until).total_seconds() / 3600


def _time_axis(axes: Axes, history: HealthHistory) -> None:
    hours = history.span.length.total_seconds() / 3600
    ticks = [-hours * number / _TICKS for number in range(_TICKS, -1, -1)]
    axes.set_xlim(-hours, 0)
    axes.set_xticks(ticks, [*(words.ago(-tick) for tick in ticks[:-1]), words.NOW])
    first, *_, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def _explain(axes: Axes, history: HealthHistory, *first: tuple[str, str]) -> None:
    """The legend: names in the colours of their lines, in a row that may begin with other text."""
    parts = [*first, *((_drawable(target.name), colour) for target, colour in _lines(history))]
    if (hidden := len(history.targets) - len(_COLOURS)) > 0:
        parts.append((words.more_targets(hidden), _QUIET))
    is_slate = any(point.is_slate for target in history.targets for point in target.points)
    has_reconnects = any(True for target in history.targets for _ in _reconnects(target))
    parts += [(words.SLATE, _SLATE)] * is_slate + [(words.RECONNECT, _RECONNECT)] * has_reconnects
    areas: list[Artist] = [
        TextArea(text, textprops={"color": c, "fontsize": _SMALL_SIZE, "parse_math": False}) for text, c in parts
    ]
    row = HPacker(children=areas, pad=0, sep=_TEXT_SIZE)
    box = AnchoredOffsetbox("center left", child=row, frameon=False, pad=0, borderpad=0)
    box.set_in_layout(False)  # a long row is cut off instead of squeezing the chart
    axes.add_artist(box)
    axes.set_axis_off()


def _drawable(name: str) -> str:
    """A name without characters the typeface lacks."""
    text = "".join(character for character in name if ord(character) in _characters()).strip() or "?"
    return text if len(text) <= _NAME_LIMIT else text[: _NAME_LIMIT - 1] + "…"


@cache
def _characters() -> frozenset[int]:
    return frozenset(code for code in FT2Font(findfont("DejaVu Sans")).get_charmap() if code >= ord(" "))
