"""From the first version of each room to today's, with rows in it: nothing is lost on the way."""

from __future__ import annotations

import pytest

from .servers import Desk, free_port

FIRST = """
import uuid
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
OWN = [{labels}]
loader = MigrationExecutor(connection).loader
firsts = [key for key in loader.graph.nodes if key[0] in OWN and key[1].startswith("0001")]
executor = MigrationExecutor(connection)
executor.migrate(firsts)
old = MigrationExecutor(connection).loader.project_state(firsts).apps
Organisation, Report = old.get_model("accounts", "Organisation"), old.get_model("signals", "Report")
Entry = old.get_model("core", "AuditEntry")
ez = Organisation.objects.create(kind="ministry", name="Ministerie (voorbeeld)", abbreviation="EZ")
for n in range(3):
    Report.objects.create(reference=f"A{{n}}", submission=uuid.uuid4(), source="company", receiver=ez,
                          material="gallium", description=f"tekst {{n}}", stock_days=n)
call_command("migrate", verbosity=0)
from lodestock_desk.signals.models import Report as Now
rows = list(Now.objects.order_by("reference").values_list("reference", "description", "stock_days", "receiver__name"))
assert rows == [(f"A{{n}}", f"tekst {{n}}", n, "Ministerie (voorbeeld)") for n in range(3)], rows
call_command("migrate", check_unapplied=True, verbosity=0)
print(len(firsts))
"""


@pytest.mark.slow
def test_rows_of_the_first_version_are_there_after_migrating_forward(tmp_path: object) -> None:
    labels = ("core", "accounts", "signals", "callouts", "licences", "outreach", "contacts", "disclosure", "scenarios",
              "overview")  # fmt: skip
    made = Desk(tmp_path, free_port(), "")
    printed = made.script(FIRST.format(labels=", ".join(f'"{label}"' for label in labels)))
    assert int(printed.split()[-1]) == len(labels)
