"""`compare_measures SCENARIO --by ADDRESS --budget EUROS` compares measures and keeps the answer."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock.errors import LodestockError
from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import User
from lodestock_desk.measures.compared import keep, run_comparison


def _keeper(address: str) -> Actor:
    """The person who keeps the comparison, in a role that may."""
    user = User.objects.filter(email__iexact=address).first()
    for membership in current_memberships(user) if user else ():
        found = Actor(user=user, membership=membership)
        if found.may("measure.keep"):
            return found
    raise CommandError(f"{address}: nobody who keeps measures has this address")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The scenario, the budget and how many draws."""
        parser.add_argument("scenario")
        parser.add_argument("--by", required=True, help="address of the policy officer or line who keeps it")
        parser.add_argument("--budget", type=float, default=50e6, help="euros over the whole period")
        parser.add_argument("--for", dest="region", default="NLD", help="NLD or EU27")
        parser.add_argument("--draws", type=int, default=200)
        parser.add_argument("--scenarios", type=int, default=2000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and keep."""
        day = date.today()
        keeper = _keeper(options["by"])
        try:
            payload = run_comparison(
                options["scenario"], budget_eur=options["budget"], region=options["region"], as_of=day,
                draws=options["draws"], scenarios=options["scenarios"],
            )  # fmt: skip
        except LodestockError as error:
            raise CommandError(str(error)) from None
        made = keep(
            keeper, payload, scenario=options["scenario"], region=options["region"],
            budget_eur=Decimal(str(options["budget"])), as_of=day,
        )  # fmt: skip
        self.stdout.write(f"kept {made.pk}: {payload['title']['nl']}")
