"""The timeline of a project as SVG, drawn on the server: a bar per clock, its stops, what happened, and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lodestock_desk.processing.clocks import ClockView, File
from lodestock_desk.processing.models import ProjectEvent

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 900, 300, 20, 34, 36
_LETTERS = 42
_COLOURS = {"late": "#9c1c1c", "open": "#123a5e", "done": "#0e5c33", "stop": "#b98500"}


@dataclass(frozen=True, slots=True)
class Scale:
    """From days to pixels."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day stands."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0)


def timeline(file: File, events: Sequence[ProjectEvent], today: date) -> SafeString | None:
    """The picture of one file; None where nothing is noted. The same dates stand in the tables beside it."""
    days = [event.on for event in events] + [day for clock in file.clocks for day in _days(clock, today)]
    if not days:
        return None
    scale = Scale(min(*days, today), max(*days, today) + timedelta(days=20))
    height = _TOP + _ROW * (len(file.clocks) + 1) + 30
    rows = format_html_join(
        "", "{}", ((_bar(clock, scale, _TOP + _ROW * n, today),) for n, clock in enumerate(file.clocks))
    )
    base = _TOP + _ROW * len(file.clocks)
    happened = _dots(events, scale, base)
    title = _("Timeline of %(name)s") % {"name": file.project.name}
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}" font-size="13" fill="#16202b">'
        "<title>{2}</title>{3}{4}{5}{6}</svg>",
        _WIDTH, height, title, _grid(scale, height), rows, happened, _today(scale, today, height),
    )  # fmt: skip


def _days(clock: ClockView, today: date) -> list[date]:
    state = clock.state
    end = clock.events.ended or (today if state.running == "stopped" else None)
    return [day for day in (clock.events.start, state.deadline or state.earliest, end) if day is not None]


def _grid(scale: Scale, height: int) -> SafeString:
    """A line per half year or year, so that at most a dozen stand there."""
    months = (scale.last - scale.first).days / 30.4
    step = 1 if months <= 12 else 3 if months <= 36 else 6 if months <= 72 else 12
    day, lines = scale.first.replace(day=1), []
    while day <= scale.last:
        if day >= scale.first and (day.month - 1) % step == 0:
            lines.append((f"{scale.x(day):.1f}", f"{scale.x(day):.1f}", _TOP - 8, height - 22, f"{scale.x(day):.1f}",
                          height - 6, f"{day:%m-%Y}"))  # fmt: skip
        day = (day + timedelta(days=32)).replace(day=1)
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#c3ccd5"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        lines,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1].rstrip() + "…"


def _bar(clock: ClockView, scale: Scale, top: int, today: date) -> SafeString:
    """Name, term, stops, and what lies past the term."""
    state, events = clock.state, clock.events
    end = state.deadline or state.earliest or events.start
    colour = _COLOURS["done" if events.ended and not state.late else "late" if state.late else "open"]
    parts = [
        format_html('<text x="0" y="{}">{}</text>', top + 17, _short(clock.title)),
        _block(scale, events.start, end, top + 4, colour),
    ]
    for stop in events.suspensions:
        parts.append(
            _block(scale, stop.first, stop.last or min(events.ended or today, today), top + 4, _COLOURS["stop"])
        )
    until = events.ended or today
    if until > end:
        late = f"M{scale.x(end):.1f} {top + 13}H{scale.x(until):.1f}"
        parts.append(
            format_html('<path d="{}" stroke="{}" stroke-width="4" stroke-dasharray="4 3"/>', late, _COLOURS["late"])
        )
    if events.ended:
        at = scale.x(events.ended)
        mark = f"M{at:.1f} {top - 1}V{top + 27}"
        parts.append(format_html('<path d="{}" stroke="#16202b" stroke-width="3"/>', mark))
    return format_html_join("", "{}", ((part,) for part in parts))


def _block(scale: Scale, first: date, last: date, top: int, colour: str) -> SafeString:
    width = max(scale.x(last) - scale.x(first), 2.0)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="18" rx="2" fill="{}"/>',
        f"{scale.x(first):.1f}",
        top,
        f"{width:.1f}",
        colour,
    )


def _dots(events: Sequence[ProjectEvent], scale: Scale, top: int) -> SafeString:
    label = format_html('<text x="0" y="{}">{}</text>', top + 17, _("What happened"))
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="6" fill="#fff" stroke="#16202b" stroke-width="2"><title>{}</title></circle>',
        ((f"{scale.x(e.on):.1f}", top + 13, f"{e.on:%d-%m-%Y} {e.get_kind_display()}") for e in events),
    )
    return format_html("{}{}", label, dots)


def _today(scale: Scale, today: date, height: int) -> SafeString:
    at = f"{scale.x(today):.1f}"
    return format_html(
        '<line x1="{0}" x2="{0}" y1="18" y2="{1}" stroke="#9c1c1c" stroke-width="2" stroke-dasharray="6 4"/>'
        '<text x="{0}" y="13" text-anchor="middle" fill="#9c1c1c">{2}</text>',
        at, height - 22, _("today"),
    )  # fmt: skip
