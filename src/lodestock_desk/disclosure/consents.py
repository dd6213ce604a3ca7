"""Consent of companies to a number that would otherwise be withheld: who must agree; asking, giving, taking back.

A number is agreed when every company counted in it consents. What was told stays told; a consent taken back counts
in no later publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind
from lodestock_desk.core import vocab
from lodestock_desk.core.writing import writing
from lodestock_desk.disclosure.access import visible_consents
from lodestock_desk.disclosure.counted import counted, months_between
from lodestock_desk.disclosure.models import Consent
from lodestock_desk.signals.models import Report


@dataclass(frozen=True, slots=True)
class Need:
    """What a number of one material over these months needs: companies that can be asked, and how many cannot."""

    material: str
    companies: tuple[Organisation, ...]
    without_account: int
    asked: int
    given: int

    @property
    def free(self) -> bool:
        """Whether every company agreed."""
        return self.without_account == 0 and bool(self.companies) and self.given == len(self.companies)


def needs(actor: Actor, months: Sequence[str]) -> list[Need]:
    """Which consents would free which totals over `months`, by material."""
    keys: dict[str, set[str]] = {}
    for row in counted(actor):
        if row.month in months:
            keys.setdefault(row.material, set()).add(row.company_key)
    known = _companies(actor, set().union(*keys.values()))
    here = Consent.objects.filter(
        organisation=actor.organisation, first_month=months[0], last_month=months[-1], taken_back_at__isnull=True
    )
    given: dict[tuple[str, object], bool] = {(c.material, c.company_id): c.in_force for c in here}
    found = []
    for material, wanted in sorted(keys.items()):
        able = {key: known[key] for key in wanted if key in known}
        companies = tuple(sorted({c.pk: c for c in able.values()}.values(), key=lambda c: c.name))
        states = [given[material, c.pk] for c in companies if (material, c.pk) in given]
        found.append(Need(material, companies, len(wanted) - len(able), len(states), sum(states)))
    return found


def agreed(actor: Actor, months: Sequence[str], base: Mapping[tuple[str, str, str], int]) -> list[str]:
    """The materials whose total over `months` every company agreed to; a frozen count must still be the same firms."""
    found = []
    for need in needs(actor, months):
        total = sum(n for key, n in base.items() if key[0] == need.material and key[2] in months)
        if need.free and total == len(need.companies):
            found.append(need.material)
    return found


def _companies(actor: Actor, keys: set[str]) -> dict[str, Organisation]:
    """The company behind each key, where it has an account or a KvK number that we know."""
    reports = Report.objects.filter(receiver=actor.organisation, company_key__in=keys, company__isnull=False)
    found = {report.company_key: report.company for report in reports.select_related("company")}
    numbers = [key.removeprefix("kvk:") for key in keys if key.startswith("kvk:")]
    for company in Organisation.objects.filter(kind=Kind.COMPANY, kvk__in=numbers):
        found.setdefault(f"kvk:{company.kvk}", company)
    return found


def ask(actor: Actor, *, material: str, first: str, last: str, reason: str) -> list[Consent]:
    """Ask every company counted in this number that was not asked yet."""
    with writing(actor, "publication.keep") as audit:
        months = months_between(first, last)
        need = next((n for n in needs(actor, months) if n.material == material), None)
        if need is None:
            raise InputError(_("No company is counted for this material in these months."))
        place = {"organisation": actor.organisation, "material": material, "first_month": first, "last_month": last}
        known = Consent.objects.filter(**place, taken_back_at__isnull=True).values_list("company_id", flat=True)
        made = [
            Consent.objects.create(**place, **_texts(actor, material, first, last), company=company, reason=reason,
                                   asked_by=actor.user)
            for company in need.companies if company.pk not in set(known)
        ]  # fmt: skip
        if not made:
            raise InputError(_("Everyone who can be asked was asked already."))
        for consent in made:
            audit.changed(consent, "consent.asked", reason=reason)
    return made


def _texts(actor: Actor, material: str, first: str, last: str) -> dict[str, str]:
    """What a company agrees to, in both languages, as it is kept."""
    made = {}
    for language in ("nl", "en"):
        with translation.override(language):
            made[f"text_{language}"] = _(
                "%(who)s may publish how many companies were newly affected for %(material)s from %(first)s to "
                "%(last)s, also where they are few and our company is one of them. Whoever reads the number knows that "
                "no part of it is larger. It is only published if every company in it agrees; no company is named. "
                "We can take this back: what was published then stands, and a later publication does not use it."
            ) % {
                "who": actor.organisation.name,
                "material": vocab.material_name(material),
                "first": first,
                "last": last,
            }
    return made


def _own(actor: Actor, pk: str) -> Consent:
    found = visible_consents(actor).select_for_update().filter(pk=pk, company=actor.organisation).first()
    if found is None:
        raise PermissionDenied("consent.give")
    return found


def give(actor: Actor, pk: str) -> Consent:
    """The company agrees to the text that it was asked."""
    with writing(actor, "consent.give") as audit:
        consent = _own(actor, pk)
        if consent.given_at is not None or consent.taken_back_at is not None:
            raise InputError(_("This was answered already."))
        consent.given_by, consent.given_at = actor.user, timezone.now()
        consent.save(update_fields=["given_by", "given_at"])
        audit.changed(consent, "consent.given", text=consent.text_nl)
    return consent


def take_back(actor: Actor, pk: str) -> Consent:
    """The company takes its consent back; later publications do not use it."""
    with writing(actor, "consent.give") as audit:
        consent = _own(actor, pk)
        if not consent.in_force:
            raise InputError(_("There is no consent to take back."))
        consent.taken_back_by, consent.taken_back_at = actor.user, timezone.now()
        consent.save(update_fields=["taken_back_by", "taken_back_at"])
        audit.changed(consent, "consent.taken_back")
    return consent
