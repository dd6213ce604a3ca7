"""An administrator makes an office and says who holds it; that works at once, also for who stood in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from lodestock_desk.accounts.models import Membership, Office
from lodestock_desk.core.audit import verify
from lodestock_desk.parliament import office_actions, route_actions
from lodestock_desk.parliament.access import offices_of

from .people import actor, client
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
    held = {"office": str(new.pk), "membership": str(_membership("dg.ez").pk), "reason": "Benoemd per besluit."}
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
