"""The rehearsal: both pieces of the memos, from register, dossiers' results and a real scenario run to signed PDF."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as ReadDocx
from pypdf import PdfReader

from lodestock.disruption.controls import to_be_checked
from lodestock.errors import InputError
from lodestock_desk.accounts.models import Office, Organisation
from lodestock_desk.core.audit import verify
from lodestock_desk.dossiers.actions import take_in
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.measures.changes import changes_since
from lodestock_desk.parliament import actions, commitment_actions, example, route_actions
from lodestock_desk.parliament.actions import Draft
from lodestock_desk.parliament.export import docx, pdf
from lodestock_desk.parliament.models import Commitment, Piece
from lodestock_desk.parliament.numbers import written
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.terms import next_due
from lodestock_desk.parliament.text import write
from lodestock_desk.parliament.words import Finding, Part, Settled, State, Verb

from .people import actor

pytestmark = pytest.mark.slow
SHORT = {"ez": "EZ", "bz": "BZ", "iw": "I&W", "kgg": "KGG", "szw": "SZW", "def": "DEF"}
FIVE = ("iw", "bz", "kgg", "szw", "def")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flagship scenario, run for real."""
    folder = tmp_path_factory.mktemp("run")
    command = [sys.executable, "-m", "lodestock.cli", "brief", example.RUN, "--lang", "both", "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
def organisations(db: None, run: Path) -> dict[str, Organisation]:
    """The ministries, with the scenario taken in."""
    if not PublishedResult.objects.filter(name=example.RUN).exists():
        take_in(actor("analist.nmo"), run, material="rare-earth-magnets", is_example=True)
    return {key: Organisation.objects.get(abbreviation=short) for key, short in SHORT.items()}


def _printed(raw: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).split())


def _settle(piece: Piece) -> list[str]:
    """Overrule what stands open, as a person would, and give back what it was."""
    found = list(piece.findings.filter(state=Settled.OPEN))
    for item in found:
        route_actions.settle(actor("beleid.ez"), str(item.pk), reason="Nagegaan bij de bron.")
    return [f"{item.kind}: {item.words}" for item in found]


def _initials(piece: Piece) -> None:
    for who, office in zip(("lijn.ez", "directeur.ez", "dg.ez"), example.LINE, strict=True):
        example.take(actor(who), piece, "initials", str(Office.objects.get(title_nl=office).pk))


def _signature(piece: Piece) -> None:
    example.take(actor("ondertekenaar.ez"), piece, "signature", str(Office.objects.get(title_nl=example.MINISTER).pk))


def _returned_and_changed(piece: Piece, organisations: dict[str, Organisation]) -> None:
    """DEF returns it, the text changes, and whoever had agreed is asked again."""
    key = str(piece.pk)
    for ministry in FIVE[:4]:
        example.take(actor(f"beleid.{ministry}"), piece, "coordination", str(organisations[ministry].pk))
    last = piece.steps.get(ministry=organisations["def"])
    route_actions.give_back(actor("beleid.def"), str(last.pk), comment="Noem ook defensie als belang.")
    nota = piece.version(Part.NOTA)
    writing = {lang: write(nota.text.blocks[lang], lang) for lang in ("nl", "en")}
    writing["nl"] = writing["nl"].replace("een blijvende opgave", "voor economie en defensie een blijvende opgave")
    writing["en"] = writing["en"].replace("a lasting task", "a lasting task for economy and defence")
    actions.write(
        actor("beleid.ez"), key, Part.NOTA, Draft(nota.text.title, writing, nota.text.about, "defensie genoemd")
    )
    assert piece.acts.filter(verb=Verb.LAPSED).count() == 4


