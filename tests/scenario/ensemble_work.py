"""Work for the ensemble tests, in a module that worker processes can import."""

from __future__ import annotations

import os
from pathlib import Path

from lodestock.scenario.ensemble import generator


def noise(payload):
    """Work whose result depends on its seed only."""
    draw = generator(7, payload["material"], payload["scenario"], "test")
    return {"x": draw.random(50) * payload["scale"]}


def dies_once(payload):
    """Work that kills its worker the first time it meets part 2."""
    flag = Path(payload["flag"])
    if payload["scenario"] == 2 and not flag.exists():
        flag.touch()
        os._exit(1)
    return noise(payload)


def always_dies(payload):
    os._exit(1)


def fails(payload):
    raise ZeroDivisionError("by hand")
