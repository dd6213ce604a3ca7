"""`lodestock controls`: which export controls apply on a day, and what must be checked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer, table

app = App(
    help="Which export controls apply on a day, what is suspended, and what must be checked.", help_format="markdown"
)

Day = Annotated[str | None, Parameter(help="day as yyyy-mm-dd; today if not given")]


@app.default
def show(
    *,
    material: Annotated[str | None, Parameter(help="only measures on this material")] = None,
    code: Annotated[str | None, Parameter(help="only measures on this trade code")] = None,
    issuer: Annotated[str | None, Parameter(help="only measures of this country")] = None,
    on: Day = None,
    lang: Annotated[str, Parameter(help="nl or en")] = "en",
    json: Json = False,
) -> None:
    """List the measures of the register with their state on a day.

    "to be checked" means: an end date has passed and nobody has yet read what applies now.
    """
    from lodestock.disruption.controls import find

    day = _day(on)
    rows = [_plain(item, day) for item in find(material_name=material, code=code, issuer=issuer)]
    heads = ("measure", "state", "from", "last day", "what")
    cells = [(r["id"], r["status"], r["effective"], r["lapses_on"] or "", r["title"][lang]) for r in rows]
    text = table(cells, heads) if cells else "no measure in the register matches; that is not proof that there is none"
    answer({"on": day.isoformat(), "controls": rows}, f"on {day}\n{text}", as_json=json)


@app.command
def due(
    *,
    on: Day = None,
    within: Annotated[int, Parameter(help="days ahead")] = 90,
    lang: Annotated[str, Parameter(help="nl or en")] = "en",
    json: Json = False,
) -> None:
    """List what lapses within 90, 30 and 7 days and what has lapsed without anyone having checked what follows."""
    from lodestock.disruption.controls import due as lapsing

    day = _day(on)
    rows = [
        _plain(item.control, day) | {"days_left": item.days_left, "window": _window(item.days_left)}
        for item in lapsing(day, within_days=within)
    ]
    heads = ("window", "last day", "days left", "measure", "what")
    cells = [(r["window"], r["lapses_on"], r["days_left"], r["id"], r["title"][lang]) for r in rows]
    text = table(cells, heads, right=(2,)) if cells else f"nothing lapses within {within} days and nothing is unchecked"
    answer({"on": day.isoformat(), "due": rows}, f"on {day}\n{text}", as_json=json)


def _window(days_left: int) -> str:
    if days_left < 0:
        return "lapsed, to be checked"
    return next((f"within {days} days" for days in (7, 30, 90) if days_left <= days), "later")


def _day(text: str | None) -> date:
    from lodestock.errors import InputError

    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a day", where="--on", mend="write yyyy-mm-dd, such as 2026-11-21") from None


def _plain(item: Any, day: date) -> dict[str, Any]:
    ends = item.lapses_on()
    return {
        "id": item.id,
        "status": item.status(day).value,
        "issuer": item.issuer,
        "kind": item.kind.value,
        "title": {"nl": item.title.nl, "en": item.title.en},
        "instrument": item.instrument,
        "announced": item.announced.isoformat(),
        "effective": item.effective.isoformat(),
        "suspended_by": item.suspended_by,
        "lapses_on": ends.isoformat() if ends else None,
        "materials": list(item.materials),
        "products": list(item.products),
        "forms": list(item.forms),
        "codes": list(item.codes),
        "codes_complete": item.codes_complete,
        "destinations": list(item.destinations),
        "scope": item.scope,
        "mark": item.mark.value,
        "source": item.source,
    }
