"""Small step charts as SVG, drawn on the server: no script, no inline style, with a text beside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT = 440, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 44


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a name, its points (x, y) and its look."""

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    dashes: str = ""


def steps(title: str, x_label: str, y_label: str, lines: Sequence[Line], x_most: float) -> SafeString:
    """Step lines of shares [0–1] by x; the same numbers belong in a table beside it."""
    right = max(x_most, 1e-9)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + (_WIDTH - _LEFT - _RIGHT) * x / right,
            _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * y,
        )

    grid = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#c3ccd5"/><text x="{}" y="{}" text-anchor="end">{}%</text>',
        (
            (
                _LEFT,
                _WIDTH - _RIGHT,
                f"{at(0, s)[1]:.1f}",
                f"{at(0, s)[1]:.1f}",
                _LEFT - 6,
                f"{at(0, s)[1] + 4:.1f}",
                int(100 * s),
            )
            for s in (0.0, 0.25, 0.5, 0.75, 1.0)
        ),
    )
    ticks = _ticks(right)
    below = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((f"{at(t, 0)[0]:.1f}", _HEIGHT - _BOTTOM + 18, f"{t:g}") for t in ticks),
    )
    drawn = format_html_join(
        "",
        '<path d="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-dasharray="{}"/>'
        '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>',
        (_drawn(line, at, right) for line in lines),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="13" fill="#16202b">{}{}{}'
        '<text x="{}" y="{}" text-anchor="middle">{}</text><title>{}</title></svg>',
        _WIDTH, _HEIGHT, f"{title}: {y_label}", grid, below, drawn,
        (_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, x_label, title,
    )  # fmt: skip


def _drawn(line: Line, at: object, right: float) -> tuple[str, str, str, str, str, str, str]:
    path, before = [f"M{at(0, 0)[0]:.1f} {at(0, 0)[1]:.1f}"], 0.0
    for x, y in line.points:
        path.append(f"H{at(x, before)[0]:.1f}V{at(x, y)[1]:.1f}")
        before = y
    end = at(right, before)
    path.append(f"H{end[0]:.1f}")
    return ("".join(path), line.colour, line.dashes, f"{end[0]:.1f}", f"{end[1] - 6:.1f}", line.colour, line.name)


def _ticks(most: float) -> list[float]:
    step = next(s for s in (0.5, 1, 2, 3, 6, 12, 24, 60, 120, 1e9) if most / s <= 8)
    return [step * n for n in range(int(most / step) + 1)]
