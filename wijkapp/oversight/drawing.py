"""Lines of a chart as SVG wants them. Pure: numbers in, coordinates out; a gap where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Dot:
    """One value in the drawing. number: its place in the row."""

    x: float
    y: float
    number: int


@dataclass(frozen=True)
class Line:
    """pieces: for `points` of a polyline, each without a gap; dots: every value, also one alone."""

    pieces: Sequence[str]
    dots: Sequence[Dot]


def line(values: Sequence[float | None], width: float, height: float, *, edge: float = 3) -> Line:
    """Values of 0 to 1, from left to right, with 1 on top. edge: room around for a dot."""
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    dots = [
        Dot(round(edge + step * n, 1), round(edge + (height - 2 * edge) * (1 - one), 1), n)
        for n, one in enumerate(values)
        if one is not None
    ]
    runs: list[list[Dot]] = []
    for dot in dots:
        if runs and runs[-1][-1].number == dot.number - 1:
            runs[-1].append(dot)
        else:
            runs.append([dot])
    return Line([" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1], dots)


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    number: int


def bars(values: Sequence[int | None], width: float, height: float) -> Sequence[Bar]:
    """A bar for each known number, the largest as high as the drawing."""
    most = max((one for one in values if one), default=1)
    step = width / max(len(values), 1)
    return [
        Bar(
            round(step * n + step * 0.15, 1),
            round(height * (1 - one / most), 1),
            round(step * 0.7, 1),
            round(height * one / most, 1),
            n,
        )
        for n, one in enumerate(values)
        if one
    ]
