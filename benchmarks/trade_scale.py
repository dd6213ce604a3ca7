"""Concentration per product over very large trade tables, beside a bare Polars and a bare DuckDB query.

usage: python benchmarks/trade_scale.py [--rows 50] [--big] [--turns 3]

--rows in millions; --big also runs 400 million; --turns 1 for a first look.

Synthetic parquet: 5,000 products, 200 × 200 countries, drawn with a fixed seed, written to a temporary folder and
deleted afterwards. Each query runs in a process of its own, as often as --turns says in alternating order; the least
seconds and the least processor time count, each on its own, and the highest peak of memory. Printed is the ratio to
both bare queries. All three must give the same index. From 10 million rows Lodestock streams batches
(`concentration_large`).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

CHUNK = 5_000_000
PRODUCTS, COUNTRIES = 5_000, 200
LARGE_MILLIONS = 10


def make(folder: Path, rows: int) -> None:
    """Write `rows` rows of synthetic trade as parquet files of five million rows each."""
    rng = np.random.default_rng(7)
    codes = pl.Series([f"{number:06d}" for number in range(PRODUCTS)], dtype=pl.String)
    names = pl.Series([f"{chr(65 + n // 26)}{chr(65 + n % 26)}X" for n in range(COUNTRIES)], dtype=pl.String)
    for part in range(-(-rows // CHUNK)):
        size = min(CHUNK, rows - part * CHUNK)
        exporter = np.minimum(rng.exponential(25.0, size).astype(np.int64), COUNTRIES - 1)
        quantity = np.round(rng.lognormal(2.0, 2.0, size), 3)
        frame = pl.DataFrame(
            {
                "hs_revision": pl.Series(["HS12"], dtype=pl.String).new_from_index(0, size),
                "hs_code": codes.gather(np.sort(rng.integers(0, PRODUCTS, size))),
                "year": pl.Series(np.full(size, 2000 + part % 25, dtype=np.int16)),
                "exporter": names.gather(exporter),
                "importer": names.gather(rng.integers(0, COUNTRIES, size)),
                "value_kusd": np.round(quantity * 3.0, 3),
                "quantity_t": pl.Series(quantity).set(pl.Series(rng.random(size) < 0.05), None),
            }
        )
        frame.write_parquet(folder / f"part{part:03d}.parquet", compression="zstd", compression_level=1)


def ours(folder: Path) -> pl.DataFrame:
    """Lodestock's table of concentration, with every column it gives."""
    from lodestock.criticality.concentration import import_concentration

    table = import_concentration(pl.scan_parquet(folder / "*.parquet"), by=("hs_code",))
    return table.select("hs_code", "hhi").sort("hs_code")


def ours_large(folder: Path) -> pl.DataFrame:
    """The same for very large tables, in bounded memory."""
    from lodestock.criticality.concentration_large import large_import_concentration

    table = large_import_concentration(pl.scan_parquet(folder / "*.parquet"), by=("hs_code",))
    return table.select("hs_code", "hhi").sort("hs_code")


def bare_polars(folder: Path) -> pl.DataFrame:
    """The index alone, as one would write it by hand in Polars."""
    rows = pl.scan_parquet(folder / "*.parquet").group_by("hs_code", "exporter").agg(pl.col("quantity_t").sum())
    index = (pl.col("quantity_t") ** 2).sum() / pl.col("quantity_t").sum() ** 2
    return rows.group_by("hs_code").agg(index.alias("hhi")).sort("hs_code").collect(engine="streaming")


def bare_duckdb(folder: Path) -> pl.DataFrame:
    """The index alone, as one would write it by hand in SQL."""
    import duckdb

    query = f"""
        select hs_code, sum(q * q) / (sum(q) * sum(q)) as hhi
        from (select hs_code, exporter, coalesce(sum(quantity_t), 0) as q from read_parquet('{folder}/*.parquet')
              group by all) group by all order by hs_code"""
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        return pl.DataFrame(connection.execute(query).fetchall(), schema=["hs_code", "hhi"], orient="row")


QUERIES = {"lodestock": ours, "lodestock large": ours_large, "bare polars": bare_polars, "bare duckdb": bare_duckdb}


def peak_gb() -> float:
    """Peak memory of this process [GB]. getrusage would also count what the parent held when it started us."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024**2


def run_one(name: str, folder: Path) -> None:
    """Run one query in this process and print its seconds, peak memory and a digest of its answer."""
    begin, busy = time.perf_counter(), time.process_time()
    table = QUERIES[name](folder)
    seconds, work = time.perf_counter() - begin, time.process_time() - busy
    peak = peak_gb()
    answer = {
        "name": name,
        "seconds": seconds,
        "cpu": work,
        "peak_gb": peak,
        "rows": table.height,
        "sum": float(table["hhi"].sum()),
    }
    print(json.dumps(answer))


def compare(millions: int, turns: int) -> None:
    """Make the files, run the queries in turn (the least counts), print the ratios, delete the files."""
    need = millions * 14 * 1.2 / 1000
    free = shutil.disk_usage(tempfile.gettempdir()).free / 1e9
    if free < need + 2:
        sys.exit(f"{millions} million rows need about {need:.0f} GB; {free:.0f} GB is free")
    mine = "lodestock" if millions < LARGE_MILLIONS else "lodestock large"
    order = [mine, "bare polars", "bare duckdb"]
    with tempfile.TemporaryDirectory(prefix="trade-scale-") as name:
        folder = Path(name)
        make(folder, millions * 1_000_000)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e9
        print(f"{millions} million rows, {size:.1f} GB of parquet", flush=True)
        runs: dict[str, list[dict[str, float]]] = {query: [] for query in order}
        for turn in range(turns):
            for query in order if turn % 2 == 0 else reversed(order):
                command = [sys.executable, __file__, "--one", query, "--folder", name]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                runs[query].append(json.loads(done.stdout))
    report(runs, mine)


def report(runs: dict[str, list[dict[str, float]]], mine: str) -> None:
    """Print the least time and highest memory of each query, and the ratios of ours to the bare ones."""
    least = {
        query: {unit: min(run[unit] for run in many) for unit in ("seconds", "cpu")} for query, many in runs.items()
    }
    for query, many in runs.items():
        peak = max(run["peak_gb"] for run in many)
        print(
            f"  {query:16} {least[query]['seconds']:7.2f} s  {least[query]['cpu']:7.2f} s of processor  {peak:5.2f} GB"
        )
    sums = [run["sum"] for many in runs.values() for run in many]
    assert max(sums) - min(sums) < 1e-6 * max(sums), sums
    for query in ("bare polars", "bare duckdb"):
        clock, work = (least[mine][unit] / least[query][unit] for unit in ("seconds", "cpu"))
        print(f"  ratio to {query}: {clock:.2f} by the clock, {work:.2f} in processor time")
    print("  aim: at most 1.2 beside a bare query, and under 4 GB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", choices=list(QUERIES))
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    if told.one:
        run_one(told.one, told.folder)
    else:
        compare(told.rows, told.turns)
        if told.big:
            compare(400, told.turns)
