"""`lodestock io`: which input–output table the euros are made with, and how a newer one gets in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer

if TYPE_CHECKING:
    from lodestock.economy.io_system import InputOutputTable

Language = Annotated[str, Parameter(name="--lang", help="nl or en")]

app = App(
    name="io",
    help="""The input-output table behind every amount in euros: which one is in use, and how a newer one gets in.

All euros of brief, impact, stock, coalition and measures rest on the table in use; where that is one that you imported,
their manifest names it with its digest and `lodestock trace` reads it again.

WIOD of 2011 ships: old and coarse, fit for structure. With your own download of FIGARO (Eurostat), EXIOBASE or CBS the
same commands give current values: `lodestock io import figaro FILE --use`.""",
    help_format="markdown",
)


@app.command(name="import")
def take_in(
    provider: str,
    path: Path,
    /,
    *,
    use: Annotated[bool, Parameter(help="use this table from now on", negative="")] = False,
    match: Annotated[
        str | None, Parameter(help="CSV with columns sector,to: joins the table's industries; none keeps them as named")
    ] = None,
    usd_per_eur: Annotated[float | None, Parameter(help="dollars per euro of the table's year (WIOD only)")] = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Read a provider's own file, check it, and keep it in your data folder.

    Refused with cell and amount: balances that do not hold, negative output, an input share over 1, an economy that
    cannot reproduce itself, a cell without a number. On any fault nothing is kept. The industries of EXIOBASE and CBS
    are joined to NACE sectors.

    Parameters
    ----------
    provider
        figaro (flat CSV), exiobase (unzipped folder), cbs (supply-use workbook) or wiod (workbook of one year); a table
        of your own goes in as figaro, written in those columns (docs/how-to/import-own-table.md)
    path
        the file or folder as downloaded; keep its name, which holds the year
    """
    from lodestock.cli.io_text import import_text, require_language
    from lodestock.economy.library import keep
    from lodestock.economy.library import use as choose
    from lodestock.economy.loaders import LOADERS
    from lodestock.evidence.files import digest
    from lodestock.evidence.store import default_home

    words = require_language(lang)
    _require_provider(provider)
    _must_exist(path)
    found = _in_euros(LOADERS[provider](path), usd_per_eur)
    found, matched, unmatched = _joined(found, provider, match)
    mark = digest(path) if path.is_file() else _folder_digest(path)
    name = "-".join([provider, str(found.year), mark[:8], *_match_mark(match)])
    origin: dict[str, Any] = {"provider": provider, "file": path.name, "sha256": mark}
    origin |= {"usd_per_eur": usd_per_eur, "matched_with": matched}
    home = default_home()
    keep(home, name, found, {key: value for key, value in origin.items() if value})
    if use:
        choose(home, name)
    payload = _facts(name, found) | {"sha256": mark, "in_use": use, "matched_with": matched, "unmatched": unmatched}
    payload["lacks"] = _lacking(found)
    answer(payload, import_text(path.name, payload, found, words), as_json=json)


@app.command(name="list")
def listing(*, lang: Language = "en", json: Json = False) -> None:
    """List the tables that can be used; the one in use is marked."""
    from lodestock.cli.io_text import SHIPPED, list_text, require_language
    from lodestock.economy.embedded import EMBEDDED
    from lodestock.economy.library import in_use, names, origin_of
    from lodestock.evidence.store import default_home

    words, home = require_language(lang), default_home()
    chosen = in_use(home)
    rows = []
    for name in names(home):
        facts = (
            {"source": SHIPPED.en, "year": 2011, "scaled_to": None, "unit": "MUSD", "value_added_total": None}
            if name == EMBEDDED
            else origin_of(home, name)
        )
        rows.append({"id": name, "in_use": name == chosen} | {k: facts.get(k) for k in _LISTED})
    gone = None if any(row["in_use"] for row in rows) else chosen
    answer({"tables": rows, "in_use_but_gone": gone}, list_text(rows, gone, words), as_json=json)


_LISTED = ("year", "scaled_to", "unit", "value_added_total", "kept_on", "source")


