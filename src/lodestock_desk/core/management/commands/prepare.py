"""`prepare` brings the database up to date, makes the first pages and, unless told not to, the example data."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from lodestock_desk.accounts.models import User
from lodestock_desk.core.retention import make_rules
from lodestock_desk.site.seed import make_pages


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """With or without the example."""
        parser.add_argument("--example", action="store_true", default=False)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, pages, retention rules, cache table, example."""
        self._say("Bringing the database up to date …")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        make_pages()
        make_rules()
        if options["example"] and not settings.PRODUCTION and not User.objects.exists():
            self._say("Making the example data: a scenario is run for its dossiers, which takes up to a minute …")
            call_command("example")
        if options["example"] and not settings.PRODUCTION:
            call_command("codes")

    def _say(self, text: str) -> None:
        """Tell at once what is being done."""
        self.stdout.write(text)
        self.stdout.flush()
