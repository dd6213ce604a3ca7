"""`lodestock controls`: which export controls apply on a day, and what must be checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lodestock.disruption.controls import Control, Due

app = App(
    name="controls",
    help="Which export controls apply on a day, what is suspended, and what must be checked.",
    help_format="markdown",
)

Day = Annotated[str | None, Parameter(help="day as yyyy-mm-dd; today if not given")]
Lang = Annotated[Literal["nl", "en"], Parameter(help="language of the answer")]
Register = Annotated[Path | None, Parameter(help="a register file of your own instead of the one that ships")]

_WORDS = {
    "nl": {
        "not announced": "niet aangekondigd",
        "announced": "aangekondigd",
        "in force": "van kracht",
        "suspended": "opgeschort",
        "ended": "beëindigd",
        "not known": "niet bekend",
        "to be checked": "na te gaan",
        "licence": "vergunning",
        "ban": "verbod",
        "quota": "quotum",
        "tax": "belasting",
        "general-licence": "algemene vergunning",
        "exporter-list": "lijst van exporteurs",
        "technology": "technologie",
        "legal-basis": "rechtsgrond",
        "seen": "gezien",
        "computed": "berekend",
        "press": "pers",
        "prior": "aanname",
        "or": "of",
        "heads": ("maatregel", "stand", "vanaf", "loopt tot en met", "soort", "codes", "merk", "wat"),
        "due heads": ("termijn", "laatste dag", "dagen", "wat eindigt", "maatregel", "wat"),
        "measure": "maatregel",
        "suspension": "opschorting",
        "complete": "volledig",
        "incomplete": "onvolledig",
        "no codes": "niet gelezen",
        "part": "alleen een deel van {asked}: {measure} noemt {parts}",
        "codes note": (
            "codes: bij 'onvolledig' of 'niet gelezen' zegt een code die niet in de lijst staat niets; zie "
            "lodestock controls show"
        ),
        "not whole": "lijst niet volledig gelezen",
        "none": "geen maatregel in het register past hierbij; dat bewijst niet dat er geen is",
        "on": "op",
        "also": "niet op het materiaal zelf, wel op producten waar het in zit",
        "unchecked": "na te gaan: de laatste dag is voorbij en niemand heeft gelezen wat nu geldt",
        "nothing due": "binnen {within} dagen loopt niets af en niets staat open",
        "lapsed measure": "maatregel verlopen, na te gaan",
        "lapsed suspension": "opschorting verlopen, na te gaan",
        "within": "binnen {days} dagen",
        "later": "later",
    },
    "en": {
        "or": "or",
        "heads": ("measure", "state", "from", "runs up to", "kind", "codes", "mark", "what"),
        "due heads": ("window", "last day", "days left", "what ends", "measure", "what"),
        "complete": "complete",
        "incomplete": "incomplete",
        "no codes": "not read",
        "part": "only a part of {asked}: {measure} names {parts}",
        "codes note": (
            "codes: where the list is 'incomplete' or 'not read', a code that is not in it proves nothing; see "
            "lodestock controls show"
        ),
        "not whole": "list not read whole",
        "none": "no measure in the register matches; that is not proof that there is none",
        "on": "on",
        "also": "not on the material itself, but on products that contain it",
        "unchecked": "to be checked: the last day has passed and nobody has read what applies now",
        "nothing due": "nothing lapses within {within} days and nothing is unchecked",
        "lapsed measure": "measure lapsed, to be checked",
        "lapsed suspension": "suspension lapsed, to be checked",
        "within": "within {days} days",
        "later": "later",
    },
}


@app.default
def listing(
    *,
    material: Annotated[str | None, Parameter(help="only measures on this material, its group or its products")] = None,
    code: Annotated[str | None, Parameter(help="only measures that name this trade code, or a part of it")] = None,
    issuer: Annotated[str | None, Parameter(help="only measures of this country")] = None,
    on: Day = None,
    register: Register = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """List the measures of the register with their state on a day.

    "to be checked" means: a last day has passed and nobody has yet read what applies now. "in force or suspended"
    means: the day on which the state changed is not known. A code list that was not read whole proves nothing about a
    code that is not in it: see `codes_complete` under `lodestock controls show`.
    """
    from lodestock.disruption.controls import find, named_part, on_products_with, read_register

    day, measures = _day(on), read_register(register)
    found = find(material_name=material, code=code, issuer=issuer, register=measures)
    beside = on_products_with(material, measures) if material and not code else ()
    rows = [_plain(item, day) for item in found]
    unchecked = [row["id"] for row in rows if row["status"] == "to be checked"]
    words: Any = _WORDS[lang]
    cells = []
    for item, row in zip(found, rows, strict=True):
        kind, mark = (words.get(row[name], row[name]) for name in ("kind", "mark"))
        ends = f"{row['lapses_on']} ({words.get(row['lapses'], row['lapses'])})" if row["lapses"] else ""
        state, codes = _state(item, day, lang), _codes_state(item, lang)
        cells.append((item.id, state, row["effective"], ends, kind, codes, mark, item.title[lang]))
    lines = [f"{words['on']} {day}", table(cells, words["heads"]) if cells else words["none"]]
    lines += _parts(found, material, lang) if material else []
    if any(not item.codes_complete for item in found):
        lines.append(words["codes note"])
    if beside:
        lines.append(f"{words['also']}: {', '.join(item.id for item in beside)}")
    if unchecked:
        lines.append(f"{words['unchecked']}: {', '.join(unchecked)}")
    for row, item in zip(rows, found, strict=True):
        row["only_part_of_what_was_asked"] = list(named_part(item, material)) if material else []
    payload = {
        "on": day.isoformat(),
        "controls": rows,
        "on_products_with_it": [item.id for item in beside],
        "to_be_checked": unchecked,
    }
    answer(payload, "\n".join(lines), as_json=json)


@app.command
def due(
    *,
    on: Day = None,
    within: Annotated[int, Parameter(help="days ahead")] = 90,
    register: Register = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """List what lapses within 90, 30 and 7 days and what has lapsed without anyone having checked what follows."""
    from lodestock.disruption.controls import due as lapsing
    from lodestock.disruption.controls import read_register
    from lodestock.errors import InputError

    if within < 0:
        raise InputError(f"cannot look {within} days ahead", where="--within", mend="give 0 or more")
    day = _day(on)
    found = lapsing(day, within_days=within, register=read_register(register))
    rows = [_plain(item.control, day) | {"days_left": item.days_left, "window": _window(item, "en")} for item in found]
    words: Any = _WORDS[lang]
    cells = [
        (
            _window(item, lang), row["lapses_on"], item.days_left, words.get(row["lapses"], row["lapses"]),
            row["id"], row["title"][lang],
        )
        for item, row in zip(found, rows, strict=True)
    ]  # fmt: skip
    text = table(cells, words["due heads"], right=(2,)) if cells else words["nothing due"].format(within=within)
    answer({"on": day.isoformat(), "due": rows}, f"{words['on']} {day}\n{text}", as_json=json)


@app.command
def show(
    measure: Annotated[str, Parameter(name="ID")],
    /,
    *,
    on: Day = None,
    register: Register = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Print everything that the register holds on one measure.

    Parameters
    ----------
    measure
        its id, as `lodestock controls` prints it
    """
    from lodestock.disruption.controls import control, read_register

    day = _day(on)
    item = control(measure, read_register(register))
    row = _plain(item, day)
    shown: dict[str, Any] = {"status": _state(item, day, lang), "title": row["title"][lang], "codes": _code_words(item)}
    if not item.codes_complete:
        shown["codes"] = f"{shown['codes'] or '-'} ({_WORDS[lang]['not whole']})"
    lines = [f"{_WORDS[lang]['on']} {day}", item.id]
    for name in (name for name in row if name not in ("id", "codes_complete", "codes_by_cover", "may_be")):
        value = shown.get(name, row[name])
        text = ", ".join(value) if isinstance(value, list) else value
        if text not in ("", None):
            lines.append(f"  {name.replace('_', ' ')}: {text}")
    answer({"on": day.isoformat(), "control": row}, "\n".join(lines), as_json=json)


