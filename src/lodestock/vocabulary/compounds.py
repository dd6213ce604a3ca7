"""How much of the element is in a compound: from gross weight to contained weight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lodestock.vocabulary import _tables


@dataclass(frozen=True, slots=True)
class Compound(_tables.Bilingual):
    """A pure compound and the share of its weight that is the material [-, 0 to 1]."""

    formula: str
    material: str
    name_en: str
    name_nl: str
    contained_share: float
    source: str
    mark: str


@cache
def _compounds() -> dict[str, Compound]:
    return {
        row["formula"]: Compound(
            formula=row["formula"],
            material=row["material"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            contained_share=float(row["contained_share"]),
            source=row["source"],
            mark=row["mark"],
        )
        for row in _tables.rows("compound")
    }


@cache
def _names() -> _tables.Names:
    return _tables.index(
        "compound", ((name, c.formula) for c in compounds() for name in (c.formula, c.name_en, c.name_nl))
    )


def compounds() -> tuple[Compound, ...]:
    """All compounds of the vocabulary."""
    return tuple(_compounds().values())


def compound(name: str) -> Compound:
    """The compound with this formula or Dutch or English name (Dy2O3, dysprosium oxide, dysprosiumoxide).

    Its share turns gross weight of the pure compound into contained weight; ore, concentrate and technical grades
    hold less. Raises UnknownNameError with the nearest known names.
    """
    return _compounds()[_names().find(name)]
