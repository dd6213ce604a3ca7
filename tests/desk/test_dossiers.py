"""Dossiers: the fixed outline, live figures that never change by themselves, results that go, and who may do what."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from importlib import import_module
from pathlib import Path

import pypdf
import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.utils import ErrorDict
from django.test import Client, RequestFactory
from wagtail.models import Locale

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.dossiers import actions
from lodestock_desk.dossiers.blocks import State, check_number
from lodestock_desk.dossiers.content import OUTLINE, FigureBlock, TextBlock
from lodestock_desk.dossiers.mixing import Page, mixed
from lodestock_desk.dossiers.models import DossierPage, ScenarioPage
from lodestock_desk.dossiers.newer import offers
from lodestock_desk.dossiers.pdf import pdf
from lodestock_desk.dossiers.seed import RESULTS
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import blocks_of
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult, ResultContent
from lodestock_desk.dossiers.take_in import read_folder

from .dossier_maker import DAY, block, figure, number, number_run, page, second_table
from .people import actor, client

SYSTEM = Actor(system="test")
# Digits that are no result: days, years, the years and editions of sources.
TOLD = re.compile(r"\b\d{1,2} (?:april|April)\b|\b20\d\d\b|\b\d{4}\b")


def _shown(made: DossierPage) -> str:
    return Client().get(made.url).content.decode()


@pytest.mark.parametrize("material", ["copper", "rare-earth-magnets"])
def test_two_dossiers_ship_whole_in_both_languages(db: None, material: str) -> None:
    pages = {p.lang: p for p in DossierPage.objects.live().filter(material=material)}
    assert set(pages) == {"nl", "en"} and pages["nl"].translation_key == pages["en"].translation_key
    for made in pages.values():
        assert [section.key for section in made.shown().sections] == list(OUTLINE)
        assert all(section.pieces for section in made.shown().sections)
        assert not any(piece.gone for piece in made.shown().pieces)


def test_every_number_in_them_has_its_lineage_and_agrees_with_it(db: None) -> None:
    found = 0
    for made in [*DossierPage.objects.live(), *ScenarioPage.objects.live()]:
        for _section, held in blocks_of(made.sections):
            for one in numbers_in(held):
                assert check_number(one).state is State.AGREES, one
                found += 1
            if held["type"] == "text" and held["value"]["access"] == "public":
                bare = TOLD.sub("", re.sub(r"<[^>]+>|\{[a-z0-9_-]+\}", "", held["value"]["text"]))
                assert not re.search(r"\d", bare), bare
    assert found > 80


def test_a_number_on_the_page_leads_to_its_rows(db: None) -> None:
    html = _shown(DossierPage.objects.get(slug="koper"))
    address = re.search(r'href="(/results/copper/[^"]+/nl\.copper-cathodes\.own_use_low\.json)"', html)
    assert address
    chain = json.loads(Client().get(address[1]).content)
    assert chain["entries"]["nl.copper-cathodes.imports"]["rows"]["table"] == "trade"
    assert set(chain["entries"]) == {"nl.copper-cathodes.own_use_low", "nl.copper-cathodes.imports"}


def test_a_figure_shows_picture_table_source_and_files(db: None) -> None:
    made = DossierPage.objects.get(slug="koper")
    html = _shown(made)
    assert 'alt="Staven. ' in html and "USGS Mineral Commodity Summaries 2024" in html
    for ending in ("producers.csv", "producers.manifest.json", "producers.nl.svg"):
        address = re.search(rf'"(/results/copper\.producers/[^"]+/{re.escape(ending)})"', html)
        assert address and Client().get(address[1]).status_code == 200
    behind = html[html.index("<summary>De cijfers achter dit beeld") :]
    assert "<td" in behind[: behind.index("</details>")]


def test_a_newer_result_is_offered_and_never_put_in_by_itself(db: None) -> None:
    figure("some.fig", value="12.5")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")]})
    before = _shown(made)
    figure("some.fig", day="2026-04-01", value="14.0")
    assert _shown(made) == before
    offer = offers(made)[0]
    assert [(c.old, c.new) for c in offer.changes] == [("13\u00a0ton", "14\u00a0ton")]  # rounded as in every brief
    actions.adopt_newest(actor("beleid.ez"), made, offer.block)
    made.refresh_from_db()
    assert _shown(made) == before  # it is in the draft only
    draft = made.get_latest_revision_as_object()
    assert offers(draft) == [] and "14" in str(draft.shown().section("producers").pieces[0].tables[0].rows)
    assert AuditEntry.objects.filter(verb="dossier.newest_adopted").exists()
    made.get_latest_revision().publish()
    assert _shown(DossierPage.objects.get(pk=made.pk)) != before


def test_a_newer_number_is_offered_with_old_and_new(db: None) -> None:
    number_run("some-run", {"a.b": 10.0})
    made = page({"prices": [block("number", number=number("some-run", "a.b", 10.0))]})
    number_run("some-run", {"a.b": 20.0}, day="2026-05-01")
    change = offers(made)[0].changes[0]
    assert (change.old.replace("\u00a0", " "), change.new.replace("\u00a0", " ")) == ("10 ton", "20 ton")


def test_a_result_that_is_gone_keeps_the_last_published_picture_with_its_date(db: None) -> None:
    stored = figure("some.fig", note="beeldtekst")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")]})
    actions.withdraw_result(actor("beleid.ez"), str(stored.pk), reason="de bron is verbeterd")
    html = _shown(made)
    assert "ingetrokken" in html and "beeld beeldtekst" in html and "1\u00a0maart 2026" in html
    assert Client().get(f"/results/some.fig/{DAY}/fig.nl.svg").status_code == 200
    made.save_revision().publish()  # published again: what was kept stays
    assert "beeld beeldtekst" in _shown(made)
    row = AuditEntry.objects.filter(verb="result.withdrawn").last()
    assert "de bron is verbeterd" in row.text


def test_a_block_whose_result_never_was_says_so(db: None) -> None:
    made = page({"producers": [block("figure", result="no.such", day=DAY, caption="")]})
    assert "is er niet" in _shown(made)


def test_withdrawn_with_its_page_the_files_are_no_longer_served(db: None) -> None:
    figure("some.fig")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")]})
    address = f"/results/some.fig/{DAY}/fig.csv"
    assert Client().get(address).status_code == 200
    made.unpublish()
    assert Client().get(address).status_code == 404
    assert AuditEntry.objects.filter(verb="dossier.unpublished").exists()


def test_what_is_not_said_to_be_public_is_not(db: None) -> None:
    for access in ("", "restricted", "PUBLIC", None, True):
        held = block("text", text="<p>verborgen</p>", numbers=[])
        held["value"]["access"] = access
        assert "verborgen" not in _shown(page({"summary": [held]}))


def test_a_restricted_block_needs_its_ground_and_a_public_one_has_none() -> None:
    plain = {"text": "<p>x</p>", "numbers": []}
    for access, ground, field in (("restricted", "", "ground"), ("public", "5.2", "ground"), ("", "", "access")):
        made = TextBlock()
        with pytest.raises(ValidationError) as caught:
            made.clean(made.to_python(plain | {"access": access, "ground": ground}))
        assert field in caught.value.block_errors


def test_a_text_names_only_numbers_that_are_there() -> None:
    made = TextBlock()
    with pytest.raises(ValidationError) as caught:
        made.clean(made.to_python({"access": "public", "ground": "", "text": "<p>{x}</p>", "numbers": []}))
    assert set(caught.value.block_errors) == {"text"}


def test_a_figure_block_refuses_a_result_that_never_was(db: None) -> None:
    made = FigureBlock()
    with pytest.raises(ValidationError) as caught:
        made.clean(made.to_python({"access": "public", "ground": "", "result": "no.such", "day": DAY, "caption": ""}))
    assert "result" in caught.value.block_errors


def test_publishing_is_recorded_with_who_did_it(db: None) -> None:
    made = page({}, live=False)
    made.save_revision(user=actor("beleid.ez").user).publish()
    row = AuditEntry.objects.filter(verb="dossier.published", object_id=str(made.pk)).last()
    assert row.actor == str(actor("beleid.ez").user.pk)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped run on copper."""
    shutil.copytree(RESULTS / "copper", tmp_path / "copper")
    return tmp_path / "copper"


