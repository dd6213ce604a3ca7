"""`lodestock trace`: from a published number to source rows, methods and parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from lodestock.cli.output import Json, answer


def trace(
    manifest: Path,
    key: Annotated[str | None, Parameter(name="figure-id")] = None,
    /,
    *,
    lang: Annotated[str, Parameter(help="nl or en")] = "en",
    check: Annotated[bool, Parameter(help="read the source rows in the store again and compare")] = True,
    json: Json = False,
) -> int:
    """Show what stands behind a number or figure of a brief: source rows, parameters, methods, and whether they agree.

    Without FIGURE_ID the numbers and figures of the brief are listed. Exit code 1 means that a source row or a file
    no longer says what was published, or that an imported input-output table is gone or was changed, so that nobody can
    check it.

    Parameters
    ----------
    manifest
        the manifest.json that stands beside the brief (or its folder)
    key
        id of a number or a figure, such as nl.magnets.imports
    """
    from lodestock.errors import InputError
    from lodestock.evidence import manifest as manifests
    from lodestock.evidence.ledger import Rows
    from lodestock.evidence.store import Store, default_home
    from lodestock.evidence.trace import to_dict
    from lodestock.evidence.trace import trace as follow

    if lang not in ("nl", "en"):
        raise InputError(f"unknown language '{lang}'", mend="use nl or en")
    read = manifests.read(manifest)
    folder = manifest if manifest.is_dir() else manifest.parent
    if key is None:
        listing = _listing(read, lang)
        answer(listing, _listing_text(listing), as_json=json)
        return 0
    store = Store.open() if check else None

    def imported(rows: Rows, value: float | None) -> tuple[bool, str]:
        from lodestock.economy.table_rows import check_table

        return check_table(default_home(), store or Store.open(), rows, value)

    chain = follow(read, key, folder=folder, store=store, imported=imported, lang=lang)
    payload = to_dict(chain, read) | {"checked": check}
    answer(payload, _text(payload, lang), as_json=json)
    return 0 if chain.intact else 1


def _listing(read: Any, lang: str) -> dict[str, Any]:
    return {
        "figures": {key: value["title"][lang] for key, value in read.figures.items()},
        "numbers": {entry.id: entry.label[lang] for entry in read.ledger},
    }


def _listing_text(listing: dict[str, Any]) -> str:
    lines = ["figures"]
    lines += [f"  {key}  {title}" for key, title in listing["figures"].items()]
    lines += ["numbers"]
    lines += [f"  {key}  {label}" for key, label in listing["numbers"].items()]
    return "\n".join(lines)


def _text(payload: dict[str, Any], lang: str) -> str:
    lines = [f"{payload['id']}: {payload['title']}"]
    for step in payload["steps"]:
        lines += [("  " * step["depth"]) + text for text in _step(step, payload, lang)]
    figure = len(payload["files"]) < 8
    for name, fine in payload["files"].items():
        if figure or not fine:
            lines.append(f"file {name}: " + {True: "as published", False: "CHANGED since", None: "MISSING"}[fine])
    if not payload["sealed"]:
        lines.append("the manifest itself was CHANGED after it was written")
    again = sum(step["agrees"] is not None for step in payload["steps"])
    if payload["checked"]:
        lines.append(f"read again: {again} entries from source rows; computed values stand as recorded")
    else:
        lines.append("NOT read again (--no-check): whether the sources still say this is not known")
    lines += [_run_line(run) for run in (payload["run"], *payload["runs"])]
    fine = "the chain is intact" if payload["checked"] else "the manifest and its files are as published"
    lines.append(fine if payload["intact"] else "THE CHAIN IS BROKEN: see above")
    return "\n".join(lines)


def _run_line(run: dict[str, Any]) -> str:
    tables = "".join(
        f", imported table {name} (sha256 of its numbers {digest[:12]})"
        for name, digest in run.get("io_tables", {}).items()
    )
    digest = f" (sha256 {run['scenario_sha256'][:12]})" if run["scenario_sha256"] else ""
    day = f", rules as of {run['as_of']}" if run["as_of"] else ""
    draws = f", seed {run['seed']}, {run['draws']} draws" if run["draws"] else ""
    return (
        f"run: scenario {run['scenario']}{digest}, Lodestock {run['code_version']}, store {run['store'][:12]}{tables}"
        f"{day}{draws}"
    )


def _step(step: dict[str, Any], payload: dict[str, Any], lang: str) -> list[str]:
    value = "not known" if step["value"] is None else f"{step['value']!r} {step['unit']}"
    span = f" [{step['low']!r} to {step['high']!r}]" if "low" in step and "high" in step else ""
    lines = [f"{step['id']} = {value}{span}  ({step['mark']})  {step['label'][lang]}"]
    if "bracket" in step:
        lines.append(f"   across models and conventions: {step['bracket'][0]!r} to {step['bracket'][1]!r}")
    if "method" in step:
        method = payload["methods"][step["method"]]
        lines.append(f"   method: {method['title']} [{method['source']}], {method['code']}")
    if "rows" in step:
        lines += _rows(step, payload)
    if "source" in step:
        lines.append(f"   source: {step['source']}")
    if "note" in step:
        lines.append(f"   note: {step['note']}")
    return lines


def _rows(step: dict[str, Any], payload: dict[str, Any]) -> list[str]:
    rows = step["rows"]
    where = ", ".join(f"{column}={value}" for column, value in rows["where"].items())
    lacking = f", {rows['missing']} without a value" if rows["missing"] else ""
    word = "row" if rows["count"] == 1 else "rows"
    read = f"{rows['how']} of {rows['column']} over {rows['count']} {word} of {rows['table']}"
    lines = [f"   {read} where {where}{lacking}"]
    lines.append(f"   rows: {', '.join(rows['locators'][:6])}{', …' if rows['count'] > 6 else ''}")
    for name in rows["snapshots"]:
        snapshot = payload["snapshots"].get(name, {})
        lines.append(f"   snapshot {name}: {snapshot.get('producer', '?')}, {snapshot.get('title', '?')}")
    if step["agrees"] is not None:
        lines.append("   read again: agrees" if step["agrees"] else f"   read again: DIFFERS: {step['found']}")
    return lines
