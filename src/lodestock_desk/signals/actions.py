"""Writes on reports: one function each, permission → change → audit row, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.access import receivers, visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind, Role
from lodestock_desk.core.writing import Audit, writing
from lodestock_desk.signals import uploads
from lodestock_desk.signals.access import triageable_reports, visible_events, visible_reports
from lodestock_desk.signals.alerting import raise_alerts
from lodestock_desk.signals.drafts import PressDraft, ReportDraft
from lodestock_desk.signals.duplicates import company_key, one_key
from lodestock_desk.signals.models import Attachment, Event, OneTimeLink, Passing, Report, Step, Supplement
from lodestock_desk.signals.states import COUNTED, State, check_step
from lodestock_desk.signals.tokens import hashed, new_reference, new_token
from lodestock_desk.signals.words import Basis, Ground, Share, Source

LINK_DAYS = 21


@contextmanager
def _kept(draft: ReportDraft) -> Iterator[list[str]]:
    """Keep the attachments for the time of the transaction; drop them again if it fails."""
    stored = [uploads.keep(file) for file in draft.attachments]
    try:
        yield stored
    except BaseException:
        for name in stored:
            uploads.drop(name)
        raise


def file_report(actor: Actor, draft: ReportDraft, *, company_id: str = "") -> tuple[Report, str]:
    """File a report with an account; answers it and its receipt token. The same form sent twice files once."""
    with _kept(draft) as stored, writing(actor, "report.file") as audit:
        receiver = receivers().get(pk=draft.receiver_id)
        company = _company_of(actor, company_id)
        through = actor.organisation if actor.role == Role.ASSOCIATION_DESK else None
        source = {Role.ASSOCIATION_DESK: Source.ASSOCIATION, Role.COMPANY_USER: Source.COMPANY}.get(
            actor.role, Source.CALL
        )
        if source == Source.CALL and receiver.pk != actor.organisation.pk:
            raise PermissionDenied("a call is recorded with the organisation that made it")
        if earlier := _filed_before(draft, stored):
            if earlier.filed_by_id != actor.user.pk:
                raise PermissionDenied("submission")
            audit.changed(earlier, "report.filed-again")
            return earlier, ""
        report, token = _create(draft, source=source, receiver=receiver, company=company, through=through)
        report.filed_by = actor.user
        report.save()
        _attach(report, draft, stored)
        audit.changed(report, "report.filed", source=source, attachments=len(stored))
    return report, token


def file_by_link(actor: Actor, token: str, draft: ReportDraft) -> tuple[Report, str]:
    """File a report by a one-time link, which is then used up; the same form sent twice files once."""
    with _kept(draft) as stored, writing(actor, None) as audit:
        link = OneTimeLink.objects.select_for_update(of=("self",)).filter(token_hash=hashed(token)).first()
        if link is None or link.expires_at < timezone.now():
            raise PermissionDenied("link")
        if link.used_at is not None:
            earlier = _filed_before(draft, stored)
            if earlier is None:
                raise PermissionDenied("link")
            audit.changed(earlier, "report.filed-again")
            return earlier, ""
        source = Source.ASSOCIATION if link.sent_through_id else Source.COMPANY
        report, receipt = _create(
            draft, source=source, receiver=link.receiver, company=link.company, through=link.sent_through
        )
        report.save()
        _attach(report, draft, stored)
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        audit.changed(link, "link.used")
        audit.changed(report, "report.filed", source=source, by="link", attachments=len(stored))
    return report, receipt


def _company_of(actor: Actor, company_id: str) -> Organisation | None:
    if actor.role == Role.COMPANY_USER:
        return actor.organisation
    if not company_id:
        return None
    return visible_companies(actor).get(pk=company_id)


def _filed_before(draft: ReportDraft, stored: list[str]) -> Report | None:
    earlier = Report.objects.filter(submission=draft.submission).first()
    if earlier is not None:
        for name in stored:
            uploads.drop(name)
    return earlier


def _create(
    draft: ReportDraft,
    *,
    source: str,
    receiver: Organisation,
    company: Organisation | None,
    through: Organisation | None,
) -> tuple[Report, str]:
    """The report, not yet saved, and the token of its receipt."""
    token = new_token()
    kvk = company.kvk if company else draft.kvk
    key = company_key(organisation_id=str(company.pk) if company else "", kvk=kvk, name=draft.company_name)
    report = Report(
        reference=new_reference(),
        submission=draft.submission,
        source=source,
        receiver=receiver,
        sent_through=through,
        company=company,
        company_name=draft.company_name or (company.name if company else ""),
        kvk=kvk,
        company_key=key,
        contact=draft.contact,
        material=draft.material,
        product_words=draft.product_words,
        sector=draft.sector,
        effect=draft.effect,
        cause=draft.cause,
        severity=draft.severity,
        since=draft.since,
        stock_days=draft.stock_days,
        description=draft.description,
        share=[s for s in draft.share if s in Share.values],
        language=draft.language,
        receipt_hash=hashed(token),
    )
    return report, token


def _attach(report: Report, draft: ReportDraft, stored: list[str]) -> None:
    for file, name in zip(draft.attachments, stored, strict=True):
        Attachment.objects.create(
            report=report, name=file.name, kind=file.kind, size=len(file.content), sha256=file.sha256, stored=name
        )


def file_press(actor: Actor, draft: PressDraft) -> Report:
    """File a press item; it is public and needs no ground."""
    with writing(actor, "press.file") as audit:
        report = Report.objects.create(
            reference=new_reference(),
            submission=draft.submission,
            source=Source.PRESS,
            receiver=actor.organisation,
            outlet=draft.outlet,
            published_on=draft.published_on,
            address=draft.address,
            claim=draft.claim,
            material=draft.material,
            ground=Ground.NONE,
            filed_by=actor.user,
        )
        audit.changed(report, "press.filed")
    return report


def take_step(actor: Actor, report_id: str, *, to: str, reason: str, event_id: str = "", into_id: str = "") -> Report:
    """Take a report to its next state, with a reason; linking names an event, merging the report it goes into."""
    with writing(actor, "report.triage") as audit:
        report = triageable_reports(actor).select_for_update(of=("self",)).get(pk=report_id)
        event = visible_events(actor).get(pk=event_id) if to == State.LINKED and event_id else None
        into = triageable_reports(actor).get(pk=into_id) if to == State.MERGED and into_id else None
        _check_merge(report, into)
        before, after = report.state, check_step(report.state, to, reason, event=bool(event), into=bool(into))
        report.state = after
        report.event = event or (report.event if after == State.CLOSED else None)
        report.merged_into = into or (report.merged_into if after == State.CLOSED else None)
        if after == State.VERIFIED:
            report.verified_at = timezone.now()
        if after in (State.UNDER_REVIEW, State.REJECTED, State.MERGED):
            report.verified_at = None
        report.closed_at = timezone.now() if after == State.CLOSED else None
        report.save()
        Step.objects.create(report=report, before=before, after=after, reason=reason.strip(), by=actor.user)
        audit.changed(report, f"report.{after}", before=before, reason=reason.strip())
        if after == State.VERIFIED:
            _count(report, audit)
    return report


def _count(report: Report, audit: Audit) -> None:
    """Let a verified report count: its company under one key, and the alerts that it calls for."""
    for one in one_key(report):
        report.company_key = one.company_key if one.pk == report.pk else report.company_key
        one.save(update_fields=["company_key"])
        audit.changed(one, "report.company-recognised", by=report.reference)
    for alert in raise_alerts(report):
        audit.changed(alert, "alert.raised", rule=str(alert.rule_id), count=alert.count)


def _check_merge(report: Report, into: Report | None) -> None:
    """A report is not merged with itself, nor with one that is merged or rejected: no circles, no lost counts."""
    if into is None:
        return
    if into.pk == report.pk:
        raise InputError(_("A report cannot be merged with itself."))
    if into.state in (State.MERGED, State.REJECTED):
        raise InputError(_("Choose a report that is not itself merged or rejected."))
    if report.merged.filter(state=State.MERGED).exists():
        raise InputError(_("Other reports were merged with this one. Merge the other way round."))


def set_material(actor: Actor, report_id: str, *, material: str, sector: str) -> Report:
    """Say which material of the vocabulary a report is about, and in which sector; the reporter's words stay."""
    with writing(actor, "report.triage") as audit:
        report = triageable_reports(actor).select_for_update(of=("self",)).get(pk=report_id)
        report.material, report.sector = material, sector
        report.save(update_fields=["material", "sector"])
        audit.changed(report, "report.material-set")
        if report.state in COUNTED:
            _count(report, audit)
    return report