@app.command
def show(
    name: str | None = None,
    /,
    *,
    region: Annotated[str, Parameter(help="region whose industries are listed")] = "NLD",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Show a table: its vintage, its size, what did not balance, and the industries of one region.

    Multipliers: value added in all industries per euro of final demand. Linkages: above 1 means that an industry pulls
    more suppliers (backward) or serves more users (forward) than the average industry.

    Parameters
    ----------
    name
        id of a table; the one in use if not given
    """
    from lodestock.cli.io_text import require_language, show_text
    from lodestock.economy.library import held
    from lodestock.economy.regions import reduced, require_region
    from lodestock.evidence.store import Store, default_home

    words, home = require_language(lang), default_home()
    found = held(home, Store.open(home), name)
    small = reduced(found.table)
    require_region(small, region)
    payload = _facts(found.id, found.table) | {
        "origin": dict(found.origin),
        "gaps": [{"cell": gap.cell, "kind": gap.kind, "amount": gap.amount} for gap in found.gaps],
        "industries_of": region,
        "industries": _linkages(small, region),
    }
    answer(payload, show_text(found, payload, words), as_json=json)


@app.command
def use(name: str, /, *, lang: Language = "en", json: Json = False) -> None:
    """Choose the table that impact runs take from now on.

    Parameters
    ----------
    name
        id of a table (lodestock io list); wiod-2011 is the one that ships
    """
    from lodestock.cli.io_text import require_language, use_text
    from lodestock.economy.library import held
    from lodestock.economy.library import use as choose
    from lodestock.evidence.store import Store, default_home

    words, home = require_language(lang), default_home()
    found = held(home, Store.open(home), name)
    choose(home, name)
    payload = {"in_use": name, "lacks": _lacking(found.table)}
    answer(payload, use_text(payload, words), as_json=json)


@app.command
def remove(name: str, /, *, lang: Language = "en", json: Json = False) -> None:
    """Take an imported table out of your data folder; the one that ships stays.

    Was it in use, then the table that ships is from now on. Numbers of briefs that rest on a removed table can be
    traced again once the same file is imported again.

    Parameters
    ----------
    name
        id of a table (lodestock io list)
    """
    from lodestock.cli.io_text import remove_text, require_language
    from lodestock.economy.library import in_use
    from lodestock.economy.library import remove as take_out
    from lodestock.evidence.store import default_home

    words, home = require_language(lang), default_home()
    was = take_out(home, name)
    payload = {"removed": name, "was_in_use": was, "in_use": in_use(home)}
    answer(payload, remove_text(payload, words), as_json=json)


@app.command(name="rescale")
def rescale(
    *,
    year: Annotated[int, Parameter(help="year of the value added")],
    value_added: Annotated[Path, Parameter(help="CSV region,sector,year,value_added_meur; or Eurostat nama_10_a64")],
    table_id: Annotated[str | None, Parameter(name="--table", help="table to rescale; the one in use")] = None,
    others: Annotated[str, Parameter(help="refuse, or alike: industries without a figure grow as the rest")] = "refuse",
    use: Annotated[bool, Parameter(help="use the rescaled table from now on", negative="")] = False,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Bring a table to another year's value added; who sells to whom keeps its own year, and both are printed.

    Each cell is scaled by row and column until all totals fit (RAS; cells keep their sign).
    """
    from lodestock.cli.io_text import require_language, rescale_text
    from lodestock.economy.library import held, keep
    from lodestock.economy.library import use as choose
    from lodestock.economy.value_added import read_value_added, rescale_to
    from lodestock.errors import InputError
    from lodestock.evidence.files import digest
    from lodestock.evidence.store import Store, default_home

    words = require_language(lang)
    if others not in ("refuse", "alike"):
        raise InputError(f"--others cannot be '{others}'", mend="use refuse or alike")
    _must_exist(value_added)
    home = default_home()
    found = held(home, Store.open(home), table_id)
    done = rescale_to(found.table, read_value_added(value_added, year), year, alike=others == "alike")
    mark = digest(value_added)
    name = f"{found.id}-va{year}-{mark[:8]}"
    origin = {"made_from": found.id, "value_added_file": value_added.name, "value_added_sha256": mark}
    keep(home, name, done.table, origin | {"grown_alike": list(done.alike)})
    if use:
        choose(home, name)
    payload = _facts(name, done.table) | {"grown_alike": list(done.alike), "in_use": use}
    payload["lacks"] = _lacking(done.table)
    answer(payload, rescale_text(payload, done.table, words), as_json=json)


_FORMATS = ("csv", "tsv", "txt", "xls", "xlsx", "excel", "parquet", "json", "table", "own")


def _require_provider(name: str) -> None:
    from lodestock.economy.loaders import LOADERS
    from lodestock.errors import InputError, UnknownNameError

    if name.casefold() in _FORMATS:
        raise InputError(
            f"unknown provider '{name}'", why=f"the name says whose layout the file has: {', '.join(LOADERS)}",
            mend="write a table of your own in the columns of figaro and give figaro: docs/how-to/import-own-table.md",
        )  # fmt: skip
    if name not in LOADERS:
        raise UnknownNameError("provider", name, LOADERS)


def _lacking(found: InputOutputTable) -> dict[str, list[str]]:
    """What runs need and the table does not have: divisions, the Netherlands, a rate to the euro."""
    from lodestock.economy.regions import joined_region, sectors_lacking
    from lodestock.economy.value_added import euros_per_unit
    from lodestock.errors import DataError

    here = {joined_region(region) for region in found.regions}
    lacking = {"no_sector": list(sectors_lacking(found)), "no_region": [] if "NLD" in here else ["NLD"], "no_rate": []}
    try:
        euros_per_unit(found)
    except DataError:
        lacking["no_rate"] = [f"{found.unit} {found.scaled_to or found.year}"]
    return lacking


def _must_exist(path: Path) -> None:
    from lodestock.errors import InputError

    if not path.exists():
        raise InputError(f"no such file: {path}", where=str(path), mend="check the name and the folder")


def _in_euros(found: InputOutputTable, rate: float | None) -> InputOutputTable:
    """The table in million euro where it is in dollars and a rate was given."""
    from dataclasses import replace

    from lodestock.errors import InputError

    if rate is None:
        return found
    if found.unit != "MUSD" or not rate > 0:
        raise InputError("--usd-per-eur is for a table in dollars, and above 0", where=f"{found.source}, {found.unit}")
    return replace(
        found, flows=found.flows / rate, final=found.final / rate, value_added=found.value_added / rate,
        output=found.output / rate, other_costs=found.other / rate, unit="MEUR",
        source=f"{found.source}, at {rate:g} dollars per euro",
    )  # fmt: skip


def _joined(
    found: InputOutputTable, provider: str, match: str | None
) -> tuple[InputOutputTable, str | None, list[str]]:
    """The table with its industries joined, the name of the concordance, and the industries that it does not know."""
    from lodestock.cli.io_text import JOINED_BY
    from lodestock.economy.concordance import joins
    from lodestock.economy.io_system import aggregate
    from lodestock.errors import InputError
    from lodestock.evidence.files import need_columns, read_text

    if match == "none":
        return found, None, []
    if match is None:
        pairs, unknown = joins(provider, found.sectors)
        if unknown or not pairs:
            return found, None, unknown
        return aggregate(found, None, pairs), JOINED_BY[provider].en, []
    file = Path(match)
    _must_exist(file)
    frame = read_text(file)
    need_columns(frame, ["sector", "to"], file)
    pairs = {str(k): str(v) for k, v in zip(frame["sector"], frame["to"], strict=True)}
    if len(pairs) != frame.height or None in frame["to"].to_list():
        raise InputError("a sector stands twice or has no target", where=match, mend="one row for each sector")
    return aggregate(found, None, pairs), file.name, []


def _match_mark(match: str | None) -> list[str]:
    """What a table's id says of how its industries were joined, so that two ways do not replace each other."""
    from lodestock.evidence.files import digest

    if match is None:
        return []
    return ["as-named"] if match == "none" else [digest(Path(match))[:4]]


def _folder_digest(path: Path) -> str:
    import hashlib

    from lodestock.evidence.files import digest

    total = hashlib.sha256()
    for file in sorted(path.rglob("*.txt")):
        total.update(f"{file.relative_to(path)} {digest(file)}\n".encode())
    return total.hexdigest()


def _facts(name: str, found: InputOutputTable) -> dict[str, Any]:
    return {
        "id": name,
        "source": found.source,
        "year": found.year,
        "scaled_to": found.scaled_to,
        "unit": found.unit,
        "regions": list(found.regions),
        "sectors": len(found.sectors),
        "value_added_total": float(found.value_added.sum()),
        "vintage": {"nl": found.vintage.nl, "en": found.vintage.en},
    }


def _linkages(found: InputOutputTable, region: str) -> list[dict[str, Any]]:
    import numpy as np

    from lodestock.economy.leontief import factor, forward_linkages, input_coefficients
    from lodestock.scenario.impact_tables import industry_name

    share = np.divide(found.value_added, found.output, out=np.zeros_like(found.output), where=found.output > 0)
    system = factor(input_coefficients(found.flows, found.output))
    per_euro, backward = system.multipliers(share), system.backward()
    forward = forward_linkages(found.flows, found.output)
    return [
        {
            "industry": item.sector,
            "name_nl": industry_name(item.sector).nl,
            "name_en": industry_name(item.sector).en,
            "value_added": float(found.value_added[k]),
            "output": float(found.output[k]),
            "value_added_multiplier": float(per_euro[k]),
            "backward": float(backward[k]),
            "forward": float(forward[k]),
        }
        for k, item in enumerate(found.industries)
        if item.region == region
    ]
