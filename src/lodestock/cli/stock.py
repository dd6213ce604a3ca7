"""`lodestock stock`: which stock, in which form, held by whom and where, and whether it is worth its money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer, make_folder

if TYPE_CHECKING:
    from lodestock.cli.stock_files import Recorded

app = App(
    name="stock",
    help="Which stock, in which form, held by whom and where, and whether it is worth its money.",
    help_format="markdown",
)

Lang = Annotated[Literal["nl", "en"], Parameter(help="language of the answer")]
Out = Annotated[Path | None, Parameter(help="folder for the answer (JSON) and the manifest behind it")]
Region = Annotated[str, Parameter(name="--for", help="importer of the scenario: NLD or EU27")]


@app.default
def plan(
    scenario: str,
    /,
    *,
    budget: Annotated[float, Parameter(help="euros that may be invested in the stock, whoever pays")] = 50e6,
    risk_aversion: Annotated[float, Parameter(help="weight of the worst years against the mean, 0 to 1")] = 0.0,
    alpha: Annotated[float, Parameter(help="which years are the worst: 0.95 is one in twenty")] = 0.95,
    region: Region = "NLD",
    form: Annotated[list[str] | None, Parameter(help="only this form (may be given more than once)")] = None,
    require: Annotated[float, Parameter(help="tonnes that must be held at least")] = 0.0,
    seconds: Annotated[float, Parameter(help="time that the solver may take for one plan")] = 60.0,
    as_of: Annotated[date | None, Parameter(help="day on which dated rules are read; today")] = None,
    out: Annotated[Path | None, Parameter(help="folder for the stock note (HTML, PDF) and its manifest")] = None,
    lang: Lang = "nl",
    json: Json = False,
) -> None:
    """Find the best stock within a budget for a scenario: form, holder and place, with its frontier.

    Prints the plan, what each form, holder and place would do instead, the worth of one more euro, and the yearly
    chance above which it pays. "not distinguishable" means: better in fewer than 90 % of the draws. With --out it
    writes the stock note. SCENARIO may be copper-reserve: the worked case of a freely traded material.

    Parameters
    ----------
    scenario
        id of a scenario that ships, a scenario file of your own (.yml), or copper-reserve
    """
    from lodestock.cli.stock_text import copper_payload, copper_text, plan_payload, plan_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.copper_reserve import CASE, copper_reserve

    make_folder(out)
    store, day = Store.open(), as_of or date.today()
    if scenario == CASE:
        from lodestock.scenario.norms_record import record_copper, recorded

        copper = copper_reserve(store)
        record_copper(record := recorded(store, CASE, day), copper, store)
        return _tell(record, CASE, record.made, copper_payload(copper), copper_text(copper, lang), out, as_json=json)
    from lodestock.scenario.load import load
    from lodestock.scenario.run import run_scenario
    from lodestock.scenario.stock_plan import StockAsk, check_ask, stock_plan
    from lodestock.scenario.stock_record import record_plan

    ask = StockAsk(budget / 1e3, risk_aversion, alpha, region, tuple(form or ()), require, seconds)
    check_ask((loaded := load(scenario)).scenario, ask)
    made = stock_plan(run := run_scenario(loaded, store, as_of=day), ask)
    record_plan(run, made)
    files: list[str] = []
    if out is not None:
        from lodestock.publish.stock_note import publish_stock_note

        files = [str(path) for path in publish_stock_note(run, made, "both", out, made_on=day)]
    text = "\n".join([plan_text(run, made, lang), *files])
    return answer(plan_payload(run, made) | {"files": files}, text, as_json=json)


@app.command(name="safe-level")
def safe_level(
    *,
    region: Annotated[str, Parameter(name="--for", help="country or coalition, such as EU27 or NLD")] = "EU27",
    days: Annotated[float, Parameter(help="days of average daily net imports")] = 60.0,
    material: Annotated[str | None, Parameter(help="only codes that hold this material")] = None,
    year: Annotated[int | None, Parameter(help="base year; the last whole calendar year that the store holds")] = None,
    out: Out = None,
    lang: Lang = "nl",
    json: Json = False,
) -> None:
    """Print the safe level of article 23 of the raw-materials act by trade code: average daily net imports × days.

    The act gives no number of days; 60 is what Japan starts from. Weights are those of the code (most are gross). A
    code whose quantity is not known stays unknown.
    """
    from lodestock.cli.stock_tables import level_payload, level_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.norms_record import record_levels, recorded
    from lodestock.scenario.trade_norms import safe_levels

    store, today = Store.open(), date.today()
    found = safe_levels(store, region, days, material=material, year=year, today=today)
    record_levels(record := recorded(store, "safe-level", today), found)
    _tell(record, "safe-level", record.made, level_payload(found), level_text(found, lang), out, as_json=json)


@app.command
def norms(
    *,
    material: Annotated[str, Parameter(help="material or product, such as copper or rare-earth-magnets")],
    region: Annotated[str, Parameter(name="--for", help="country or coalition")] = "NLD",
    year: Annotated[int | None, Parameter(help="base year")] = None,
    days: Annotated[float, Parameter(help="days for the safe level of the raw-materials act")] = 60.0,
    scenario: Annotated[str | None, Parameter(help="scenario whose best stock is put beside the norms")] = None,
    out: Out = None,
    lang: Lang = "nl",
    json: Json = False,
) -> None:
    """Put the norms of Japan, Korea and the raw-materials act side by side for a material, in tonnes."""
    from lodestock.cli.stock_tables import norms_payload, norms_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.norms_record import record_norms, recorded
    from lodestock.scenario.trade_norms import compare_norms, own_optimum

    store, today = Store.open(), date.today()
    best = own_optimum(store, scenario, material, region, today) if scenario else None
    found = compare_norms(store, material, region, days, year=year, today=today, optimum=best)
    record_norms(record := recorded(store, "norms", today, best.run if best else None), found)
    _tell(record, "norms", record.made, norms_payload(found), norms_text(found, lang), out, as_json=json)


@app.command
def holders(
    scenario: str,
    /,
    *,
    public_first: Annotated[
        bool, Parameter(negative="", help="the state releases first: firms then hold less themselves")
    ] = False,
    out: Out = None,
    lang: Lang = "nl",
    json: Json = False,
) -> None:
    """Compare public, public-private and private holding of the scenario's product, in plain words.

    Parameters
    ----------
    scenario
        id of a scenario that ships, or a scenario file of your own (.yml)
    """
    from lodestock.cli.stock_tables import holders_payload, holders_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.holders_run import holders_run
    from lodestock.scenario.load import load
    from lodestock.scenario.run import run_scenario
    from lodestock.scenario.stock_evidence import record_holders

    make_folder(out)
    run = run_scenario(load(scenario), Store.open())
    found = holders_run(run, public_first=public_first)
    made = record_holders(run, found)
    _tell(run, "holders", made, holders_payload(found), holders_text(found, lang), out, as_json=json)


@app.command
def release(
    scenario: str,
    /,
    *,
    stock_days: Annotated[float, Parameter(help="stock to be released from, in days of own use")] = 90.0,
    out: Out = None,
    lang: Lang = "nl",
    json: Json = False,
) -> None:
    """Compare release rules with the best possible release, each on the whole tree of what may come.

    Parameters
    ----------
    scenario
        id of a scenario that ships, or a scenario file of your own (.yml)
    """
    from lodestock.cli.stock_tables import release_payload, release_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.load import load
    from lodestock.scenario.release_run import release_run
    from lodestock.scenario.run import run_scenario
    from lodestock.scenario.stock_evidence import record_release

    make_folder(out)
    found = release_run(run := run_scenario(load(scenario), Store.open()), stock_days)
    made = record_release(run, found)
    _tell(run, "release", made, release_payload(found), release_text(found, lang), out, as_json=json)


@app.command
def pilot(file: Path, /, *, out: Out = None, lang: Lang = "nl", json: Json = False) -> None:
    """Weigh a pilot as it stands: what it covers, what it costs a year, and what is not arranged yet.

    Parameters
    ----------
    file
        a pilot file (.yml); its form is described in docs/reference/stock-equations.md, an example ships with the
        package: give `example`, with --out to have the file itself to start from
    """
    from lodestock.cli.stock_tables import pilot_payload, pilot_text
    from lodestock.evidence.store import Store
    from lodestock.scenario.norms_record import record_pilot, recorded
    from lodestock.scenario.pilot import load_pilot, weigh_pilot

    store = Store.open()
    found = weigh_pilot(load_pilot(file), store)
    record_pilot(record := recorded(store, f"pilot {found.pilot.id}", date.today()), found)
    payload, text = pilot_payload(found), pilot_text(found, lang)
    _tell(record, "pilot", record.made, payload, text, out, as_json=json, beside=found.path)


def _tell(
    run: Recorded,
    name: str,
    made: Sequence[str],
    payload: dict[str, Any],
    text: str,
    out: Path | None,
    *,
    as_json: bool,
    beside: Path | None = None,
) -> None:
    """Print an answer with its numbers; write it with its manifest, and the file it was read from, into a folder."""
    from lodestock.cli.stock_files import numbers, write_answer

    payload |= {"numbers": numbers(run, made)}
    files = [] if out is None else write_answer(run, name, payload, out, beside)
    answer(payload | {"files": files}, "\n".join([text, *files]), as_json=as_json)  # fmt: skip
