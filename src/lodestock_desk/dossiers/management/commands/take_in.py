"""`take_in FOLDER --material MATERIAL` takes in what `lodestock brief … --out FOLDER` wrote: run and figures."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock.errors import LodestockError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.dossiers.actions import take_in


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder and its material."""
        parser.add_argument("folder")
        parser.add_argument("--material", required=True, help="id or name of the material that the run is about")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in and say what was taken in."""
        try:
            found = take_in(Actor(system="take_in"), Path(options["folder"]), material=options["material"])
        except LodestockError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        for result in found:
            self.stdout.write(f"{result.name}  {result.day.isoformat()}  {result.content_id[:12]}")
