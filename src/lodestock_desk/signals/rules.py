"""Alert rules: when a threshold is met. Pure: no database. One company counts once, however many channels it used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestock_desk.signals.words import RuleKind


@dataclass(frozen=True, slots=True)
class Fact:
    """What a rule needs to know of a verified report. materials: its own first, then what it is a variant of."""

    id: str
    company: str
    materials: tuple[str, ...]
    sector: str
    stock_days: int | None
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; an empty material means each material by itself, no sectors means every sector."""

    kind: str
    material: str
    threshold: int
    window_days: int
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that is met: for which material, by how many companies, on which reports."""

    material: str
    companies: int
    reports: tuple[str, ...]


def met(rule: Rule, facts: Iterable[Fact], now: datetime) -> list[Met]:
    """For which materials the rule is met at this moment."""
    start = now - timedelta(days=rule.window_days)
    by_material: dict[str, list[Fact]] = {}
    for fact in facts:
        if not start <= fact.verified_at <= now or (rule.sectors and fact.sector not in rule.sectors):
            continue
        if rule.kind == RuleKind.STOCK_DAYS and (fact.stock_days is None or fact.stock_days >= rule.threshold):
            continue
        for key in (rule.material,) if rule.material else fact.materials[:1]:
            if key in fact.materials:
                by_material.setdefault(key, []).append(fact)
    needed = rule.threshold if rule.kind == RuleKind.VERIFIED_COMPANIES else 1
    found = []
    for key, matching in by_material.items():
        # A report without a known company counts by itself: it may be one that nobody else reported.
        companies = {fact.company or fact.id for fact in matching}
        if len(companies) >= needed:
            found.append(Met(key, len(companies), tuple(fact.id for fact in matching)))
    return found
