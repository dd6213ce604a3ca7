"""An administrator makes an office and says who holds it; that works at once, also for who stood in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from lodestock_desk.accounts.actions import add_member, end_member
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Office
from lodestock_desk.core.audit import verify
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.parliament import commitment_actions, office_actions, route_actions
from lodestock_desk.parliament.access import asked_of, may_take, offices_of, own_office, seats
from lodestock_desk.parliament.models import Appointment

from .people import actor, client, organisation
from .test_parliament_actions import HEAD, TODAY, made, office, take


def _membership(who: str) -> Membership:
    return Membership.objects.get(user__email=f"{who}@voorbeeld.example")


def test_a_new_office_is_made_and_held_by_form(db: None) -> None:
    boss = client("beheer.ez")
    values = {
        "title_nl": "directeur grondstoffen",
        "title_en": "director for raw materials",
        "valid_from": "2026-01-01",
    }
    assert boss.post(reverse("parliament:new_office"), values).status_code == 302
    assert boss.post(reverse("parliament:new_office"), values).status_code == 200  # it is there already
    new = Office.objects.get(title_nl="directeur grondstoffen")
    held = {"office": str(new.pk), "membership": str(_membership("dg.ez").pk), "reason": "Benoemd per besluit.",
            "on": TODAY.isoformat()}  # fmt: skip
    assert boss.post(reverse("parliament:hold_office"), held).status_code == 302
    assert "Directeur-generaal EZ" in boss.get(reverse("parliament:offices")).content.decode()
    assert list(offices_of(actor("dg.ez"))) == [new]
    assert verify() == []


def test_another_holder_takes_over_at_once_and_who_stood_in_does_not(db: None) -> None:
    piece, head, boss = made(joint=False), actor("lijn.ez"), actor("beheer.ez")
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    take("beleid.bz", piece, "coordination")
    route_actions.delegate(
        head, office_id=str(office(HEAD).pk), deputy_id=str(_membership("dg.ez").pk), reason="verlof", valid_from=TODAY,
        valid_until=TODAY + timedelta(days=3),
    )  # fmt: skip
    office_actions.hold_office(
        boss, office_id=str(office(HEAD).pk), membership_id=str(_membership("directeur.ez").pk), reason="opvolging"
    )
    for who in ("lijn.ez", "dg.ez"):
        with pytest.raises(PermissionDenied):
            take(who, piece, "initials")
    take("directeur.ez", piece, "initials")
    office_actions.hold_office(boss, office_id=str(office(HEAD).pk), membership_id="", reason="vacant")
    assert not offices_of(actor("directeur.ez")).exists()
    # who gets the office back names deputies anew
    office_actions.hold_office(
        boss, office_id=str(office(HEAD).pk), membership_id=str(_membership("lijn.ez").pk), reason="terug"
    )
    assert offices_of(head).exists() and not offices_of(actor("dg.ez")).filter(pk=office(HEAD).pk).exists()


def _hold(who: str, on: date, by: str = "beheer.ez") -> None:
    office_actions.hold_office(
        actor(by), office_id=str(office(HEAD).pk), membership_id=str(_membership(who).pk) if who else "", on=on,
        reason="benoeming",
    )  # fmt: skip


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets days pass; what is sent meanwhile is not kept."""
    monkeypatch.setattr(mail, "outbox", [])

    def pass_days(days: int) -> None:
        day = timezone.localdate() + timedelta(days=days)
        noon = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return pass_days


def test_days_pass_by_the_calendar_also_where_the_clock_changes(
    db: None, later: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2027, 3, 27, 22, 30, tzinfo=UTC)  # half past eleven here
    monkeypatch.setattr(timezone, "now", lambda: evening)
    later(1)
    assert timezone.localdate() == date(2027, 3, 28)


