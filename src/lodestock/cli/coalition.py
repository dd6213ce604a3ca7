"""`lodestock coalition`: a common stock of several countries: what it saves, who pays, who gets what."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, make_folder
from lodestock.errors import InputError


def coalition(
    scenario: str,
    /,
    *,
    members: Annotated[
        str, Parameter(help="countries or a coalition, comma between: NLD,BEL,DEU,FRA or EU27")
    ] = "NLD,BEL,DEU,FRA",
    rule: Annotated[str, Parameter(help="shapley, nucleolus, use or equal-days")] = "shapley",
    common: Annotated[float, Parameter(help="share of the chance that hits all at once; 1 for a licence regime")] = 1.0,
    filled: Annotated[
        float | None, Parameter(help="part of the common stock that is there when the crisis comes; half")
    ] = None,
    brought: Annotated[
        str | None, Parameter(help="tonnes that each member brought in, NLD=100,BEL=50,…; instead of --filled")
    ] = None,
    end_user_bound: Annotated[
        bool, Parameter(negative="", help="licences tie material to its end user: no sharing")
    ] = False,
    out: Annotated[Path | None, Parameter(help="folder for the answer (JSON) and the manifest behind it")] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "nl",
    json: Json = False,
) -> None:
    """Share a common stock: cost game, shares with the core test, crisis rules, EU, IEA and NATO alone and within.

    A licence regime hits all members at once, so that pooling insures nothing; the axis shows what it would save if
    part of the chance hit members apart. Up to 15 members everything is exact; beyond, Shapley shares are sampled, with
    their standard error, and the core test says how many groups it tried.

    Parameters
    ----------
    scenario
        id of a scenario that ships, or a scenario file of your own (.yml)
    """
    from lodestock.cli.coalition_text import payload, text
    from lodestock.cli.stock_files import numbers, write_answer
    from lodestock.evidence.store import Store
    from lodestock.scenario.coalition_run import PoolAsk, coalition_run
    from lodestock.scenario.load import load
    from lodestock.scenario.run import run_scenario
    from lodestock.scenario.stock_evidence import record_coalition

    names = tuple(name.strip() for name in members.split(",") if name.strip())
    ask = PoolAsk(names, rule, common, filled, None if brought is None else _brought(brought), end_user_bound)
    ask.check()
    make_folder(out)
    store = Store.open()
    run = run_scenario(load(scenario), store)
    found = coalition_run(run, store, ask, today=date.today())
    told = payload(found) | {"numbers": numbers(run, record_coalition(run, found))}
    files = [] if out is None else write_answer(run, "coalition", told, out)
    answer(told | {"files": files}, "\n".join([text(found, lang), *files]), as_json=json)


def _brought(said: str) -> dict[str, float]:
    """NAME=TONNES, comma between."""
    out: dict[str, float] = {}
    for part in (piece.strip() for piece in said.split(",") if piece.strip()):
        name, equals, tonnes = part.partition("=")
        try:
            if not equals or name.strip() in out:
                raise ValueError
            out[name.strip()] = float(tonnes)
        except ValueError:
            raise InputError(
                "what members brought in is not clear", where="--brought", why=f"'{part}'",
                mend="give tonnes for each member once, such as NLD=100,BEL=0",
            ) from None  # fmt: skip
    return out
