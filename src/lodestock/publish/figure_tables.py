"""The figures that the publish room can draw, and the tables and columns that each needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FigureKind(StrEnum):
    """The figures that the publish room can draw; one module each in `publish/figures/`."""

    DEPENDENCY = "dependency"
    LICENCES = "licences"
    SHORTAGE = "shortage"
    VALUE_AT_RISK = "value_at_risk"
    CONTEXT = "context"
    STOCK = "stock"
    SENSITIVITY = "sensitivity"
    FRONTIER = "frontier"
    MUST_BE_TRUE = "must_be_true"
    EURO = "euro"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a figure's table: its unit as written in the CSV header ('' for text) and what it holds."""

    unit: str
    meaning: str
    optional: bool = False


_CONVENTION = Column("", "how snapshots are read: 'one-age' or 'constant-inflow' (MODEL §4.3)")

FIGURE_TABLES: Mapping[FigureKind, Mapping[str, Mapping[str, Column]]] = {
    FigureKind.DEPENDENCY: {
        "shares": {
            "importer": Column("", "'NLD' or 'EU27'"),
            "product": Column("", "HS6 code as text: '850511', '284690', '280530'"),
            "partner": Column("", "'CHN', 'other EU' or 'other'"),
            "quantity_t": Column("t/yr", "imports; null where not known"),
            "share": Column("1", "share of the importer's imports of the product, 0 to 1"),
        }
    },
    FigureKind.LICENCES: {
        "curves": {
            "convention": _CONVENTION,
            "population": Column("", "reporting population, as in `observations`"),
            "month": Column("month", "months since the start of the regime, 0 to 18"),
            "share_low": Column("1", "5th percentile of the share granted"),
            "share_median": Column("1", "median of the share granted"),
            "share_high": Column("1", "95th percentile of the share granted"),
        },
        "observations": {
            "population": Column("", "reporting population (id)"),
            "label_nl": Column("", "who reported, in Dutch, short"),
            "label_en": Column("", "who reported, in English, short"),
            "month": Column("month", "months since the start of the regime"),
            "share_low": Column("1", "lowest reading of the report"),
            "share": Column("1", "central reading; null where only a range was reported"),
            "share_high": Column("1", "highest reading of the report"),
        },
        "ridge": {
            "convention": _CONVENTION,
            "population": Column("", "reporting population (id)"),
            "never_granted": Column("1", "assumed share that is never granted"),
            "mean_lead_months": Column("month", "mean lead time of granted applications that fits as well"),
        },
    },
    FigureKind.SHORTAGE: {
        "path": {
            "convention": _CONVENTION,
            "month": Column("yyyy-mm-dd", "first day of the month"),
            "low": Column("t/month", "5th percentile of the shortage"),
            "median": Column("t/month", "median shortage"),
            "high": Column("t/month", "95th percentile of the shortage"),
            "use_t": Column("t/month", "use wanted"),
            "stock_t": Column("t", "commercial stock at the end of the month, median"),
        }
    },
    FigureKind.VALUE_AT_RISK: {
        "sectors": {
            "sector": Column("", "NACE code"),
            "name_nl": Column("", "sector in Dutch, short"),
            "name_en": Column("", "sector in English, short"),
            "best_meur": Column("M€", "value added at risk, best allocation of the shortage (median)"),
            "pro_rata_meur": Column("M€", "value added at risk, shortage spread pro rata (median)"),
            "worst_meur": Column("M€", "value added at risk, worst allocation (median)"),
            "value_per_percent_meur": Column("M€", "value added that hangs on one per cent of the sector's output"),
        }
    },
    FigureKind.CONTEXT: {
        "exports": {
            "month": Column("yyyy-mm-dd", "first day of the month; a month without a figure may be absent or null"),
            "tonnes": Column("t/month", "China's exports of rare-earth magnets to the world"),
        }
    },
    FigureKind.STOCK: {
        "cover": {
            "convention": _CONVENTION,
            "months_of_stock": Column("month", "extra stock held at the start, in months of use"),
            "share_of_draws_without_shortage": Column("1", "share of the draws in which no tonne is short"),
        }
    },
    FigureKind.SENSITIVITY: {
        "parameters": {
            "parameter": Column("", "which assumption"),
            "low_t": Column("t", "middle shortage over the draws with the assumption in its lowest tenth"),
            "high_t": Column("t", "middle shortage over the draws with the assumption in its highest tenth"),
            "explains": Column("1", "share of the variance of the shortage that goes with the assumption alone"),
        }
    },
    FigureKind.FRONTIER: {
        "points": {
            "budget_meur": Column("M€", "what may be invested in the stock"),
            "invested_meur": Column("M€", "what the best plan invests"),
            "cost_meur": Column("M€/yr", "yearly cost of holding it"),
            "loss_meur": Column("M€/yr", "expected loss that is left"),
            "tail_meur": Column("M€", "mean loss in the worst years (CVaR)"),
            "budget_worth": Column("ratio", "what one more euro of budget saves a year [euro per euro]"),
        }
    },
    FigureKind.MUST_BE_TRUE: {
        "map": {
            "value_keur_t": Column("k€/t", "what a lacking tonne costs"),
            "chance_low": Column("1/yr", "yearly chance above which the stock pays, 5th percentile"),
            "chance": Column("1/yr", "the same, median"),
            "chance_high": Column("1/yr", "the same, 95th percentile"),
        },
        "here": {
            "name_nl": Column("", "what the point stands for, in Dutch"),
            "name_en": Column("", "what the point stands for, in English"),
            "value_keur_t": Column("k€/t", "what a lacking tonne costs in this reading"),
            "chance": Column("1/yr", "the stated yearly chance"),
        },
    },
    FigureKind.EURO: {
        "measures": {
            "label_nl": Column("", "the measure, in Dutch"),
            "label_en": Column("", "the measure, in English"),
            "first_low": Column("ratio", "avoided loss of the first euro, 5th percentile [euro per euro]"),
            "first_euro": Column("ratio", "the same, median"),
            "first_high": Column("ratio", "the same, 95th percentile"),
            "next_low": Column("ratio", "avoided loss of the next euro beside the plan, 5th percentile", True),
            "next_euro": Column("ratio", "the same, median; empty where there is no room for more", True),
            "next_high": Column("ratio", "the same, 95th percentile", True),
        }
    },
}
"""The tables and columns that each figure needs; extra columns are an error, so that a CSV says what it holds."""