def test_who_takes_office_on_a_day_to_come_holds_it_from_that_day_without_anything_done(
    db: None, later: Callable[[int], None]
) -> None:
    piece = made(joint=False)
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    take("beleid.bz", piece, "coordination")
    step = piece.steps.get(kind="initials")
    route_actions.delegate(
        actor("lijn.ez"), office_id=str(office(HEAD).pk), deputy_id=str(_membership("dg.ez").pk), reason="verlof",
        valid_from=TODAY, valid_until=TODAY + timedelta(days=60),
    )  # fmt: skip
    _hold("directeur.ez", TODAY + timedelta(days=30))
    for days, who in ((0, {"lijn.ez", "dg.ez"}), (29, {"lijn.ez", "dg.ez"}), (1, {"directeur.ez"})):
        later(days)
        assert {one.email.partition("@")[0] for one in asked_of([step])[str(step.pk)]} == who
        able = [one for one in ("lijn.ez", "dg.ez", "directeur.ez") if may_take(actor(one), step)]
        assert set(able) == who
    with pytest.raises(PermissionDenied):
        take("lijn.ez", piece, "initials")
    assert not take("directeur.ez", piece, "initials").acts.get(verb="initialled").deputy
    with pytest.raises(PermissionDenied):  # who left names nobody to stand in any more
        route_actions.delegate(
            actor("lijn.ez"), office_id=str(office(HEAD).pk), deputy_id=str(_membership("dg.ez").pk), reason="verlof",
            valid_from=TODAY, valid_until=TODAY + timedelta(days=60),
        )  # fmt: skip
    call_command("remind", stdout=(said := io.StringIO()))
    assert "offices taken up: 1" in said.getvalue()
    assert _membership("directeur.ez").office == office(HEAD) and _membership("lijn.ez").office is None
    call_command("remind", stdout=(said := io.StringIO()))
    assert "offices taken up: 0" in said.getvalue()
    assert own_office(actor("directeur.ez")) == office(HEAD) and verify() == []


def test_someone_whose_role_begins_later_can_be_planned_and_an_office_can_fall_vacant(
    db: None, later: Callable[[int], None]
) -> None:
    boss, on = actor("beheer.ez"), TODAY + timedelta(days=10)
    new = add_member(boss, email="nieuw.hoofd@voorbeeld.example", name="Nieuw hoofd", role="line", language="nl",
                     valid_from=on)  # fmt: skip
    with pytest.raises(ValidationError):  # not in that role yet
        _hold("nieuw.hoofd", on - timedelta(days=1))
    _hold("nieuw.hoofd", on)
    with pytest.raises(ValidationError):  # one plan at a time
        _hold("dg.ez", on + timedelta(days=1))
    later(10)
    assert {m.user.name: m.seat for m in seats(timezone.localdate()).filter(pk=new.pk)} == {
        "Nieuw hoofd": office(HEAD).pk
    }
    _hold("", on + timedelta(days=5))
    later(5)
    assert not seats(timezone.localdate()).filter(seat=office(HEAD).pk).exists()


def _rename(title: str, on: date) -> Office:
    return commitment_actions.succeed(
        actor("beheer.ez"), old_ids=[str(office(title).pk)], title_nl="hoofd Metalen", title_en="Head of Metals",
        organisation_id=str(organisation("EZ").pk), on=on, reason="nieuwe naam",
    )  # fmt: skip


def _own() -> Office:
    """An office that dg.ez holds today."""
    own = office_actions.make_office(
        actor("beheer.ez"), title_nl="directeur grondstoffen", title_en="director", valid_from=date(2025, 1, 1)
    )
    office_actions.hold_office(
        actor("beheer.ez"), office_id=str(own.pk), membership_id=str(_membership("dg.ez").pk), reason="benoeming"
    )
    return own


def test_an_office_for_which_someone_is_planned_is_not_renamed_before_that_day(db: None) -> None:
    _hold("dg.ez", TODAY + timedelta(days=30))
    values = {"old": [str(office(HEAD).pk)], "title_nl": "hoofd Grondstoffen", "title_en": "Head of Materials",
              "on": (TODAY + timedelta(days=20)).isoformat(), "reason": "nieuwe naam"}  # fmt: skip
    told = client("beheer.ez").post(reverse("parliament:offices"), values)
    assert told.status_code == 200 and "al een wisseling voorzien" in told.content.decode()
    assert office(HEAD).valid_until is None and not Office.objects.filter(title_nl="hoofd Grondstoffen").exists()
    _rename(HEAD, TODAY + timedelta(days=31))  # after the plan has begun


def test_a_plan_for_an_office_that_is_gone_takes_nobodys_own_office(db: None, later: Callable[[int], None]) -> None:
    own, on = _own(), TODAY + timedelta(days=30)
    _hold("dg.ez", on)
    Office.objects.filter(pk=office(HEAD).pk).update(valid_until=on - timedelta(days=11))
    later(30)
    assert own_office(actor("dg.ez")) == own
    call_command("remind", stdout=(said := io.StringIO()))
    assert "offices taken up: 0" in said.getvalue() and not Appointment.objects.exists()
    assert own_office(actor("dg.ez")) == own and _membership("lijn.ez").office == office(HEAD)
    assert AuditEntry.objects.filter(verb="office.plan-lapsed").count() == 1 and verify() == []