def pass_on(actor: Actor, report_id: str, *, to_id: str, basis: str, text: str) -> Passing:
    """Pass a raw report to another receiver, on recorded consent or a recorded legal ground."""
    with writing(actor, "report.pass_on") as audit:
        report = triageable_reports(actor).exclude(source=Source.PRESS).get(pk=report_id)
        to = receivers().exclude(pk=report.receiver_id).get(pk=to_id)
        needed = Share.OBSERVATORY if to.kind == Kind.OBSERVATORY else Share.MINISTRIES
        if basis == Basis.CONSENT and needed not in report.share and len(text.strip()) < 20:
            raise ValidationError(
                {"text": _("The report gives no consent for this. Write who of the company gave it, how and when.")}
            )
        if Passing.objects.filter(report=report, to=to).exists():
            raise ValidationError({"to": _("This organisation already has the report.")})
        passing = Passing.objects.create(report=report, to=to, basis=basis, text=text, by=actor.user)
        audit.changed(passing, "report.passed-on", basis=basis, report=str(report.pk), to=str(to.pk))
    return passing


def supplement(actor: Actor, report_id: str, text: str) -> Supplement:
    """Add something to a report that one sent oneself; the first text stays."""
    with writing(actor, "report.supplement") as audit:
        report = visible_reports(actor).get(pk=report_id)
        added = Supplement.objects.create(report=report, text=text, by=actor.user)
        audit.changed(added, "report.supplemented", report=str(report.pk))
    return added


