"""Example data of this room, made through its actions: the two pieces of the memos and what was promised.

`written` and the routes are also what the rehearsal walks from draft to signed and published.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from importlib import resources
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Office, Organisation
from lodestock_desk.parliament import actions, commitment_actions, route_actions
from lodestock_desk.parliament.actions import Draft, Stop
from lodestock_desk.parliament.models import Commitment, Piece
from lodestock_desk.parliament.notices import withheld
from lodestock_desk.parliament.numbers import REGISTER, number_for
from lodestock_desk.parliament.progress import since
from lodestock_desk.parliament.words import Part, Settled

RUN, SHORTAGE = "china-heavy-rare-earths-2025", "nl.magnets.shortage_12m"
MINISTER = "minister van Economische Zaken"
SECRETARY = "staatssecretaris Buitenlandse Handel"
LINE = ("afdelingshoofd grondstoffen", "directeur industrie", "directeur-generaal bedrijfsleven")
LAST_LETTER = date(2026, 4, 1)  # the day of the letter before: an example
TITLES: dict[str, dict[str, str]] = {
    "letter": {"nl": "Voortgang voorraadvorming en verwerking van kritieke grondstoffen (voorbeeld)",
               "en": "Progress on stocks and processing of critical raw materials (example)"},
    "answers": {"nl": "Antwoorden op vragen over de levering van kritieke grondstoffen uit China (voorbeeld)",
                "en": "Answers to questions about the supply of critical raw materials from China (example)"},
}  # fmt: skip
_NO_RESULT = {"nl": "een deel van haar behoefte", "en": "part of its need"}
PRESS = [
    {"title": "Artikel over leveringen uit China (voorbeeld)", "outlet": "NRC", "on": "2025-05-18", "kind": "press"},
    {
        "title": "Article on supplies from China (example)",
        "outlet": "Financial Times",
        "on": "2025-04-29",
        "kind": "press",
    },
]


def make_example(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """Commitments, a letter in its route, and answers that were sent and published."""
    if Piece.objects.exists():
        return
    with withheld():
        _make(organisations, people)


def _make(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    ez = people["beleid.ez"]
    commitments(ez)
    letter = start_letter(ez, organisations)
    route_actions.submit(ez, str(letter.pk))
    for ministry in ("iw", "bz", "kgg"):
        take(people[f"beleid.{ministry}"], letter, "coordination", str(organisations[ministry].pk))
    answers = start_answers(ez, organisations)
    walk_answers(people, answers, organisations)


def commitments(ez: Actor) -> list[Commitment]:
    """What was promised to the House, by whom and by when; one is overdue, one was promised by an office now gone."""
    rows = (
        ("commitment", "De Kamer elk kwartaal informeren over voorraadvorming en verwerking van kritieke grondstoffen",
         "Inform the House every quarter of stocks and processing of critical raw materials", MINISTER, "quarterly",
         date(2025, 9, 15), date(2026, 12, 31)),
        ("motion", "Motie over een overzicht van afhankelijkheden per sector (voorbeeld)",
         "Motion on an overview of dependence by sector (example)", MINISTER, "once", date(2026, 3, 10),
         date(2026, 9, 30)),
        ("commitment", "De doorlooptijd van vergunningen aankaarten in het volgende gesprek met China (voorbeeld)",
         "Raise the lead time of licences in the next talk with China (example)",
         "minister voor Buitenlandse Handel en Ontwikkelingshulp", "once", date(2025, 5, 22), date(2026, 12, 1)),
    )  # fmt: skip
    return [
        commitment_actions.keep(
            ez,
            {"kind": kind, "text_nl": nl, "text_en": en, "promised_to": "Tweede Kamer",
             "made_where": "brief aan de Kamer (voorbeeld)", "reference": "", "made_on": made, "rhythm": rhythm,
             "due_on": due},
            office_id=str(_office(office).pk),
        )
        for kind, nl, en, office, rhythm, made, due in rows
    ]  # fmt: skip


def _office(title: str) -> Office:
    return Office.objects.get(title_nl=title)


def written(name: str, lang: str) -> str:
    """An example text in plain writing."""
    path = resources.files("lodestock_desk.parliament").joinpath(f"data/example/{name}.{lang}.txt")
    return path.read_text(encoding="utf-8").strip()


def numbers() -> dict[str, dict[str, Any]]:
    """The numbers of the example texts: from the scenario, where its run was taken in, and from the register."""
    found = {"maatregelen": number_for(REGISTER, "measures.running")}
    with suppress(ValidationError):  # the run was not taken in: the text then says it in words
        found["tekort"] = number_for(RUN, SHORTAGE)
    return found


def _texts(name: str, known: Mapping[str, Any]) -> dict[str, str]:
    texts = {lang: written(name, lang) for lang in ("nl", "en")}
    if "tekort" not in known:
        texts = {lang: text.replace("{tekort}", _NO_RESULT[lang]) for lang, text in texts.items()}
    return texts


def start_letter(ez: Actor, organisations: Mapping[str, Organisation]) -> Piece:
    """The progress letter with its nota: five ministries, three initials, one signature."""
    title = TITLES["letter"]
    piece = actions.start(
        ez, {"kind": "letter", "subject_nl": title["nl"], "subject_en": title["en"], "due_on": date(2026, 12, 31)}
    )
    key, today = str(piece.pk), timezone.localdate()
    actions.set_senders(ez, key, [(str(_office(MINISTER).pk), "signs")])
    stops = [
        Stop("coordination", 1, str(organisations[m].pk), today + timedelta(days=5))
        for m in ("iw", "bz", "kgg", "szw", "def")
    ]
    stops += [Stop("initials", place, str(_office(line).pk)) for place, line in enumerate(LINE, start=2)]
    actions.set_route(ez, key, [*stops, Stop("signature", 9, str(_office(MINISTER).pk))])
    text, amounts = since(LAST_LETTER, today)
    actions.begin_with(ez, key, text, amounts)
    known = numbers() | amounts
    words = {lang: _before_last(_texts("letter", known)[lang], text[lang]) for lang in ("nl", "en")}
    about = {"addressees": ["de Voorzitter van de Tweede Kamer der Staten-Generaal"]}
    actions.write(ez, key, Part.PIECE, Draft(title, words, about, "inleiding en vervolg", known))
    actions.write(ez, key, Part.NOTA, Draft(_nota(title), _texts("letter-nota", known), {"annexes": []}))
    return piece


def _before_last(text: str, more: str) -> str:
    """The text with the part from the register before its last heading."""
    head, mark, last = text.rpartition("\n\n# ")
    return f"{head}\n\n{more}{mark}{last}"


def _nota(title: Mapping[str, str]) -> dict[str, str]:
    return {"nl": f"Nota bij: {title['nl']}", "en": f"Nota with: {title['en']}"}


def start_answers(ez: Actor, organisations: Mapping[str, Organisation]) -> Piece:
    """The answers with their nota: sent by the minister, also on behalf of the state secretary after agreement."""
    title = TITLES["answers"]
    piece = actions.start(
        ez,
        {"kind": "answers", "subject_nl": title["nl"], "subject_en": title["en"], "received_on": date(2025, 5, 20),
         "house_reference": "voorbeeld"},
    )  # fmt: skip
    key = str(piece.pk)
    actions.notice_of_delay(
        ez, key, on=date(2025, 6, 10), reason="De afstemming tussen twee ministeries kost meer tijd."
    )
    senders = [(str(_office(MINISTER).pk), "signs"), (str(_office(SECRETARY).pk), "on_behalf")]
    actions.set_senders(ez, key, senders)
    stops = [
        Stop("coordination", 1, str(organisations["bz"].pk)), Stop("initials", 2, str(_office(LINE[0]).pk)),
        Stop("initials", 2, str(_office(LINE[1]).pk)), Stop("agreement", 3, str(_office(SECRETARY).pk)),
        Stop("signature", 4, str(_office(MINISTER).pk)),
    ]  # fmt: skip
    actions.set_route(ez, key, stops)
    known = {name: number for name, number in numbers().items() if name == "tekort"}
    about = {"addressees": ["de Voorzitter van de Tweede Kamer der Staten-Generaal"]}
    actions.write(ez, key, Part.PIECE, Draft(title, _texts("answers", known), about, numbers=known))
    actions.write(ez, key, Part.NOTA, Draft(_nota(title), _texts("answers-nota", known), {"annexes": PRESS}))
    return piece


def walk_answers(people: Mapping[str, Actor], piece: Piece, organisations: Mapping[str, Organisation]) -> None:
    """Everyone takes the step that is asked; then the answers are sent and published."""
    ez, key = people["beleid.ez"], str(piece.pk)
    route_actions.submit(ez, key)
    take(people["beleid.bz"], piece, "coordination", str(organisations["bz"].pk))
    for who, kind, office in (
        ("lijn.ez", "initials", LINE[0]), ("directeur.ez", "initials", LINE[1]),
        ("ondertekenaar.bz", "agreement", SECRETARY),
    ):  # fmt: skip
        take(people[who], piece, kind, str(_office(office).pk))
    for item in piece.findings.filter(state=Settled.OPEN):
        route_actions.settle(ez, str(item.pk), reason="Bekeken: de tekst klopt zo (voorbeeld).")
    take(people["ondertekenaar.ez"], piece, "signature", str(_office(MINISTER).pk))
    route_actions.send(ez, key)
    route_actions.publish(ez, key)


def take(actor: Actor, piece: Piece, kind: str, party: str) -> None:
    """Someone takes a step on the text as it stands."""
    step = next(s for s in piece.steps.filter(kind=kind) if s.party_id == party)
    route_actions.take_step(actor, str(step.pk), seen=piece.text_hash())
