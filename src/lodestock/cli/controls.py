"""`lodestock controls`: which export controls apply on a day, and what must be checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lodestock.disruption.controls import Control, Due
    from lodestock.evidence.ledger import Text

app = App(
    name="controls",
    help="Which export controls apply on a day, what is suspended, and what must be checked.",
    help_format="markdown",
)

Day = Annotated[str | None, Parameter(help="day as yyyy-mm-dd; today if not given")]
Lang = Annotated[Literal["nl", "en"], Parameter(help="language of the answer")]
Register = Annotated[
    Path | None,
    Parameter(help="a register file of your own alone, instead of the one that ships with what you imported"),
]

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
        "also": "niet op het materiaal zelf, wel op producten waar het in zit, of op apparatuur of techniek ervoor",
        "imported": "het register dat wordt meegeleverd, met wat u inlas: {names}",
        "own": "alleen het eigen register {name}",
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
        "also": "not on the material itself, but on products that contain it, or on plant or technology for it",
        "imported": "the register that ships, with what you imported: {names}",
        "own": "your own register {name} only",
        "unchecked": "to be checked: the last day has passed and nobody has read what applies now",
        "nothing due": "nothing lapses within {within} days and nothing is unchecked",
        "lapsed measure": "measure lapsed, to be checked",
        "lapsed suspension": "suspension lapsed, to be checked",
        "within": "within {days} days",
        "later": "later",
    },
}


_LABELS_NL = {
    "status": "stand",
    "issuer": "land",
    "kind": "soort",
    "title": "titel",
    "instrument": "regeling",
    "announced": "aangekondigd",
    "effective": "van kracht vanaf",
    "until": "geldt tot en met",
    "suspended by": "opgeschort door",
    "suspended from": "opgeschort vanaf",
    "suspended until": "opgeschort tot en met",
    "lapses on": "loopt af op",
    "lapses": "wat afloopt",
    "successor": "wat daarna geldt",
    "checked on": "nagegaan op",
    "materials": "grondstoffen",
    "products": "producten",
    "goods": "goederen",
    "concerns": "bestemd voor",
    "forms": "vormen",
    "codes": "handelscodes",
    "control codes": "controlecodes",
    "destinations": "bestemmingen",
    "review working days": "behandeltermijn in werkdagen",
    "scope": "reikwijdte",
    "mark": "merk",
    "source": "bron",
}
_FARTHEST = 36_500


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
    from lodestock.errors import InputError

    day, measures = _day(on), read_register(register)
    if code is not None and not code.replace(" ", "").replace(".", "").isdecimal():
        raise InputError(f"'{code}' is no trade code", where="--code", mend="give 4 to 10 digits, such as 8505.11")
    found = find(material_name=material, code=code, issuer=issuer, register=measures)
    beside = on_products_with(material, measures) if material and not code else ()
    rows = [_plain(item, day) for item in found]
    unchecked = [item.id for item in (*found, *beside) if item.status(day).value == "to be checked"]
    words: Any = _WORDS[lang]
    cells = []
    for item, row in zip(found, rows, strict=True):
        kind, mark = (words.get(row[name], row[name]) for name in ("kind", "mark"))
        ends = f"{row['lapses_on']} ({words.get(row['lapses'], row['lapses'])})" if row["lapses"] else ""
        state, codes = _state(item, day, lang), _codes_state(item, lang)
        cells.append((item.id, state, row["effective"], ends, kind, codes, mark, item.title[lang]))
    lines = [*_head(day, register, lang), table(cells, words["heads"]) if cells else words["none"]]
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
    within: Annotated[int, Parameter(converter=whole_number, help="days ahead, at most 36,500")] = 90,
    material: Annotated[str | None, Parameter(help="only measures that bear on this material or product")] = None,
    register: Register = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """List what lapses within 90, 30 and 7 days and what has lapsed without anyone having checked what follows.

    With --material also what concerns other members of its group, products that contain it, and plant or technology
    for it: what a text on that material must carry.
    """
    from lodestock.disruption.controls import bearing_on, read_register
    from lodestock.disruption.controls import due as lapsing
    from lodestock.errors import InputError

    if not 0 <= within <= _FARTHEST:
        raise InputError(f"cannot look {within} days ahead", where="--within", mend=f"give 0 to {_FARTHEST}")
    day, measures = _day(on), read_register(register)
    found = lapsing(
        day, within_days=within, register=measures if material is None else bearing_on([material], register=measures)
    )
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
    answer({"on": day.isoformat(), "due": rows}, "\n".join([*_head(day, register, lang), text]), as_json=json)


@app.command
def show(
    measure: Annotated[str, Parameter(name="ID")],
    /,
    *,
    on: Day = None,
    entry: Annotated[bool, Parameter(negative="", help="as YAML, to change and import")] = False,
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
    from lodestock.disruption.controls import control, entry_of, read_register

    if entry:
        text = entry_of(measure, register)
        answer({"entry": text}, text.rstrip(), as_json=json)
        return
    day = _day(on)
    item = control(measure, read_register(register))
    row = _plain(item, day)
    words: Any = _WORDS[lang]
    shown: dict[str, Any] = {"status": _state(item, day, lang), "codes": _code_words(item, lang)}
    shown |= {key: row[key][lang] for key in ("title", "scope") if row[key]}
    shown |= {key: words.get(row[key], row[key]) for key in ("kind", "mark", "lapses", "successor") if row[key]}
    shown |= {key: [_name(name, lang) for name in row[key]] for key in ("materials", "products", "concerns")}
    shown |= _kinds(item, lang)
    if not item.codes_complete:
        shown["codes"] = f"{shown['codes'] or '-'} ({_WORDS[lang]['not whole']})"
    lines = [*_head(day, register, lang), item.id]
    for name in (name for name in row if name not in ("id", "codes_complete", "codes_by_cover", "may_be")):
        value = shown.get(name, row[name])
        text = ", ".join(value) if isinstance(value, list) else value
        if text not in ("", None):
            label = name.replace("_", " ")
            lines.append(f"  {_LABELS_NL.get(label, label) if lang == 'nl' else label}: {text}")
    answer({"on": day.isoformat(), "control": row}, "\n".join(lines), as_json=json)


def _head(day: date, register: Path | None, lang: str) -> list[str]:
    """The day, and of which register the answer is where that is not simply the one that ships."""
    from lodestock.disruption.controls import imported_registers

    words: Any = _WORDS[lang]
    lines = [f"{words['on']} {day}"]
    if register is not None:
        return [*lines, words["own"].format(name=register.name)]
    names = [f"{item.path.name} ({item.vintage})" for item in imported_registers()]
    return [*lines, words["imported"].format(names=", ".join(names))] if names else lines


def _kinds(item: Control, lang: str) -> dict[str, list[str]]:
    """Goods, forms and countries in words."""
    from lodestock.vocabulary import Form, country, forms

    def named(found: Any) -> str:
        return str(found.name_nl if lang == "nl" else found.name_en)

    known = {facts.form: facts for facts in forms()}
    return {
        "goods": [words[lang] for words in item.goods],
        "forms": [named(known[Form(form)]) for form in item.forms],
        "issuer": [named(country(item.issuer))],
        "destinations": [named(country(key)) for key in item.destinations],
    }


def _code_words(item: Control, lang: str) -> str:
    by_cover: dict[str, list[str]] = {}
    for listed in item.listed:
        by_cover.setdefault(listed.covers[lang] if listed.covers else "", []).append(listed.code)
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


def _name(key: str, lang: str) -> str:
    from lodestock.vocabulary import material as known

    item = known(key)
    return item.name_nl if lang == "nl" else item.name_en


def _parts(found: Iterable[Control], material: str, lang: str) -> list[str]:
    """Say which measures name only a kind or a member of the material that was asked for."""
    from lodestock.disruption.controls import named_part

    words: Any = _WORDS[lang]
    told = [(item.id, [_name(key, lang) for key in named_part(item, material)]) for item in found]
    asked = _name(material, lang)
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


def _both(text: Text | None) -> dict[str, str] | None:
    return {"nl": text.nl, "en": text.en} if text else None


def _plain(item: Control, day: date) -> dict[str, Any]:
    ends = item.lapses_on()
    states = [state.value for state in item.between(day)]
    return {
        "id": item.id,
        "status": item.status(day).value,
        "may_be": states if len(states) > 1 else [],
        "issuer": item.issuer,
        "kind": item.kind.value,
        "title": _both(item.title),
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
        "goods": [_both(words) for words in item.goods],
        "concerns": list(item.concerns),
        "forms": list(item.forms),
        "codes": list(item.codes),
        "codes_by_cover": [{"code": listed.code, "covers": _both(listed.covers)} for listed in item.listed],
        "codes_complete": item.codes_complete,
        "control_codes": list(item.control_codes),
        "destinations": list(item.destinations),
        "review_working_days": item.review_working_days,
        "scope": _both(item.scope),
        "mark": item.mark.value,
        "source": item.source,
    }
