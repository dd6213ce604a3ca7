"""The desk's views of dossiers: what is read is recorded, and a refusal is told in words."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from lodestock_desk.core.models import AuditEntry
from lodestock_desk.dossiers import newer
from lodestock_desk.dossiers.newer import count_offers, offers

from .dossier_maker import DAY, block, figure, number, number_run, page
from .people import actor, client


def _readings(verb: str = "result.read") -> int:
    return AuditEntry.objects.filter(verb=verb).count()


def test_a_block_that_is_gone_is_told_and_no_fault_of_the_programme(db: None) -> None:
    made = page({})
    address = f"/desk/dossiers/{made.translation_key}/nl/newer/"
    answer = client("beleid.ez").post(address, {"block": "gone"}, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain
    assert [str(m) for m in answer.context["messages"]] == ["Dit blok staat niet meer in de pagina."]


def test_reading_a_result_that_is_not_public_is_recorded(db: None) -> None:
    run, shown, kept_back = number_run("some-run", {"a.b": 1.0, "c.d": 2.0}), figure("some.fig"), figure("other.fig")
    page({"prices": [block("number", number=number("some-run", "a.b", 1.0))],
          "producers": [block("figure", result="some.fig", day=DAY, caption="")]})  # fmt: skip
    browser, before = client("lijn.ez"), _readings()
    for stored, more in ((shown, 0), (kept_back, 1), (run, 2)):
        assert browser.get(f"/desk/dossiers/results/{stored.pk}/").status_code == 200
        assert _readings() == before + more, stored
    for name, file, more in (("some.fig", "fig.csv", 2), ("other.fig", "fig.csv", 3), ("some-run", "manifest.json", 4)):
        assert browser.get(f"/desk/dossiers/results/{name}/{DAY}/{file}").status_code == 200
        assert _readings() == before + more, file


def test_the_preview_with_restricted_blocks_is_recorded(db: None) -> None:
    made = page({"summary": [block("text", restricted=True, text="<p>verborgen</p>", numbers=[])]})
    request, before = RequestFactory().get(made.url), _readings("dossier.read")
    request.user, request.actor = actor("analist.nmo").user, actor("analist.nmo")
    for mode, more in (("public", 0), ("full", 1)):
        made.serve_preview(request, mode)
        assert _readings("dossier.read") == before + more


def test_the_list_counts_what_is_newer_without_comparing_tables(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    figure("some.fig", value="12.5")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")]})
    figure("some.fig", day="2026-04-01", value="14.0")
    assert len(offers(made)) == 1 and offers(made)[0].changes

    def compared(*results: object) -> None:
        raise AssertionError("tables are compared")

    monkeypatch.setattr(newer, "differences", compared)
    assert count_offers(made) == 1
    assert client("lijn.ez").get("/desk/dossiers/").status_code == 200


def test_what_is_newer_is_told_in_the_words_of_the_reader(db: None) -> None:
    figure("some.fig", value="0.38000000000000006")
    number_run("some-run", {"a.b": 10.0}, note="koper")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")],
                 "prices": [block("number", number=number("some-run", "a.b", 10.0))]})  # fmt: skip
    figure("some.fig", day="2026-04-01", value="12.5")
    number_run("some-run", {"a.b": 20.0}, day="2026-04-01", note="koper")
    address = f"/desk/dossiers/{made.translation_key}/nl/newer/"
    told = client("beleid.ez").get(address).content.decode().replace("\u00a0", " ")
    for words in ("Chili", "0,38", "13 ton", "a.b koper", "10 ton", "20 ton", "Producenten", "1 maart 2026"):
        assert words in told, words
    for raw in ("CHL", "0.38000", "mass_t [t]", "2026-03-01"):
        assert raw not in told, raw


def test_two_values_that_round_to_the_same_are_told_apart(db: None) -> None:
    figure("some.fig", value="12.50001")
    made = page({"producers": [block("figure", result="some.fig", day=DAY, caption="")]})
    figure("some.fig", day="2026-04-01", value="12.50002")
    (change,) = offers(made)[0].changes
    assert (change.old, change.new) == ("12.50001", "12.50002")
