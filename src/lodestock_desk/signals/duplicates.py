"""Likely duplicates: which reports may tell the same thing, with the reasons; a person decides."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind
from lodestock_desk.core import vocab
from lodestock_desk.signals.models import Report
from lodestock_desk.signals.states import State

_LEGAL_FORMS = re.compile(
    r"\b(b\.?\s?v\.?|n\.?\s?v\.?|v\.?o\.?f\.?|holding|nederland|netherlands|gmbh|ltd|group|groep)\b"
)
WITHIN_DAYS = 60
_NAMED = "name:"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A report that may be the same, how likely (0–1) and why."""

    report: Report
    score: float
    reasons: tuple[str, ...]


def company_key(*, organisation_id: str = "", kvk: str = "", name: str = "") -> str:
    """One company through several channels has one key: KvK number first, else account, else plain name."""
    if kvk:
        return f"kvk:{kvk}"
    if organisation_id:
        return f"org:{organisation_id}"
    plain = _plain(name)
    return f"{_NAMED}{plain}"[:80] if plain else ""


def _plain(name: str) -> str:
    """A company name without case, accents, signs and legal form."""
    return re.sub(r"[^a-z0-9]+", " ", _LEGAL_FORMS.sub(" ", _unaccented(name))).strip()


def _spelled(name: str) -> str:
    """A company name with its legal form, without case, accents, signs and spaces: B.V. is BV, and not GmbH."""
    return re.sub(r"[^a-z0-9]+", "", _unaccented(name))


def _unaccented(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def one_key(report: Report) -> list[Report]:
    """Give a company that is known by name only in one report and by number or account in another one key, so that it
    counts once; answers the reports that were changed, not yet saved. A name that two companies bear joins nothing, and
    names that differ in their legal form are only proposed as duplicates: they may be two companies of one group."""
    key, spelled = company_key(name=report.company_name), _spelled(report.company_name)
    if report.is_press or not key:
        return []
    alike = Report.objects.filter(receiver_id=report.receiver_id, company_key=key)
    named = [one for one in alike if _spelled(one.company_name) == spelled]
    known = _keys_of(spelled, report) if named else set()
    if len(known) != 1:
        return []
    for one in named:
        one.company_key = next(iter(known))
    return named


def _keys_of(spelled: str, report: Report) -> set[str]:
    """The numbers and accounts that stand with a name: of the companies in the desk, and written in reports."""
    companies = Organisation.objects.filter(kind=Kind.COMPANY).only("name", "kvk")
    same = [c for c in companies if _spelled(c.name) == spelled]
    found = {company_key(organisation_id=str(c.pk), kvk=c.kvk) for c in same}
    numbered = Report.objects.filter(receiver_id=report.receiver_id, company__isnull=True).exclude(kvk="")
    pairs = numbered.values_list("kvk", "company_name").distinct().order_by()
    return found | {company_key(kvk=kvk) for kvk, name in pairs if _spelled(name) == spelled}


def proposals(report: Report, among: list[Report] | None = None) -> list[Proposal]:
    """Reports of the same receiver that may be duplicates of this one, likeliest first."""
    if among is None:
        around = timedelta(days=WITHIN_DAYS)
        among = list(
            Report.objects.filter(
                receiver_id=report.receiver_id,
                created_at__range=(report.created_at - around, report.created_at + around),
            )
            .exclude(pk=report.pk)
            .exclude(state__in=(State.MERGED, State.REJECTED))
            .select_related("company")[:500]
        )
    found = [_compare(report, other) for other in among if other.pk != report.pk]
    return sorted((p for p in found if p.score >= 0.5), key=lambda p: (-p.score, str(p.report.pk)))[:5]


def _compare(report: Report, other: Report) -> Proposal:
    reasons, score = [], 0.0
    if report.is_press and other.is_press:
        if report.address and report.address == other.address:
            return Proposal(other, 1.0, (_("same web address"),))
        if report.outlet == other.outlet and report.published_on == other.published_on:
            score += 0.3
            reasons.append(_("same outlet and day"))
    elif report.company_key and report.company_key == other.company_key:
        score += 0.5
        reasons.append(_("same company"))
    elif not report.is_press and _same_name(report, other):
        score += 0.5
        reasons.append(_("same name of the company"))
    if report.material and other.material and set(vocab.wider(report.material)) & set(vocab.wider(other.material)):
        score += 0.25
        reasons.append(_("same material or group"))
    likeness = _likeness(report.description or report.claim, other.description or other.claim)
    if likeness >= 0.5:
        score += 0.25 * likeness
        reasons.append(_("similar words"))
    if report.cause and report.cause == other.cause:
        score += 0.1
        reasons.append(_("same cause"))
    return Proposal(other, min(score, 1.0), tuple(reasons))


def _same_name(report: Report, other: Report) -> bool:
    """Whether a company known by name only may be the one of another report."""
    named = any(one.company_key.startswith(_NAMED) for one in (report, other))
    key = company_key(name=report.company_name)
    return named and bool(key) and key == company_key(name=other.company_name)


def _likeness(one: str, two: str) -> float:
    words = [set(re.findall(r"\w{4,}", text.casefold())) for text in (one, two)]
    together = words[0] | words[1]
    return len(words[0] & words[1]) / len(together) if together else 0.0
