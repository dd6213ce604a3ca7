"""`compare_measures SCENARIO --budget EUROS` runs the library's comparison of measures and keeps it for the page."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock.errors import LodestockError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.compared import keep, run_comparison


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The scenario, the budget and how many draws."""
        parser.add_argument("scenario")
        parser.add_argument("--budget", type=float, default=50e6, help="euros over the whole period")
        parser.add_argument("--for", dest="region", default="NLD", help="NLD or EU27")
        parser.add_argument("--draws", type=int, default=200)
        parser.add_argument("--scenarios", type=int, default=2000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and keep."""
        day = date.today()
        try:
            payload = run_comparison(
                options["scenario"], budget_eur=options["budget"], region=options["region"], as_of=day,
                draws=options["draws"], scenarios=options["scenarios"],
            )  # fmt: skip
        except LodestockError as error:
            raise CommandError(str(error)) from None
        made = keep(
            Actor(system="compare_measures"), payload, scenario=options["scenario"], region=options["region"],
            budget_eur=Decimal(str(options["budget"])), as_of=day,
        )  # fmt: skip
        self.stdout.write(f"kept {made.pk}: {payload['title']['nl']}")
