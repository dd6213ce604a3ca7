"""How fast is the public site with fifty visitors, a dossier as PDF, and the whole site as files? Beside /healthz.

    python benchmarks/public_site.py --users 50 --seconds 30

Needs the desk's requirements. The desk runs on SQLite in a folder of its own; visitors wait five seconds on average
between pages, as people do, and open what is on the page too (pictures).
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "desk"))

from servers import Desk, desk

PAGES = (
    "/nl/", "/nl/dossiers/", "/nl/dossiers/koper/", "/en/dossiers/rare-earth-magnets/", "/en/materials/",
    "/nl/materials/dysprosium/", "/nl/scenarios/china-heavy-rare-earths-2025/", "/en/sure/", "/nl/search/?q=magneten",
    "/nl/pieces/", "/en/data/",
)  # fmt: skip
PDF = """
import time
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.pdf import pdf
for page in DossierPage.objects.live().order_by("slug"):
    times = []
    for _ in range(5):
        started = time.perf_counter()
        size = len(pdf(page))
        times.append(time.perf_counter() - started)
    print(f"{page.slug} {page.lang} {times[0]:.3f} {min(times[1:]):.3f} {size}")
"""


def _ask(port: int, path: str) -> tuple[int, float, bytes]:
    started = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as link:
        link.request("GET", path, headers={"Host": f"127.0.0.1:{port}"})
        answer = link.getresponse()
        body = answer.read()
    return answer.status, time.perf_counter() - started, body


def _load(running: Desk, users: int, seconds: float, think: float) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    wrong: list[str] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def visitor(number: int) -> None:
        rng = random.Random(number)
        time.sleep(rng.uniform(0, think))
        while time.monotonic() < end:
            page = rng.choice(PAGES)
            status, took, body = _ask(running.port, page)
            pictures = re.findall(rb'src="(/results/[^"]+\.svg)"', body)
            found = [(page, status, took)]
            if pictures:
                status, took, _body = _ask(running.port, rng.choice(pictures).decode())
                found.append(("a picture", status, took))
            with lock:
                for name, code, spent in found:
                    times.setdefault(name, []).append(spent)
                    if code != 200:
                        wrong.append(f"{name}: {code}")
            time.sleep(rng.expovariate(1 / think))

    threads = [threading.Thread(target=visitor, args=(n,)) for n in range(users)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(f"errors: {len(wrong)} {wrong[:5]}")
    return times


def _p95(found: list[float]) -> float:
    return sorted(found)[min(len(found) - 1, int(0.95 * len(found)))]


def main() -> None:
    """Start, load, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--think", type=float, default=5.0)
    asked = parser.parse_args()
    with desk() as running, tempfile.TemporaryDirectory() as folder:
        for page in PAGES:  # each worker has read its templates once
            for _ in range(4):
                _ask(running.port, page)
        floor = [_ask(running.port, "/healthz")[1] for _ in range(50)]
        times = _load(running, asked.users, asked.seconds, asked.think)
        sheets = running.script(PDF)
        files = running.manage("publish_static", str(Path(folder) / "site")).strip().splitlines()[-1]
    base = statistics.median(floor)
    print(f"{asked.users} visitors, think {asked.think} s, {asked.seconds} s; SQLite, 2 workers of 4 threads")
    print(f"{'page':52} {'n':>5} {'median ms':>10} {'p95 ms':>8} {'median × health':>16}")
    whole = [spent for found in times.values() for spent in found]
    for page, found in sorted({**times, "all": whole, "/healthz, nobody else": floor}.items()):
        print(f"{page:52} {len(found):5} {1e3 * statistics.median(found):10.0f} {1e3 * _p95(found):8.0f} "
              f"{statistics.median(found) / base:16.1f}")  # fmt: skip
    print("PDF: dossier, language, first s, best of four s, bytes")
    print(sheets.strip())
    print(f"files: {files}")


if __name__ == "__main__":
    main()
