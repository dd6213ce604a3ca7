"""`audit verify` says whether the audit record is whole; `audit anchor` writes its head to the anchor file."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock_desk.core import audit
from lodestock_desk.core.models import AuditHead


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """verify or anchor."""
        parser.add_argument("what", choices=("verify", "anchor"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify or anchor the record."""
        if options["what"] == "anchor":
            self.stdout.write(audit.anchor())
            return
        faults = audit.verify()
        for fault in faults:
            self.stderr.write(f"row {fault.sequence}: {fault.what}")
        if faults:
            raise CommandError(f"the audit record is not whole: {len(faults)} fault(s)")
        head = AuditHead.objects.filter(only=True).first()
        self.stdout.write(f"the audit record is whole: {head.count if head else 0} rows")
