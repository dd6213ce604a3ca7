"""`lodestock assess`: how dependent we are on others for a material, in plain words first and in tables after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    import polars as pl

    from lodestock.criticality.assess import Assessment
    from lodestock.criticality.copper import CopperDossier

Lang = Annotated[Literal["nl", "en"], Parameter(help="language of the answer")]

For = Annotated[str | None, Parameter(name="--for", help="country or coalition, any code or name; NLD")]
Year = Annotated[int | None, Parameter(converter=whole_number, help="year of the trade; the last that the store holds")]
Splits = Annotated[
    list[str] | None,
    Parameter(
        help="part of a code that mixes materials which is this one: [MATERIAL:]CODE=LOW-HIGH; can be repeated",
        negative="",
    ),
]
Corrections = Annotated[bool, Parameter(negative="", help="with --all: apply the documented corrections to the study")]
Years = Annotated[str | None, Parameter(help="with --all: governance of which years, such as 2016-2019 or 2014,2015")]

# Table of the assessment → its columns, each with its head in Dutch and in English.
_TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "eu": (
        ("material", "materiaal", "material"), ("stage", "schakel", "stage"), ("scope", "gemeten op", "measured on"),
        ("sr", "nagerekend", "recomputed"), ("sr_published", "gepubliceerd", "published"),
        ("import_reliance", "importafhankelijkheid", "import reliance"), ("recycling", "recycling", "recycling"),
        ("status", "stand", "status"),
    ),
    "concentration": (
        ("hs_code", "code", "code"), ("suppliers", "landen", "countries"), ("total", "t", "t"),
        ("largest", "grootste afzender", "largest shipper"), ("largest_share", "deel", "share"),
        ("top3", "grootste drie", "largest three"), ("hhi", "HHI", "HHI"),
        ("hhi_wgi", "HHI × bestuur", "HHI × governance"),
    ),
    "transit": (
        ("good", "goed", "good"), ("country", "land", "country"), ("import_t", "over de grens", "across the border"),
        ("own_use_low_t", "blijft, ten minste", "stays, at least"),
        ("own_use_high_t", "blijft, ten hoogste", "stays, at most"),
        ("reexport_high_t", "vertrekt, ten hoogste", "leaves, at most"), ("status", "stand", "status"),
    ),
    "embedded": (
        ("material", "materiaal", "material"), ("boundary", "grens", "boundary"), ("item", "wat", "what"),
        ("weight_basis", "gewicht", "weight"), ("low_t", "laag t", "low t"), ("high_t", "hoog t", "high t"),
        ("mark", "merk", "mark"), ("status", "stand", "status"),
    ),
}  # fmt: skip
_HEADS = {
    "nl": {
        "eu": "EU-methode: leveringsrisico per schakel", "concentration": "Concentratie van de invoer per code",
        "transit": "Grens, eigen gebruik en doorvoer, in ton", "embedded": "Drie grenzen, nooit op te tellen",
    },
    "en": {
        "eu": "EU method: supply risk per stage", "concentration": "Concentration of imports by code",
        "transit": "Border, own use and transit, in tonnes", "embedded": "Three boundaries, never to be added",
    },
}  # fmt: skip


def assess(
    *materials: str,
    for_: For = None,
    year: Year = None,
    split: Splits = None,
    split_source: Annotated[str, Parameter(help="whose estimate the split is; needed with --split")] = "",
    dossier: Annotated[bool, Parameter(negative="", help="the copper dossier: figures, tests and conclusion")] = False,
    all_: Annotated[bool, Parameter(name="--all", negative="", help="every material of the EU study")] = False,
    method: Annotated[str | None, Parameter(help="with --all: eu-2023")] = None,
    compare: Annotated[str | None, Parameter(help="with --all: published")] = None,
    corrections: Corrections = False,
    wgi_years: Years = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Say how dependent a country is on others for some materials, or recompute the EU study for all of them.

    Examples: `lodestock assess dysprosium copper magnets --for NLD --year 2024`;
    `lodestock assess gallium --split 811292=0.02-0.10 --split-source "own estimate"`;
    `lodestock assess --all --method eu-2023 --compare published`; `lodestock assess copper --dossier`.

    What cannot be measured is missing with its reason, never zero. A code that mixes materials is not attributed to
    one of them unless you state which part it is.

    Parameters
    ----------
    materials
        names, Dutch or English, or symbols, of materials, groups or products
    """
    study = {"--method": method, "--compare": compare, "--corrections": corrections, "--wgi-years": wgi_years}
    own = {"MATERIALS": materials or None, "--for": for_, "--year": year, "--split": split, "--dossier": dossier}
    if all_:
        _refuse(own, "--all", "the study is the Union's, of 2016-2020, and takes every material")
        _study(method, compare, corrections, wgi_years, lang, as_json=json)
        return
    _refuse(study, "MATERIALS", "these belong to --all")
    if dossier:
        _dossier(materials, for_, split, year, lang, as_json=json)
        return
    _some(materials, "NLD" if for_ is None else for_, year, split or [], split_source, lang, as_json=json)


