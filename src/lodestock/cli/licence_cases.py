"""Regimes from one's own dated cases, for `lodestock licence outlook` and `what-if`: of all, or of one material."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lodestock.cli.licence_words import FIT, OUTLOOK, WARNINGS, paragraph

if TYPE_CHECKING:
    from lodestock.disruption.case_report import CaseReport
    from lodestock.disruption.cases import LicenceCase
    from lodestock.disruption.estimate import Family
    from lodestock.disruption.outlook import Regimes
    from lodestock.disruption.posterior import CureGrid

DRAWS = 2048
SEED = 20250404
_COLUMNS = ("material", "population", "end_use")


def regimes_of_cases(
    path: Path, lang: str, material: str | None
) -> tuple[dict[str, Regimes], list[str], dict[str, Any]]:
    """Regimes by reading, what to say of them, and facts for machines. The ages are known: there is one reading.

    material: the cases of one material, with the support of the others as far as these prove alike (`pooled`). None:
    all cases as one, and it is said when they are of several materials, populations or end uses.
    """
    import numpy as np

    from lodestock.disruption.cases import granted_part, read_cases
    from lodestock.disruption.outlook import Regimes, lead_time_law
    from lodestock.disruption.snapshot_table import is_snapshot_table
    from lodestock.errors import InputError
    from lodestock.scenario.sampling import sobol

    if is_snapshot_table(path):
        raise InputError(
            "counts cannot tell slow from never, so that nothing follows for new applications", where=path.name,
            mend="give dated cases or a parameter set; lodestock licence fit answers a table of counts",
        )  # fmt: skip
    read = read_cases(path, today=date.today())
    name = _named(material, _counted(read, "material"), path) if material is not None else None
    chosen = [case for case in read if name in (None, case.material)]
    groups = {column: found for column in _COLUMNS if len(found := _counted(chosen, column)) > 1}
    report, family, grid, others = _posterior(read, chosen, name)
    never, shape, scale = grid.draw(sobol(DRAWS, 1, SEED)[:, 0])
    low, high = granted_part(chosen) or (0.0, 1.0)  # without grants nothing is known of what a grant covers
    part = low + (high - low) * np.random.default_rng(SEED).permutation((np.arange(DRAWS) + 0.5) / DRAWS)
    sets = {"dated-cases": Regimes(never, part, lead_time_law(family.value, shape, scale))}
    facts = {
        "mark": "computed",
        "cases": report.cases,
        "material": name,
        "supported_by": others,
        "taken_as_one": groups,
        "warnings": [item.value for item in report.warnings],
    }
    words = OUTLOOK[lang]
    key = ("own cases" if report.cases > 1 else "own case") + ("" if name is None else " of")
    told = [words[key].format(count=report.cases, file=path.name, material=name)]
    if others:
        told.append(paragraph(words["supported"].format(names=", ".join(others))))
    told += [paragraph(f"! {WARNINGS[lang][item.value]}") for item in report.warnings]
    return sets, [*told, *_mixed(groups, lang)], facts


def _posterior(
    read: Sequence[LicenceCase], chosen: Sequence[LicenceCase], name: str | None
) -> tuple[CaseReport, Family, CureGrid, list[str]]:
    """What the chosen cases say, the law and posterior to draw from, and which materials lend it support."""
    from lodestock.disruption.case_report import case_report, group_cases
    from lodestock.disruption.pooled import pool_groups

    report = case_report(chosen)
    others = [other for other in group_cases(read, "material") if other and other != name] if name else []
    if not others:
        return report, report.family, report.grid, []
    groups = group_cases(read, "material")
    lent = pool_groups([report, *(case_report(groups[other]) for other in others)])
    return report, lent.family, lent.grids[0], others


def _counted(cases: Sequence[LicenceCase], column: str) -> dict[str, int]:
    from lodestock.disruption.case_report import group_cases

    return {name: len(found) for name, found in group_cases(cases, column).items()}


def _named(asked: str, known: Mapping[str, int], path: Path) -> str:
    """The material of the file that is meant: as the file writes it, or another name of it in the vocabulary."""
    from lodestock.disruption.cases import same_material
    from lodestock.errors import InputError, UnknownNameError

    names = [name for name in known if name]
    if not names:
        raise InputError(
            "no case names its material", where=f"{path.name}, column material",
            mend="fill the column material, or leave --material out",
        )  # fmt: skip
    wanted = same_material(asked)
    for name in names:
        if same_material(name) == wanted:
            return name
    raise UnknownNameError("material", asked, names, where=f"--material, {path.name}")


def _mixed(groups: Mapping[str, Mapping[str, int]], lang: str) -> list[str]:
    """That cases of several kinds were taken as one, with how many of each."""
    words = FIT[lang]
    lines = []
    for column, found in groups.items():
        names = ", ".join(f"{key or words['blank']} {count}" for key, count in found.items())
        said = OUTLOOK[lang]["as one material" if column == "material" else "as one"]
        lines.append(paragraph(said.format(what=words[f"several {column}"], names=names, by=column)))
    return lines
