"""The control register: what applies on a day, what is not known, and what has not been checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lodestock.disruption.controls import (
    ControlKind,
    ControlStatus,
    Lapse,
    bearing_on,
    control,
    doubtful,
    due,
    entry_of,
    find,
    imported_registers,
    named_part,
    on_products_with,
    read_register,
    to_be_checked,
)
from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.control_register import SHIPPED
from lodestock.evidence.files import digest, guard
from lodestock.evidence.imports import import_file, remove_import
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.snapshots import Snapshot, read_sidecar, write_sidecar
from lodestock.evidence.store import build

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _nothing_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the person who runs the tests imported does not count."""
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path / "home"))


def test_the_april_regime_is_in_force_and_was_never_suspended() -> None:
    april = control("cn-2025-18")
    assert april.status(date(2025, 4, 3)) is ControlStatus.NOT_ANNOUNCED
    assert april.status(date(2025, 4, 4)) is ControlStatus.IN_FORCE
    assert april.status(TODAY) is ControlStatus.IN_FORCE
    assert april.products == ("smco-magnets", "ndfeb-magnets-dy-tb")
    assert not april.codes_complete


def test_a_suspension_that_ran_out_unchecked_is_to_be_checked() -> None:
    package = control("cn-2025-57")
    assert package.status(date(2025, 10, 20)) is ControlStatus.ANNOUNCED
    assert package.status(date(2025, 11, 7)) is ControlStatus.SUSPENDED  # the day before it would have taken effect
    assert package.status(date(2026, 11, 10)) is ControlStatus.SUSPENDED  # the last day
    assert package.status(date(2026, 11, 11)) is ControlStatus.TO_BE_CHECKED


def test_an_unknown_first_day_of_a_suspension_is_not_guessed() -> None:
    ban = control("cn-2024-46-art2")
    assert ban.status(date(2025, 11, 6)) is ControlStatus.IN_FORCE
    assert ban.status(date(2025, 11, 20)) is ControlStatus.NOT_KNOWN
    assert ban.between(date(2025, 11, 20)) == (ControlStatus.IN_FORCE, ControlStatus.SUSPENDED)
    assert ban.status(date(2025, 12, 31)) is ControlStatus.SUSPENDED  # the announcement is of 2025
    assert ban.status(date(2026, 11, 27)) is ControlStatus.SUSPENDED
    assert ban.status(date(2026, 11, 28)) is ControlStatus.TO_BE_CHECKED
    assert control("cn-2024-46-art1").status(TODAY) is ControlStatus.IN_FORCE  # only article 2 is suspended


def test_dates_keep_their_precision() -> None:
    quota = control("cd-2025-cobalt-quota")
    assert (quota.announced.text, quota.announced.precision) == ("2025-09", "month")
    assert (quota.announced.first, quota.announced.last) == (date(2025, 9, 1), date(2025, 9, 30))
    assert quota.between(date(2025, 9, 15)) == (ControlStatus.NOT_ANNOUNCED, ControlStatus.ANNOUNCED)
    assert quota.status(date(2025, 9, 30)) is ControlStatus.ANNOUNCED
    assert control("id-2020-nickel-ore").announced.precision == "year"


def test_the_cobalt_ban_ends_on_the_day_before_the_quota() -> None:
    ban, quota = control("cd-2025-cobalt-ban"), control("cd-2025-cobalt-quota")
    change = date(2025, 10, 16)
    assert ban.status(date(2025, 10, 15)) is ControlStatus.IN_FORCE
    assert (ban.status(change), quota.status(change)) == (ControlStatus.ENDED, ControlStatus.IN_FORCE)
    assert ban.successor == quota.id


def test_due_lists_what_lapsed_unchecked_and_what_lapses_next() -> None:
    rows = {entry.control.id: entry for entry in due(TODAY)}
    lapsed = {key for key, entry in rows.items() if entry.days_left < 0}
    assert lapsed == {f"cn-2025-{number}" for number in (55, 56, 57, 58, 61, 62)}
    assert {item.id for item in to_be_checked(TODAY)} == lapsed
    assert rows["cn-2024-46-art2"].on == date(2026, 11, 27)
    assert rows["cn-2024-46-art2"].days_left == 6
    assert {entry.control.id for entry in due(TODAY, within_days=5)} == lapsed


