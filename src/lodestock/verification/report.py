"""Running cases, and saying what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lodestock.errors import DataError, InputError, LodestockError
from lodestock.verification.case import Case, load_case, shipped_cases
from lodestock.verification.compare import Check, compare

_WORDS = {
    "en": {
        "head": ("case", "what is checked", "values", "furthest off", "result"),
        "pass": "as expected",
        "fail": "NOT as expected",
        "all": "all as expected (cases: {cases}, values: {checks})",
        "some": "{failed} NOT as expected (cases: {cases}, values: {checks})",
        "none": "no cases were run",
        "bad": "expected {expected}, computed {computed}, difference {difference}, allowed {tolerance}",
        "other": "expected {expected}, computed {computed}; these are not two numbers, so no tolerance applies",
        "nan": "not a number",
        "null": "null (no value)",
    },
    "nl": {
        "head": ("geval", "wat wordt gecontroleerd", "waarden", "grootste afwijking", "uitkomst"),
        "pass": "zoals verwacht",
        "fail": "NIET zoals verwacht",
        "all": "alle zoals verwacht (gevallen: {cases}, waarden: {checks})",
        "some": "{failed} NIET zoals verwacht (gevallen: {cases}, waarden: {checks})",
        "none": "er zijn geen gevallen doorgerekend",
        "bad": "verwacht {expected}, berekend {computed}, verschil {difference}, toegestaan {tolerance}",
        "other": "verwacht {expected}, berekend {computed}; dit zijn geen twee getallen, dus geldt er geen tolerantie",
        "nan": "geen getal",
        "null": "null (geen waarde)",
    },
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and its checks."""

    case: Case
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether there was something to check and all of it is as expected."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def furthest(self) -> float | None:
        """The largest difference [unit of the value]; None when nothing was a number."""
        return max((abs(check.difference) for check in self.checks if check.difference is not None), default=None)

    def to_dict(self) -> dict[str, object]:
        """The outcome for JSON."""
        return {
            "id": self.case.id,
            "kind": self.case.kind.name,
            "title": {"nl": self.case.title.nl, "en": self.case.title.en},
            "source": self.case.source,
            "file": self.case.document.file,
            "passed": self.passed,
            "checks": [check.to_dict() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all cases that were run."""

    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether cases were run and all of them passed."""
        return bool(self.outcomes) and all(outcome.passed for outcome in self.outcomes)

    @property
    def checks(self) -> list[Check]:
        """All compared values."""
        return [check for outcome in self.outcomes for check in outcome.checks]

    def to_dict(self) -> dict[str, object]:
        """The report for JSON."""
        failed = sum(not check.passed for check in self.checks)
        return {
            "passed": self.passed,
            "cases": len(self.outcomes),
            "values": len(self.checks),
            "failed": failed,
            "outcomes": [outcome.to_dict() for outcome in self.outcomes],
        }

    def to_text(self, lang: str = "en") -> str:
        """The report as a table with, under each case that is not as expected, the values that are off."""
        words = _WORDS["nl" if lang == "nl" else "en"]
        if not self.outcomes:
            return str(words["none"])
        rows = [self._row(outcome, lang) for outcome in self.outcomes]
        heads = words["head"]
        widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
        lines = [_aligned(heads, widths), _aligned(["-" * width for width in widths], widths)]
        for outcome, row in zip(self.outcomes, rows, strict=True):
            lines.append(_aligned(row, widths))
            lines += [_spelled(check, lang) for check in outcome.checks if not check.passed]
        failed = sum(not check.passed for check in self.checks)
        last = str(words["some" if failed else "all"])
        return "\n".join([*lines, "", last.format(cases=len(self.outcomes), checks=len(self.checks), failed=failed)])

    def _row(self, outcome: Outcome, lang: str) -> tuple[str, ...]:
        words = _WORDS["nl" if lang == "nl" else "en"]
        off = "" if outcome.furthest is None else f"{outcome.furthest:.1e}"
        result = str(words["pass" if outcome.passed else "fail"])
        return outcome.case.id, outcome.case.title[lang], str(len(outcome.checks)), off, result


def run_case(case: Case) -> list[Check]:
    """Compute the case and compare: one check per expected value."""
    try:
        computed = case.kind.compute(case.inputs)
    except LodestockError as error:
        raise InputError(
            error.what, where=f"{case.document.where(('inputs',))}; {error.where}", why=error.why, mend=error.mend
        ) from error
    except (ArithmeticError, ValueError) as error:
        raise InputError(
            f"case {case.id} cannot be computed", where=case.document.where(("inputs",)), why=str(error),
            mend="check the inputs: this combination has no answer",
        ) from error  # fmt: skip
    missing = set(case.kind.computes) - set(computed)
    if missing:
        raise DataError(
            f"kind '{case.kind.name}' did not compute {', '.join(sorted(missing))}", where=case.document.file,
            mend="report this: it is a fault in the kind of check",
        )  # fmt: skip
    return list(compare(case, computed))


def run_files(paths: Sequence[str | Path] | None = None) -> Report:
    """Run the cases in these files, or all that ship; every file is read before the first case is run."""
    cases: Iterable[Case] = shipped_cases() if paths is None else [load_case(path) for path in paths]
    return Report(tuple(Outcome(case, tuple(run_case(case))) for case in cases))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (2, 3)
    cells = [
        cell.rjust(w) if i in numbers else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _spelled(check: Check, lang: str) -> str:
    words = _WORDS["nl" if lang == "nl" else "en"]

    def show(value: object) -> str:
        if isinstance(value, float):
            return str(words["nan"]) if value != value else f"{value:.13g}"
        return str(words["null"]) if value is None else str(value)

    text = str(words["other" if check.tolerance is None else "bad"]).format(
        expected=show(check.expected), computed=show(check.computed), difference=show(check.difference),
        tolerance=show(check.tolerance),
    )  # fmt: skip
    line = {"en": "line", "nl": "regel"}["nl" if lang == "nl" else "en"]
    return f"    {check.path} ({line} {check.line}): {text}"