def test_taking_in_the_same_run_again_changes_nothing(db: None, folder: Path) -> None:
    before = (PublishedResult.objects.count(), ResultContent.objects.count(), AuditEntry.objects.count())
    found = actions.take_in(SYSTEM, folder, material="koper")
    assert {r.material for r in found} == {"copper"}
    assert (PublishedResult.objects.count(), ResultContent.objects.count(), AuditEntry.objects.count()) == before


def test_the_same_content_on_another_day_is_kept_once(db: None, folder: Path) -> None:
    plain = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plain["run"]["as_of"] = "2027-01-01"
    _seal(folder, plain)
    contents = ResultContent.objects.count()
    found = actions.take_in(SYSTEM, folder, material="copper")
    assert {r.day for r in found} == {date(2027, 1, 1)} and ResultContent.objects.count() == contents


def _seal(folder: Path, plain: dict[str, object]) -> None:
    from lodestock.evidence.manifest import seal

    plain["sha256"] = seal(plain)
    (folder / "manifest.json").write_text(json.dumps(plain), encoding="utf-8")


def test_other_content_of_the_same_name_and_day_is_refused(db: None, folder: Path) -> None:
    plain = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plain["entries"]["eu.supply_risk"]["value"] = 9.9
    _seal(folder, plain)
    with pytest.raises(ValidationError, match="copper"):
        actions.take_in(SYSTEM, folder, material="copper")


