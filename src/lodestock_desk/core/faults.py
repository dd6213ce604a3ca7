"""Puts what an action refused next to the field where it belongs, keeping what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError

from lodestock.errors import LodestockError


@contextmanager
def shown_on(form: forms.Form) -> Iterator[None]:
    """Turn a refusal of an action into an error on the form; the view looks at `form.is_valid()` afterwards."""
    try:
        yield
    except ValidationError as error:
        named = getattr(error, "error_dict", None)
        if named is None:
            form.add_error(None, error)
        else:
            for name, errors in named.items():
                form.add_error(name if name in form.fields else None, errors)
    except LodestockError as error:
        form.add_error(None, " ".join(part for part in (error.what, error.why, error.mend) if part))
