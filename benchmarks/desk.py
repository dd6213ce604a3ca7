"""How fast is the desk with many signals and fifty people? PostgreSQL, started here; beside the bare health page.

    python benchmarks/desk.py --signals 100000 --companies 5000 --users 50 --seconds 60

Needs the desk's requirements and PostgreSQL. Users wait five seconds on average between pages, as people do.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import sys
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "desk"))

from servers import Desk, desk, postgresql

FILL = """
import random, uuid
from datetime import timedelta
from django.utils import timezone
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.signals.models import Report
rng = random.Random(1)
ez = Organisation.objects.get(abbreviation="EZ")
companies = [
    Organisation(kind="company", name=f"Bedrijf {{n}} (voorbeeld)", kvk=f"{{10000000 + n}}") for n in range({companies})
]
Organisation.objects.bulk_create(companies, batch_size=1000)
states = ["new", "under_review", "verified", "closed"]
rows = []
for n in range({signals}):
    company = companies[rng.randrange(len(companies))]
    rows.append(Report(
        reference=f"B{{n:07d}}", submission=uuid.uuid4(), source="company", receiver=ez, company=company,
        company_name=company.name, kvk=company.kvk, company_key=f"kvk:{{company.kvk}}",
        material=rng.choice(["ndfeb-magnets", "gallium", "germanium", "cobalt", "copper"]), product_words="onderdelen",
        effect="delayed", cause="supplier", severity="low", stock_days=rng.randrange(200), state=rng.choice(states),
    ))
    if len(rows) == 2000:
        Report.objects.bulk_create(rows)
        rows = []
Report.objects.bulk_create(rows)
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
for name in ("beleid.ez", "servo"):
    user = User.objects.get(email=f"{{name}}@voorbeeld.example")
    for _ in range(25):
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store["factor"] = True
        store.create()
        print(name, store.session_key, ez.pk)
"""
PAGES = {
    "beleid.ez": ("/desk/signals/", "/desk/signals/?state=new", "/desk/signals/?page=40", "/desk/overview/",
                  "/desk/overview/gallium/", "/desk/"),
    "servo": ("/desk/signals/", "/desk/", "/desk/warnings/"),
}  # fmt: skip


def _ask(port: int, method: str, path: str, session: str, body: str = "") -> tuple[int, float]:
    headers = {"Host": f"127.0.0.1:{port}", "Cookie": f"desk_session={session}; csrftoken={'a' * 32}"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    started = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as link:
        link.request(method, path, body or None, headers)
        answer = link.getresponse()
        answer.read()
    return answer.status, time.perf_counter() - started


def _report(receiver: str) -> str:
    return (
        f"csrfmiddlewaretoken={'a' * 32}&submission={uuid.uuid4()}&what=magneten&effect=delayed&since=2025-05-01"
        f"&cause=supplier&severity=low&receiver={receiver}"
    )


def _load(running: Desk, sessions: list[list[str]], seconds: float, think: float) -> dict[str, list[float]]:
    """Every user opens pages with pauses; a company user files a report every tenth time. Answers seconds by page."""
    times: dict[str, list[float]] = {}
    errors: list[str] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def user(number: int, name: str, session: str, receiver: str) -> None:
        rng = random.Random(number)
        time.sleep(rng.uniform(0, think))
        while time.monotonic() < end:
            if name == "servo" and rng.random() < 0.1:
                page = "report filed"
                status, took = _ask(running.port, "POST", "/desk/signals/new/", session, _report(receiver))
            else:
                page = rng.choice(PAGES[name])
                status, took = _ask(running.port, "GET", page, session)
            with lock:
                times.setdefault(page, []).append(took)
                if status not in (200, 302) or (page == "report filed" and status != 302):
                    errors.append(f"{page}: {status}")
            time.sleep(rng.expovariate(1 / think))

    users = [threading.Thread(target=user, args=(n, *one)) for n, one in enumerate(sessions)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    print(f"errors: {len(errors)} {errors[:5]}")
    return times


def main() -> None:
    """Fill, load, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("signals", 100_000), ("companies", 5_000), ("users", 50), ("seconds", 60)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--think", type=float, default=5.0)
    asked = parser.parse_args()
    with postgresql() as address, desk(address) as running:
        lines = running.script(FILL.format(signals=asked.signals, companies=asked.companies)).splitlines()
        sessions = [line.split() for line in lines][: asked.users]
        floor = [_ask(running.port, "GET", "/healthz", "")[1] for _ in range(50)]
        times = _load(running, sessions, asked.seconds, asked.think)
    base = statistics.median(floor)
    print(f"{asked.signals} signals, {asked.companies} companies, {len(sessions)} users, think {asked.think} s")
    print(f"{'page':32} {'n':>5} {'median ms':>10} {'p95 ms':>8} {'median × health':>16}")
    for page, found in sorted({**times, "/healthz, nobody else": floor}.items()):
        p95 = sorted(found)[min(len(found) - 1, int(0.95 * len(found)))]
        print(f"{page:32} {len(found):5} {1e3 * statistics.median(found):10.0f} {1e3 * p95:8.0f} "
              f"{statistics.median(found) / base:16.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
