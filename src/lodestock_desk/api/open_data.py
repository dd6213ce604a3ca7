"""The open data of this site: made once per store into the data folder, and read from there."""

from __future__ import annotations

import os
import shutil
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lodestock.errors import InputError
from lodestock.publish import open_data
from lodestock.publish.open_data_model import Index, Publisher
from lodestock_desk.api.problems import Problem

ROOT = "/api/v1"


def publisher() -> Publisher:
    """Who publishes: from the environment of the site (docs/desk/open-data.md)."""
    values = settings.ENV.values
    home = settings.WAGTAILADMIN_BASE_URL
    return Publisher(
        values.get("LODESTOCK_DESK_PUBLISHER", "Lodestock"), values.get("LODESTOCK_DESK_PUBLISHER_URI", ""),
        values.get("LODESTOCK_DESK_CONTACT", settings.DEFAULT_FROM_EMAIL), home,
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
        aside = kept / f".{target.name}-{os.getpid()}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        open_data.write_open_data(aside, store, base=base(), publisher=publisher())
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
        for old in kept.iterdir():
            if old != target and not old.name.startswith("."):
                shutil.rmtree(old, ignore_errors=True)
    return target


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
