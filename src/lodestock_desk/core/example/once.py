"""Makes an example record under an id derived from its name, so that it is the same everywhere and made once."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
_SPACE = uuid.UUID("6f1d3b5e-0000-4000-8000-4c6f64657374")


def once(model: type[M], name_: str, /, **values: Any) -> M:
    """The record with this name, made if it is not there."""
    found, _made = model.objects.get_or_create(pk=uuid.uuid5(_SPACE, name_), defaults=values)
    return found
