"""`backup FOLDER` copies the embedded database, the attachments and the keys while the desk runs (SQLite only)."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder to write to."""
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy the database by SQLite's own backup, then the files: a file of a later report does no harm."""
        if connection.vendor != "sqlite":
            raise CommandError("use pg_dump for PostgreSQL and copy the data folder (docs/desk/operations.md)")
        target = Path(options["folder"])
        if target.exists():
            raise CommandError(f"{target} exists already: give a new folder")
        target.mkdir(parents=True, mode=0o700)
        source = sqlite3.connect(str(connection.settings_dict["NAME"]))
        copy = sqlite3.connect(target / "desk.sqlite3")
        source.backup(copy)
        copy.close()
        source.close()
        for name in ("uploads", "media"):
            if (settings.DATA_DIR / name).exists():
                shutil.copytree(settings.DATA_DIR / name, target / name)
        for name in ("secret.key", "audit.key", "audit-anchors.log"):
            if (settings.DATA_DIR / name).exists():
                shutil.copy2(settings.DATA_DIR / name, target / name)
        self.stdout.write(f"copied to {target}; its keys open it, so keep it as safe as the desk itself")