def test_who_leaves_before_the_day_takes_no_office_and_who_holds_it_keeps_it(
    db: None, later: Callable[[int], None]
) -> None:
    on = TODAY + timedelta(days=30)
    _hold("dg.ez", on)
    end_member(actor("beheer.ez"), str(_membership("dg.ez").pk), on=on, reason="nog in functie")
    assert Appointment.objects.exists()
    end_member(actor("beheer.ez"), str(_membership("dg.ez").pk), on=on - timedelta(days=1), reason="vertrek")
    assert not Appointment.objects.exists()
    assert AuditEntry.objects.filter(verb="office.plan-cancelled").count() == 1
    later(30)
    assert own_office(actor("lijn.ez")) == office(HEAD) and verify() == []


def test_a_plan_for_someone_whose_role_has_ended_lapses(db: None, later: Callable[[int], None]) -> None:
    on = TODAY + timedelta(days=30)
    _hold("dg.ez", on)
    Membership.objects.filter(pk=_membership("dg.ez").pk).update(valid_until=on - timedelta(days=1))
    later(30)
    assert own_office(actor("lijn.ez")) == office(HEAD)
    call_command("remind", stdout=(said := io.StringIO()))
    assert "offices taken up: 0" in said.getvalue() and not Appointment.objects.exists()
    assert own_office(actor("lijn.ez")) == office(HEAD) and verify() == []


def test_a_plan_that_another_run_takes_up_meanwhile_stops_nothing(
    db: None, later: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _hold("dg.ez", TODAY + timedelta(days=1))
    later(1)
    lock = QuerySet.select_for_update

    def late(found: QuerySet, *args: object, **options: object) -> QuerySet:
        Appointment.objects.update(done=True)  # the other run was first
        return lock(found, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", late)
    assert office_actions.take_up(Actor(system="offices")) == 0


def test_a_plan_stands_on_the_page_of_offices_and_can_be_cancelled(db: None, later: Callable[[int], None]) -> None:
    boss, on = client("beheer.ez"), TODAY + timedelta(days=40)
    values = {"office": str(office(HEAD).pk), "membership": str(_membership("dg.ez").pk), "on": on.isoformat(),
              "reason": "Benoemd per besluit."}  # fmt: skip
    past = boss.post(reverse("parliament:hold_office"), values | {"on": (TODAY - timedelta(days=1)).isoformat()})
    assert past.status_code == 200 and "Geef vandaag of een latere dag" in past.content.decode()
    assert boss.post(reverse("parliament:hold_office"), values).status_code == 302
    plan = Appointment.objects.get()
    told = boss.get(reverse("parliament:offices")).content.decode()
    assert reverse("parliament:cancel_plan", args=[plan.pk]) in told and "Directeur-generaal EZ" in told
    assert client("beheer.nmo").post(reverse("parliament:cancel_plan", args=[plan.pk])).status_code == 404
    assert boss.post(reverse("parliament:cancel_plan", args=[plan.pk])).status_code == 302
    assert not Appointment.objects.exists()
    assert AuditEntry.objects.filter(verb="office.plan-cancelled").exists()
    _hold("dg.ez", on)
    later(40)
    with pytest.raises(ValidationError):  # it has begun
        office_actions.cancel_plan(actor("beheer.ez"), str(Appointment.objects.get().pk))


def test_a_new_office_of_a_day_to_come_can_be_given_to_someone(db: None) -> None:
    on = TODAY + timedelta(days=20)
    new = office_actions.make_office(
        actor("beheer.ez"), title_nl="minister van Grondstoffen", title_en="Minister for Raw Materials", valid_from=on
    )
    values = {"office_id": str(new.pk), "membership_id": str(_membership("dg.ez").pk), "reason": "beëdiging"}
    with pytest.raises(ValidationError):
        office_actions.hold_office(actor("beheer.ez"), **values, on=on - timedelta(days=1))
    office_actions.hold_office(actor("beheer.ez"), **values, on=on)
    assert own_office(actor("dg.ez")) != new
    told = client("beheer.ez").get(reverse("parliament:hold_office")).content.decode()
    assert "minister van Grondstoffen, vanaf" in told


@pytest.mark.parametrize(
    ("who", "member", "refused"),
    [
        ("beleid.ez", "dg.ez", PermissionDenied), ("beheer.ez", "ondertekenaar.bz", ValidationError),
        ("beheer.ez", "beheer.ez", ValidationError), ("beheer.nmo", "dg.ez", ValidationError),
    ],
)  # fmt: skip
def test_nobody_gives_an_office_that_is_not_theirs_to_give(
    db: None, who: str, member: str, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        office_actions.hold_office(
            actor(who), office_id=str(office(HEAD).pk), membership_id=str(_membership(member).pk), reason="zomaar"
        )
    assert _membership("lijn.ez").office == office(HEAD)
