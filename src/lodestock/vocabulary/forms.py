"""Stages of a chain, forms in which material is traded, and the two ways to weigh it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lodestock.errors import UnknownNameError
from lodestock.vocabulary import _tables


class Stage(StrEnum):
    """A stage of the chain, from the ground to the first goods."""

    EXTRACTION = "extraction"
    PROCESSING = "processing"
    MANUFACTURING = "manufacturing"


class Form(StrEnum):
    """The form in which material is traded or held (verschijningsvorm)."""

    ORE = "ore"
    COMPOUND = "compound"
    METAL = "metal"
    FERROALLOY = "ferroalloy"
    SCRAP = "scrap"
    ALLOY = "alloy"
    MAGNET = "magnet"
    INTERMEDIATE = "intermediate"


class WeightBasis(StrEnum):
    """What a weight weighs: the product as traded, or the element in it."""

    GROSS = "gross"
    CONTAINED = "contained"


@dataclass(frozen=True, slots=True)
class FormFacts(_tables.Bilingual):
    """A form, where in the chain it stands, and what it is called."""

    form: Form
    stage: Stage
    name_en: str
    name_nl: str
    note: str


@dataclass(frozen=True, slots=True)
class StageFacts(_tables.Bilingual):
    """A stage, its place in the chain (1 is first), and what it is called."""

    stage: Stage
    position: int
    name_en: str
    name_nl: str
    note: str


@cache
def forms() -> tuple[FormFacts, ...]:
    """The eight forms, in the order of the chain."""
    return tuple(
        FormFacts(Form(row["form"]), Stage(row["stage"]), row["name_en"], row["name_nl"], row["note"])
        for row in _tables.rows("form")
    )


@cache
def stages() -> tuple[StageFacts, ...]:
    """The three stages, first to last."""
    return tuple(
        StageFacts(Stage(row["stage"]), int(row["position"]), row["name_en"], row["name_nl"], row["note"])
        for row in _tables.rows("stage")
    )


def form_stage(form: Form | str) -> Stage:
    """At which stage does this form usually stand? A trade code can say otherwise for itself (ProductCode.stage)."""
    for facts in forms():
        if facts.form == form:
            return facts.stage
    raise UnknownNameError("form", form, [facts.form.value for facts in forms()])