def test_find_by_material_code_and_issuer() -> None:
    assert "cn-2023-23" in {item.id for item in find(material_name="gallium")}
    assert {item.id for item in find(code="2846901940")} == {"cn-2025-18"}
    assert {item.id for item in find(code="2846.90")} == {"cn-2025-18"}
    assert {item.id for item in find(code="260400")} == {"id-2020-nickel-ore"}
    assert {item.issuer for item in find(issuer="COD")} == {"COD"}
    with pytest.raises(UnknownNameError, match="gallium"):
        find(material_name="galium")


def test_a_measure_on_a_group_or_a_kind_of_product_is_found_under_the_others() -> None:
    def ids(name: str) -> set[str]:
        return {item.id for item in find(material_name=name)}

    assert {"cn-2025-18", "cn-2025-61", "cn-2026-1"} == ids("dysprosium")
    assert {"cn-2025-61", "cn-2026-1"} == ids("neodymium")  # on rare earths as a whole, not on neodymium by name
    assert {"cn-2025-18", "cn-2025-57"} <= ids("heavy-rare-earths")
    assert {"cn-2025-18", "cn-2025-general-licences"} == ids("ndfeb-magnets")
    assert {"cn-2023-39", "cn-2024-46-art2", "cn-2025-58"} == ids("synthetic-graphite")
    # announcement 18 is on magnets with it; 56 on equipment for rare earths, 62 on technology for them
    assert {item.id for item in on_products_with("neodymium")} == {"cn-2025-18", "cn-2025-56", "cn-2025-62"}


def test_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="cn-2025-18"):
        control("cn-2025-81")


ADDED = """
  - id: "no-2030-1"
    issuer: NO
    title: {nl: Verzonnen uitvoertaks, en: Made-up export tax}
    instrument: an example
    kind: tax
    announced: 2030-01
    effective: 2030-03-01
    until: 2030-12-31
    materials: [silicon-metal]
    codes: {silicon: ["2804.69"]}
    codes_complete: true
    mark: prior
    source: an example
"""


def test_adding_a_measure_is_adding_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(SHIPPED.read_text(encoding="utf-8") + ADDED, encoding="utf-8")
    register = read_register(path)
    assert len(register) == len(read_register()) + 1
    added = control("no-2030-1", register)
    assert (added.issuer, added.kind, added.codes, added.mark) == ("NOR", ControlKind.TAX, ("280469",), Mark.PRIOR)
    assert added.status(date(2030, 2, 1)) is ControlStatus.ANNOUNCED
    assert added.status(date(2031, 1, 1)) is ControlStatus.TO_BE_CHECKED
    assert find(code="28046900", register=register) == (added,)
    assert [entry.control.id for entry in due(date(2030, 12, 30), within_days=7, register=register)][-1] == added.id


