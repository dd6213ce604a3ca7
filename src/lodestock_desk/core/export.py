"""CSV and JSON out: safe for spreadsheets and for headers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def cell(value: Any) -> str:
    """A value as a spreadsheet may open it: a text that would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "")
    stripped = text.lstrip(" \u00a0\ufeff")
    if stripped.startswith(_FORMULA) and not _NUMBER.fullmatch(stripped):
        return "'" + text
    return text


def file_name(name: str, ending: str) -> str:
    """A file name of letters, digits and dashes only."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] + "." + ending


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download (UTF-8 with byte order mark, so that spreadsheets read accents)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([cell(value) for value in header])
    for row in rows:
        writer.writerow([cell(value) for value in row])
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, "csv")}"'
    return response


def as_json(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A JSON download: a list of objects with the header's names."""
    body = [dict(zip(header, row, strict=True)) for row in rows]
    response = JsonResponse({"rows": body}, json_dumps_params={"ensure_ascii": False, "default": str})
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, "json")}"'
    return response
