"""A result that is held back somewhere goes public nowhere; reading restricted blocks back in the editor is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.forms.utils import ErrorDict
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from lodestock.errors import InputError
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.dossiers import publishing
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import ResultNumber
from lodestock_desk.dossiers.wagtail_hooks import PublishSome
from lodestock_desk.site.models import TextPage

from .dossier_maker import DAY, block, figure, number, number_run, page
from .people import actor, client


def _figure(*, restricted: bool = False, name: str = "some.fig") -> dict[str, list[Any]]:
    return {"producers": [block("figure", restricted=restricted, result=name, day=DAY, caption="")]}


def _number(entry: str, *, restricted: bool = False) -> dict[str, list[Any]]:
    return {"prices": [block("number", restricted=restricted, number=number("some-run", entry, 10.0))]}


def _publish(made: DossierPage) -> None:
    made.get_latest_revision().publish()


def _changed(made: DossierPage, blocks: dict[str, list[Any]]) -> DossierPage:
    """The page with other blocks, as a draft."""
    raw = [{**section, "value": blocks.get(section["type"], [])} for section in made.sections]
    made.body = type(made.body)(made.body.stream_block, raw, is_lazy=True)
    made.save_revision()
    return DossierPage.objects.get(pk=made.pk)


def _refused(made: DossierPage, *words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _publish(made)
    assert all(word in str(caught.value) for word in words), caught.value
    assert not DossierPage.objects.get(pk=made.pk).live


ADDRESS = f"/results/some.fig/{DAY}/fig.csv"


@pytest.mark.parametrize("first", [True, False])
def test_what_one_live_page_holds_back_no_other_makes_public(db: None, first: bool) -> None:
    figure("some.fig")
    page(_figure(restricted=first), title="De eerste")
    _refused(page(_figure(restricted=not first), title="De tweede", live=False), "some.fig", "De eerste", "De tweede")
    assert Client().get(ADDRESS).status_code == (404 if first else 200)


def test_what_a_draft_holds_back_no_page_makes_public(db: None) -> None:
    figure("some.fig")
    page(_figure(restricted=True), title="Nog een concept", live=False)
    _refused(page(_figure(), live=False), "Nog een concept")
    assert Client().get(ADDRESS).status_code == 404


def test_a_public_draft_holds_nobody_up(db: None) -> None:
    figure("some.fig")
    page(_figure(), live=False)
    assert page(_figure(restricted=True)).live


def test_from_public_to_restricted_and_back_when_all_drafts_say_so_first(db: None) -> None:
    figure("some.fig")
    pages = [page(_figure(), title=title) for title in ("Een", "Twee")]
    assert Client().get(ADDRESS).status_code == 200
    pages[0] = _changed(pages[0], _figure(restricted=True))
    with pytest.raises(ValidationError):  # the other one still says that it is public
        _publish(pages[0])
    pages[1] = _changed(pages[1], _figure(restricted=True))
    _publish(pages[0])
    assert Client().get(ADDRESS).status_code == 404  # at once, though the other page is still to be published
    _publish(pages[1])
    assert "some.fig" not in Client().get(pages[1].url).content.decode()
    pages = [_changed(DossierPage.objects.get(pk=one.pk), _figure()) for one in pages]
    for one in pages:
        _publish(one)
    assert Client().get(ADDRESS).status_code == 200


def test_a_number_that_is_held_back_is_not_told_by_the_lineage_of_another(db: None) -> None:
    run = number_run("some-run", {"part.secret": 4.0, "total": 10.0, "other": 1.0})
    ResultNumber.objects.filter(content=run.content, key="total").update(
        entry={"kind": "derived", "label": {"nl": "x", "en": "x"}, "value": 10.0, "unit": "t", "mark": "computed",
               "inputs": ["part.secret"]}
    )  # fmt: skip
    page(_number("part.secret", restricted=True), title="Met het geheim")
    _refused(page(_number("total"), live=False), "some-run, part.secret", "Met het geheim")
    assert page(_number("other")).live
    both = {"prices": [*_number("total")["prices"], *_number("part.secret", restricted=True)["prices"]]}
    _refused(page(both, title="Beide", live=False), "Beide")


def test_a_number_that_is_held_back_is_not_told_by_the_manifest_of_a_figure(db: None) -> None:
    number_run("some-run", {"part.secret": 4.0, "other": 1.0})
    stored = figure("some-run.fig")
    stored.manifest = json.dumps({"entries": {"part.secret": {"value": 4.0}}})
    stored.save()
    page(_number("part.secret", restricted=True))
    _refused(page(_figure(name="some-run.fig"), live=False), "some-run, part.secret")


def _planned(made: DossierPage, minutes: int) -> DossierPage:
    """The page with its newest draft due since some minutes."""
    day = timezone.now() - timedelta(minutes=minutes)
    made.revisions.filter(pk=made.latest_revision_id).update(approved_go_live_at=day)
    return made


def test_a_planned_page_that_is_refused_says_so_and_the_next_ones_go_live(db: None) -> None:
    figure("some.fig")
    page(_figure(restricted=True), title="De andere")
    wrong = _planned(page(_figure(), title="Geweigerd", live=False), 5)
    fine = _planned(page({}, title="Daarna", live=False), 1)
    call_command("publish_scheduled")
    assert not DossierPage.objects.get(pk=wrong.pk).live and DossierPage.objects.get(pk=fine.pk).live
    assert not wrong.revisions.exclude(approved_go_live_at=None).exists()
    row = AuditEntry.objects.get(verb="dossier.publication-refused")
    assert row.object_id == str(wrong.pk) and "some.fig" in row.text
    told = client("beleid.ez").get(f"/desk/dossiers/{wrong.translation_key}/nl/").content.decode()
    assert "some.fig" in told and "De andere" in told and "Niet openbaar geworden" in told
    assert "niet openbaar geworden" in client("beleid.ez").get("/desk/dossiers/").content.decode()
    history = _editor().get(f"/cms/pages/{wrong.pk}/history/").content.decode()
    assert "some.fig" in history and "De andere" in history
    call_command("publish_scheduled")  # it is planned no more, so it is refused once
    assert AuditEntry.objects.filter(verb="dossier.publication-refused").count() == 1
    _changed(DossierPage.objects.get(pk=wrong.pk), {})
    told = client("beleid.ez").get(f"/desk/dossiers/{wrong.translation_key}/nl/").content.decode()
    assert "Niet openbaar geworden" not in told  # someone wrote since


@pytest.mark.parametrize("error", [InputError("stuk, geheim"), IntegrityError("stuk"), KeyError("stuk")])
def test_a_planned_page_that_fails_stops_no_other_and_says_so_without_what_went_wrong(
    db: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    wrong, fine = _planned(page({}, title="Stuk", live=False), 5), _planned(page({}, title="Daarna", live=False), 1)
    keep = publishing.keep_results

    def fails(instance: DossierPage) -> None:
        if instance.pk == wrong.pk:
            raise error
        keep(instance)

    monkeypatch.setattr(publishing, "keep_results", fails)
    call_command("publish_scheduled")
    assert not DossierPage.objects.get(pk=wrong.pk).live and DossierPage.objects.get(pk=fine.pk).live
    told = client("beleid.ez").get(f"/desk/dossiers/{wrong.translation_key}/nl/").content.decode()
    assert "Bij het publiceren ging er iets mis" in told and "stuk" not in told
    call_command("publish_scheduled")  # it is planned no more
    assert AuditEntry.objects.filter(verb="dossier.publication-refused").count() == 1


def test_the_editor_says_it_when_one_publishes_and_lets_one_keep_a_draft(db: None) -> None:
    figure("some.fig")
    page(_figure(restricted=True), title="De andere")
    made = page(_figure(), live=False)
    form = DossierPage.get_edit_handler().get_form_class()(instance=made, for_user=actor("beleid.ez").user)
    for data, said in (({}, False), ({"action-publish": "x"}, True)):
        form.data, form.cleaned_data, form._errors = data, {"body": made.body}, ErrorDict()
        form.clean()
        assert ("De andere" in str(form.non_field_errors())) is said


def test_a_planned_page_whose_address_was_taken_meanwhile_stops_no_other(db: None) -> None:
    home = TextPage.objects.filter(depth=3).first()
    parent = home or TextPage.objects.first()
    made = parent.add_child(instance=TextPage(title="Tekst", slug="tekst", locale=parent.locale, live=False))
    made.slug = "vrij"
    revision = made.save_revision()
    parent.add_child(instance=TextPage(title="Later", slug="vrij", locale=parent.locale))
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=9))
    fine = _planned(page({}, title="Daarna", live=False), 1)
    call_command("publish_scheduled")
    assert not TextPage.objects.get(pk=made.pk).live and DossierPage.objects.get(pk=fine.pk).live
    assert AuditEntry.objects.get(verb="dossier.publication-refused").object_id == str(made.pk)


def test_publishing_several_at_once_skips_what_is_refused_and_says_why(db: None) -> None:
    figure("some.fig")
    page(_figure(restricted=True), title="De andere")
    wrong, fine = page(_figure(), title="Geweigerd", live=False), page({}, live=False)
    back = f"/cms/pages/{wrong.get_parent().pk}/"
    address = f"/cms/bulk/wagtailcore/page/publish/?id={wrong.pk}&id={fine.pk}&next={back}"
    answer = _editor().post(address, follow=True)
    said = answer.content.decode()
    assert answer.status_code == 200 and "“Geweigerd” is niet gepubliceerd" in said and "De andere" in said
    assert not DossierPage.objects.get(pk=wrong.pk).live and DossierPage.objects.get(pk=fine.pk).live


def test_two_refused_pages_with_one_title_are_both_named(db: None) -> None:
    for name in ("some.fig", "more.fig"):
        figure(name)
        page(_figure(restricted=True, name=name), title="De andere")
    wrong = [page(_figure(name=name), title="Koper", lang=lang, live=False)
             for name, lang in (("some.fig", "nl"), ("more.fig", "en"))]  # fmt: skip
    refused: dict[int, tuple[str, str]] = {}
    assert PublishSome.execute_action(wrong, False, None, refused) == (0, 0)
    assert ["some.fig" in refused[wrong[0].pk][1], "more.fig" in refused[wrong[1].pk][1]] == [True, True]


def test_publishing_a_page_with_what_lies_under_it_skips_what_is_refused(db: None) -> None:
    figure("some.fig")
    page(_figure(restricted=True), title="De andere")
    wrong, fine = page(_figure(), title="Geweigerd", live=False), page({}, live=False)
    refused: dict[int, tuple[str, str]] = {}
    done = PublishSome.execute_action([Page.objects.get(pk=wrong.get_parent().pk)], True, None, refused)
    assert done[0] == 1 and done[1] >= 1 and list(refused) == [wrong.pk] and "De andere" in refused[wrong.pk][1]
    assert not DossierPage.objects.get(pk=wrong.pk).live and DossierPage.objects.get(pk=fine.pk).live


def test_a_copy_that_would_be_live_is_refused_in_words_and_a_draft_is_not(db: None) -> None:
    figure("some.fig")
    shown = page(_figure(), title="Openbaar")
    page(_figure(restricted=True), title="De andere", live=False)  # a draft says that it is held back
    browser, address = _editor(), f"/cms/pages/{shown.pk}/copy/"
    values = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": shown.get_parent().pk}
    for way in ("publish_copies", "alias"):
        said = browser.post(address, values | {way: "on"}, follow=True).content.decode()
        assert "“Openbaar” is niet gekopieerd" in said and "De andere" in said
    assert not DossierPage.objects.filter(slug="kopie").exists()
    assert browser.post(address, values).status_code == 302
    assert not DossierPage.objects.get(slug="kopie").live
    assert "action-submit" not in browser.get(f"/cms/pages/{shown.pk}/edit/").content.decode()  # no way past the role


def _editor(who: str = "analist.nmo") -> Client:
    browser = client(who)
    session = browser.session
    session["factor"] = True
    session.save()
    return browser


def _readings(made: DossierPage) -> list[str]:
    rows = AuditEntry.objects.filter(verb="dossier.read", object_id=str(made.pk)).order_by("sequence")
    return [json.loads(row.text)["actor"] for row in rows]


def test_comparing_versions_with_restricted_blocks_is_recorded(db: None) -> None:
    hidden = block("text", restricted=True, text="<p>verborgen</p>", numbers=[])
    made = page({"summary": [hidden]})
    first = made.latest_revision_id
    made = _changed(made, {"summary": [block("text", text="<p>openlijk</p>", numbers=[])]})
    browser, last = _editor(), made.latest_revision_id
    told = browser.get(f"/cms/pages/{made.pk}/revisions/compare/{first}...{last}/").content.decode()
    assert "verborgen" in told and _readings(made) == [str(actor("analist.nmo").user.pk)]
    assert browser.get(f"/cms/pages/{made.pk}/revisions/compare/{last}...{last}/").status_code == 200
    assert len(_readings(made)) == 1  # nothing restricted in it
    told = browser.get(f"/cms/pages/{made.pk}/revisions/{first}/revert/").content.decode()
    assert "verborgen" in told and len(_readings(made)) == 2
    assert "verborgen" not in browser.get(f"/cms/pages/{made.pk}/revisions/{first}/view/").content.decode()
    full = browser.get(f"/cms/pages/{made.pk}/revisions/{first}/view/?mode=full").content.decode()
    assert "verborgen" in full and len(_readings(made)) == 3
    assert browser.get(f"/cms/pages/{made.pk}/history/").status_code == 200 and len(_readings(made)) == 3