ENTRY = """schema: lodestock-controls/1
measures:
  - {id: x, issuer: CHN, title: {nl: a, en: a}, instrument: b, kind: licence, announced: 2025-04-04,
     effective: 2025-04-04, materials: [dysprosium], forms: [metal], codes: [], codes_complete: false,
     mark: press, source: s}
"""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("effective: 2025-04-04", "effective: 2025-04-03"), "before it is announced"),
        (("effective: 2025-04-04", "effective: april"), "not a day"),
        (("effective: 2025-04-04", "effective: 2025-02-30"), "not a day"),
        (("effective: 2025-04-04", "effective: 2025-04-04, until: 2026"), "'2026' is not a day"),
        (("effective: 2025-04-04", "effective: 2025-04-04, until: 2025-04-01"), "ends before it takes effect"),
        (("effective: 2025-04-04", "effective: 2025-04-04, suspended_from: 2025-05-01"), "no last day"),
        (("effective: 2025-04-04", "effective: 2025-04-04, suspended_until: 2025-05-01"), "what suspends"),
        (("codes: []", "codes: [], successor: ended, checked_on: 2026-01-01"), "without a last day"),
        (("codes: []", "codes: [], until: 2026-01-01, successor: ended"), "when"),
        (("kind: licence", "kind: licens"), "did you mean licence"),
        (("issuer: CHN", "issuer: Chyna"), "China"),
        (("[dysprosium]", "[dysprosum]"), "dysprosium"),
        (("[dysprosium]", "[smco-magnets]"), "put it under products"),
        (("[dysprosium]", "[]"), "covers nothing"),
        (("codes: []", "codes: [], concerns: [terbium]"), "which goods"),
        (("codes: []", "codes: [], goods: [plant], concerns: [terbum]"), "terbium"),
        (("codes: []", "codes: [], scope: {nl: alles}"), "'en' needs a text"),
        (("codes: []", "codes: [], goods: [{nl: alles, de: alles}]"), "unknown key 'de'"),
        (("codes: []", 'codes: {oxide: ["2846"]}, covers_nl: {oxyde: oxide}'), "did you mean oxide"),
        (("[metal]", "[metals]"), "metal"),
        (("codes: []", 'codes: ["281"]'), "no trade code"),
        (("codes: []", 'codes: ["2846", "28 46"]'), "stands twice"),
        (("codes_complete: false", "codes_complete: no"), "neither true nor false"),
        (("mark: press", "marc: press"), "unknown key 'marc'"),
        (("mark: press, ", ""), "keys are missing: mark"),
        (("mark: press", "mark: press, mark: seen"), "stands twice"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    path = tmp_path / "controls.yml"
    path.write_text(ENTRY, encoding="utf-8")
    assert read_register(path)[0].id == "x"
    assert change[0] in ENTRY
    path.write_text(ENTRY.replace(*change), encoding="utf-8")
    with pytest.raises(LodestockError, match=fault) as caught:
        read_register(path)
    assert "entry 1" in caught.value.where
    assert "line" in caught.value.where
    assert caught.value.mend


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("measures: [", "not valid YAML"),
        ("- a\n- b\n", "not a control register"),
        ("schema: lodestock-controls/9\nmeasures: []\n", "not a control register"),
        (ENTRY.replace("measures:", "measure:"), "not a control register"),
        (ENTRY + ENTRY.split("measures:\n")[1], "two measures have the same id"),
        (ENTRY.replace("codes: []", "codes: [], until: 2026-01-01, successor: y, checked_on: 2026-01-02"), "successor"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "controls.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LodestockError, match=fault) as caught:
        read_register(path)
    assert "controls.yml" in caught.value.where


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_register(tmp_path / "none.yml")


def test_what_ends_on_a_last_day_is_a_suspension_or_the_measure() -> None:
    assert control("cn-2024-46-art2").lapses() is Lapse.SUSPENSION
    assert control("cd-2025-cobalt-quota").lapses() is Lapse.MEASURE
    assert control("cn-2025-18").lapses() is None


def test_every_measure_says_in_both_languages_what_it_covers() -> None:
    for item in read_register(SHIPPED):
        said = [item.title, *item.goods, *(listed.covers for listed in item.listed if listed.covers)]
        said += [item.scope] if item.scope else []
        assert all(words.nl and words.nl != words.en for words in said), item.id
        # an obligation to ask for a licence is no ban (it may be said that it is none)
        told = " ".join(words.nl for words in said).casefold().replace("geen verbod", "")
        assert item.kind is ControlKind.BAN or item.successor or "verbod" not in told, item.id


def test_one_text_stands_for_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(ENTRY.replace("codes: []", "codes: [], scope: magnets only, goods: [plant]"), encoding="utf-8")
    (item,) = read_register(path)
    assert item.scope == Text("magnets only", "magnets only") and item.goods == (Text("plant", "plant"),)


def test_announcement_18_names_a_part_of_the_magnets_and_the_whole_of_smco() -> None:
    april = control("cn-2025-18")
    assert named_part(april, "ndfeb-magnets") == ("ndfeb-magnets-dy-tb",)
    assert named_part(april, "smco-magnets") == ()
    assert named_part(april, "dysprosium") == ()
    assert set(named_part(april, "heavy-rare-earths")) == {"gadolinium", "terbium", "dysprosium", "lutetium", "yttrium"}


def test_a_register_is_no_table_with_cells_and_may_be_imported(tmp_path: Path) -> None:
    own = tmp_path / "controls.yml"
    own.write_text(SHIPPED.read_text(encoding="utf-8") + "\n# one line more, without a comma\n", encoding="utf-8")
    guard(own)
    own.with_suffix(".csv").write_text("a,b\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="cut off"):
        guard(own.with_suffix(".csv"))


def imported(home: Path, name: str, text: str, vintage: str) -> Path:
    """A register as `lodestock data import controls` leaves it under the home of a store."""
    file = home / "imports" / "controls" / name / f"{name}.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    write_sidecar(
        Snapshot(name, "controls", "t", "p", "l", "a", vintage, vintage, digest(file), 1, "m", (), file, imported=True)
    )
    return file


def test_what_was_imported_belongs_to_the_register_in_use(tmp_path: Path) -> None:
    assert read_register(home=tmp_path) == read_register(SHIPPED) and imported_registers(tmp_path) == ()
    imported(tmp_path, "one", ENTRY, "2026-11-23")
    found = read_register(home=tmp_path)
    assert {item.id for item in found} == {item.id for item in read_register(SHIPPED)} | {"x"}
    # a newer entry of the same measure takes the place of the older one, whatever the order of the files
    file = imported(tmp_path, "a-newer", ENTRY.replace("kind: licence", "kind: ban"), "2026-11-24")
    assert control("x", read_register(home=tmp_path)).kind is ControlKind.BAN
    assert [item.id for item in imported_registers(tmp_path)] == ["one", "a-newer"]
    assert "kind: ban" in entry_of("x", home=tmp_path)
    file.write_text(ENTRY, encoding="utf-8")
    with pytest.raises(LodestockError, match="not the file that its sidecar describes"):
        read_register(home=tmp_path)


def test_reading_what_applies_now_is_an_entry_of_a_shipped_measure(tmp_path: Path) -> None:
    checked = entry_of("cn-2025-57") + "    successor: in force\n    checked_on: 2026-11-12\n"
    imported(tmp_path, "checked", checked, "2026-11-30")
    register = read_register(home=tmp_path)
    assert control("cn-2025-57", register).status(TODAY) is ControlStatus.IN_FORCE
    assert "cn-2025-57" not in {item.id for item in doubtful(TODAY, ["dysprosium"], register=register)}
    assert "cn-2025-57" in {item.id for item in doubtful(TODAY, ["dysprosium"], register=read_register(SHIPPED))}


def test_a_successor_may_stand_in_the_shipped_register(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    ended = "codes: [], until: 2026-01-01, checked_on: 2026-01-02, successor: "
    path.write_text(ENTRY.replace("codes: []", ended + "cn-2025-18"), encoding="utf-8")
    assert read_register(path)[0].status(TODAY) is ControlStatus.ENDED
    path.write_text(ENTRY.replace("codes: []", ended + "cn-2025-81"), encoding="utf-8")
    with pytest.raises(InputError, match="cn-2025-81") as caught:
        read_register(path)
    assert "cn-2025-18" in caught.value.mend


SUCCEEDED = ENTRY.replace("codes: []", "codes: [], until: 2026-01-01, checked_on: 2026-01-02, successor: y")
SUCCESSOR = ENTRY.replace("id: x", "id: y")


@pytest.mark.parametrize("first", ["earlier", "later"])
def test_a_successor_may_stand_in_another_import(tmp_path: Path, first: str) -> None:
    days = ("2026-11-23", "2026-11-24") if first == "earlier" else ("2026-11-24", "2026-11-23")
    imported(tmp_path, "successor", SUCCESSOR, days[0])
    file = imported(tmp_path, "succeeded", SUCCEEDED, days[1])
    assert control("x", read_register(home=tmp_path)).status(TODAY) is ControlStatus.ENDED
    assert [item.id for item in read_register(file, home=tmp_path)] == ["x"]
    with pytest.raises(InputError, match="successor 'y' stands in no register"):
        read_register(file, home=tmp_path / "nothing imported")


def test_what_nothing_holds_is_named_on_import_and_on_removal(tmp_path: Path) -> None:
    home, own = tmp_path / "home", tmp_path / "own.yml"
    imported(home, "one", SUCCEEDED, "2026-11-23")
    imported(home, "two", SUCCESSOR, "2026-11-23")
    own.write_text(SUCCEEDED.replace("id: x", "id: z").replace("successor: y", "successor: why"), encoding="utf-8")
    with pytest.raises(InputError, match="successor 'why' stands in no register"):
        import_file(home, "controls", own, today=date(2026, 11, 24))
    own.write_text(SUCCEEDED.replace("id: x", "id: y").replace("successor: y", "successor: x"), encoding="utf-8")
    with pytest.raises(InputError, match="would be its own successor"):
        import_file(home, "controls", own, today=date(2026, 11, 24))
    with pytest.raises(InputError, match="'two' cannot be taken out: without it the successor 'y'") as caught:
        remove_import(home, "two")
    assert caught.value.mend.endswith("lodestock data remove one")
    remove_import(home, "one")
    assert [item.id for item in imported_registers(home)] == ["two"]


def test_a_damaged_import_can_be_taken_out(tmp_path: Path) -> None:
    imported(tmp_path, "sound", ENTRY, "2026-11-23")
    build(tmp_path)
    file = imported(tmp_path, "bad", SUCCESSOR, "2026-11-23")
    build(tmp_path)
    file.write_text("someone wrote over it", encoding="utf-8")
    remove_import(tmp_path, "bad")
    assert [item.id for item in imported_registers(tmp_path)] == ["sound"]


def test_of_two_imports_of_one_day_the_later_counts(tmp_path: Path) -> None:
    for turn, name, kind in ((1, "z", "licence"), (2, "a", "ban")):
        file = imported(tmp_path, name, ENTRY.replace("kind: licence", f"kind: {kind}"), "2026-11-23")
        write_sidecar(replace(read_sidecar(file, imported=True), turn=turn))
    assert control("x", read_register(home=tmp_path)).kind is ControlKind.BAN


@pytest.mark.parametrize(
    ("names", "unchecked"),
    [
        # superhard materials (55) and batteries (58) say nothing about magnets; 57 is on other members of the group
        (["dysprosium", "terbium"], {56, 57, 61, 62}),
        (["ndfeb-magnets"], {56, 57, 61, 62}),
        (["rare-earth-magnets"], {56, 57, 61, 62}),  # what bears on a kind bears on the whole
        (["lithium"], {58}),
        (["gallium"], set()),
        (["copper"], set()),
    ],
)
def test_only_what_bears_on_the_question_is_to_be_checked(names: list[str], unchecked: set[int]) -> None:
    found = {item.id for item in doubtful(TODAY, names, within_days=0, register=read_register(SHIPPED))}
    assert found == {f"cn-2025-{number}" for number in unchecked}


def test_what_lapses_soon_and_what_a_question_names_bear_on_it() -> None:
    register = read_register(SHIPPED)
    assert {item.id for item in doubtful(TODAY, ["gallium"], register=register)} == {"cn-2024-46-art2"}
    assert doubtful(TODAY, ["gallium"], within_days=5, register=register) == ()
    # a measure that is named brings what it covers into the question
    by_name = bearing_on((), ids=["cn-2025-18"], register=register)
    assert {"cn-2025-18", "cn-2025-57", "cn-2025-61"} <= {item.id for item in by_name}
    assert "cn-2025-58" not in {item.id for item in by_name}


def test_goods_in_words_bear_on_every_question_until_someone_says_what_they_concern(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    goods = ENTRY.replace("materials: [dysprosium]", "goods: [plant for it]")
    path.write_text(goods, encoding="utf-8")
    assert bearing_on(["copper"], register=read_register(path))
    path.write_text(goods.replace("goods:", "concerns: [dysprosium], goods:"), encoding="utf-8")
    assert bearing_on(["terbium"], register=read_register(path))
    assert not bearing_on(["copper"], register=read_register(path))