def test_a_changed_number_or_file_is_refused(folder: Path) -> None:
    path = folder / "figures" / "uses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.38", "0.83"), encoding="utf-8")
    with pytest.raises(InputError, match=r"sha256|not the one"):
        read_folder(folder)


def test_a_changed_manifest_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"value": 0.1,', '"value": 0.9,'), encoding="utf-8")
    with pytest.raises(InputError, match="seal"):
        read_folder(folder)


def test_a_picture_with_a_script_in_it_is_refused(folder: Path) -> None:
    plain = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    svg = folder / "figures" / "uses.nl.svg"
    svg.write_text(svg.read_text(encoding="utf-8").replace("</svg>", "<script>1</script></svg>"), encoding="utf-8")
    import hashlib

    plain["figures"]["uses"]["files"]["figures/uses.nl.svg"] = hashlib.sha256(svg.read_bytes()).hexdigest()
    _seal(folder, plain)
    with pytest.raises(InputError, match="drawing"):
        read_folder(folder)


def test_taking_in_needs_the_role(db: None, folder: Path) -> None:
    plain = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plain["run"]["as_of"] = "2027-01-01"
    _seal(folder, plain)
    with pytest.raises(PermissionDenied):
        actions.take_in(actor("lijn.ez"), folder, material="copper")
    assert actions.take_in(actor("analist.nmo"), folder, material="copper")


def test_the_pdf_is_tagged_in_its_language_and_the_same_each_time(db: None) -> None:
    for made in DossierPage.objects.live().filter(material="copper"):
        first = pdf(made)
        assert first == pdf(made)
        read = pypdf.PdfReader(io.BytesIO(first))
        root = read.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith(made.lang)
        assert "pdfuaid" in root["/Metadata"].get_data().decode()
        text = "".join(sheet.extract_text() for sheet in read.pages)
        assert all(str(section.title).split()[0] in text for section in made.shown().sections)


def test_the_editor_opens_for_those_who_write_dossiers_and_that_is_recorded(db: None) -> None:
    made = DossierPage.objects.get(slug="zeldzame-aardmagneten")
    browser = client("analist.nmo")
    session = browser.session
    session["factor"] = True
    session.save()
    before = AuditEntry.objects.filter(verb="dossier.read").count()
    answer = browser.get(f"/cms/pages/{made.pk}/edit/")
    assert answer.status_code == 200 and "verzonnen" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="dossier.read").count() == before + 1


