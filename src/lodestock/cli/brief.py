"""`lodestock brief`: from a scenario to a page that can be signed."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, make_folder

if TYPE_CHECKING:
    from lodestock.evidence.ledger import Entry
    from lodestock.publish.compose import Written

LANGUAGES = ("nl", "en", "both")


def brief(
    scenario: str | None = None,
    /,
    *,
    lang: Annotated[str, Parameter(help="nl, en or both")] = "nl",
    out: Annotated[Path, Parameter(help="folder to write into; it is made if it is not there")] = Path("out"),
    as_of: Annotated[
        date | None, Parameter(help="day (yyyy-mm-dd) on which dated rules are read, shown on the brief; today")
    ] = None,
    keys: Annotated[
        bool, Parameter(negative="", help="list all keys of a scenario file, with unit and limits")
    ] = False,
    json: Json = False,
) -> None:
    """Run a scenario and write its brief: web page, PDF, figures, their data, and the manifest behind every number.

    The scenario file is copied beside the brief; change the copy and give it to this command to ask another question.

    Prints the headline with its range and its evidence mark, and the files that were written. What is written with
    the same scenario, store, day and input-output table in use (`lodestock io list`) is the same, byte for byte. A rule
    whose end date has passed is printed as "to be checked": nobody has yet read what applies now.

    Parameters
    ----------
    scenario
        id of a scenario that ships, such as china-heavy-rare-earths-2025, or a scenario file of your own (.yml)
    """
    started = time.perf_counter()
    if keys:
        _keys(as_json=json)
        return
    _check_language(lang)
    from lodestock.scenario.load import load

    scenario = _require_scenario(scenario)

    loaded = load(scenario)
    make_folder(out)
    from lodestock.errors import InputError
    from lodestock.evidence.store import Store
    from lodestock.publish.compose import publish_brief
    from lodestock.scenario.run import run_scenario

    day = as_of or date.today()
    try:
        run = run_scenario(loaded, Store.open(), as_of=day)
        written = publish_brief(run, lang, out, made=day)
        copy = out / f"{loaded.scenario.id}.yml"
        if not (copy.exists() and copy.samefile(loaded.path)):
            copy.write_bytes(loaded.path.read_bytes())
    except OSError as error:
        raise InputError(
            "a file cannot be read or written",
            where=str(error.filename or out),
            why=error.strerror or str(error),
            mend="choose another folder with --out, or free this one",
        ) from None
    payload = _payload(written, copy, run.info.as_of, time.perf_counter() - started)
    payload["io_tables"] = dict(run.info.io_tables)
    answer(payload, _text(payload, ("nl", "en") if lang == "both" else (lang,)), as_json=json)


def _keys(*, as_json: bool) -> None:
    from lodestock.scenario.keys import keys_text, plain_keys
    from lodestock.scenario.schema import Scenario

    answer({"blocks": plain_keys(Scenario)}, keys_text(Scenario), as_json=as_json)


def _require_scenario(name: str | None) -> str:
    from lodestock.errors import InputError

    if name is None:
        raise InputError(
            "give a scenario", where="lodestock brief",
            mend="lodestock brief china-heavy-rare-earths-2025; what may stand in a file: lodestock brief --keys",
        )  # fmt: skip
    return name


def _check_language(lang: str) -> None:
    from lodestock.errors import InputError, nearest

    if lang not in LANGUAGES:
        close = nearest(lang, LANGUAGES)
        offer = f"did you mean {' or '.join(close)}?" if close else "use nl, en or both"
        raise InputError(f"a brief cannot be written in '{lang}'", where="--lang", mend=offer)


def _payload(written: Written, scenario: Path, as_of: str, seconds: float) -> dict[str, Any]:
    from lodestock.publish.model import DatedRule

    source = written.brief
    files = written.files
    rules = source.facts["to_be_checked"]
    doubtful = [rule for rule in rules if isinstance(rule, DatedRule)] if isinstance(rules, tuple) else []
    return {
        "scenario": source.scenario,
        "title": {"nl": source.title.nl, "en": source.title.en},
        "as_of": as_of,
        "headline": [_entry(source.ledger[key]) for key in source.headline],
        "to_be_checked": [
            {
                "rule": {"nl": rule.title.nl, "en": rule.title.en},
                "last_day": rule.until.isoformat(),
                "passed": rule.until.isoformat() < as_of,
                "suspended": bool(rule.suspended),
                "source": rule.source if isinstance(rule.source, str) else rule.source.en,
            }
            for rule in doubtful
        ],
        "files": {
            "html": {name: str(path) for name, path in files.html.items()},
            "pdf": {name: str(path) for name, path in files.pdf.items()},
            "figures": {
                item.id: [str(path) for path in (*item.svg.values(), *item.csv.values(), item.manifest)]
                for item in files.figures
            },
            "manifest": str(written.manifest),
            "scenario": str(scenario),
        },
        "seconds": round(seconds, 3),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    from lodestock.evidence.manifest import entry_to_dict
    from lodestock.publish.numbers import bracket_text, range_text
    from lodestock.publish.words import MARKS

    plain = {"id": entry.id} | entry_to_dict(entry)
    langs: tuple[Any, ...] = ("nl", "en")
    plain["text"] = {lang: range_text(entry, lang) for lang in langs}
    plain["between_models"] = {lang: bracket_text(entry, lang) for lang in langs}
    plain["mark_text"] = {lang: MARKS[entry.mark][lang] for lang in langs}
    return plain


_WORDS = {
    "nl": {
        "models": "tussen modellen",
        "check": "na te gaan",
        "lapses": "loopt af",
        "passed": "afgelopen op {day}",
        "ends": "geldt tot en met {day}",
        "suspension passed": "opgeschort tot en met {day}; wat nu geldt is niet nagegaan",
        "suspension ends": "opgeschort tot en met {day}",
        "table": "bedragen op de binnengehaalde tabel {name}, niet de meegeleverde (terug: lodestock io use wiod-2011)",
    },
    "en": {
        "models": "across models",
        "check": "to be checked",
        "lapses": "lapses",
        "passed": "ended on {day}",
        "ends": "in force until {day}",
        "suspension passed": "suspended until {day}; what applies now is not checked",
        "suspension ends": "suspended until {day}",
        "table": "amounts on the imported table {name}, not the one that ships (back: lodestock io use wiod-2011)",
    },
}


def _text(payload: dict[str, Any], langs: tuple[str, ...]) -> str:
    lines: list[str] = []
    for lang in langs:
        words = _WORDS[lang]
        lines.append(payload["title"][lang])
        for item in payload["headline"]:
            between = item["between_models"][lang]
            models = f"; {words['models']} {between}" if between else ""
            lines.append(f"  {item['label'][lang]}: {item['text'][lang]}{models}  [{item['mark_text'][lang]}]")
        for rule in payload["to_be_checked"]:
            when = words[("suspension " if rule["suspended"] else "") + ("passed" if rule["passed"] else "ends")]
            lead = words["check" if rule["passed"] else "lapses"]
            lines.append(f"  {lead}: {rule['rule'][lang]} ({when.format(day=rule['last_day'])})")
        lines += [f"  {words['table'].format(name=name)}" for name in payload["io_tables"]]
        lines.append("")
    files = payload["files"]
    lines += [*files["html"].values(), *files["pdf"].values()]
    count = sum(len(paths) for paths in files["figures"].values())
    lines.append(f"{len(files['figures'])} figures with their data and manifests ({count} files)")
    lines += [f"{files['manifest']}", f"{files['scenario']}"]
    first = payload["headline"][0]["id"]
    lines.append(f"what stands behind a number: lodestock trace {files['manifest']} {first}")
    return "\n".join(lines)
