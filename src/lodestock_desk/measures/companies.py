"""Which companies fall under article 24, from what the own team noted and from its outreach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lodestock.vocabulary import is_strategic
from lodestock.vocabulary.materials import Relation, related
from lodestock_desk.accounts.access import visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation, in_force
from lodestock_desk.core.vocab import material_name
from lodestock_desk.measures.access import visible_facts
from lodestock_desk.measures.duty_models import Answer, CompanyFact
from lodestock_desk.measures.large import TECHNOLOGIES, Finding, find
from lodestock_desk.measures.words import Both
from lodestock_desk.outreach.access import visible_calls, visible_judgements
from lodestock_desk.outreach.models import CallResult

_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """A company with its finding and the newest note behind it."""

    company: Organisation
    finding: Finding
    fact: CompanyFact | None


def large_companies(actor: Actor, today: date) -> list[Row]:
    """Every company with its answer: yes first, then not known, then no."""
    facts: dict[str, CompanyFact] = {}
    for fact in visible_facts(actor):
        facts.setdefault(str(fact.company_id), fact)
    calls: dict[str, list[str]] = {}
    for call in visible_calls(actor).filter(result=CallResult.USES):
        if _holds_strategic(call.campaign.material, today):
            calls.setdefault(str(call.company_id), []).append(call.campaign.material)
    likely: dict[str, list[str]] = {}
    for judged in visible_judgements(actor).filter(plausible=True):
        if _holds_strategic(judged.material, today):
            likely.setdefault(str(judged.company_id), []).append(judged.material)
    rows = []
    for company in visible_companies(actor).filter(in_force(today)):
        key = str(company.pk)
        rows.append(Row(company, _finding(facts.get(key), calls.get(key, []), likely.get(key, [])), facts.get(key)))
    return sorted(rows, key=lambda r: (_ORDER[r.finding.verdict], r.company.name))


def _holds_strategic(key: str, today: date) -> bool:
    """Whether a material is strategic, or a product that holds one: each of its variants must, where it has them."""
    if not key:
        return False
    if is_strategic(key, today) or any(is_strategic(one, today) for one in related(key, Relation.CONTAINS)):
        return True
    variants = related(key, Relation.VARIANT)
    return bool(variants) and all(_holds_strategic(one.id, today) for one in variants)


def _finding(fact: CompanyFact | None, calls: list[str], likely: list[str]) -> Finding:
    uses, uses_why = Answer.UNKNOWN, Both("niet bekend", "not known")
    if calls:
        names = ", ".join(sorted({material_name(key) for key in calls}))
        uses, uses_why = Answer.YES, Both(f"gezegd bij navraag: {names}", f"said when called: {names}")
    elif fact is not None and fact.uses != Answer.UNKNOWN:
        uses, uses_why = Answer(fact.uses), Both(fact.source, fact.source)
    elif likely:  # plausible by clues is no certainty
        names = ", ".join(sorted({material_name(key) for key in likely}))
        uses_why = Both(f"aannemelijk, niet bevestigd: {names}", f"plausible, not confirmed: {names}")
    makes, makes_why = Answer.UNKNOWN, Both("niet bekend", "not known")
    if fact is not None and fact.makes != Answer.UNKNOWN:
        makes = Answer(fact.makes)
        named = [TECHNOLOGIES[key] for key in fact.technologies if key in TECHNOLOGIES]
        makes_why = Both(", ".join(t.nl for t in named) or fact.source, ", ".join(t.en for t in named) or fact.source)
    return find(
        staff=fact.staff if fact else None, turnover_meur=fact.turnover_meur if fact else None,
        uses=uses, uses_why=uses_why, makes=makes, makes_why=makes_why,
    )  # fmt: skip
