"""Roles, kinds of organisation, and what each role may do: one table, read by views and actions alike."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What kind of organisation it is."""

    MINISTRY = "ministry", _("Ministry")
    OBSERVATORY = "observatory", _("Observatory")
    ASSOCIATION = "association", _("Trade association")
    COMPANY = "company", _("Company")
    CONTACT_POINT = "contact_point", _("Contact point")
    PUBLIC = "public", _("Public")


class Role(TextChoices):
    """What a member does."""

    ANALYST = "analyst", _("Analyst")
    POLICY_OFFICER = "policy_officer", _("Policy officer")
    ASSOCIATION_DESK = "association_desk", _("Association desk")
    COMPANY_USER = "company_user", _("Company user")
    CONTACT_POINT_OFFICER = "contact_point_officer", _("Contact point officer")
    LINE = "line", _("Line")
    SIGNATORY = "signatory", _("Signatory")
    ADMINISTRATOR = "administrator", _("Administrator")


ROLES_OF_KIND: dict[str, frozenset[str]] = {
    Kind.MINISTRY: frozenset({Role.POLICY_OFFICER, Role.LINE, Role.SIGNATORY, Role.ADMINISTRATOR}),
    Kind.OBSERVATORY: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
    Kind.ASSOCIATION: frozenset({Role.ASSOCIATION_DESK}),
    Kind.COMPANY: frozenset({Role.COMPANY_USER}),
    Kind.CONTACT_POINT: frozenset({Role.CONTACT_POINT_OFFICER}),
    Kind.PUBLIC: frozenset(),
}

# The organisations that take in raw reports.
RECEIVERS = (Kind.MINISTRY, Kind.OBSERVATORY)

_INTAKE = frozenset({Role.ANALYST, Role.POLICY_OFFICER})
_STATE = _INTAKE | {Role.LINE, Role.SIGNATORY, Role.CONTACT_POINT_OFFICER}
_REPORTERS = _INTAKE | {Role.ASSOCIATION_DESK, Role.COMPANY_USER}

CAPABILITIES: dict[str, frozenset[str]] = {
    "report.file": frozenset(_REPORTERS),
    "report.see": frozenset(_REPORTERS),
    "report.triage": _INTAKE,
    "report.pass_on": _INTAKE,
    "report.supplement": frozenset({Role.ASSOCIATION_DESK, Role.COMPANY_USER}),
    "press.file": _INTAKE,
    "press.see": frozenset(_STATE),
    "link.make": _INTAKE | {Role.ASSOCIATION_DESK},
    "event.see": frozenset(_STATE),
    "event.keep": _INTAKE,
    "alert.see": frozenset(_STATE),
    "alert.keep": _INTAKE,
    "warning.see": frozenset({Role.COMPANY_USER}),
    "watch.keep": frozenset({Role.COMPANY_USER}),
    "callout.see": frozenset(_STATE | {Role.ASSOCIATION_DESK}),
    "callout.ask": _INTAKE,
    "callout.answer": frozenset({Role.ASSOCIATION_DESK}),
    "case.see": frozenset(_INTAKE | {Role.COMPANY_USER}),
    "case.keep": frozenset(_INTAKE | {Role.COMPANY_USER}),
    "case.escalate": _INTAKE,
    "portfolio.see": frozenset(_STATE),
    "outreach.see": _INTAKE,
    "outreach.keep": _INTAKE,
    "contact.see": frozenset(_STATE),
    "contact.keep": frozenset(_INTAKE | {Role.LINE}),
    "line.keep": frozenset({Role.POLICY_OFFICER, Role.LINE}),
    "overview.see": frozenset(_STATE),
    "task.keep": _INTAKE,
    "publication.keep": _INTAKE,
    "consent.give": frozenset({Role.COMPANY_USER}),
    "evidence.keep": _INTAKE,
    "project.see": frozenset(_STATE),
    "project.keep": frozenset({Role.CONTACT_POINT_OFFICER}),
    "finance.see": frozenset(_STATE),
    "finance.keep": frozenset({Role.CONTACT_POINT_OFFICER, Role.POLICY_OFFICER}),
    "siting.see": frozenset(_STATE),
    "siting.keep": frozenset({Role.CONTACT_POINT_OFFICER, Role.POLICY_OFFICER, Role.ANALYST}),
    "measure.see": frozenset(_STATE),
    "measure.keep": frozenset({Role.POLICY_OFFICER, Role.LINE}),
    "duty.see": frozenset(_STATE),
    "duty.keep": _INTAKE,
    "risk.keep": frozenset({Role.COMPANY_USER}),
    "dossier.see": frozenset(_STATE),
    "dossier.edit": _INTAKE,
    "dossier.publish": _INTAKE,
    "piece.see": frozenset(_STATE),
    "piece.write": _INTAKE,
    "piece.approve": frozenset({Role.POLICY_OFFICER, Role.LINE, Role.SIGNATORY}),
    "piece.sign": frozenset({Role.SIGNATORY}),
    "commitment.see": frozenset(_STATE),
    "commitment.keep": frozenset({Role.POLICY_OFFICER, Role.LINE}),
    "key.keep": frozenset({Role.ADMINISTRATOR}),
    "account.keep": frozenset({Role.ADMINISTRATOR}),
    "audit.see": frozenset({Role.ADMINISTRATOR}),
    "pages.edit": frozenset({Role.ADMINISTRATOR}),
}

# Without a second factor these roles get no further than the page that sets it up.
SECOND_FACTOR = frozenset(Role.values)