def _refuse(options: Mapping[str, object], beside: str, why: str) -> None:
    """Raise for options that were given, and that would be ignored without a word."""
    from lodestock.errors import InputError

    given = [name for name, value in options.items() if value not in (None, False)]
    if given:
        raise InputError(f"{', '.join(given)} cannot stand beside {beside}", why=why, mend="leave one of the two away")


def _some(
    materials: tuple[str, ...],
    importer: str,
    year: int | None,
    split: list[str],
    split_source: str,
    lang: str,
    *,
    as_json: bool,
) -> None:
    from lodestock.cli.assess_beside import beside, beside_lines
    from lodestock.criticality.assess import assess as assess_materials
    from lodestock.criticality.assess import last_year, to_dict
    from lodestock.criticality.measurable import parse_split
    from lodestock.criticality.plain import stories
    from lodestock.errors import InputError
    from lodestock.evidence.store import Store

    if not materials:
        raise InputError("no material to assess", mend="name one or more, or give --all")
    splits = dict(parse_split(text, materials, split_source) for text in split)
    store = Store.open()
    found = assess_materials(materials, importer, last_year(store) if year is None else year, store, splits)

    def told(language: str) -> list[Any]:
        return stories(found.tables, found.materials, found.importer, found.year, language)

    lines = [_head(found, lang)]
    for story in told(lang):
        lines += ["", story.title, "=" * len(story.title)]
        for paragraph in story.paragraphs:
            lines += [paragraph.head, *(f"  {line}" for line in paragraph.lines)]
    others = beside(found)
    lines += ["", *beside_lines(others, lang)] if others else []
    for name, columns in _TABLES.items():
        shown = _cells(found.tables[name], columns, lang)
        if shown:
            lines += ["", _HEADS[lang][name], shown]
    plain = {language: [_story(s) for s in told(language)] for language in ("nl", "en")}
    payload = to_dict(found) | {"plain": plain, "brief": others}
    answer(payload, "\n".join(lines), as_json=as_json)


def _head(found: Assessment, lang: str) -> str:
    from lodestock.criticality.inputs import importers

    who = importers(found.importer, found.year).name(lang)
    about = "Afhankelijkheid" if lang == "nl" else "Dependence"
    return f"{about}: {who}, {found.year}"


def _story(story: Any) -> dict[str, Any]:
    paragraphs = [{"head": part.head, "lines": list(part.lines)} for part in story.paragraphs]
    return {"material": story.material, "title": story.title, "paragraphs": paragraphs}


def _cells(frame: pl.DataFrame, columns: tuple[tuple[str, str, str], ...], lang: str) -> str:
    """Some columns of a frame as text; a missing value is a dash, never a zero."""
    from lodestock.criticality.words import cell

    if frame.is_empty():
        return ""
    names = [name for name, _, _ in columns]
    rows = [[cell(name, value, lang) for name, value in row.items()] for row in frame.select(names).to_dicts()]
    heads = [nl if lang == "nl" else en for _, nl, en in columns]
    return table(rows, heads, right=[place for place, name in enumerate(names) if frame.schema[name].is_numeric()])