def _code_words(item: Control) -> str:
    by_cover: dict[str, list[str]] = {}
    for listed in item.listed:
        by_cover.setdefault(listed.covers, []).append(listed.code)
    return "; ".join(f"{covers + ': ' if covers else ''}{' '.join(codes)}" for covers, codes in by_cover.items())


def _state(item: Control, day: date, lang: str) -> str:
    words: Any = _WORDS[lang]
    return f" {words['or']} ".join(str(words.get(state.value, state.value)) for state in item.between(day))


def _codes_state(item: Control, lang: str) -> str:
    """How far the list of trade codes was read: `11, incomplete`."""
    words: Any = _WORDS[lang]
    if not item.codes and not item.codes_complete:
        return str(words["no codes"])
    return f"{len(item.codes)}, {words['complete' if item.codes_complete else 'incomplete']}"


def _parts(found: Iterable[Control], material: str, lang: str) -> list[str]:
    """Say which measures name only a kind or a member of the material that was asked for."""
    from lodestock.disruption.controls import named_part
    from lodestock.vocabulary import material as known

    def name(key: str) -> str:
        item = known(key)
        return item.name_nl if lang == "nl" else item.name_en

    words: Any = _WORDS[lang]
    told = [(item.id, [name(key) for key in named_part(item, material)]) for item in found]
    asked = name(material)
    return [words["part"].format(asked=asked, measure=key, parts=", ".join(parts)) for key, parts in told if parts]


