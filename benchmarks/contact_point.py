"""How fast are the clocks of 200 project files worked out, from the database to the overview page?

    python benchmarks/contact_point.py --projects 200

Needs the desk's requirements. Runs in a folder of its own that is removed afterwards. There is no named peer: the time
of reading the same rows without working out a clock is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

# The desk reads where its data stands when it is set up, so that comes before the rooms are imported.
FOLDER = tempfile.TemporaryDirectory(prefix="desk-benchmark-")
os.environ |= {"LODESTOCK_DESK_DATA": FOLDER.name, "DJANGO_SETTINGS_MODULE": "lodestock_desk.settings"}
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from lodestock_desk.accounts.models import Membership, Organisation, User  # noqa: E402
from lodestock_desk.processing import clocks  # noqa: E402
from lodestock_desk.processing.models import Permit, Project, ProjectEvent  # noqa: E402


def main() -> None:
    """Make the files, work out their clocks a few times, print the median times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=7)
    asked = parser.parse_args()
    _run(asked.projects, asked.repeats)


def _run(projects: int, repeats: int) -> None:
    call_command("migrate", verbosity=0)
    user = _fill(projects, timezone.localdate())
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["factor"] = True
    session.save()
    today = timezone.localdate()

    def read() -> int:
        found = Project.objects.prefetch_related("events", "permits")
        return sum(len(p.events.all()) + len(p.permits.all()) for p in found)

    def work_out() -> int:
        return sum(len(file.clocks) for file in clocks.files(Project.objects.all(), today))

    def page() -> int:
        answer = browser.get("/desk/processing/", headers={"host": "localhost"})
        assert answer.status_code == 200
        return len(answer.content)

    rows, reading = _timed(read, repeats)
    count, working = _timed(work_out, repeats)
    _size, opening = _timed(page, repeats)
    print(f"{projects} projects, {rows} events and permits, {count} clocks under each version of the law")
    print(f"reading the rows            {1000 * reading:8.1f} ms")
    print(
        f"reading and working out     {1000 * working:8.1f} ms  ({working / reading:.1f} x reading; wanted: <= 1000 ms)"
    )
    print(f"the overview page           {1000 * opening:8.1f} ms")


def _timed(what: Callable[[], int], repeats: int) -> tuple[int, float]:
    answer, times = what(), []
    for _turn in range(repeats):
        started = time.perf_counter()
        what()
        times.append(time.perf_counter() - started)
    return answer, statistics.median(times)


def _fill(projects: int, today: date) -> User:
    point = Organisation.objects.create(kind="contact_point", name="Benchmark (example)")
    user = User.objects.create_user("benchmark@voorbeeld.example", name="Benchmark", language="en")
    owner = Membership.objects.create(
        user=user, organisation=point, role="contact_point_officer", valid_from=date(2024, 1, 1)
    )
    stages = ("extraction", "processing", "recycling")
    made = Project.objects.bulk_create(
        Project(
            organisation=point, name=f"Project {n:03d} (example)", promoter_name="Example", material="gallium",
            stage=stages[n % 3], strategic="recognised", impact_assessment=True, running=n % 5 == 0, owner=owner,
            made_by=user,
        )
        for n in range(projects)
    )  # fmt: skip
    kinds = ("applied", "recognition_complete", "recognised", "scoping_asked", "scoping_given", "submitted", "complete",
             "eia_complete")  # fmt: skip
    events, permits = [], []
    for n, project in enumerate(made):
        start = today - timedelta(days=600 + n % 200)
        for step, kind in enumerate(kinds):
            day = start + timedelta(days=40 * step)
            events.append(ProjectEvent(project=project, kind=kind, on=day, made_by=user))
        stop = start + timedelta(days=330)
        events.append(
            ProjectEvent(project=project, kind="suspended", on=stop, until=stop + timedelta(days=30), made_by=user,
                         ground="waiting-for-promoter", reason="example")
        )  # fmt: skip
        permits += [
            Permit(project=project, name=f"Permit {k}", authority="example", law="Awb 3:18", term=6, term_unit="months",
                   applied_on=start, outcome="pending")
            for k in range(3)
        ]  # fmt: skip
    ProjectEvent.objects.bulk_create(events)
    Permit.objects.bulk_create(permits)
    return user


if __name__ == "__main__":
    main()