def _study(
    method: str | None,
    compare: str | None,
    corrections: bool,
    wgi_years: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    from lodestock.criticality.assess import METHODS, assess_eu, to_dict
    from lodestock.criticality.eu_table import STUDY_YEARS, years_of
    from lodestock.criticality.plain_study import study_lines
    from lodestock.errors import InputError, nearest
    from lodestock.evidence.store import Store

    if compare not in (None, "published"):
        offer = nearest(str(compare), ["published"])
        mend = f"did you mean {offer[0]}?" if offer else "use --compare published"
        raise InputError(f"nothing to compare with under '{compare}'", where="--compare", mend=mend)
    years = years_of(wgi_years) if wgi_years is not None else STUDY_YEARS
    how = METHODS[0] if method is None else method
    found = assess_eu(Store.open(), method=how, with_corrections=corrections, years=years)
    answer(to_dict(found), "\n".join(study_lines(found, lang)), as_json=as_json)


def _dossier(
    materials: tuple[str, ...],
    importer: str | None,
    split: list[str] | None,
    year: int | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    from lodestock import vocabulary
    from lodestock.criticality.assess import last_year
    from lodestock.criticality.copper import MATERIAL, copper_dossier
    from lodestock.criticality.inputs import importers
    from lodestock.errors import InputError
    from lodestock.evidence.store import Store

    _refuse({"--split": split}, "--dossier", "its codes hold copper alone")
    names = {vocabulary.material(name).id for name in materials}
    store = Store.open()
    when = last_year(store) if year is None else year
    if names != {MATERIAL}:
        raise InputError(
            f"there is no dossier of {', '.join(sorted(names - {MATERIAL}))}",
            where="--dossier",
            why="copper is the one that is worked out",
            mend="leave --dossier away, or ask copper",
        )
    if importer is not None and importers(importer, when).id != "NLD":
        raise InputError("the copper dossier is about the Netherlands", where="--for", mend="leave --for away")
    found = copper_dossier(store, when)
    answer(_dossier_dict(found), "\n".join(_dossier_lines(found, lang)), as_json=as_json)


def _dossier_dict(found: CopperDossier) -> dict[str, Any]:
    return {
        "material": "copper",
        "for": "NLD",
        "year": found.year,
        "verdict": found.verdict.value,
        "conclusion": {"nl": found.text_nl, "en": found.text_en},
        "tests": [
            {"test": test.key, "passed": test.passed, "text": {"nl": test.text_nl, "en": test.text_en}}
            for test in found.tests
        ],
        "facts": [
            {
                "fact": fact.key,
                "value": fact.value,
                "unit": fact.unit,
                "text": {"nl": fact.text_nl, "en": fact.text_en},
                "source": fact.source,
                "mark": fact.mark,
                "status": "missing" if fact.value is None else "reported",
                "reason": fact.reason,
            }
            for fact in found.facts
        ],
    }


def _dossier_lines(found: CopperDossier, lang: str) -> list[str]:
    from lodestock.criticality.words import MARKS, UNKNOWN, number, percent, reason

    dutch = lang == "nl"
    lines = [f"Koper, Nederland, {found.year}" if dutch else f"Copper, the Netherlands, {found.year}", ""]
    lines += [found.text_nl if dutch else found.text_en, ""]
    answers = {True: "gehaald", False: "niet gehaald", None: "niet bekend"} if dutch else {
        True: "passed", False: "failed", None: "not known",
    }  # fmt: skip
    lines += ["Toetsen" if dutch else "Tests"]
    lines += [f"  {answers[test.passed]}: {test.text_nl if dutch else test.text_en}" for test in found.tests]
    lines += ["", "Cijfers" if dutch else "Figures"]
    for fact in found.facts:
        text = fact.text_nl if dutch else fact.text_en
        if fact.value is None:
            lines.append(f"  {text}: {UNKNOWN[lang]} ({reason(fact.reason, lang)})")
            continue
        value = (
            percent(fact.value, lang) if fact.unit == "-" else number(fact.value, lang) + f" {_unit(fact.unit, lang)}"
        )
        lines.append(f"  {text}: {value} [{MARKS[lang][fact.mark]}; {reason(fact.source, lang)}]")
    return lines


def _unit(unit: str, lang: str) -> str:
    return {"t contained": {"nl": "t inhoud", "en": "t contained"}[lang]}.get(unit, unit)
