"""One module per provider: SOURCE describes it, tidy() reads its file. Dropping a module in registers it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.source import Provider, Source


def _no_vintage(file: Path) -> str:
    """Most providers do not write the release into the name of the file."""
    return ""


def _nothing_together(files: Sequence[Path]) -> tuple[InputError, ...]:
    """The files of most providers do not refer to each other."""
    return ()


@cache
def providers() -> dict[str, Provider]:
    """Every registered source by id: each module of this package that declares SOURCE and tidy."""
    found: dict[str, Provider] = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        source = getattr(module, "SOURCE", None)
        tidy = getattr(module, "tidy", None)
        if not isinstance(source, Source) or not callable(tidy):
            raise DataError(
                f"module '{info.name}' declares no source",
                where=f"evidence/sources/{info.name}.py",
                mend="give it SOURCE = Source(...) and tidy(file), or begin its name with an underscore",
            )
        if source.id in found:
            raise DataError(f"two modules declare source '{source.id}'", where=f"evidence/sources/{info.name}.py")
        own = (getattr(module, "vintage", _no_vintage), getattr(module, "together", _nothing_together))
        found[source.id] = Provider(source, tidy, *own)
    return found


def provider(source_id: str) -> Provider:
    """The registered source of that id; an unknown id raises with the nearest offered."""
    known = providers()
    if source_id not in known:
        raise UnknownNameError("source", source_id, known)
    return known[source_id]
