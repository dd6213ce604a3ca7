"""One module per figure: tidy tables in, a chart with title, subtitle, caveat and alt text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from lodestock.publish.figures import (
    context,
    dependency,
    euro,
    frontier,
    licences,
    must_be_true,
    sensitivity,
    shortage,
    stock,
    value_at_risk,
)
from lodestock.publish.figures.base import Drawing
from lodestock.publish.model import FigureKind, FigureSpec, Lang

DRAW: Mapping[FigureKind, Callable[[FigureSpec, Lang], Drawing]] = {
    FigureKind.DEPENDENCY: dependency.draw,
    FigureKind.LICENCES: licences.draw,
    FigureKind.SHORTAGE: shortage.draw,
    FigureKind.VALUE_AT_RISK: value_at_risk.draw,
    FigureKind.CONTEXT: context.draw,
    FigureKind.STOCK: stock.draw,
    FigureKind.SENSITIVITY: sensitivity.draw,
    FigureKind.FRONTIER: frontier.draw,
    FigureKind.MUST_BE_TRUE: must_be_true.draw,
    FigureKind.EURO: euro.draw,
}


def draw(figure: FigureSpec, lang: Lang, start: date | None = None) -> Drawing:
    """The figure in one language, by its kind; `start` is the day on which the licence obligation began."""
    if figure.kind is FigureKind.CONTEXT:
        return context.draw(figure, lang, start)
    return DRAW[figure.kind](figure, lang)
