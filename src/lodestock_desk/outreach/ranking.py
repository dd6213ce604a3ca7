"""How plausible it is that a company uses a material, with the reasons; and how good the ranking was. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lodestock_desk.outreach.models import CallResult, ClueKind


@dataclass(frozen=True, slots=True)
class Company:
    """What the ranking looks at."""

    id: str
    sbi: tuple[str, ...]
    products: tuple[str, ...]
    associations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClueRow:
    """A clue: kind, value, weight and reason."""

    kind: str
    value: str
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a company, the sum of the weights of its reasons."""

    company: str
    score: int
    reasons: tuple[str, ...]


def _meets(company: Company, clue: ClueRow) -> str:
    """What of the company meets the clue; empty if nothing does. An SBI clue covers its finer codes."""
    if clue.kind == ClueKind.SBI:
        wanted = clue.value.replace(".", "")
        return next((code for code in company.sbi if code.replace(".", "").startswith(wanted)), "")
    if clue.kind == ClueKind.PRODUCT:
        return next((p for p in company.products if clue.value.casefold() in p.casefold()), "")
    return clue.value if clue.value in company.associations else ""


def rank(companies: Iterable[Company], clues: Sequence[ClueRow]) -> list[Score]:
    """Companies by score, highest first; equal scores by id, so that the order is always the same."""
    scores = []
    for company in companies:
        met = [(clue, found) for clue in clues if (found := _meets(company, clue))]
        reasons = tuple(f"{found}: {clue.reason} (+{clue.weight})" for clue, found in met)
        scores.append(Score(company.id, sum(clue.weight for clue, _found in met), reasons))
    return sorted(scores, key=lambda s: (-s.score, s.company))


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a ranking was, by what calls found.

    precision: share of those called at or above the cut and answered that use the material; None if nobody answered.
    recall:    share of all users that stand at or above the cut. Below the cut only a sample was called, so users there
               are scaled up to all that stand below; None without answers on both sides, or without any user.
    above, below: answered calls on each side; silent: called without an answer.
    """

    precision: float | None
    recall: float | None
    above: int
    below: int
    silent: int


def quality(calls: Iterable[tuple[int, str]], cut: int, standing_above: int, standing_below: int) -> Quality:
    """Precision and recall from (score, result) of the calls and how many companies stand on each side of the cut."""
    answered = {CallResult.USES: True, CallResult.USES_NOT: False}
    above = below = above_uses = below_uses = silent = 0
    for score, result in calls:
        if result not in answered:
            silent += 1
        elif score >= cut:
            above += 1
            above_uses += answered[CallResult(result)]
        else:
            below += 1
            below_uses += answered[CallResult(result)]
    precision = above_uses / above if above else None
    recall = None
    if above and (below or not standing_below):
        users_above = above_uses / above * standing_above
        users_below = below_uses / below * standing_below if below else 0.0
        if users_above + users_below > 0:
            recall = users_above / (users_above + users_below)
    return Quality(precision, recall, above, below, silent)
