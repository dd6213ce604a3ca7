"""Input–output tables of the user: imported once, checked, kept under LODESTOCK_HOME, and one of them in use.

A table is a folder `io/<id>` with the numbers (table.npz) and where they come from (origin.yml). A folder appears in
one step when it is complete, so a run that is broken off leaves nothing half-made.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from lodestock.economy.checks import require_usable
from lodestock.economy.embedded import EMBEDDED, embedded_table
from lodestock.economy.io_system import Defect, Industry, InputOutputTable
from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.store import Store

# Who publishes a table that can be imported: producer, licence, address. The first word of a table's id names it.
PROVIDERS: Mapping[str, tuple[str, str, str]] = {
    "figaro": ("Eurostat", "CC BY 4.0", "https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database"),
    "exiobase": ("EXIOBASE consortium", "CC BY-SA 4.0", "https://doi.org/10.5281/zenodo.3583070"),
    "cbs": ("Statistics Netherlands (CBS)", "CC BY 4.0", "https://www.cbs.nl"),
    "wiod": ("World Input-Output Database", "CC BY 4.0", "https://www.rug.nl/ggdc/valuechain/wiod/"),
}
_NUMBERS, _ORIGIN, _POINTER = "table.npz", "origin.yml", "IN_USE"


@dataclass(frozen=True, slots=True)
class Held:
    """A table that can be used: its id, where it comes from, and (for the one that ships) what did not balance."""

    id: str
    table: InputOutputTable
    origin: Mapping[str, Any]
    gaps: tuple[Defect, ...] = ()

    @property
    def ships(self) -> bool:
        """Whether this is the table that ships, read from the evidence store."""
        return self.id == EMBEDDED


def keep(home: Path, name: str, table: InputOutputTable, origin: Mapping[str, Any]) -> str:
    """Check a table and keep it under `home`; returns its id. The same id is replaced.

    Raises DataError where the table is not fit for a run (see `require_usable`).
    """
    require_usable(table)
    if name == EMBEDDED:
        raise InputError(f"'{EMBEDDED}' is the table that ships", mend="give the table another name")
    shelf = home / "io"
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".keeping-", dir=shelf))
    except OSError as error:
        raise InputError("the table cannot be kept", where=str(shelf), why=error.strerror or str(error)) from None
    try:
        _write(work, table, dict(origin))
        old = shelf / name
        aside = Path(tempfile.mkdtemp(prefix=".replaced-", dir=shelf))
        if old.exists():
            old.replace(aside / name)
        work.replace(old)
        shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise InputError("the table cannot be kept", where=str(shelf), why=error.strerror or str(error)) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return name


def _write(folder: Path, table: InputOutputTable, origin: dict[str, Any]) -> None:
    with (folder / _NUMBERS).open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            industries=np.array([[item.region, item.sector] for item in table.industries]),
            users=np.array(table.users),
            flows=table.flows,
            final=table.final,
            value_added=table.value_added,
            output=table.output,
            other=table.other,
        )
    facts = {
        "unit": table.unit,
        "year": table.year,
        "scaled_to": table.scaled_to,
        "source": table.source,
        "industries": len(table.industries),
        "regions": len(table.regions),
        "value_added_total": float(table.value_added.sum()),
        "kept_on": datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")[:16],
    }
    text = yaml.safe_dump(facts | origin, sort_keys=False, allow_unicode=True)
    (folder / _ORIGIN).write_text(text, encoding="utf-8")


def names(home: Path) -> tuple[str, ...]:
    """The ids of the tables that can be used: the one that ships first, then the kept ones."""
    shelf = home / "io"
    kept = sorted(path.parent.name for path in shelf.glob(f"*/{_ORIGIN}")) if shelf.is_dir() else []
    return (EMBEDDED, *(name for name in kept if not name.startswith(".")))


def origin_of(home: Path, name: str) -> dict[str, Any]:
    """Where a kept table comes from."""
    path = home / "io" / name / _ORIGIN
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"the table '{name}' cannot be read", where=str(path), why=str(error)) from None
    if not isinstance(plain, dict):
        raise InputError(f"the table '{name}' cannot be read", where=str(path), mend="import it again")
    return plain


def held(home: Path, store: Store, name: str | None = None) -> Held:
    """The table with this id, or the one in use; raises UnknownNameError with the nearest ids, and InputError where the
    table in use is gone."""
    wanted = in_use(home) if name is None else name
    if wanted == EMBEDDED:
        found = embedded_table(store)
        return Held(EMBEDDED, found.table, {"snapshots": list(found.snapshots)}, found.gaps)
    if name is None and wanted not in names(home):
        raise InputError(
            f"the input-output table in use is gone: {wanted}", where=str(home / "io"),
            why="its folder was moved or removed by hand",
            mend=f"import its file again, or use the table that ships: lodestock io use {EMBEDDED}",
        )  # fmt: skip
    if wanted not in names(home):
        raise UnknownNameError("input-output table", wanted, names(home), where=str(home / "io"))
    origin = origin_of(home, wanted)
    path = home / "io" / wanted / _NUMBERS
    try:
        with np.load(path, allow_pickle=False) as parts:
            table = InputOutputTable(
                tuple(Industry(str(region), str(sector)) for region, sector in parts["industries"]),
                tuple((str(region), str(kind)) for region, kind in parts["users"]),
                parts["flows"], parts["final"], parts["value_added"], parts["output"], str(origin["unit"]),
                int(origin["year"]), str(origin["source"]), origin["scaled_to"], parts["other"],
            )  # fmt: skip
    except (OSError, KeyError, ValueError, EOFError) as error:
        raise InputError(
            f"the table '{wanted}' is damaged", where=str(path), why=str(error), mend="import it again"
        ) from None
    return Held(wanted, table, origin)


def in_use(home: Path) -> str:
    """The id of the table in use; the one that ships where none was chosen."""
    pointer = home / "io" / _POINTER
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else EMBEDDED


def use(home: Path, name: str) -> None:
    """Choose the table that impact runs take."""
    if name not in names(home):
        raise UnknownNameError("input-output table", name, names(home), where=str(home / "io"))
    shelf = home / "io"
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=shelf, prefix=".in-use-", delete=False, encoding="utf-8") as stream:
        stream.write(f"{name}\n")
    Path(stream.name).replace(shelf / _POINTER)


def remove(home: Path, name: str) -> bool:
    """Take a kept table out; returns whether it was in use, in which case the table that ships is in use from now on.

    Raises InputError for the table that ships, UnknownNameError with the nearest ids for one that is not there.
    """
    if name == EMBEDDED:
        raise InputError(
            f"'{EMBEDDED}' ships with Lodestock and cannot be removed", mend="use another one: lodestock io use ID"
        )
    if name not in names(home):
        raise UnknownNameError("input-output table", name, names(home), where=str(home / "io"))
    shelf, chosen = home / "io", in_use(home) == name
    try:
        if chosen:
            (shelf / _POINTER).unlink()
        aside = Path(tempfile.mkdtemp(prefix=".removed-", dir=shelf))
        (shelf / name).replace(aside / name)
        shutil.rmtree(aside)
    except OSError as error:
        raise InputError("the table cannot be removed", where=str(shelf), why=error.strerror or str(error)) from None
    return chosen
