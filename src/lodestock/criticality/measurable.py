"""What the trade table can show of a material: which codes carry it, alone or mixed, and with which stated split.

Source: MODEL §13 trap 21; codes of the Harmonized System in the vocabulary. A code that mixes materials is never
attributed to one of them without a split that somebody states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.geopolrisk import Split, attribute
from lodestock.criticality.inputs import Tables, check_years
from lodestock.errors import InputError


class Attribution(StrEnum):
    """How the tonnes of a code belong to a material."""

    WHOLE = "whole"
    SPLIT = "split"
    MIXED = "mixed"  # not at all: no split is stated


class Shown(StrEnum):
    """What trade shows of a material."""

    BOTH_STAGES = "extraction and processing"
    ONE_STAGE = "one stage"
    MIXED_ONLY = "only mixed codes"
    NOTHING = "no code"


_SCHEMA = {
    "material": pl.String, "hs_code": pl.String, "hs_revision": pl.String, "stage": pl.String, "form": pl.String,
    "description_nl": pl.String, "description_en": pl.String, "attribution": pl.String, "mixes": pl.String,
    "split_low": pl.Float64, "split_high": pl.Float64, "split_source": pl.String,
}  # fmt: skip


def codes_table(
    store: Tables, materials: Sequence[str], year: int, splits: Mapping[tuple[str, str], Split] | None = None
) -> pl.DataFrame:
    """Which codes of the trade table of that year hold each material, and whether their tonnes can be attributed.

    Columns: material, hs_code, hs_revision, stage, form, description_nl, description_en, attribution (whole, split,
    mixed), mixes, split_low, split_high [-, 0 to 1], split_source. Raises InputError for a split that no code of the
    materials needs: a split that is silently not used would be believed to be.
    """
    check_years(store, [year])
    held = store.table("trade").filter(pl.col("year") == year).select("hs_revision", "hs_code").unique().collect()
    revisions = {code: str(name).rstrip("+") for name, code in held.iter_rows()}
    rows, used = [], set[tuple[str, str]]()
    for name in materials:
        own = vocabulary.material(name).id
        for code in sorted({known.code for known in vocabulary.product_codes_for(own)}.intersection(revisions)):
            stated = (splits or {}).get((own, code))
            row = _row(own, code, revisions[code], stated)
            rows.append(row)
            if row["attribution"] == Attribution.SPLIT.value:
                used.add((own, code))
    unused = sorted(set(splits or {}) - used)
    if unused:
        own, code = unused[0]
        raise InputError(
            f"no split of {code} is needed for {own}",
            where="split",
            why=f"{code} does not mix {own} with others, or is not in the trade table of {year}",
            mend="take the split away, or look which codes hold the material",
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def _row(own: str, code: str, revision: str, stated: Split | None) -> dict[str, str | float | None]:
    known = vocabulary.product_code(code, revision)
    row: dict[str, str | float | None] = {
        "material": own, "hs_code": code, "hs_revision": revision, "stage": known.stage.value,
        "form": known.form.value, "description_nl": known.description_nl, "description_en": known.description_en,
        "mixes": known.mixes,
    }  # fmt: skip
    if not holds_alone(own, code, revision) and stated is None:
        return row | {"attribution": Attribution.MIXED.value}
    split = attribute(code, revision, own, stated)
    if split is None:
        return row | {"attribution": Attribution.WHOLE.value}
    return row | {
        "attribution": Attribution.SPLIT.value, "split_low": split.low, "split_high": split.high,
        "split_source": split.source,
    }  # fmt: skip


def holds_alone(material: str, code: str, revision: str | None) -> bool:
    """Whether a code holds this material (or only members of this group) and nothing else."""
    known = vocabulary.product_code(code, revision)
    wanted = {vocabulary.material(material).id, *(member.id for member in vocabulary.members(material))}
    inside = wanted.intersection(known.materials)
    return bool(inside) and (known.unmixed or set(known.materials) <= wanted)


def shown(codes: pl.DataFrame) -> Shown:
    """What trade shows of one material, from its rows of `codes_table`; a stated split counts as shown."""
    if codes.is_empty():
        return Shown.NOTHING
    stages = set(codes.filter(pl.col("attribution") != Attribution.MIXED.value)["stage"])
    if {"extraction", "processing"} <= stages:
        return Shown.BOTH_STAGES
    return Shown.ONE_STAGE if stages else Shown.MIXED_ONLY


def parse_split(text: str, materials: Sequence[str], source: str) -> tuple[tuple[str, str], Split]:
    """A split as a user writes it: MATERIAL:CODE=LOW-HIGH or CODE=SHARE, as parts of one; with whose word it is.

    Raises InputError when it cannot be read, names no source, lies outside 0 to 1, or leaves open which material.
    """
    left, sign, right = text.partition("=")
    name, colon, code = left.rpartition(":")
    where = f"split '{text}'"
    mend = "write MATERIAL:CODE=LOW-HIGH, such as gallium:811292=0.02-0.10"
    if not source.strip():
        raise InputError("a split needs a source", where=where, mend="say whose estimate it is, with --split-source")
    try:
        low, _, high = right.replace("–", "-").replace(",", ".").partition("-")
        split = Split(float(low), float(high or low), source)
    except ValueError:
        raise InputError("a split cannot be read", where=where, mend=mend) from None
    if not sign or not code.strip():
        raise InputError("a split cannot be read", where=where, mend=mend)
    if not 0.0 <= split.low <= split.high <= 1.0:
        raise InputError("a split needs 0 ≤ low ≤ high ≤ 1", where=where, mend=mend)
    if not colon and len(materials) != 1:
        raise InputError("a split must name its material", where=where, why="several were asked for", mend=mend)
    own = vocabulary.material(name if colon else materials[0]).id
    if own not in {vocabulary.material(asked).id for asked in materials}:
        raise InputError(f"a split of {own} was stated, but {own} was not asked for", where=where, mend=mend)
    return (own, code.strip().replace(".", "")), split


def family(name: str | vocabulary.Material) -> set[str]:
    """A material and every group it belongs to, upwards."""
    found, todo = set[str](), [vocabulary.material(name).id]
    while todo:
        own = vocabulary.material(todo.pop())
        if own.id not in found:
            found.add(own.id)
            todo += list(own.groups)
    return found