def test_the_progress_note_with_its_five_ministries(organisations: dict[str, Organisation], run: Path) -> None:
    ez = actor("beleid.ez")
    piece = example.start_letter(ez, organisations)
    text = piece.version(Part.PIECE).text
    words = " ".join(block.plain() for block in text.blocks["nl"])
    for change in changes_since(example.LAST_LETTER):  # it begins from the register
        assert change.measure.nl in words
    held = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["entries"][example.SHORTAGE]
    number = text.numbers["tekort"]
    assert number["value"] == held["value"] and number["result"] == example.RUN and number["day"]
    assert piece.version(Part.NOTA).text.blocks["nl"][0].text == "Aanleiding"
    assert not piece.findings.filter(kind=Finding.NO_LINEAGE).exists()  # every figure is a date or has its lineage
    key = str(piece.pk)
    route_actions.submit(ez, key)

    _returned_and_changed(piece, organisations)
    route_actions.submit(ez, key)
    for ministry in FIVE:
        example.take(actor(f"beleid.{ministry}"), piece, "coordination", str(organisations[ministry].pk))
    _initials(piece)
    with pytest.raises(InputError):
        route_actions.send(ez, key)
    _settle(piece)
    _signature(piece)
    route_actions.send(ez, key)

    # signed, frozen, and the promise kept: the next one is due a quarter later
    piece.refresh_from_db()
    assert piece.state == State.SENT
    promise = Commitment.objects.get(text_nl__startswith="De Kamer elk kwartaal")
    due = promise.due_on
    commitment_actions.fulfil(ez, str(promise.pk), piece_id=key, done_on=piece.sent_on)
    promise.refresh_from_db()
    assert promise.due_on == next_due(due, "quarterly")
    read = _printed(pdf(document(piece, piece.version(Part.PIECE), "nl", public=True)))
    assert "ondertekend op" in read and "minister van Economische Zaken" in read
    assert written(number, "nl").replace("\u00a0", " ") in read and example.SHORTAGE in read
    note = _printed(pdf(document(piece, piece.version(Part.NOTA), "nl", public=True)))
    for ministry in FIVE:
        assert organisations[ministry].name in note
    assert "raden dat af" not in note and "Woo 5.2" in note
    assert "Directeur EZ" not in note  # officials are not named in public
    assert verify() == []


def test_the_answers_on_licences_with_joint_sending(organisations: dict[str, Organisation]) -> None:
    ez = actor("beleid.ez")
    piece = example.start_answers(ez, organisations)
    assert piece.due_on is not None
    piece.refresh_from_db()
    assert piece.due_on == date(2025, 7, 1)  # three weeks, then six after the notice of delay
    found = {item.kind for item in piece.findings.all()}
    assert not found & {Finding.LICENCE_AS_BAN, Finding.NO_LINEAGE, Finding.PLANNED_AS_EXISTING}
    people = {name: actor(name) for name in ("beleid.ez", "beleid.bz", "lijn.ez", "directeur.ez", "ondertekenaar.bz",
                                             "ondertekenaar.ez")}  # fmt: skip
    example.walk_answers(people, piece, organisations)
    piece.refresh_from_db()
    assert piece.state == State.PUBLISHED
    verbs = [act.verb for act in piece.acts.all()]
    assert verbs[-3:] == [Verb.SIGNED, Verb.SENT, Verb.PUBLISHED]
    assert verbs.index(Verb.AGREED) < verbs.index(Verb.SIGNED)
    version = piece.version(Part.PIECE)
    raw = pdf(document(piece, version, "nl", public=True))
    root = PdfReader(io.BytesIO(raw)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("nl")
    read = _printed(raw)
    assert "mede namens de staatssecretaris Buitenlandse Handel" in read and "ondertekend op" in read
    assert "exportvergunningsverplichting" in read
    typed = ReadDocx(io.BytesIO(docx(document(piece, version, "nl", public=True))))
    heads = [p.text for p in typed.paragraphs if p.style.name == "Heading 1"][:10]
    assert heads == [f"{word} {number}" for number in range(1, 6) for word in ("Vraag", "Antwoord")]
    page = Client().get(reverse("pieces:one", args=[piece.pk])).content.decode()
    assert "De inzet voor het volgende gesprek" not in page and "Financial Times" in page
    assert Client().get(reverse("pieces:nota_pdf", args=[piece.pk])).status_code == 200


def test_a_forbidden_wording_keeps_the_answers_here(organisations: dict[str, Organisation]) -> None:
    piece = example.start_answers(actor("beleid.ez"), organisations)
    text = piece.version(Part.PIECE).text
    writing = {lang: write(text.blocks[lang], lang) for lang in ("nl", "en")}
    writing["nl"] = writing["nl"].replace("Het gaat niet om een exportstop.", "China heeft een exportverbod ingesteld.")
    writing["nl"] += "\n\nNederland heeft een noodvoorraad van 500 ton. Aankondiging 57 van 2025 geldt."
    actions.write(actor("beleid.ez"), str(piece.pk), Part.PIECE, Draft(text.title, writing, text.about))
    found = {item.kind for item in piece.findings.filter(state=Settled.OPEN)}
    wanted = {Finding.LICENCE_AS_BAN, Finding.NO_LINEAGE, Finding.PLANNED_AS_EXISTING}
    assert wanted <= found
    unread = {control.id for control in to_be_checked(timezone.localdate())}
    assert (Finding.RULE_PAST_DATE in found) == ("cn-2025-57" in unread)
