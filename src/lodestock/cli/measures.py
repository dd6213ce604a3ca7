"""`lodestock measures`: stock, processing, recycling, second source and substitution compared within one budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, make_folder


def measures(
    scenario: str,
    /,
    *,
    budget: Annotated[float, Parameter(help="euros in total over the years compared: all costs, present value")] = 50e6,
    region: Annotated[str, Parameter(name="--for", help="importer of the scenario: NLD or EU27")] = "NLD",
    draws: Annotated[int, Parameter(help="draws of what is not known")] = 200,
    scenarios: Annotated[int, Parameter(help="futures of chance in each draw")] = 2000,
    as_of: Annotated[date | None, Parameter(help="day on which dated rules are read; today")] = None,
    out: Annotated[Path | None, Parameter(help="folder for the note, in both languages, HTML and PDF")] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "nl",
    json: Json = False,
) -> None:
    """Compare measures against a shortage within one budget: what each avoids per euro, and when it works.

    The budget is the present value of all costs over the years compared (15 for magnets), one-off and yearly; that of
    `lodestock stock` is what may be invested in the stock. Prints the best plan, each measure's share of the plan's
    gain, what the first and the next euro avoid, in which share of the draws and worlds it pays, and its largest
    regret. "not distinguishable" means: better in fewer than 90 % of the draws. With --out it writes the note.

    Parameters
    ----------
    scenario
        id of a scenario that ships, or a scenario file of your own (.yml)
    """
    from lodestock.cli.measures_text import measures_payload, measures_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.load import load
    from lodestock.scenario.measures_data import measure_book
    from lodestock.scenario.measures_record import record_measures
    from lodestock.scenario.measures_run import MeasuresAsk, check_region, compare_measures
    from lodestock.scenario.run import run_scenario

    ask, day = MeasuresAsk(budget / 1e3, region, draws, scenarios), as_of or date.today()
    loaded = load(scenario)
    measure_book(loaded.scenario.product.id)
    check_region(loaded.scenario, region)
    make_folder(out)
    found = compare_measures(run := run_scenario(loaded, Store.open(), as_of=day), ask)
    record_measures(run, found)
    files: list[str] = []
    if out is not None:
        from lodestock.publish.measures_note import publish_measures_note

        files = [str(path) for path in publish_measures_note(run, found, "both", out, made_on=day)]
    text = "\n".join([measures_text(run, found, lang), *files])
    answer(measures_payload(run, found) | {"files": files}, text, as_json=json)
