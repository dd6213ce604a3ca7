"""Product codes of the Harmonized System: what each holds, in which form, and what it does not tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.vocabulary import _tables
from lodestock.vocabulary.forms import Form, Stage, WeightBasis
from lodestock.vocabulary.materials import Material, broader, material, members


class Revision(StrEnum):
    """A revision of the Harmonized System, named by its year."""

    HS92 = "HS92"
    HS96 = "HS96"
    HS2002 = "HS2002"
    HS2007 = "HS2007"
    HS2012 = "HS2012"
    HS2017 = "HS2017"
    HS2022 = "HS2022"


class Mixedness(StrEnum):
    """Whether a code holds one material or several; mixed codes are split only with a stated assumption."""

    UNMIXED = "unmixed"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A six-digit code over the revisions in which it means the same.

    forms:     the first is the main form; more than one means that the code mixes forms.
    stage:     where the main form stands in the chain.
    materials: ids of the single materials and products it holds (groups are spelled out).
    mixes:     in words, what is mixed, empty for an unmixed code.
    """

    code: str
    revisions: tuple[Revision, ...]
    description_en: str
    description_nl: str
    forms: tuple[Form, ...]
    stage: Stage
    weight_basis: WeightBasis
    materials: tuple[str, ...]
    mixedness: Mixedness
    mixes: str
    note: str
    source: str
    mark: str

    @property
    def form(self) -> Form:
        """The main form."""
        return self.forms[0]

    @property
    def unmixed(self) -> bool:
        """Whether the code holds one material only; its forms can still be mixed."""
        return self.mixedness is Mixedness.UNMIXED

    def description(self, lang: str) -> str:
        """The short description in `lang`, 'nl' or 'en'."""
        return {"nl": self.description_nl, "en": self.description_en}[lang]


# The names that CEPII BACI (HS22) and United Nations Comtrade (H6) give to the same revisions.
_REVISION_NAMES = {
    name.casefold(): revision
    for number, revision in enumerate(Revision)
    for name in (revision.value, f"HS{revision.value[-2:]}", f"H{number}", f"HS19{revision.value[-2:]}")
    if not (name.startswith("HS19") and revision.value.startswith("HS20"))
}


def hs_revision(name: str) -> Revision:
    """The revision with this name: HS2022, HS22 and H6 are the same one."""
    found = _REVISION_NAMES.get(name.strip().replace(" ", "").casefold())
    if found is None:
        raise UnknownNameError("HS revision", name, [r.value for r in Revision])
    return found


def _expand(cell: str) -> tuple[str, ...]:
    """The single materials behind a cell: groups spelled out, those with a minus left out."""
    tokens = _tables.parts(cell)
    without = {material(token[1:]).id for token in tokens if token.startswith("-")}
    found: dict[str, None] = {}
    for token in tokens:
        if not token.startswith("-"):
            own = material(token)
            found.update(dict.fromkeys(m.id for m in members(own) or (own,)))
    return tuple(name for name in found if name not in without)


@cache
def product_codes() -> tuple[ProductCode, ...]:
    """All codes of the vocabulary; a code whose meaning changed with a revision stands there once for each meaning."""
    order = list(Revision)
    found = []
    for row in _tables.rows("product_code"):
        first, last = (order.index(Revision(row[end])) for end in ("first_revision", "last_revision"))
        if first > last:
            raise DataError("the last revision is before the first", where=f"product_code.csv, {row['code']}")
        found.append(
            ProductCode(
                code=row["code"],
                revisions=tuple(order[first : last + 1]),
                description_en=row["description_en"],
                description_nl=row["description_nl"],
                forms=tuple(Form(form) for form in _tables.parts(row["forms"])),
                stage=Stage(row["stage"]),
                weight_basis=WeightBasis(row["weight_basis"]),
                materials=_expand(row["materials"]),
                mixedness=Mixedness(row["mixedness"]),
                mixes=row["mixes"],
                note=row["note"],
                source=row["source"],
                mark=row["mark"],
            )
        )
    return tuple(found)


def product_code(code: str, revision: str | Revision | None = None) -> ProductCode:
    """What this six-digit code holds; dots and spaces in it do not matter.

    revision: needed only where a code changed its meaning (811292); without it such a code raises InputError.
    Raises UnknownNameError for a code that is not in the vocabulary, InputError for one not in that revision.
    """
    plain = code.replace(".", "").replace(" ", "")
    same = [found for found in product_codes() if found.code == plain]
    if not same:
        raise UnknownNameError("product code", code, [found.code for found in product_codes()])
    spans = "; ".join(f"{found.revisions[0]} to {found.revisions[-1]}: {found.description_en}" for found in same)
    if revision is None:
        if len(same) > 1:
            raise InputError(f"code {plain} changed its meaning", why=spans, mend="name the revision of the data")
        return same[0]
    wanted = hs_revision(revision)
    for found in same:
        if wanted in found.revisions:
            return found
    raise InputError(f"code {plain} is not in {wanted}", why=spans, mend="check the revision of the data")


def product_codes_for(name: str | Material, revision: str | Revision | None = None) -> tuple[ProductCode, ...]:
    """The codes that hold a material (or any member of a group), each with its form, stage and mixedness.

    A narrower product is found under the wider one (NdFeB magnets in 850511). Empty if no code holds it.
    """
    own = material(name)
    wanted = {own.id, *(m.id for m in members(own)), *(m.id for m in broader(own))}
    at = None if revision is None else hs_revision(revision)
    return tuple(
        found
        for found in product_codes()
        if wanted.intersection(found.materials) and (at is None or at in found.revisions)
    )
