"""`lodestock processing`: what a processed tonne costs, and what a contract or a floor would cost the state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, make_folder, table

if TYPE_CHECKING:
    from lodestock.scenario.processing_run import ProcessingRun

_SAY = {
    "nl": {
        "example": "VOORBEELD: alle getallen zijn verzonnen.",
        "moves": "Wat de kostprijs het meest beweegt",
        "moves heads": ("parameter", "laag", "hoog", "bij laag", "bij hoog", "deel alleen", "deel totaal"),
        "streams": "Wat de staat gemiddeld betaalt, per jaar van bedrijf (miljoen euro; min: de fabriek betaalt)",
        "no floor": "Een gegarandeerde laagste prijs is niet nodig: gemiddeld loont de fabriek zonder.",
        "exact": "–",
        "written": "geschreven",
    },
    "en": {
        "example": "EXAMPLE: all numbers are invented.",
        "moves": "What moves the levelised cost most",
        "moves heads": ("parameter", "low", "high", "at low", "at high", "share alone", "share total"),
        "streams": "What the state pays on average, by year of operation (million euros; minus: the plant pays)",
        "no floor": "No guaranteed lowest price is needed: on average the plant pays without.",
        "exact": "–",
        "written": "written",
    },
}


def processing(
    file: str,
    /,
    *,
    out: Annotated[Path | None, Parameter(help="folder for the tables (CSV) and the manifest")] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "nl",
    json: Json = False,
) -> None:
    """Compute what a processed tonne costs over the life of a plant, and what would make the plant pay.

    Prints the levelised cost with its range and parts, the net present value, the premium to break even, a contract
    for difference and a guaranteed lowest price with their cost to the state, the cost under each energy scenario, and
    what moves the cost most.

    Parameters
    ----------
    file
        a processing file of your own (.yml), or example-magnet-recycling
    """
    from lodestock.scenario.processing_data import load_processing
    from lodestock.scenario.processing_run import run_processing

    make_folder(out)
    found = run_processing(load_processing(file))
    files = [] if out is None else [str(path) for path in _write(found, out)]
    text = _text(found, lang)
    if files:
        text = "\n".join([text, "", f"{_SAY[lang]['written']}: {', '.join(files)}"])
    answer(_payload(found) | {"files": files}, text, as_json=json)


def _payload(run: ProcessingRun) -> dict[str, Any]:
    from lodestock.evidence.manifest import entry_to_dict
    from lodestock.scenario.processing_run import streams, tornado

    return {
        "id": run.case.id,
        "title": {"nl": run.case.title.nl, "en": run.case.title.en},
        "example": run.case.example,
        "numbers": {entry.id: entry_to_dict(entry) for entry in run.ledger if entry.method},
        "parameters": {entry.id: entry_to_dict(entry) for entry in run.ledger if not entry.method},
        "tornado": tornado(run).to_dicts(),
        "payments": streams(run).to_dicts(),
        "seed": run.info.seed,
        "draws": run.info.draws,
    }


def _text(run: ProcessingRun, lang: Literal["nl", "en"]) -> str:
    from lodestock.publish.numbers import number_text, range_text
    from lodestock.publish.words import MARKS
    from lodestock.scenario.processing_data import PARAMETERS
    from lodestock.scenario.processing_run import LABELS, streams

    say: Any = _SAY[lang]
    lines = [run.case.title[lang], *([say["example"]] if run.case.example else []), ""]
    for entry in run.ledger:
        if entry.method is not None:
            lines.append(f"  {entry.label[lang]}: {range_text(entry, lang)}  [{MARKS[entry.mark][lang]}]")
    if all(tool.id != "floor" for tool in run.instruments):
        lines.append(say["no floor"])
    rows = []
    for item in run.moved:
        stated, unit = run.case.stated[item.name], PARAMETERS[item.name][0]
        shares = [say["exact"] if one is None else number_text(max(one, 0.0), "1", lang)
                  for one in (item.first, item.total)]  # fmt: skip
        ends = [_plain(end, unit, lang) for end in (stated.low, stated.high)]
        costs = [number_text(cost, "EUR/t", lang) for cost in (item.at_low, item.at_high)]
        rows.append((PARAMETERS[item.name][3][lang], *ends, *costs, *shares))
    lines += ["", say["moves"], table(rows, say["moves heads"], right=(1, 2, 3, 4, 5, 6)), "", say["streams"]]
    paid = streams(run)
    for tool in run.instruments:
        mean = paid.filter(paid["instrument"] == tool.id)["mean_meur"]
        told = "  ".join(number_text(float(value), "MEUR", lang) for value in mean)
        lines.append(f"  {LABELS[tool.id][lang]}: {told}")
    return "\n".join(lines)


def _plain(value: float, unit: str, lang: str) -> str:
    told = f"{value:,.10g}"
    if lang == "nl":
        told = told.translate(str.maketrans(",.", ".,"))
    return told if unit == "1" else f"{told} {unit}"


def _write(run: ProcessingRun, out: Path) -> list[Path]:
    from lodestock.evidence import manifest as manifests
    from lodestock.evidence.result import sha256_of
    from lodestock.scenario.processing_run import streams, tornado

    tables = {"tornado.csv": tornado(run), "payments.csv": streams(run)}
    files: dict[str, str] = {}
    for name, frame in tables.items():
        frame.write_csv(out / name)
        files[name] = sha256_of(out / name)
    manifest = out / "processing.manifest.json"
    manifests.write(manifests.Manifest(run.info, run.ledger, {}, {}, files), manifest)
    return [*(out / name for name in tables), manifest]