def make_link(actor: Actor, *, receiver_id: str, company_id: str = "") -> tuple[OneTimeLink, str]:
    """Make a one-time link for a company; answers the link and its token, which is shown once."""
    with writing(actor, "link.make") as audit:
        through = actor.organisation if actor.role == Role.ASSOCIATION_DESK else None
        if through is None and receiver_id != str(actor.organisation.pk):
            raise PermissionDenied("a link leads to the organisation that makes it")
        token = new_token()
        link = OneTimeLink.objects.create(
            token_hash=hashed(token),
            receiver=receivers().get(pk=receiver_id),
            sent_through=through,
            company=visible_companies(actor).get(pk=company_id) if company_id else None,
            made_by=actor.user,
            expires_at=timezone.now() + timedelta(days=LINK_DAYS),
        )
        audit.changed(link, "link.made")
    return link, token


def keep_event(actor: Actor, *, event_id: str = "", **values: object) -> Event:
    """Make or change an event."""
    allowed = {"title", "materials", "started", "ended", "control", "description"}
    if extra := set(values) - allowed:
        raise PermissionDenied(f"fields {sorted(extra)}")
    with writing(actor, "event.keep") as audit:
        event = visible_events(actor).select_for_update().get(pk=event_id) if event_id else Event(id=uuid4())
        for name, value in values.items():
            setattr(event, name, value)
        event.save()
        audit.changed(event, "event.changed" if event_id else "event.made")
    return event
