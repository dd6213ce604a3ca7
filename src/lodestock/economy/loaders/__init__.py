"""Published input–output tables as they are downloaded: one module per provider, each giving an InputOutputTable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.loaders.cbs import load_cbs
from lodestock.economy.loaders.exiobase import load_exiobase
from lodestock.economy.loaders.figaro import load_figaro
from lodestock.economy.loaders.wiod import load_wiod

LOADERS: dict[str, Callable[[Path], InputOutputTable]] = {
    "figaro": load_figaro,
    "exiobase": load_exiobase,
    "cbs": load_cbs,
    "wiod": load_wiod,
}

__all__ = ["LOADERS", "load_cbs", "load_exiobase", "load_figaro", "load_wiod"]
