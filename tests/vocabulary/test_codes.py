"""Product codes, forms and stages."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from lodestock import vocabulary
from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import Form, Mixedness, Stage

# The codes of the two trade tables in use: CEPII BACI in HS92 for 1995-2024 and in HS2022 for 2024.
TRADE_TABLES = Path(__file__).parent / "trade_table_codes.csv"


def test_every_code_of_the_trade_tables_is_known_in_its_revision() -> None:
    with TRADE_TABLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["revision"] for row in rows) == {"HS92": 74, "HS2022": 30}
    for row in rows:
        assert row["revision"] in vocabulary.product_code(row["code"], row["revision"]).revisions


def test_no_code_has_two_meanings_in_one_revision() -> None:
    seen = [(c.code, revision) for c in vocabulary.product_codes() for revision in c.revisions]
    assert len(seen) == len(set(seen))


def test_unmixed_codes_hold_one_material_and_mixed_codes_say_what_they_mix() -> None:
    several_names = {"260600", "281820"}  # bauxite and alumina are aluminium at an earlier stage
    for code in vocabulary.product_codes():
        if code.mixedness is Mixedness.MIXED:
            assert code.mixes, code.code
        else:
            assert not code.mixes, code.code
            assert len(code.materials) == (2 if code.code in several_names else 1), code.code
        assert code.description("nl") and code.description("en")


def test_codes_that_carry_no_signal_for_one_element() -> None:
    compounds = vocabulary.product_code("2846.90")
    assert not compounds.unmixed
    assert "cerium" not in compounds.materials
    assert {"dysprosium", "yttrium", "scandium", "lanthanum"} <= set(compounds.materials)
    assert (
        len(compounds.materials) == 15 + 1 - 1 + 1 - 1
    )  # 15 lanthanoids and yttrium less promethium, with Sc, less Ce
    assert vocabulary.product_code("284610").materials == ("cerium",)
    metals = vocabulary.product_code("280530")
    assert {"cerium", "scandium", "yttrium"} <= set(metals.materials)
    magnets = vocabulary.product_code("850511")
    assert magnets.form is Form.MAGNET
    assert magnets.stage is Stage.MANUFACTURING
    assert not magnets.unmixed


def test_a_code_that_changed_its_meaning_asks_for_the_revision() -> None:
    with pytest.raises(InputError, match="changed its meaning"):
        vocabulary.product_code("811292")
    assert "hafnium" in vocabulary.product_code("811292", revision="HS2017").materials
    assert set(vocabulary.product_code("811292", revision="HS2022").materials) == {
        "gallium",
        "germanium",
        "indium",
        "niobium",
        "vanadium",
    }
    with pytest.raises(InputError, match="not in HS92"):
        vocabulary.product_code("811292", "HS92")


@pytest.mark.parametrize(
    ("name", "expected"), [("HS22", "HS2022"), ("H6", "HS2022"), ("h0", "HS92"), ("HS1996", "HS96")]
)
def test_revisions_by_every_name(name: str, expected: str) -> None:
    assert vocabulary.hs_revision(name) == expected


def test_unknown_codes_and_revisions() -> None:
    with pytest.raises(UnknownNameError, match="850511"):
        vocabulary.product_code("850512")
    with pytest.raises(UnknownNameError):
        vocabulary.hs_revision("HS2030")


def test_codes_for_a_material() -> None:
    dysprosium = vocabulary.product_codes_for("dysprosium", "HS2022")
    assert {"280530", "284690", "850511"} <= {c.code for c in dysprosium}
    assert all(c.mixedness is Mixedness.MIXED for c in dysprosium)  # no trade code holds dysprosium alone
    copper = [(c.code, c.stage) for c in vocabulary.product_codes_for("copper", "HS2022") if c.unmixed]
    assert ("260300", Stage.EXTRACTION) in copper
    assert ("740311", Stage.PROCESSING) in copper
    assert "850511" in {c.code for c in vocabulary.product_codes_for("SmCo magnets")}
    germanium = {c.code for c in vocabulary.product_codes_for("Ge", "HS92")}
    assert "811230" in germanium
    assert "811292" not in germanium
    assert vocabulary.product_codes_for("sapele wood") == ()


@pytest.mark.parametrize(
    ("form", "stage"),
    [
        (Form.ORE, Stage.EXTRACTION),
        (Form.COMPOUND, Stage.PROCESSING),
        (Form.METAL, Stage.PROCESSING),
        (Form.ALLOY, Stage.MANUFACTURING),
        (Form.MAGNET, Stage.MANUFACTURING),
    ],
)
def test_forms_stand_at_a_stage(form: Form, stage: Stage) -> None:
    assert vocabulary.form_stage(form) is stage


def test_all_forms_and_stages_are_described() -> None:
    assert [f.form for f in vocabulary.forms()] == list(Form)
    assert [s.stage for s in vocabulary.stages()] == list(Stage)
    with pytest.raises(UnknownNameError):
        vocabulary.form_stage("liquid")
