"""What is held back stays back: a result is withdrawn, another day says the same, a page is taken offline."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from lodestock_desk.dossiers import actions
from lodestock_desk.dossiers.heldback import held_back_now
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import PublishedResult, ResultNumber

from .dossier_maker import DAY, block, figure, number, number_run, page
from .people import actor

LATER = "2026-04-01"
SECRET = ("held-run", DAY, "part.secret")


def _run(day: str = DAY, *, secret: float = 98765.0, other: float = 3.0) -> PublishedResult:
    """A run in which the total tells the secret."""
    made = number_run("held-run", {"part.secret": secret, "other": other, "total": secret + other}, day=day)
    _entry(made, "total", inputs=["part.secret", "other"])
    return made


def _entry(run: PublishedResult, key: str, **said: Any) -> None:
    found = ResultNumber.objects.get(content=run.content, key=key)
    found.entry |= said
    found.save()


def _figure(*entries: str, day: str = DAY) -> PublishedResult:
    made = figure("held-run.fig", day=day)
    made.manifest = json.dumps({"entries": list(entries)})
    made.save()
    return made


def _number(entry: str, *, restricted: bool = False, day: str = DAY, run: str = "held-run") -> dict[str, Any]:
    return block("number", restricted=restricted, number=number(run, entry, 1.0, day=day))


def _hidden(kind: str = "figure", **more: Any) -> dict[str, list[Any]]:
    return {"producers": [block(kind, restricted=True, result="held-run.fig", day=DAY, caption="", **more)]}


def _held(entry: str, day: str = DAY, name: str = "held-run") -> bool:
    return held_back_now().why((name, day, entry)) is not None


def test_withdrawing_a_result_uncovers_nothing_that_rests_on_what_is_held_back(db: None) -> None:
    run = _run()
    _figure("total", "part.secret", "other")
    number_run("other-run", {"x": 1.0})
    page({"prices": [_number("part.secret", restricted=True)]}, live=False)
    assert _held("total") and _held("", name="held-run.fig") and not _held("other")
    for name in ("held-run", "held-run.fig"):
        gone = PublishedResult.objects.get(name=name)
        actions.withdraw_result(actor("analist.nmo"), str(gone.pk), reason="fout")
    assert not PublishedResult.objects.filter(pk=run.pk).exists()
    assert _held("total") and _held("part.secret") and _held("", name="held-run.fig")
    assert _held("", day="", name="held-run.gone")  # a letter that names no day, of a figure that is gone
    assert not _held("x", name="other-run") and not _held("gone", name="other-run")
    number_run("held-run", {"part.secret": 1.0})  # taken in anew, without the total
    assert _held("total")


def test_a_page_that_cites_what_is_gone_beside_what_is_held_back_does_not_go_live(db: None) -> None:
    run = _run()
    page({"prices": [_number("part.secret", restricted=True)]}, live=False)
    actions.withdraw_result(actor("analist.nmo"), str(run.pk), reason="fout")
    made = page({"prices": [_number("total")]}, live=False)
    with pytest.raises(ValidationError):
        made.get_latest_revision().publish()


def test_withdrawing_the_day_that_is_held_back_lets_the_same_number_of_another_day_not_go(db: None) -> None:
    run = _run()
    _run(LATER)
    page({"prices": [_number("part.secret", restricted=True)]}, live=False)
    actions.withdraw_result(actor("analist.nmo"), str(run.pk), reason="fout")
    assert _held("part.secret", LATER) and _held("total", LATER) and not _held("other", LATER)


def test_what_tells_the_same_secret_on_another_day_is_held_back(db: None) -> None:
    _run()
    _run(LATER, other=4.0)
    _run("2026-05-01", secret=5.0)
    _figure("total", "part.secret", "other", day=LATER)
    page({"prices": [_number("part.secret", restricted=True)]})
    assert _held("total", LATER) and _held("", LATER, "held-run.fig") and not _held("other", LATER)
    assert not _held("total", "2026-05-01") and not _held("part.secret", "2026-05-01")


def test_the_same_value_with_another_range_and_an_unknown_one_with_a_range_are_held_back(db: None) -> None:
    first, later = _run(), _run(LATER)
    _entry(first, "part.secret", low=1.0)
    _entry(later, "part.secret", low=2.0)
    page({"prices": [_number("part.secret", restricted=True), _number("other", restricted=True)]})
    assert _held("part.secret", LATER)
    for run, low in ((_run("2026-06-01"), 5.0), (_run("2026-07-01"), 6.0)):
        _entry(run, "part.secret", value=None, low=low, high=9.0)
        _entry(run, "other", value=None)
    page({"prices": [_number(key, restricted=True, day="2026-06-01") for key in ("part.secret", "other")]})
    assert _held("part.secret", "2026-07-01")
    assert not _held("other", "2026-07-01")  # not known and no range: it tells nothing


def test_a_page_taken_offline_holds_on_while_its_draft_lets_go(db: None) -> None:
    _run()
    made = page({"prices": [_number("part.secret", restricted=True)]})
    made.unpublish()
    made = DossierPage.objects.get(pk=made.pk)
    raw = [{**section, "value": []} for section in made.sections]
    made.body = type(made.body)(made.body.stream_block, raw, is_lazy=True)
    made.save_revision()
    assert _held("part.secret")
    made.save()  # as the editor does with a page that is not live: the draft is written over it
    made.save_revision()
    assert _held("part.secret")
    made.get_latest_revision().publish()
    assert not _held("part.secret")


@pytest.mark.parametrize("kind", ["figure", "table"])
def test_a_restricted_figure_or_table_holds_back_its_numbers(db: None, kind: str) -> None:
    run = _run()
    ResultNumber.objects.create(
        content=run.content, key="twice", entry={"value": 1.0, "unit": "t", "inputs": ["total"]}
    )
    ResultNumber.objects.create(content=run.content, key="free", entry={"value": 2.0, "unit": "t", "inputs": ["other"]})
    _figure("total", "part.secret", "other")
    page(_hidden(kind, **({"table": "rows"} if kind == "table" else {})))
    assert all(_held(key) for key in ("total", "part.secret", "other"))
    assert _held("twice")  # it tells what the figure shows
    assert not _held("free")  # it rests on the same assumption only
    made = page({"prices": [_number("total")]}, live=False)
    with pytest.raises(ValidationError):
        made.get_latest_revision().publish()


def test_a_restricted_figure_holds_back_no_number_that_the_same_page_shows(db: None) -> None:
    _run()
    _figure("total", "part.secret", "other")
    page(_hidden() | {"prices": [_number("total")]})
    assert not _held("total") and _held("part.secret") and _held("", name="held-run.fig")
    number_run("other-run", {"x": 1.0})
    page({"prices": [_number("total")]}, title="Nog een")  # what is open on the one page may be on the other


def test_a_restricted_figure_that_is_withdrawn_holds_back_its_numbers_still(db: None) -> None:
    _run()
    stored = _figure("part.secret")
    page(_hidden(), live=False)
    assert _held("part.secret") and not _held("other")
    actions.withdraw_result(actor("analist.nmo"), str(stored.pk), reason="fout")
    assert _held("part.secret") and _held("total")


def test_a_restricted_whole_run_holds_back_all_its_numbers(db: None) -> None:
    _run()
    page({"producers": [block("figure", restricted=True, result="held-run", day=DAY, caption="")]}, live=False)
    assert _held("part.secret") and _held("other") and _held("total")


def test_what_a_page_shows_of_a_withdrawn_result_stays_known(db: None) -> None:
    run = _run()
    made = page({"prices": [_number("other")]})
    page({"prices": [_number("part.secret", restricted=True)]})
    actions.withdraw_result(actor("analist.nmo"), str(run.pk), reason="fout")
    assert not _held("other") and _held("total")
    made.save_revision().publish()  # the page keeps its last picture and may go live again
    assert DossierPage.objects.get(pk=made.pk).live and Client().get(made.url).status_code == 200
    assert timezone.now() - DossierPage.objects.get(pk=made.pk).last_published_at < timedelta(hours=1)
