"""The open data of this site: made once per store into the data folder, and read from there."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from lodestock.errors import InputError
from lodestock.evidence.store import Store
from lodestock.publish import open_data
from lodestock.publish.open_data_model import Index, Publisher
from lodestock_desk.api.problems import Problem

ROOT = "/api/v1"
_WRITING = Lock()


def publisher() -> Publisher:
    """Who publishes: from the environment of the site (docs/desk/open-data.md)."""
    values = settings.ENV.values
    home = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return Publisher(
        values.get("LODESTOCK_DESK_PUBLISHER", "Lodestock"), values.get("LODESTOCK_DESK_PUBLISHER_URI", ""),
        values.get("LODESTOCK_DESK_CONTACT", settings.DEFAULT_FROM_EMAIL), home, f"{home}/nl/data/",
    )  # fmt: skip


def folder() -> Path:
    """The folder with the open data of the store as it is now, written first where that was not done yet.

    Raises Problem 503 where the store is not built.
    """
    try:
        store = open_data.ready()
    except InputError as error:
        raise Problem(
            503,
            "De tabellen zijn nog niet gebouwd op deze server. Beheer: draai `lodestock data build`.",
            f"The tables have not been built on this server. Operator: {error.mend}.",
        ) from None
    kept = Path(settings.DATA_DIR) / "open-data"
    target = kept / f"{store.folder.name}-{open_data.FORMAT}"
    if not (target / open_data.CONTENT).exists():
        with _WRITING:
            if not (target / open_data.CONTENT).exists():
                _write(kept, target, store)
    return target


def _write(kept: Path, target: Path, store: Store) -> None:
    """Write aside and put in place whole; where another process was first, its copy stays. One older copy is kept for
    answers that are still being sent from it."""
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept, prefix=".") as folder:
        aside = Path(folder) / "new"
        aside.mkdir()
        open_data.write_open_data(aside, store, base=base(), publisher=publisher())
        if (target / open_data.CONTENT).exists():
            return
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
    older = sorted(
        (old for old in kept.iterdir() if old != target and not old.name.startswith(".")),
        key=lambda old: old.stat().st_mtime,
    )
    for old in older[:-1]:
        shutil.rmtree(old, ignore_errors=True)


def base() -> str:
    """The address of this version of the API."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{ROOT}"


@lru_cache(maxsize=2)
def _read(path: str) -> Index | None:
    return open_data.read_index(Path(path))


def index() -> Index:
    """What there is."""
    found = _read(str(folder()))
    if found is None:
        raise Problem(503)
    return found


def write_open_data(target: Path, address: str = "") -> Index:
    """Write the whole open data as plain files into `target`, for a static copy of the site.

    address: where `target` will stand, for the catalogue; the site's own API where it is not told. Raises InputError
    where the store is not built.
    """
    target.mkdir(parents=True, exist_ok=True)
    return open_data.write_open_data(target, open_data.ready(), base=address or base(), publisher=publisher())
