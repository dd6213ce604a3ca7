"""Official-size files of FIGARO (46 regions × 64) and EXIOBASE (49 × 163) through `lodestock io import` and `impact`.

usage: python benchmarks/io_import.py [figaro] [exiobase]

The numbers in the files are made up (a fixed seed); the shape, the codes and the size are the providers'. Every command
runs as a program of its own with its own data folder; time and peak memory are those of that program.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

import numpy as np
import polars as pl


def _words(text: str) -> list[str]:
    return text.split()


SCENARIO = "china-heavy-rare-earths-2025"
EU = _words("BE BG CZ DK DE EE IE EL ES FR HR IT CY LV LT LU HU MT NL AT PL PT RO SI SK FI SE")
FIGARO_AREAS = [*EU, *_words("AR AU BR CA CH CN ID IN JP KR MX NO RU SA TR UK US ZA FIGW1")]
FIGARO_CODES = _words(
    "A01 A02 A03 B C10T12 C13T15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31_32 C33 D35 E36 E37T39 "
    "F G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59_60 J61 J62_63 K64 K65 K66 L M69_70 M71 M72 M73 M74_75 N77 N78 N79 "
    "N80T82 O84 P85 Q86 Q87_88 R90T92 R93 S94 S95 S96 T U"
)
FIGARO_USES = ["P3_S13", "P3_S14", "P3_S15", "P51G", "P5M"]
EXIOBASE_AREAS = [
    *["GR" if area == "EL" else area for area in EU],
    *_words("GB US JP CN CA KR BR IN MX RU AU CH TR TW NO ID ZA WA WL WE WF WM"),
]
EXIOBASE_USES = ["Final consumption expenditure by households", "Gross fixed capital formation"]


def made_up(regions: int, sectors: int, uses: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flows, final use and value added that balance; most of what an industry buys comes from its own region."""
    rng = np.random.default_rng(20261122)
    n = regions * sectors
    region = np.arange(n) // sectors
    flows = rng.random((n, n)) ** 4 * np.where(region[:, None] == region[None, :], 1.0, 0.02)
    final = rng.random((n, regions * uses)) * np.where(region[:, None] == np.arange(regions * uses) // uses, 20.0, 0.1)
    sold = flows.sum(axis=1) + final.sum(axis=1)
    flows *= (0.5 * sold / flows.sum(axis=0))[None, :]
    output = flows.sum(axis=1) + final.sum(axis=1)
    short = flows.sum(axis=0) > 0.8 * output
    final[short] += ((flows.sum(axis=0) / 0.7 - output)[short] / final.shape[1])[:, None]
    output = flows.sum(axis=1) + final.sum(axis=1)
    return flows, final, output - flows.sum(axis=0)


def write_figaro(folder: Path, areas: list[str] = FIGARO_AREAS) -> Path:
    """The flat file, industry by industry."""
    flows, final, added = made_up(len(areas), len(FIGARO_CODES), len(FIGARO_USES))
    makers = [(area, code) for area in areas for code in FIGARO_CODES]
    users = [(area, code) for area in areas for code in FIGARO_USES]
    primary = [("W2", code) for code in ("D21X31", "D1", "D29X39", "B2A3G")]
    parts = np.vstack([0.0 * added, 0.6 * added, 0.1 * added, 0.3 * added])
    path = folder / "flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv"
    blocks = [_long(makers, [*makers, *users], np.hstack([flows, final])), _long(primary, makers, parts)]
    pl.concat(blocks).write_csv(path)
    return path


def _long(rows: list[tuple[str, str]], columns: list[tuple[str, str]], values: np.ndarray) -> pl.DataFrame:
    r, c = np.divmod(np.arange(values.size), len(columns))
    left, right = (
        pl.DataFrame(rows, schema=["a", "k"], orient="row"),
        pl.DataFrame(columns, schema=["a", "k"], orient="row"),
    )
    return pl.DataFrame(
        {
            "icioiRow": (left["a"] + "_" + left["k"])[r], "icioiCol": (right["a"] + "_" + right["k"])[c],
            "refArea": left["a"][r], "rowIi": left["k"][r], "counterpartArea": right["a"][c], "colIi": right["k"][c],
            "obsValue": values.ravel(),
        }
    )  # fmt: skip


def write_exiobase(folder: Path, areas: list[str] = EXIOBASE_AREAS) -> Path:
    """The folder with A.txt, x.txt and Y.txt; industry names are those of the concordance that ships."""
    text = resources.files("lodestock").joinpath("reference/economy/concordance.csv").read_text(encoding="utf-8")
    names = [row["sector"] for row in csv.DictReader(text.splitlines()) if row["provider"] == "exiobase"]
    flows, final, _ = made_up(len(areas), len(names), len(EXIOBASE_USES))
    output = flows.sum(axis=1) + final.sum(axis=1)
    makers = [(area, name) for area in areas for name in names]
    users = [(area, use) for area in areas for use in EXIOBASE_USES]
    path = folder / "IOT_2022_ixi"
    path.mkdir(exist_ok=True)
    _wide(path / "A.txt", makers, makers, flows / output, "sector")
    _wide(path / "Y.txt", makers, users, final, "category")
    lines = ["region\tsector\tindout", *(f"{a}\t{s}\t{x!r}" for (a, s), x in zip(makers, output.tolist(), strict=True))]
    (path / "x.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _wide(
    path: Path, rows: list[tuple[str, str]], columns: list[tuple[str, str]], values: np.ndarray, word: str
) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for top, k in (("region", 0), (word, 1)):
            stream.write("\t".join([top, "", *(column[k] for column in columns)]) + "\n")
        stream.write("\t".join(["region", "sector", *[""] * len(columns)]) + "\n")
        for label, row in zip(rows, values, strict=True):
            stream.write("\t".join([*label, *(f"{value:.12g}" for value in row)]) + "\n")


def timed(home: Path, *words: str) -> None:
    """Run one command and print its last line, time and peak memory."""
    pinned = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "lodestock.cli", *words], env={**os.environ, **pinned, "LODESTOCK_HOME": str(home)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    out = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    busy = used.ru_utime + used.ru_stime
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(words)} failed")
    said = [line for line in out.splitlines() if line and not line.startswith("{")]
    print(
        f"{' '.join(words[:3])}: {time.perf_counter() - start:.1f} s, {busy:.1f} s of processor time, "
        f"peak {used.ru_maxrss / 1e6:.2f} GB; {said[3] if words[0] == 'impact' and len(said) > 3 else said[0]}",
        flush=True,
    )


def main() -> None:
    """Write one provider's file at official size, import it, and follow the flagship scenario through it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("providers", nargs="*", default=["figaro", "exiobase"])
    given = parser.parse_args()
    for provider in given.providers:
        with tempfile.TemporaryDirectory() as folder:
            writer = {"figaro": write_figaro, "exiobase": write_exiobase}[provider]
            # In a process of its own, so that its memory is not ours.
            pid = os.fork()
            if pid == 0:
                writer(Path(folder))
                os._exit(0)
            os.waitpid(pid, 0)
            path = next(Path(folder).iterdir())
            size = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
            print(f"{provider}: {size / 1e6:.0f} MB, made up in the official shape and size", flush=True)
            home = Path(folder) / "home"
            timed(home, "io", "import", provider, str(path), "--use")
            timed(home, "io", "show")
            timed(home, "impact", SCENARIO, "--for", "NLD", "--lang", "en")
    print(f"peak of this program {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
