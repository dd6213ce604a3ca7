"""Every view, found in the URLconf, as every kind of person: who gets through is written down here, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lodestock_desk.accounts.models import Membership, User
from lodestock_desk.callouts.models import CallOut
from lodestock_desk.contacts.models import Contact
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.disclosure.models import Consent, Publication
from lodestock_desk.licences import actions as licences
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.outreach.models import Campaign, Clue, Import
from lodestock_desk.overview import actions as overview
from lodestock_desk.overview.models import LapseTask
from lodestock_desk.scenarios.models import Evidence
from lodestock_desk.signals import actions, alert_actions
from lodestock_desk.signals.models import Alert, AlertRule, Attachment, Event, Report, Warned, Watch

from . import allowed_api, allowed_dossiers, allowed_measures, allowed_parliament, allowed_processing
from .people import BACKEND, actor, client, draft, organisation

PEOPLE = {
    "owner": "servo",
    "other company": "wind",
    "association": "loket.a",
    "other association": "loket.b",
    "ministry": "beleid.ez",
    "other ministry": "beleid.bz",
    "observatory": "analist.nmo",
    "line": "lijn.ez",
    "signatory": "ondertekenaar.ez",
    "contact point": "contactpunt",
    "administrator": "beheer.ez",
}
EVERYONE = set(PEOPLE)
INTAKE = {"ministry", "other ministry", "observatory"}
STATE = INTAKE | {"line", "signatory", "contact point"}
COMPANIES = {"owner", "other company"}
ASSOCIATIONS = {"association", "other association"}
REPORTERS = INTAKE | COMPANIES | ASSOCIATIONS

# view → who gets through. The objects: a report of `owner`, sent through `association`, received by `ministry`;
# a case of `owner` kept with `ministry`; everything else is of `ministry`.
ALLOWED: dict[str, set[str]] = {
    "accounts:start": EVERYONE,
    "accounts:membership": set(),  # without a role of one's own there is nothing to change to
    "accounts:members": {"administrator"},
    "accounts:end_member": {"administrator"},
    "accounts:audit": {"administrator"},
    "signals:list": REPORTERS,
    "signals:export": REPORTERS,
    "signals:new": REPORTERS,
    "signals:press": INTAKE,
    "signals:links": INTAKE | ASSOCIATIONS,
    "signals:one": {"owner", "association", "ministry"},
    "signals:step": {"ministry"},
    "signals:material": {"ministry"},
    "signals:pass_on": {"ministry"},
    "signals:supplement": {"owner", "association"},
    "signals:attachment": {"owner", "association", "ministry"},
    "signals:events": STATE,
    "signals:new_event": INTAKE,
    "signals:event": STATE,
    "signals:change_event": INTAKE,
    "signals:alerts": STATE,
    "signals:alert": {"ministry", "line", "signatory"},
    "signals:decide": {"ministry"},
    "signals:texts": {"ministry"},
    "signals:new_rule": INTAKE,
    "signals:end_rule": {"ministry"},
    "signals:warnings": COMPANIES,
    "signals:read_warning": {"owner"},
    "signals:unwatch": {"owner"},
    "callouts:list": STATE | ASSOCIATIONS,
    "callouts:ask": INTAKE,
    "callouts:one": STATE | ASSOCIATIONS,
    "callouts:export": {"ministry"},
    "callouts:answer": ASSOCIATIONS,
    "callouts:extend": {"ministry"},
    "licences:list": INTAKE | COMPANIES,
    "licences:export": INTAKE | COMPANIES,
    "licences:new": INTAKE | COMPANIES,
    "licences:one": {"owner", "ministry"},
    "licences:change": {"owner", "ministry"},
    "licences:document": {"owner", "ministry"},
    "licences:hours": {"owner", "ministry"},
    "licences:resubmission": {"owner", "ministry"},
    "licences:consent": {"owner", "ministry"},
    "licences:escalation": {"ministry"},
    "licences:portfolio": STATE,
    "outreach:list": INTAKE,
    "outreach:export": INTAKE,
    "outreach:clues": INTAKE,
    "outreach:remove_clue": {"ministry"},
    "outreach:judge": INTAKE,
    "outreach:new_campaign": INTAKE,
    "outreach:campaign": {"ministry"},
    "outreach:call": {"ministry"},
    "outreach:upload": INTAKE,
    "outreach:preview": {"ministry"},
    "contacts:list": STATE,
    "contacts:export": STATE,
    "contacts:new": INTAKE | {"line"},
    "contacts:line": {"ministry", "other ministry", "line"},
    "contacts:one": {"ministry", "line", "signatory"},
    "contacts:change": {"ministry", "line"},
    "contacts:finish": {"ministry", "line"},
    "disclosure:list": INTAKE,
    "disclosure:one": {"ministry"},
    "disclosure:ask": INTAKE,
    "disclosure:consents": COMPANIES,
    "disclosure:consent": {"owner"},
    "scenarios:list": INTAKE,
    "scenarios:one": {"ministry"},
    "scenarios:decide": {"ministry"},
    "scenarios:download": {"ministry"},
    "overview:list": STATE,
    "overview:one": STATE,
    "overview:make_tasks": INTAKE,
    "overview:finish": {"ministry"},
}
PUBLIC = {"health", "materials", "privacy", "licences_public", "by_link", "receipt", "accounts:language"}
ONLY_POST = {
    "accounts:membership", "signals:read_warning", "signals:unwatch", "overview:make_tasks",
}  # fmt: skip
# The later rooms write their part of the table in a file of their own.
ROOMS = (allowed_processing, allowed_measures, allowed_dossiers, allowed_parliament, allowed_api)
for _room in ROOMS:
    ALLOWED |= _room.ALLOWED
    PUBLIC |= _room.PUBLIC
    ONLY_POST |= _room.ONLY_POST
OTHERS = ("account/", "cms/")  # allauth's and Wagtail's own pages, tested in test_security


def _views(patterns: list[object], space: str = "") -> Iterator[str]:
    for found in patterns:
        if isinstance(found, URLResolver):
            route = str(found.pattern)
            if route.startswith(OTHERS) or found.urlconf_name == "wagtail.urls" or "wagtail.urls" in str(found):
                continue
            yield from _views(found.url_patterns, f"{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern) and found.name and not found.name.startswith("wagtail"):
            yield space + found.name


def test_every_view_is_in_the_table() -> None:
    assert set(_views(get_resolver().url_patterns)) == set(ALLOWED) | PUBLIC


@pytest.fixture
def addresses(db: None) -> dict[str, str]:
    """An address for each view, with objects as described above."""
    objects = _objects()
    for room in ROOMS:
        objects |= room.objects()
    made = {}
    for name in ALLOWED:
        kwargs = objects.get(name) or objects.get(name.split(":")[0]) if _takes(name) else {}
        made[name] = reverse(name, kwargs={key: kwargs[key] for key in _takes(name)})
    return made


def _takes(name: str) -> list[str]:
    space, _colon, view = name.partition(":")
    resolvers = [r for r in get_resolver().url_patterns if isinstance(r, URLResolver) and r.namespace == space]
    pattern = next(p for r in resolvers for p in r.url_patterns if p.name == view)
    return list(pattern.pattern.regex.groupindex)


def _objects() -> dict[str, dict[str, object]]:
    report, file = _report()
    case = _case()
    ez, boss = actor("beleid.ez"), actor("beheer.ez")
    overview.make_tasks(ez)
    common = {"organisation": ez.organisation}
    clue = Clue.objects.create(material="gallium", kind="sbi", value="26", weight=1, reason="x", **common)
    campaign = Campaign.objects.create(
        title="x", material="gallium", cut=1, questions="x", started="2025-01-01", **common
    )
    waiting = Import.objects.create(name="x", rows=[], by=ez.user, **common)
    contact = Contact.objects.filter(due_on__isnull=False).get()
    Contact.objects.update(restricted=True)
    publication = Publication.objects.create(
        first_month="2025-01", last_month="2025-01", fallback="withheld", base={}, table=[],
        attack={"tested": 0, "narrowest": None}, policy={}, reason="x", by=ez.user, **common,
    )  # fmt: skip
    consent = Consent.objects.create(
        company=organisation("Servotechniek"), material="gallium", first_month="2025-01", last_month="2025-01",
        text_nl="x", text_en="x", reason="x", asked_by=ez.user, **common,
    )  # fmt: skip
    evidence = Evidence.objects.create(
        material="gallium", parameter="stock_days", value=1, low=1, high=1, observations=3, until="2025-01-01",
        reason="x", proposed_by=boss.user, state="accepted", **common,
    )  # fmt: skip
    alert = Alert.objects.filter(organisation=ez.organisation).first()
    owner = actor("servo").organisation
    warned = Warned.objects.create(alert=alert, company=owner)
    member = Membership.objects.get(user__email="lijn.ez@voorbeeld.example")
    of_report = {"pk": report.pk, "file": file.pk, "ending": "csv"}
    return {
        "accounts:end_member": {"pk": member.pk},
        "signals": of_report,
        "signals:event": {"pk": Event.objects.first().pk},
        "signals:change_event": {"pk": Event.objects.first().pk},
        **{f"signals:{name}": {"pk": alert.pk} for name in ("alert", "decide", "texts")},
        "signals:end_rule": {"pk": AlertRule.objects.filter(**common).first().pk},
        "signals:read_warning": {"pk": warned.pk},
        "signals:unwatch": {"pk": Watch.objects.get(company=owner).pk},
        "callouts": {"pk": CallOut.objects.get().pk, "ending": "csv"},
        "licences": {"pk": case.pk, "ending": "csv"},
        "outreach": {"ending": "csv"},
        "outreach:remove_clue": {"pk": clue.pk},
        "outreach:judge": {"pk": owner.pk, "material": "gallium"},
        "outreach:campaign": {"pk": campaign.pk},
        "outreach:call": {"pk": campaign.pk, "company": owner.pk},
        "outreach:preview": {"pk": waiting.pk},
        "contacts": {"pk": contact.pk, "ending": "csv"},
        "disclosure": {"pk": publication.pk},
        "disclosure:consent": {"pk": consent.pk},
        "scenarios": {"pk": evidence.pk},
        "overview": {"pk": LapseTask.objects.filter(**common).first().pk, "material": "gallium"},
    }


def _report() -> tuple[Report, Attachment]:
    """Of `owner`, sent through `association`, received by `ministry`, with a file."""
    from lodestock_desk.signals.uploads import Checked

    file = Checked("bon.txt", "txt", b"order 1")
    report, _token = actions.file_report(
        actor("loket.a"), draft("EZ", attachments=(file,)), company_id=str(organisation("Servotechniek").pk)
    )
    return report, report.attachments.get()


def _case() -> LicenceCase:
    values = {"material": "ndfeb-magnets", "outcome": "pending", "last_known_on": "2025-06-01"}
    return licences.keep_case(actor("beleid.ez"), values, company_id=str(organisation("Servotechniek").pk))


def _through(status: int) -> bool:
    return status in (200, 302, 400)


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_who_gets_through(who: str, addresses: dict[str, str]) -> None:
    browser = client(PEOPLE[who])
    wrong = []
    for name, address in addresses.items():
        answer = browser.post(address) if name in ONLY_POST else browser.get(address)
        if answer.streaming:  # reading to the end closes the file; close() would close the connection too
            list(answer.streaming_content)
        if _through(answer.status_code) != (who in ALLOWED[name]):
            wrong.append((name, answer.status_code))
        elif not _through(answer.status_code):
            assert answer.status_code in (403, 404), (name, answer.status_code)
    assert wrong == []


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_what_is_not_theirs_cannot_be_written(who: str, addresses: dict[str, str]) -> None:
    """A POST by someone who may not even look changes nothing and leaves no row of a change."""
    browser = client(PEOPLE[who])
    before = AuditEntry.objects.count()
    for name, address in addresses.items():
        if who not in ALLOWED[name]:
            assert browser.post(address, {"reason": "because", "to": "closed"}).status_code in (403, 404, 405), name
    assert AuditEntry.objects.count() == before


def test_nobody_logged_in_is_sent_to_the_log_in_page(addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        answer = Client().post(address) if name in ONLY_POST else Client().get(address)
        assert answer.status_code == 302 and answer.url.startswith("/account/login/"), name


def test_someone_without_a_role_sees_nothing(addresses: dict[str, str]) -> None:
    browser = Client()
    outsider = User.objects.create_user("outsider@voorbeeld.example", "x", name="Outsider")
    browser.force_login(outsider, backend=BACKEND)
    for name, address in addresses.items():
        answer = browser.post(address) if name in ONLY_POST else browser.get(address)
        assert name == "accounts:start" or answer.status_code in (403, 404), name


def test_no_address_of_an_object_can_be_counted_or_guessed(db: None) -> None:
    for model in (Report, LicenceCase, Contact, CallOut, Evidence, Alert, Event):
        assert model._meta.pk.get_internal_type() == "UUIDField"
    answer = client("beleid.ez").get(reverse("signals:one", kwargs={"pk": uuid4()}))
    assert answer.status_code == 404


def test_a_passed_report_opens_for_the_receiver_and_nobody_else(db: None) -> None:
    report, _file = _report()
    address = reverse("signals:one", kwargs={"pk": report.pk})
    assert client("analist.nmo").get(address).status_code == 404
    actions.pass_on(
        actor("beleid.ez"), str(report.pk), to_id=str(organisation("NMO").pk), basis="legal",
        text="Verordening (EU) 2024/1252, artikel 20",
    )  # fmt: skip
    assert client("analist.nmo").get(address).status_code == 200
    assert client("beleid.bz").get(address).status_code == 404
    assert client("analist.nmo").get(reverse("signals:step", kwargs={"pk": report.pk})).status_code == 404


def test_rules_of_an_alert_are_the_owner_organisations(db: None) -> None:
    rule = AlertRule.objects.filter(organisation=organisation("EZ")).first()
    with pytest.raises(AlertRule.DoesNotExist):
        alert_actions.end_rule(actor("analist.nmo"), str(rule.pk), reason="not mine")
