"""Whether a company falls under article 24: more than 500 staff, more than 150 M€ turnover, uses and makes. Pure.

Three-valued: one certain no decides; all yes is yes; anything else is not known. Not known is never no.
Source: Regulation (EU) 2024/1252, art. 2 (large company) and art. 24(1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lodestock_desk.measures.duty_models import Answer
from lodestock_desk.measures.words import Both

STAFF_ABOVE = 500
TURNOVER_ABOVE_MEUR = Decimal(150)

# The technologies of art. 24(1), in our own words.
TECHNOLOGIES: dict[str, Both] = {
    "batteries": Both("batterijen voor opslag en elektrisch vervoer", "batteries for storage and electric transport"),
    "hydrogen": Both("apparatuur voor waterstof", "equipment for hydrogen"),
    "renewables": Both("apparatuur voor duurzame energie", "equipment for renewable energy"),
    "aircraft": Both("vliegtuigen", "aircraft"),
    "traction_motors": Both("tractiemotoren", "traction motors"),
    "heat_pumps": Both("warmtepompen", "heat pumps"),
    "data": Both("apparatuur voor datatransport en -opslag", "equipment for moving and storing data"),
    "mobile": Both("mobiele elektronica", "mobile electronics"),
    "additive": Both("apparatuur voor 3D-printen", "equipment for additive manufacturing"),
    "robotics": Both("robotica", "robotics"),
    "drones": Both("drones", "drones"),
    "launchers": Both("draagraketten", "rocket launchers"),
    "satellites": Both("satellieten", "satellites"),
    "chips": Both("geavanceerde chips", "advanced chips"),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the four questions, its answer, and why."""

    name: Both
    answer: Answer
    why: Both


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a company falls under article 24, with the reasons by question."""

    verdict: Answer
    criteria: tuple[Criterion, ...]


def all_of(answers: Iterable[Answer]) -> Answer:
    """The three-valued 'and'."""
    given = set(answers)
    if Answer.NO in given:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in given else Answer.YES


def above(value: int | Decimal | None, limit: int | Decimal) -> Answer:
    """Whether a value lies above a limit; equal is not above."""
    if value is None:
        return Answer.UNKNOWN
    return Answer.YES if value > limit else Answer.NO


def find(
    *, staff: int | None, turnover_meur: Decimal | None, uses: Answer, uses_why: Both, makes: Answer, makes_why: Both
) -> Finding:
    """The four questions of article 24 for one company."""
    criteria = (
        Criterion(Both("meer dan 500 werknemers", "more than 500 staff"), above(staff, STAFF_ABOVE), _number(staff)),
        Criterion(
            Both("omzet boven 150 miljoen euro", "turnover above 150 million euros"),
            above(turnover_meur, TURNOVER_ABOVE_MEUR), _number(turnover_meur),
        ),
        Criterion(Both("gebruikt strategische grondstoffen", "uses strategic raw materials"), uses, uses_why),
        Criterion(Both("maakt een genoemde technologie", "makes a listed technology"), makes, makes_why),
    )  # fmt: skip
    return Finding(all_of(c.answer for c in criteria), criteria)


def _number(value: int | Decimal | None) -> Both:
    if value is None:
        return Both("niet bekend", "not known")
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return Both(text.replace(".", ","), text)
