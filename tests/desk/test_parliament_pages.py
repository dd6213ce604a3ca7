"""The pages of pieces: writing, asking again, sending and publishing by form; exports with safe names and cells."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lodestock_desk.measures.models import BudgetLine, Measure
from lodestock_desk.parliament import actions, commitment_actions
from lodestock_desk.parliament.models import Commitment, Piece
from lodestock_desk.parliament.numbers import REGISTER, number_for, why_stale, written
from lodestock_desk.parliament.words import Part, State

from .people import actor, client
from .test_parliament_actions import HEAD, MINISTER, TODAY, draft, made, office, take, walk


def _page(who: str, name: str, *arguments: object) -> str:
    answer = client(who).get(reverse(f"parliament:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def _post(who: str, address: str, **values: object) -> int:
    return client(who).post(address, values).status_code


def test_a_piece_is_started_written_routed_signed_sent_and_published_by_form(db: None) -> None:
    ez = client("beleid.ez")
    values = {"kind": "letter", "subject_nl": "Proefbrief", "subject_en": "Trial letter", "due_on": "2026-12-31"}
    answer = ez.post(reverse("parliament:new"), values)
    piece = Piece.objects.get(subject_nl="Proefbrief")
    assert answer.url == reverse("parliament:one", args=[piece.pk])
    for part in ("nota", "piece"):
        address = reverse("parliament:write", args=[piece.pk, part])
        assert "# Aanleiding" in ez.get(address).content.decode() or part == "piece"
        text = {"title_nl": "Proef", "title_en": "Trial", "nl": "# Aanleiding\n\nEr is geen haast.", "en": "",
                "note": "", "annexes": "Artikel | Krant | 18-5-2025 | https://krant.example/x",
                "addressees": "de Voorzitter"}  # fmt: skip
        assert ez.post(address, text).status_code == 302
    assert piece.version(Part.NOTA).content["about"]["annexes"][0]["on"] == "2025-05-18"
    minister, head = str(office(MINISTER).pk), str(office(HEAD).pk)
    ez.post(reverse("parliament:senders", args=[piece.pk]), {"office_1": minister, "how_1": "signs"})
    steps = {"kind_1": "initials", "party_1": f"o:{head}", "order_1": 1, "kind_2": "signature",
             "party_2": f"o:{minister}", "order_2": 2}  # fmt: skip
    assert ez.post(reverse("parliament:route", args=[piece.pk]), steps | {"party_1": "m:x"}).status_code == 200
    assert ez.post(reverse("parliament:route", args=[piece.pk]), steps).status_code == 302
    assert ez.post(reverse("parliament:send", args=[piece.pk])).status_code == 400
    ez.post(reverse("parliament:submit", args=[piece.pk]))
    for who, kind in (("lijn.ez", "initials"), ("ondertekenaar.ez", "signature")):
        address = reverse("parliament:step", args=[piece.steps.get(kind=kind).pk])
        person = client(who)
        assert "Proefbrief" in person.get(reverse("parliament:list")).content.decode()
        assert person.get(address).status_code == 200
        assert person.post(address, {"do": "take", "seen": piece.text_hash(), "comment": ""}).status_code == 302
    assert ez.post(reverse("parliament:send", args=[piece.pk])).status_code == 302
    assert Client().get(reverse("pieces:one", args=[piece.pk])).status_code == 404
    ez.post(reverse("parliament:publish", args=[piece.pk]))
    assert "Er is geen haast" in Client().get(reverse("pieces:one", args=[piece.pk])).content.decode()
    ez.post(reverse("parliament:withdraw", args=[piece.pk]), {"reason": "Vervangen door een nieuwe brief"})
    assert "Vervangen door een nieuwe brief" in Client().get(reverse("pieces:one", args=[piece.pk])).content.decode()
    assert Piece.objects.get(pk=piece.pk).state == State.WITHDRAWN


def test_who_had_initialled_sees_the_change_and_only_that(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    client("beleid.ez").post(reverse("parliament:submit", args=[piece.pk]))
    take("beleid.bz", piece, "coordination")
    take("lijn.ez", piece, "initials")
    actions.write(ez, str(piece.pk), Part.PIECE, draft("Er is wel aanleiding voor maatregelen."))
    page = _page("lijn.ez", "step", piece.steps.get(kind="initials").pk)
    assert "<ins>Er is wel aanleiding voor maatregelen.</ins>" in page
    assert "<del>Er is geen aanleiding voor maatregelen.</del>" in page and "Een toezegging." in page
    assert "<ins>Een toezegging.</ins>" not in page
    assert "<ins>" not in _page("ondertekenaar.ez", "step", piece.steps.get(kind="signature").pk)


def test_what_changed_while_reading_is_not_signed(db: None) -> None:
    piece = made(joint=False)
    client("beleid.ez").post(reverse("parliament:submit", args=[piece.pk]))
    address = reverse("parliament:step", args=[piece.steps.get(kind="coordination").pk])
    answer = client("beleid.bz").post(address, {"do": "take", "seen": "0" * 64, "comment": ""})
    assert answer.status_code == 200 and not piece.steps.exclude(done_hash="").exists()


def test_two_writers_do_not_overwrite_each_other(db: None) -> None:
    piece = made(joint=False)
    address = reverse("parliament:write", args=[piece.pk, "piece"])
    values = {"title_nl": "T", "title_en": "", "nl": "Mijn tekst.", "en": "", "addressees": "", "note": "", "read": "1"}
    assert client("beleid.ez").post(address, values).status_code == 302
    answer = client("beleid.ez").post(address, values | {"nl": "Een andere tekst."})
    assert answer.status_code == 200 and "Een andere tekst." in answer.content.decode()


def test_findings_link_to_their_place(db: None) -> None:
    piece = made(joint=False)
    actions.write(actor("beleid.ez"), str(piece.pk), Part.PIECE, draft("# Kop\n\nHet gaat om 120 ton."))
    page = _page("beleid.ez", "one", piece.pk)
    assert 'href="#piece-nl-1"' in page and 'id="piece-nl-1"' in page


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_title_cannot_inject_a_header_or_a_formula(db: None, ending: str) -> None:
    piece = made(joint=False)
    text = actions.Draft({"nl": '=cmd\r\nSet-Cookie: x="1"; ../../etc', "en": ""}, {"nl": "Tekst.", "en": ""}, {})
    actions.write(actor("beleid.ez"), str(piece.pk), Part.PIECE, text)
    answer = client("beleid.ez").get(reverse(f"parliament:{ending}", args=[piece.pk, "piece"]))
    name = answer["Content-Disposition"]
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert name.startswith('attachment; filename="brief-2-cmd-set-cookie-x-1-etc.')
    assert "\n" not in name and "/" not in name.partition("filename")[2]


def test_commitments_are_exported_safely_and_overdue_ones_stand_out(db: None) -> None:
    values = {
        "kind": "motion", "text_nl": "=HYPERLINK(1)", "text_en": "", "promised_to": "Tweede Kamer",
        "made_where": "debat", "reference": "", "made_on": date(2025, 1, 1), "rhythm": "once",
        "due_on": date(2025, 2, 1),
    }  # fmt: skip
    old = office("minister voor Buitenlandse Handel en Ontwikkelingshulp")
    kept = commitment_actions.keep(actor("beleid.ez"), values, office_id=str(old.pk))
    page = _page("analist.nmo", "commitments")
    assert "tag-late" in page and "staatssecretaris Buitenlandse Handel" in page
    raw = client("beleid.ez").get(reverse("parliament:commitments_export", args=["csv"])).content.decode()
    assert "'=HYPERLINK(1)" in raw and "yes" in raw
    rows = client("beleid.ez").get(reverse("parliament:commitments_export", args=["json"])).json()["rows"]
    mine = next(row for row in rows if row["text_nl"] == "=HYPERLINK(1)")
    assert (mine["promised_by"], mine["answers_now"]) == (old.title_nl, "staatssecretaris Buitenlandse Handel")
    address = reverse("parliament:fulfil", args=[kept.pk])
    assert _post("beleid.ez", address, done_on=str(TODAY), note="in het debat") == 302
    assert Commitment.objects.get(pk=kept.pk).standing == "fulfilled"


def test_a_commitment_is_noted_by_form_and_refused_before_its_promise(db: None) -> None:
    values = {
        "kind": "commitment", "text_nl": "Iets sturen", "text_en": "", "office": str(office(MINISTER).pk),
        "promised_to": "Tweede Kamer", "made_where": "debat", "reference": "", "made_on": "2026-01-02",
        "rhythm": "once", "due_on": "2026-01-01",
    }  # fmt: skip
    address = reverse("parliament:new_commitment")
    assert _post("beleid.ez", address, **values) == 200
    assert _post("beleid.ez", address, **values | {"due_on": "2026-03-01"}) == 302


def test_an_amount_of_the_register_keeps_its_lineage(db: None) -> None:
    ez = actor("beleid.ez")
    measure = Measure.objects.first() or pytest.skip("no measures in this world")
    common = {"measure": measure, "year": 2026, "level": "national", "structural": False,
              "source": "begroting (voorbeeld)", "reason": "x", "by": ez.user}  # fmt: skip
    line = BudgetLine.objects.create(amount_eur=1_250_000, decided_on=date(2026, 1, 2), **common)
    number = number_for(REGISTER, f"budget.{line.pk}")
    assert written(number, "nl").replace("\u00a0", " ") == "€ 1.250.000" and why_stale(number) == ""
    assert written(number, "en").replace("\u00a0", " ") == "€1,250,000"
    BudgetLine.objects.create(amount_eur=2_000_000, decided_on=date(2026, 2, 2), replaces=line, **common)
    assert "2.000.000" in why_stale(number)
    assert why_stale(number | {"value": 1.0}) and why_stale(number | {"entry": "budget.x"})


def test_a_number_is_chosen_from_the_register_by_form(db: None) -> None:
    piece = made(joint=False)
    address = reverse("parliament:number", args=[piece.pk, "piece"])
    assert REGISTER in client("beleid.ez").get(address).content.decode()
    there = f"{address}?result={REGISTER}"
    assert _post("beleid.ez", there, name="Fout!", entry="measures.running") == 200
    assert _post("beleid.ez", there, name="lopend", entry="measures.running") == 302
    assert piece.version(Part.PIECE).text.numbers["lopend"]["result"] == REGISTER


def test_a_deputy_is_named_by_form(db: None) -> None:
    from lodestock_desk.accounts.models import Membership

    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    values = {"deputy": str(deputy.pk), "valid_from": str(TODAY), "valid_until": str(TODAY), "reason": "verlof"}
    assert _post("lijn.ez", reverse("parliament:deputies"), **values) == 302
    assert "verlof" in _page("lijn.ez", "deputies")
    assert HEAD in _page("directeur.ez", "deputies")
    assert _post("beleid.ez", reverse("parliament:deputies"), **values) == 404


def test_a_letter_begins_from_the_register(db: None) -> None:
    ez = actor("beleid.ez")
    piece = actions.start(ez, {"kind": "letter", "subject_nl": "Voortgang"})
    assert _post("beleid.ez", reverse("parliament:since", args=[piece.pk]), since="2025-01-01") == 302
    assert "Voortgang sinds" in _page("beleid.ez", "one", piece.pk)
    assert _post("beleid.ez", reverse("parliament:since", args=[piece.pk]), since="2025-01-01") == 200  # only once


def test_history_and_versions_are_shown(db: None) -> None:
    piece = made(joint=False)
    client("beleid.ez").post(reverse("parliament:submit", args=[piece.pk]))
    walk(piece)
    actions.write(actor("beleid.ez"), str(piece.pk), Part.PIECE, draft("Anders."))
    page = _page("beleid.ez", "one", piece.pk)
    assert MINISTER in page and "Ondertekenaar EZ" in page and "tag-raised" in page
    assert "<del>" in _page("beleid.ez", "changes", piece.pk, "piece")
    assert client("beleid.ez").get(reverse("parliament:changes", args=[piece.pk, "other"])).status_code == 404
