"""`example` fills an empty local database with marked example data (voorbeeld)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lodestock_desk.core.example.everything import make_example


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the example through the same actions that people use."""
        if settings.PRODUCTION:
            raise CommandError("example data are never put into a production database")
        with transaction.atomic():
            make_example()
        self.stdout.write("example data made")
