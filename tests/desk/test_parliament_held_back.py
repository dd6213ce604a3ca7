"""A letter never tells what a dossier holds back: refused before it is sent or published, left out when it is late."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from lodestock.errors import InputError
from lodestock_desk.dossiers.heldback import held_back_now
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import PublishedResult, ResultNumber
from lodestock_desk.parliament import actions, route_actions
from lodestock_desk.parliament.actions import Draft
from lodestock_desk.parliament.models import FoundItem, Piece
from lodestock_desk.parliament.numbers import number_for
from lodestock_desk.parliament.words import Finding, Settled, State
from lodestock_desk.site.pieces import matching, published
from lodestock_desk.site.searching import find

from .dossier_maker import DAY, block, figure, number, number_run, page
from .people import actor, client
from .test_parliament_actions import TODAY, made, walk

SECRET = 98765.0
TOLD = ("98.765", "98,765", "98 765", "98765", "99.000", "99,000", "99 000", "99 kt", "99 duizend")
NL = "Het tekort is {short}, en daarbij {other}."
EN = "The shortage is {short}, and beside it {other}."


def _run() -> None:
    run = number_run("held-run", {"part.secret": SECRET, "total": SECRET, "other": 3.0})
    ResultNumber.objects.filter(content=run.content, key="total").update(
        entry={"kind": "derived", "label": {"nl": "geheimlabel", "en": "geheimlabel"}, "value": SECRET, "unit": "t",
               "mark": "computed", "inputs": ["part.secret"]}
    )  # fmt: skip


def _dossier(entry: str = "part.secret", *, live: bool = True, ground: str = "5.1.1.c", day: str = DAY) -> DossierPage:
    held = block("number", restricted=True, ground=ground, number=number("held-run", entry, SECRET, day=day))
    return page({"prices": [held]}, title="Houdt achter", live=live)


def _letter(entry: str = "total", nl: str = NL, en: str = EN, *, day: str = DAY) -> Piece:
    piece, ez = made(), actor("beleid.ez")
    numbers = {"short": number_for("held-run", entry, day), "other": number_for("held-run", "other", DAY)}
    for part in ("piece", "nota"):
        actions.write(ez, str(piece.pk), part, Draft({"nl": "T", "en": "T"}, {"nl": nl, "en": en}, {}, numbers=numbers))
    return piece


def _found(piece: Piece) -> list[FoundItem]:
    return list(piece.findings.filter(kind=Finding.HELD_BACK, state=Settled.OPEN))


@pytest.mark.parametrize(("entry", "live"), [("part.secret", True), ("total", False)])
def test_a_letter_with_a_number_that_a_dossier_holds_back_is_found_and_cannot_be_signed(
    db: None, entry: str, live: bool
) -> None:
    _run()
    _dossier(live=live)
    piece = _letter(entry)
    found = _found(piece)
    assert {(f.part, f.place, f.words) for f in found} == {
        (part, f"{lang}-0", "{short}: Woo 5.1.1.c, “Houdt achter”")
        for part in ("piece", "nota") for lang in ("nl", "en")
    }  # fmt: skip
    told = client("beleid.ez").get(f"/desk/parliament/{piece.pk}/").content.decode()
    assert 'href="#piece-nl-0"' in told and 'id="piece-nl-0"' in told and "Woo 5.1.1.c, “Houdt achter”" in told
    assert 'href="?text=en#piece-en-0"' in told and 'id="piece-en-0"' not in told  # its block is in the other text
    english = client("beleid.ez").get(f"/desk/parliament/{piece.pk}/?text=en").content.decode()
    assert 'id="piece-en-0"' in english and 'href="#piece-en-0"' in english and 'href="?text=nl#piece-nl-0"' in english
    with pytest.raises(ValidationError):
        route_actions.settle(actor("beleid.ez"), str(found[0].pk), reason="het mag wel")
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    with pytest.raises(InputError):
        walk(piece)  # the signature is refused while it stands open
    with pytest.raises(InputError):
        route_actions.send(actor("beleid.ez"), str(piece.pk))


def test_what_no_dossier_holds_back_may_be_told(db: None) -> None:
    _run()
    _dossier()
    piece = _letter("other")
    assert not _found(piece)
    hidden = _letter("total", "[woo 5.1.1.c: bedrijfsgegevens]\n{short}", "[woo 5.1.1.c: company data]\n{short}")
    assert {f.part for f in hidden.findings.filter(kind=Finding.RESTRICTED)} == {"piece"}
    assert not _found(hidden)  # a restricted block of the nota tells nobody


def test_the_same_number_of_another_day_is_held_back_too_unless_it_is_public_itself(db: None) -> None:
    _run()
    number_run("held-run", {"part.secret": SECRET, "other": 4.0}, day="2026-04-01")
    number_run("held-run", {"part.secret": SECRET + 1, "other": 4.0}, day="2026-05-01")
    _dossier(day=DAY)
    now = held_back_now()
    assert now.why(("held-run", "2026-04-01", "part.secret")) is not None
    assert now.why(("held-run", "2026-05-01", "part.secret")) is None
    assert now.why(("held-run", "2026-04-01", "other")) is None
    shown = block("number", number=number("held-run", "part.secret", SECRET, day="2026-04-01"))
    page({"prices": [shown]}, title="Openbaar")
    assert held_back_now().why(("held-run", "2026-04-01", "part.secret")) is None


def test_a_figure_that_a_dossier_holds_back_is_found(db: None) -> None:
    figure("held-run.fig")
    hidden = block("figure", restricted=True, ground="5.1.2.b", result="held-run.fig", day=DAY, caption="")
    page({"producers": [hidden]})
    piece, ez = made(), actor("beleid.ez")
    actions.write(ez, str(piece.pk), "piece", Draft({"nl": "T", "en": ""}, {"nl": "[figure held-run.fig: staven]"}, {}))
    (found,) = _found(piece)
    assert found.words == f"[figure held-run.fig@{DAY}]: Woo 5.1.2.b, “Testmateriaal”"


def _sent(piece: Piece) -> Piece:
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    for item in piece.findings.filter(state=Settled.OPEN):
        route_actions.settle(actor("beleid.ez"), str(item.pk), reason="voor de proef")
    walk(piece)
    return route_actions.send(actor("beleid.ez"), str(piece.pk))


def test_what_a_dossier_holds_back_after_sending_is_not_published_until_the_dossier_lets_go(db: None) -> None:
    _run()
    piece = _sent(_letter())
    held = _dossier()
    with pytest.raises(InputError) as caught:
        route_actions.publish(actor("beleid.ez"), str(piece.pk))
    assert caught.value.mend
    assert Piece.objects.get(pk=piece.pk).state == State.SENT and _found(piece)
    answer = client("beleid.ez").post(f"/desk/parliament/{piece.pk}/publish/")
    assert answer.status_code == 400
    told = client("beleid.ez").get(f"/desk/parliament/{piece.pk}/").content.decode()
    assert "een dossier achterhoudt" in told and "“Houdt achter”" in told
    DossierPage.objects.get(pk=held.pk).delete()
    assert route_actions.publish(actor("beleid.ez"), str(piece.pk)).state == State.PUBLISHED
    assert not _found(piece)


def _outputs(piece: Piece, lang: str, *, files: bool) -> dict[str, str]:
    """All that anyone can get of a letter; its PDF and DOCX are made the same way in either language."""
    browser, out = Client(), {}
    for address in (f"/{lang}/pieces/", f"/{lang}/pieces/{piece.pk}/", f"/{lang}/feed.xml", f"/{lang}/search/",
                    f"/api/v1/pieces?lang={lang}&pageSize=200", f"/api/v1/pieces/{piece.pk}?lang={lang}"):  # fmt: skip
        answer = browser.get(address)
        assert answer.status_code == 200, address
        out[address] = answer.content.decode()
    copy = Client(HTTP_X_STATIC_SITE="yes").get(f"/{lang}/pieces/{piece.pk}/")
    out["copy"] = copy.content.decode()
    for part in ("nota", "piece") if files else ():
        raw = browser.get(f"/{lang}/pieces/{piece.pk}/{part}.pdf").content
        out[f"{part}.pdf"] = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(raw)).pages)
        read = docx.Document(io.BytesIO(browser.get(f"/{lang}/pieces/{piece.pk}/{part}.docx").content))
        cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
        out[f"{part}.docx"] = "\n".join([p.text for p in read.paragraphs] + cells)
    out["index"] = " ".join(line.words + line.begins for line in published(lang))
    return {name: text.replace("\u00a0", " ").replace("\u202f", " ") for name, text in out.items()}


def _letter_with_a_figure() -> Piece:
    figure("held-run.fig", note="geheimbeeld")
    text = {"nl": f"{NL}\n\n[figure held-run.fig: geheimbeeld in staven]",
            "en": f"{EN}\n\n[figure held-run.fig: geheimbeeld in bars]"}  # fmt: skip
    return _letter("total", text["nl"], text["en"])


def test_what_a_dossier_holds_back_after_publication_is_in_no_public_output(db: None) -> None:
    _run()
    piece = _letter_with_a_figure()
    Piece.objects.filter(pk=piece.pk).update(state="published", sent_on=TODAY, published_on=TODAY - timedelta(days=1))
    secrets = (*TOLD, "geheimlabel", "geheimbeeld")
    before = _outputs(piece, "nl", files=True)
    assert all(any(one in before[name] for one in TOLD) for name in (f"/nl/pieces/{piece.pk}/", "piece.pdf"))
    assert "geheimbeeld" in before[f"/nl/pieces/{piece.pk}/"]
    assert matching("geheimbeeld", "nl")
    draft = page(
        {"prices": [block("number", restricted=True, number=number("held-run", "part.secret", SECRET))],
         "producers": [block("figure", restricted=True, result="held-run.fig", day=DAY, caption="")]},
        live=False,
    )  # fmt: skip
    for lang, hidden in (("nl", "[niet openbaar]"), ("en", "[not public]")):
        after = _outputs(piece, lang, files=lang == "nl")
        assert [(name, word) for name, text in after.items() for word in secrets if word in text] == []
        assert hidden in after[f"/{lang}/pieces/{piece.pk}/"] and "Woo 5.1" in after[f"/{lang}/pieces/{piece.pk}/"]
        numbers = json.loads(after[f"/api/v1/pieces/{piece.pk}?lang={lang}"])["documents"][0]["numbers"]
        assert [one["name"] for one in numbers] == ["other"]
        assert not find("geheimbeeld", lang) and not matching("geheimlabel", lang)
    DossierPage.objects.get(pk=draft.pk).delete()
    assert matching("geheimbeeld", "nl")


def test_a_draft_that_lets_go_makes_nothing_public_until_it_is_published(db: None) -> None:
    _run()
    made_page = _dossier()
    item = ("held-run", DAY, "part.secret")
    raw: list[Any] = [
        {**section, "value": [{**one, "value": {**one["value"], "access": "public", "ground": ""}}
                              for one in section["value"]]}
        for section in made_page.sections
    ]  # fmt: skip
    made_page.body = type(made_page.body)(made_page.body.stream_block, raw, is_lazy=True)
    revision = made_page.save_revision()
    assert held_back_now().why(item) is not None
    revision.publish()
    assert held_back_now().why(item) is None


def test_a_result_that_is_taken_in_later_is_asked_anew(db: None) -> None:
    _run()
    _dossier()
    item = ("held-run", "2026-06-01", "part.secret")
    assert held_back_now().why(item) is not None  # of what is not there nobody can say what it tells
    number_run("held-run", {"part.secret": SECRET + 1}, day="2026-06-01")
    assert held_back_now().why(item) is None
    PublishedResult.objects.filter(name="held-run", day="2026-06-01").delete()
    number_run("held-run", {"part.secret": SECRET}, day="2026-06-01")
    assert held_back_now().why(item) is not None


def test_what_was_overruled_stays_so_for_who_reads_the_other_language(db: None) -> None:
    _run()
    piece, ez = _letter("other"), actor("beleid.ez")
    number_run("held-run", {"other": 5.0}, day="2026-05-01")  # says something else now
    actions.check(ez, str(piece.pk))
    stale = piece.findings.filter(kind=Finding.STALE_NUMBER)
    words = {one.words for one in stale}
    for item in stale:
        route_actions.settle(ez, str(item.pk), reason="de stand van toen")
    with override("en"):
        actions.check(ez, str(piece.pk))
    assert {one.state for one in stale.all()} == {Settled.OVERRULED}
    assert {one.words for one in stale.all()}.isdisjoint(words)  # told in English now
