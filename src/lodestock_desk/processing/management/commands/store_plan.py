"""`store_plan FOLDER --material MATERIAL` stores a stock note (`lodestock stock … --out`) for the hub question."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lodestock.errors import InputError, LodestockError
from lodestock.evidence.manifest import read, write
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.dossiers.actions import take_in
from lodestock_desk.processing.hub import START

_NOTE = "stock_note.manifest.json"


def _as_run(folder: Path, made: Path) -> Path:
    """A folder as stored results have it. The run is named after the note, as a brief may hold the scenario's name."""
    manifest = read(folder / _NOTE)
    if not manifest.sealed:
        raise InputError(
            "the manifest was changed after it was written", where=str(folder / _NOTE),
            why="its seal does not fit its text", mend="make the stock note again",
        )  # fmt: skip
    if not any(entry.id.startswith(START) for entry in manifest.ledger):
        raise InputError(
            "the note holds no places", where=str(folder / _NOTE), why="nothing is held in this plan",
            mend="give a larger budget to lodestock stock",
        )  # fmt: skip
    named = replace(manifest.run, scenario=f"{manifest.run.scenario}-stock")
    write(replace(manifest, run=named), made / "manifest.json")
    for name in {file for figure in manifest.figures.values() for file in figure["files"]}:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise InputError("a file lies outside the folder", where=name, mend="give the folder of the stock note")
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, made / name, follow_symlinks=False)
    return made


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder and its material."""
        parser.add_argument("folder")
        parser.add_argument("--material", required=True, help="material of the vocabulary, by name or id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Store the note as a run; its places then answer the hub question."""
        with tempfile.TemporaryDirectory() as made:
            try:
                folder = _as_run(Path(options["folder"]), Path(made))
                stored = take_in(Actor(system="store_plan"), folder, material=options["material"])
            except (LodestockError, OSError) as error:
                raise CommandError(str(error)) from None
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"stored {stored[0].name} of {stored[0].day.isoformat()}")