def _window(item: Due, lang: str) -> str:
    words: Any = _WORDS[lang]
    days_left = item.days_left
    if days_left < 0:
        return str(words[f"lapsed {item.control.lapses()}"])
    near = next((days for days in (7, 30, 90) if days_left <= days), None)
    return str(words["within"].format(days=near) if near else words["later"])


def _day(text: str | None) -> date:
    from lodestock.errors import InputError

    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a day", where="--on", mend="write yyyy-mm-dd, such as 2026-11-21") from None


def _plain(item: Control, day: date) -> dict[str, Any]:
    ends = item.lapses_on()
    states = [state.value for state in item.between(day)]
    return {
        "id": item.id,
        "status": item.status(day).value,
        "may_be": states if len(states) > 1 else [],
        "issuer": item.issuer,
        "kind": item.kind.value,
        "title": {"nl": item.title.nl, "en": item.title.en},
        "instrument": item.instrument,
        "announced": item.announced.text,
        "effective": item.effective.text,
        "until": item.until.isoformat() if item.until else None,
        "suspended_by": item.suspended_by,
        "suspended_from": item.suspended_from.text if item.suspended_from else None,
        "suspended_until": item.suspended_until.isoformat() if item.suspended_until else None,
        "lapses_on": ends.isoformat() if ends else None,
        "lapses": str(item.lapses() or "") or None,
        "successor": item.successor,
        "checked_on": item.checked_on.isoformat() if item.checked_on else None,
        "materials": list(item.materials),
        "products": list(item.products),
        "goods": list(item.goods),
        "forms": list(item.forms),
        "codes": list(item.codes),
        "codes_by_cover": [{"code": listed.code, "covers": listed.covers} for listed in item.listed],
        "codes_complete": item.codes_complete,
        "control_codes": list(item.control_codes),
        "destinations": list(item.destinations),
        "review_working_days": item.review_working_days,
        "scope": item.scope,
        "mark": item.mark.value,
        "source": item.source,
    }
