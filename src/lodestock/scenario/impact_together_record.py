"""What several scenarios at once write into one ledger: the joint amounts, and under each scenario's name its own run.

An entry of a scenario is called `<scenario>:<entry>`, so that `china-heavy-rare-earths-2025:nl.magnets.imports` is what
`nl.magnets.imports` is in the manifest of that scenario alone. The table, the settings of the models and what is made
up later are the same for all and stand there once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lodestock.economy.methods import METHODS
from lodestock.economy.propagation import Model
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import prefix
from lodestock.scenario.impact_record import (
    direct_inputs,
    how,
    model_inputs,
    recapture_inputs,
    record_settings,
    record_table,
)
from lodestock.scenario.impact_together import Overlap, Together
from lodestock.scenario.impact_words import MODELS
from lodestock.scenario.value import count_marks

FloatArray = npt.NDArray[np.float64]


def joint_info(found: Together) -> RunInfo:
    """What made the joint answer: the scenarios in their order, one sha256 over theirs, and the seed that all share or
    else the smallest, whose draws say what is made up later."""
    infos = [run.run.info for run in found.runs]
    lines = "".join(f"{info.scenario_sha256}  {info.scenario}\n" for info in infos)
    return replace(
        infos[0], scenario=" + ".join(info.scenario for info in infos),
        scenario_sha256=hashlib.sha256(lines.encode()).hexdigest(), seed=min(info.seed for info in infos),
    )  # fmt: skip


def record_together(found: Together, store: Store) -> tuple[Ledger, str]:
    """A ledger of the joint amounts with all that they rest on, and the start of their ids (together.nl).

    The bracket of each amount runs from same to different products.
    """
    ledger, start = Ledger(), f"together.{prefix(found.region)}"
    record_settings(ledger, found.settings, found.sectors)
    for run in found.runs:
        record_table(ledger, run, store)
        _adopt(ledger, run.run.ledger, run.run.scenario.id)
    for run in found.runs:
        own, table = direct_inputs(run)
        name = run.run.scenario.id
        _alone(ledger, found, f"{start}.alone.{name}", name, [*(_under(name, key) for key in own), *table])
    direct = {name: case.direct for name, case in found.cases.items()}
    alone = [f"{start}.alone.{run.run.scenario.id}.direct" for run in found.runs]
    label = Text("direct verlies samen", "direct loss together")
    _bounded(ledger, found, f"{start}.direct", label, direct, "overlap-bounds", alone)
    for model in found.models:
        _model(ledger, found, start, model)
    if found.models:
        _judgement(ledger, start, found.models[-1])
    return ledger, start


def _under(name: str, key: str) -> str:
    return f"{name}:{key}"


def _adopt(ledger: Ledger, own: Ledger, name: str) -> None:
    """Put all entries of a scenario's run into the joint ledger, under the scenario's name."""
    for entry in own:
        moved = replace(entry, id=_under(name, entry.id), inputs=tuple(_under(name, key) for key in entry.inputs))
        ledger.entries[moved.id] = moved


def _alone(ledger: Ledger, found: Together, key: str, name: str, inputs: Sequence[str]) -> None:
    """A scenario by itself over the months of all: direct, and by model before and after recapture."""
    case, scenario = found.cases[name], next(run.run.scenario for run in found.runs if run.run.scenario.id == name)
    of = Text(f"van {scenario.title.nl} alleen", f"of {scenario.title.en} alone")
    note = f"{found.months} months from {found.starts:%Y-%m}"
    _spread(
        ledger, found, f"{key}.direct", Text(f"direct verlies {of.nl}", f"direct loss {of.en}"), case.direct,
        "direct-loss", inputs, note=note,
    )  # fmt: skip
    for model in found.models:
        words = MODELS[model]
        _spread(
            ledger, found, f"{key}.lost.{model}", Text(f"verlies {of.nl}, {words.nl}", f"loss {of.en}, {words.en}"),
            case.lost[model].sum(axis=1), f"lost-{model}", [f"{key}.direct", *model_inputs(model)],
            note="; ".join([note, *how(found.settings, model)]),
        )  # fmt: skip
        _spread(
            ledger, found, f"{key}.net.{model}",
            Text(f"verlies {of.nl} na inhalen, {words.nl}", f"loss {of.en} after recapture, {words.en}"),
            case.net[model].sum(axis=1), "after-recapture",
            [f"{key}.lost.{model}", *recapture_inputs(found.sectors)], note=note,
        )  # fmt: skip


def _model(ledger: Ledger, found: Together, start: str, model: Model) -> None:
    name = MODELS[model]
    lost = {key: case.lost[model].sum(axis=1) for key, case in found.cases.items()}
    _bounded(
        ledger, found, f"{start}.lost.{model}", Text(f"verlies samen, {name.nl}", f"loss together, {name.en}"), lost,
        f"lost-{model}", [f"{start}.direct", *model_inputs(model)], how(found.settings, model),
    )  # fmt: skip
    net = {key: case.net[model].sum(axis=1) for key, case in found.cases.items()}
    label = Text(f"verlies samen na inhalen, {name.nl}", f"loss together after recapture, {name.en}")
    later = [f"{start}.lost.{model}", *recapture_inputs(found.sectors)]
    _bounded(ledger, found, f"{start}.net.{model}", label, net, "after-recapture", later)


def _bounded(
    ledger: Ledger, found: Together, key: str, label: Text, values: Mapping[str, FloatArray], method: str,
    inputs: Sequence[str], extra: Sequence[str] = (),
) -> None:  # fmt: skip
    least, most = (float(np.median(values[name])) for name in (Overlap.SAME, Overlap.APART))
    told = "bracket: all materials stop the same products … each stops other products"
    _spread(
        ledger, found, key, label, values[Overlap.BY_FAMILY], method, inputs, bracket=(least, most),
        note="; ".join([told, *extra]),
    )  # fmt: skip


def _spread(
    ledger: Ledger, found: Together, key: str, label: Text, draws: FloatArray, method: str, inputs: Sequence[str],
    *, note: str, bracket: tuple[float, float] | None = None,
) -> None:  # fmt: skip
    vintage = found.table.vintage
    low, middle, high = (float(value) for value in np.quantile(draws, (0.05, 0.5, 0.95)))
    ledger.computed(
        key, Text(f"{label.nl}, {vintage.nl}", f"{label.en}, {vintage.en}"), middle, "MEUR", method=METHODS[method],
        inputs=inputs, low=low, high=high, bracket=bracket, note=f"{vintage.en}; {note}",
    )  # fmt: skip


def _judgement(ledger: Ledger, start: str, model: Model) -> None:
    key = f"{start}.net.{model}"
    counts = count_marks(ledger, key)
    ledger.computed(
        f"{start}.judgement.inputs",
        Text("deel van de gebruikte gegevens dat een oordeel is", "share of the inputs that are judgements"),
        counts[Mark.PRIOR] / sum(counts.values()), "1", method=METHODS["rests-on-judgement"], inputs=[key],
        note=", ".join(f"{count} {mark.value}" for mark, count in counts.items()),
    )  # fmt: skip
