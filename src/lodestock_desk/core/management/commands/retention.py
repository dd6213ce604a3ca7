"""`retention` says what is past its time; `retention --apply` removes it and records that."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock_desk.core.expiry import expire


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Look only, or apply."""
        parser.add_argument("--apply", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or remove."""
        for kind, count in expire(apply=options["apply"]).items():
            self.stdout.write(f"{kind}: {count} {'removed' if options['apply'] else 'past its time'}")
