"""The page of measures compared shows what the library answered, and says when it cannot tell measures apart."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from lodestock_desk.core.models import AuditEntry
from lodestock_desk.measures.compared import keep
from lodestock_desk.measures.models import Comparison

from .people import actor, client


def _fact(value: float | None, nl: str, en: str) -> dict[str, object]:
    return {"label": {"nl": "label", "en": "label"}, "value": value, "unit": "1", "mark": "computed",
            "said": {"nl": nl, "en": en}, "readings": {"nl": "", "en": ""}}  # fmt: skip


VERDICT = {"key": "not distinguishable", "nl": "niet te onderscheiden", "en": "not distinguishable"}
MEASURE = {
    "id": "stock", "title": {"nl": "voorraad", "en": "stock"}, "works_after": None, "loses": 0.375,
    "against_nothing": VERDICT, "against_plan": VERDICT,
    "facts": {
        name: _fact(None if name == "last_euro" else 1.5, f"{name} nl", f"{name} en")
        for name in ("amount", "unit_cost", "shapley", "first_euro", "last_euro", "alone_gain", "alone_share",
                     "alone_worlds", "regret")
    },
}  # fmt: skip
PAYLOAD = {
    "title": {"nl": "Titel", "en": "Title"}, "status": {"nl": "houdt geen voorraad aan", "en": "holds none"},
    "years": 10, "draws": 20, "scenarios": 50, "plan": [_fact(2.0, "2", "2")], "verdict": VERDICT,
    "measures": [MEASURE], "pairs": [], "budgets": [],
}  # fmt: skip


def _keep() -> Comparison:
    return keep(
        actor("lijn.ez"), PAYLOAD, scenario="x", region="NLD", budget_eur=Decimal(50_000_000),
        as_of=date(2026, 11, 1),
    )  # fmt: skip


def test_before_the_first_comparison_the_page_says_how_to_make_one(db: None) -> None:
    assert "compare_measures" in client("beleid.ez").get(reverse("measures:compared")).content.decode()
    address = reverse("measures:export_compared", kwargs={"ending": "csv"})
    assert client("beleid.ez").get(address).status_code == 404


def test_the_page_shows_the_answer_in_the_readers_language(db: None) -> None:
    made = _keep()
    assert AuditEntry.objects.filter(object_id=str(made.pk), verb="comparison.kept").count() == 1
    browser = client("lijn.ez")
    page = browser.get(reverse("measures:compared")).content.decode()
    assert "niet te onderscheiden" in page and "first_euro nl" in page and "geen ruimte meer" in page
    assert "37,5%" in page and "houdt geen voorraad aan" in page and "50.000.000" in page
    browser.post("/desk/language/", {"language": "en", "next": "/desk/"})
    page = browser.get(reverse("measures:compared")).content.decode()
    assert "not distinguishable" in page and "first_euro en" in page and "37.5%" in page


def test_the_answer_leaves_as_a_file_with_unknown_left_open(db: None) -> None:
    _keep()
    answer = client("analist.nmo").get(reverse("measures:export_compared", kwargs={"ending": "json"}))
    row = json.loads(answer.content)["rows"][0]
    assert row["last_euro"] is None and row["loses"] == 0.375 and row["against_nothing"] == "not distinguishable"


def test_a_scenario_that_does_not_exist_is_refused_in_words(db: None) -> None:
    with pytest.raises(CommandError, match="no-such-scenario"):
        call_command("compare_measures", "no-such-scenario", by="beleid.ez@voorbeeld.example")


@pytest.mark.parametrize(
    "who", ["analist.nmo@voorbeeld.example", "servo@voorbeeld.example", "nobody@voorbeeld.example"]
)
def test_only_someone_who_keeps_measures_keeps_a_comparison(db: None, who: str) -> None:
    with pytest.raises(CommandError, match="nobody who keeps measures"):
        call_command("compare_measures", "china-heavy-rare-earths-2025", by=who)
    assert not Comparison.objects.exists()


@pytest.mark.slow
def test_the_command_keeps_what_the_library_finds(db: None) -> None:
    call_command(
        "compare_measures", "china-heavy-rare-earths-2025", by="lijn.ez@voorbeeld.example", draws=20, scenarios=50
    )
    found = Comparison.objects.get()
    assert {m["against_nothing"]["nl"] for m in found.payload["measures"]} <= {
        "beter", "slechter", "niet te onderscheiden",
    }  # fmt: skip
    page = client("beleid.ez").get(reverse("measures:compared")).content.decode()
    for item in found.payload["measures"]:
        assert item["title"]["nl"] in page and item["facts"]["first_euro"]["said"]["nl"] in page.replace("\xa0", "\xa0")
