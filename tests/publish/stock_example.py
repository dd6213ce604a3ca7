"""Invented tables for the figures of the stock note."""

from __future__ import annotations

import polars as pl

from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.publish.model import FigureKind, FigureSpec


def points() -> pl.DataFrame:
    """A falling loss with a rising cost, for twenty budgets."""
    budget = [float(n) for n in range(20)]
    return pl.DataFrame(
        {
            "budget_meur": budget,
            "invested_meur": budget,
            "cost_meur": [0.1 * one for one in budget],
            "loss_meur": [70.0 * 0.8**one for one in budget],
            "tail_meur": [700.0 * 0.9**one for one in budget],
            "budget_worth": [5.0 * 0.8**one for one in budget],
        }
    )


def truth() -> pl.DataFrame:
    """The break-even chance of a stock whose cost is 4 k€ a tonne delivered."""
    value = [20.0 * 1.4**n for n in range(21)]
    chance = [4.0 / one for one in value]
    return pl.DataFrame(
        {
            "value_keur_t": value,
            "chance_low": [0.5 * one for one in chance],
            "chance": chance,
            "chance_high": [2.0 * one for one in chance],
        }
    )


def here() -> pl.DataFrame:
    """Where a scenario stands under two sharings."""
    names = ("naar rato", "beste verdeling"), ("pro rata", "best sharing")
    return pl.DataFrame(
        {"name_nl": names[0], "name_en": names[1], "value_keur_t": [1900.0, 390.0], "chance": [0.2, 0.2]}
    )


def euros() -> pl.DataFrame:
    """Three measures, one of them without room for more."""
    return pl.DataFrame(
        {
            "label_nl": ["voorraad", "recycling van magneten", "vervanging: ontwerpen zonder zware zeldzame aarden"],
            "label_en": ["stock", "recycling of magnets", "substitution: designs without heavy rare earths"],
            "first_low": [15.0, 13.0, 17.0],
            "first_euro": [39.0, 32.0, 43.0],
            "first_high": [85.0, 72.0, 100.0],
            "next_low": [0.0, 0.0, None],
            "next_euro": [3.9, 0.5, None],
            "next_high": [24.0, 20.0, None],
        }
    )


def stock_figures() -> tuple[FigureSpec, ...]:
    """The figures of the notes on stock and on measures."""
    source = Text("berekening", "computation")
    return (
        FigureSpec("frontier", FigureKind.FRONTIER, {"points": points()}, "2024", source, Mark.PRIOR),
        FigureSpec("euro", FigureKind.EURO, {"measures": euros()}, "2024", source, Mark.PRIOR),
        FigureSpec(
            "must-be-true", FigureKind.MUST_BE_TRUE, {"map": truth(), "here": here()}, "2024", source, Mark.PRIOR
        ),
    )
