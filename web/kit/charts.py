"""Small charts as plain geometry: the templates draw them as SVG in the page's own colors, type and language."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 12.0, 12.0, 34.0
ROW = 30.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with its radius."""

    x: float
    y: float
    r: float = 4.0


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name, how it is drawn (`main` or `plain`), the path and the points on it."""

    name: str
    tone: str
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines or points over two axes; `guide` is a straight line to compare with (x1, y1, x2, y2)."""

    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    guide: tuple[float, float, float, float] | None = None
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class Interval:
    """One row of an interval chart: label, and left, middle and right ends; None where there is nothing to show."""

    label: str
    y: float
    low: float | None
    middle: float | None
    high: float | None
    tone: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """Rows of intervals over one axis with its marks."""

    rows: tuple[Interval, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[float, ...]
    height: float
    width: float = WIDTH


Series = tuple[str, str, Sequence[tuple[float, float]]]


def lines(series: Sequence[Series], *, labels: Sequence[tuple[float, str]], low: float, high: float) -> Chart:
    """Series of (x, y) over a logarithmic x axis with these labels; y from `low` to `high`."""
    every = [x for _, _, points in series for x, _ in points] or [1.0]
    first, last = math.log2(min(every)), math.log2(max(every))

    def across(x: float) -> float:
        share = (math.log2(x) - first) / (last - first) if last > first else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    drawn = []
    for name, tone, points in series:
        dots = tuple(Dot(across(x), _up(y, low, high)) for x, y in points)
        drawn.append(Line(name, tone, _path(dots), dots))
    return Chart(tuple(drawn), tuple(Tick(across(x), label) for x, label in labels), _y_ticks(low, high))


def against(points: Sequence[tuple[float, float, int]], name: str, *, top: float) -> Chart:
    """What was said (x) against what happened (y), 0 to `top` on both axes; a larger dot stands for more cases."""
    most = max((size for _, _, size in points), default=1)

    def across(x: float) -> float:
        return round(LEFT + min(x / top, 1.0) * (WIDTH - LEFT - RIGHT), 1)

    dots = tuple(Dot(across(x), _up(y, 0.0, top), round(3.0 + 4.0 * math.sqrt(n / most), 1)) for x, y, n in points)
    ticks = tuple(Tick(across(tick), _percent(tick)) for tick in _steps(0.0, top))
    upright = tuple(Tick(_up(tick, 0.0, top), _percent(tick)) for tick in _steps(0.0, top))
    guide = across(0.0), _up(0.0, 0.0, top), across(top), _up(top, 0.0, top)
    return Chart((Line(name, "main", "", dots),), ticks, upright, guide)


Range = tuple[str, float | None, float | None, float | None, str]


def intervals(rows: Sequence[Range], *, marks: Sequence[float] = (0.8, 1.0), top: float = 1.6) -> Intervals:
    """Rows (label, low, middle, high, tone) over one axis from 0 to `top`; what is beyond it ends at the edge."""

    def across(value: float | None) -> float | None:
        return None if value is None else round(8.0 + min(value / top, 1.0) * (WIDTH - 16.0), 1)

    drawn = tuple(Interval(label, 26.0 + ROW * at, across(low), across(middle), across(high), tone)
                  for at, (label, low, middle, high, tone) in enumerate(rows))
    ticks = tuple(Tick(across(value) or 0.0, f"{value:g}") for value in (0.0, 0.4, 0.8, 1.0, 1.2, 1.6) if value <= top)
    return Intervals(drawn, ticks, tuple(across(mark) or 0.0 for mark in marks), 26.0 + ROW * len(rows) + 14.0)


def _up(y: float, low: float, high: float) -> float:
    share = min(max((y - low) / (high - low), 0.0), 1.0) if high > low else 0.5
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{'M' if at == 0 else 'L'}{dot.x:g} {dot.y:g}" for at, dot in enumerate(dots))


def _steps(low: float, high: float, wanted: int = 4) -> list[float]:
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda item: abs(item * power - rough)) * power
    first = math.ceil(round(low / step, 9)) * step
    return [round(first + step * at, 6) for at in range(int((high - first) / step + 1e-9) + 1)]


def _y_ticks(low: float, high: float) -> tuple[Tick, ...]:
    return tuple(Tick(_up(tick, low, high), f"{tick:g}") for tick in _steps(low, high))


def _percent(value: float) -> str:
    return f"{100 * value:g}%"
