"""Cases with known answers: their format, the kinds of check, and the cases that ship.

A case is a YAML file. Its keys:

    id:        short and unique, for instance V03-A
    kind:      which computation it checks (see `all_kinds()`)
    title:     what it shows; a text, or nl: and en:
    source:    where the expected values come from
    inputs:    one entry per input of the kind; numbers carry their unit: `carry: 8 kEUR/t/yr`,
               lists are written `{values: [1, 2], unit: t}`, tables `{rows: [{…}], units: {column: unit}}`
    expected:  values by the names that the kind computes; lists and nested names are compared value by value
    tolerance: absolute: and/or relative:; a value passes when it is within the wider of the two
    tolerance_at: the same per expected name, where one value needs its own
    note:      anything a reader should know (optional)

A value that is not a number never passes; an expected name that is not computed is an error, not a skip.
"""

from lodestock.verification.case import Case, Tolerance, load_case, shipped_cases
from lodestock.verification.compare import Check
from lodestock.verification.registry import Form, Given, Input, Kind, all_kinds, kind
from lodestock.verification.report import Outcome, Report, run_case, run_files

__all__ = [
    "Case",
    "Check",
    "Form",
    "Given",
    "Input",
    "Kind",
    "Outcome",
    "Report",
    "Tolerance",
    "all_kinds",
    "kind",
    "load_case",
    "run_case",
    "run_files",
    "shipped_cases",
]
