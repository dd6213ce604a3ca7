"""`publish_static FOLDER` writes the whole public site as files, for any web server."""

import logging
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock.errors import LodestockError
from lodestock_desk.api.open_data import write_open_data
from lodestock_desk.site.static_site import publish_static


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say what was written."""
        logging.getLogger("django.request").setLevel(logging.ERROR)
        started = time.perf_counter()
        try:
            done = publish_static(Path(options["folder"]), tables=self._tables)
        except LodestockError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"cannot be written: {error.filename or options['folder']}: {error.strerror}") from None
        said = f"no open data ({done.no_tables})" if done.no_tables else f"{self.tables} open tables"
        self.stdout.write(
            f"{done.pages} pages in {done.files} files, {done.size / 1e6:.1f} MB, {done.links} links followed, "
            f"{said}, in {time.perf_counter() - started:.1f} s"
        )

    def _tables(self, folder: Path) -> None:
        """Put the open data where the site's own API has them; without a built store there are none."""
        self.tables = sum(table.given for table in write_open_data(folder).tables)