def test_kept_results_follow_the_page(db: None) -> None:
    figure("some.fig")
    figure("other.fig")
    held = [block("figure", result=name, day=DAY, caption="") for name in ("some.fig", "other.fig")]
    held[1]["value"] |= {"access": "restricted", "ground": "5.1.2.f"}
    made = page({"producers": held})
    kept = {k.name: k.public for k in KeptResult.objects.filter(page=made)}
    assert kept == {"some.fig": True, "other.fig": False}
    assert Client().get(f"/results/other.fig/{DAY}/fig.csv").status_code == 404


def test_a_result_that_is_public_in_one_block_and_restricted_in_another_is_refused(db: None) -> None:
    second_table(figure("some.fig"), "geheim")
    held = [block("table", result="some.fig", day=DAY, caption="", table="rows"),
            block("figure", restricted=True, result="some.fig", day=DAY, caption="")]  # fmt: skip
    made = page({"producers": held}, live=False)
    form = DossierPage.get_edit_handler().get_form_class()(instance=made, for_user=actor("beleid.ez").user)
    form.cleaned_data = {"body": made.body}
    form.data = {}
    form._errors = ErrorDict()
    form.clean()
    assert "some.fig" in str(form.non_field_errors()) and "openbaar" in str(form.non_field_errors())
    held[1]["value"] |= {"access": "public", "ground": ""}
    assert [one.result for one in mixed(Page("x", made.body.raw_data))] == ["some.fig"]
    assert mixed(Page("x", [{"value": held}])) == []


def test_tables_of_pages_that_are_live_already_are_named_on_migrating(db: None) -> None:
    second_table(figure("some.fig"), "x")
    held = [block("table", result="some.fig", day=DAY, caption="", table=name) for name in ("", "other")]
    made = page({"producers": [*held, block("figure", result="some.fig", day=DAY, caption="")]})
    KeptResult.objects.filter(page=made).update(table="")
    import_module("lodestock_desk.dossiers.migrations.0003_one_table").name_tables(apps, None)
    assert sorted(KeptResult.objects.filter(page=made).values_list("table", flat=True)) == ["", "other", "rows"]


def test_the_same_number_of_two_days_and_two_results_is_kept_of_each(db: None) -> None:
    which = [("some-run", DAY, 10.0), ("some-run", "2026-05-01", 20.0), ("other-run", DAY, 30.0)]
    numbers = []
    for place, (name, day, value) in enumerate(which):
        number_run(name, {"a.b": value}, day=day)
        numbers.append({"type": "item", "id": str(place), "value": number(name, "a.b", value, f"n{place}", day=day)})
    made = page({"prices": [block("text", text="<p>{n0} {n1} {n2}</p>", numbers=numbers)]})
    assert KeptResult.objects.filter(page=made).count() == 3
    for name, day, value in which:
        answer = Client().get(f"/results/{name}/{day}/a.b.json")
        assert answer.status_code == 200 and answer.json()["entries"]["a.b"]["value"] == value


def test_a_translation_begins_as_a_draft_with_the_same_restrictions(db: None) -> None:
    held = [block("text", text="<p>openlijk</p>", numbers=[]),
            block("text", restricted=True, text="<p>verborgen</p>", numbers=[])]  # fmt: skip
    made = page({"summary": held})
    copy = made.copy_for_translation(Locale.objects.get(language_code="en"))
    assert not copy.live and copy.restricted
    copy.get_latest_revision().publish()
    html = _shown(DossierPage.objects.get(pk=copy.pk))
    assert "openlijk" in html and "verborgen" not in html


def test_the_preview_shows_restricted_blocks_only_where_that_is_asked_by_someone_who_may(db: None) -> None:
    made = page({"summary": [block("text", restricted=True, text="<p>verborgen</p>", numbers=[])]})
    request = RequestFactory().get(made.url)
    for who, mode, seen in (
        ("analist.nmo", "public", False),
        ("analist.nmo", "full", True),
        ("beheer.ez", "full", False),
    ):
        request.user, request.actor = actor(who).user, actor(who)
        answer = made.serve_preview(request, mode)
        answer.render()
        assert ("verborgen" in answer.content.decode()) is seen, (who, mode)
