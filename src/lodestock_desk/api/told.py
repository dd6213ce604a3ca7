"""Published figures and numbers, their lineage, and the public text of dossiers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from ninja import Path as InPath
from ninja import Query, Router

from lodestock_desk.api import schemas
from lodestock_desk.api.about import MATERIAL, choice
from lodestock_desk.api.paging import PAGE, SIZE, link, paged, self_link
from lodestock_desk.api.problems import Problem, language
from lodestock_desk.dossiers.access import public_dossiers
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import KeptResult, ResultNumber

router = Router(tags=["publications"])
DAY: Any = Query(None, description="As published with this day; the newest if not given.")
FIGURE: Any = InPath(..., description="Id of a figure (`RUN.FIGURE`) or number (`RUN~ENTRY`).")
DOSSIER: Any = InPath(..., description="Id of the dossier.")
LANG = choice(["nl", "en"], "Language of the dossier; that of the request if not given.")


def shown() -> QuerySet[KeptResult]:
    """What public blocks of live pages show of results: the rule of `dossiers.access.public_files`."""
    return KeptResult.objects.filter(public=True, page__live=True).select_related("content")


def _newest(found: Iterable[KeptResult]) -> list[KeptResult]:
    """One per name and entry: the newest day, and of one day what was kept last."""
    held: dict[tuple[str, str], KeptResult] = {}
    for kept in sorted(found, key=lambda kept: (kept.day, kept.kept_at)):
        held[kept.name, kept.entry] = kept
    return [held[key] for key in sorted(held)]


def _on(found: QuerySet[KeptResult], day: date | None) -> QuerySet[KeptResult]:
    return found.filter(day=day) if day else found


def _one(figure: str, day: date | None) -> KeptResult:
    name, _tilde, entry = figure.partition("~")
    found = _newest(_on(shown().filter(name=name, entry=entry), day)) if "\x00" not in figure else []
    if not found:
        raise Problem(
            404, "Geen openbare pagina toont dit resultaat (op die dag).",
            "No public page shows this result (on that day).",
        )  # fmt: skip
    return found[0]


@router.get("/figures", response=schemas.Figures, by_alias=True, operation_id="figures")
def figures(request: HttpRequest, day: date = DAY, page: int = PAGE, page_size: int = SIZE) -> Any:
    """The figures, maps and tables that public pages show."""
    found = list(_on(shown().filter(entry=""), day))
    opened = _opened(found)
    told = [_figure(kept, opened[kept.name, kept.day]) for kept in _newest(found)]
    return paged(request, told, page, page_size)


@router.get("/figures/{figure}", response=schemas.Figure, by_alias=True, operation_id="figure")
def figure(request: HttpRequest, figure: str = FIGURE, day: date = DAY) -> Any:
    """One published figure."""
    kept = _one(figure, day)
    if kept.entry:
        raise Problem(404, "Dit is een getal; zie /numbers.", "This is a number; see /numbers.")
    return _figure(kept, _opened(shown().filter(name=kept.name, entry=""))[kept.name, kept.day])


def _opened(found: Iterable[KeptResult]) -> dict[tuple[str, date], set[str]]:
    """Which tables public blocks show of each result; "" is the whole result."""
    held: dict[tuple[str, date], set[str]] = {}
    for kept in found:
        held.setdefault((kept.name, kept.day), set()).add(kept.table)
    return held


def _file(kept: KeptResult, file: str) -> dict[str, str]:
    return {"href": reverse("result_file", args=[kept.name, kept.day.isoformat(), file])}


def _figure(kept: KeptResult, opened: set[str]) -> dict[str, Any]:
    """`opened`: the tables that public blocks show of it; "" is the whole result, with its pictures."""
    content, short = kept.content, kept.name.partition(".")[2]
    words = {lang: content.words.get(lang, {}) for lang in ("nl", "en")}
    said = {name: {lang: str(words[lang].get(name, "")) for lang in words} for name in ("title", "subtitle", "alt")}
    return {
        "_links": self_link(f"/figures/{kept.name}"), "id": kept.name, "day": kept.day, **said,
        "source": {"nl": content.source_nl, "en": content.source_en}, "mark": content.mark, "covers": content.covers,
        "pictures": {lang: _file(kept, f"{short}.{lang}.svg") for lang in content.pictures if "" in opened},
        "tables": [
            {"name": table["name"], "columns": table["columns"], "csv": _file(kept, table["file"])}
            for table in content.tables
            if "" in opened or table["name"] in opened
        ],
        "manifest": _file(kept, f"{short}.manifest.json"), "trace": link(f"/trace/{kept.name}"),
    }  # fmt: skip


@router.get("/numbers", response=schemas.Numbers, by_alias=True, operation_id="numbers")
def numbers(request: HttpRequest, day: date = DAY, page: int = PAGE, page_size: int = SIZE) -> Any:
    """The numbers that public pages show, each with the id of its lineage."""
    kept = _newest(_on(shown().exclude(entry=""), day))
    held = _entries_of(kept)
    found = [_number(one, held[one.content_id, one.entry]) for one in kept if (one.content_id, one.entry) in held]
    return paged(request, found, page, page_size)


def _entries_of(kept: Iterable[KeptResult]) -> dict[tuple[str, str], Mapping[str, Any]]:
    wanted = {(one.content_id, one.entry) for one in kept}
    found = ResultNumber.objects.filter(content_id__in={content for content, _entry in wanted})
    return {(n.content_id, n.key): n.entry for n in found if (n.content_id, n.key) in wanted}


def _number(kept: KeptResult, entry: Mapping[str, Any]) -> dict[str, Any]:
    key = f"{kept.name}~{kept.entry}"
    return {
        "_links": self_link(f"/trace/{key}"), "id": key, "day": kept.day, "label": entry["label"],
        "value": entry.get("value"), "low": entry.get("low"), "high": entry.get("high"), "unit": entry.get("unit", ""),
        "mark": entry.get("mark", ""), "trace": link(f"/trace/{key}"),
    }  # fmt: skip


@router.get("/trace/{figure}", response=schemas.Trace, by_alias=True, operation_id="trace")
def trace(request: HttpRequest, figure: str = FIGURE, day: date = DAY) -> Any:
    """Where a published figure or number comes from, down to source rows and parameters."""
    kept = _one(figure, day)
    manifest = _manifest(kept)
    tops = [kept.entry] if kept.entry else [str(key) for key in manifest.get("entries", [])]
    run = kept.name.partition(".")[0]
    stored = ResultNumber.objects.filter(content__results__name=run, content__results__day=kept.day)
    if kept.entry:
        stored = ResultNumber.objects.filter(content_id=kept.content_id)
    steps, missing = _walk(tops, {n.key: n.entry for n in stored})
    made = {name: manifest[name] for name in ("scenario", "made", "code_version", "seed") if name in manifest}
    return {
        "_links": self_link(f"/trace/{figure}"), "id": figure, "day": kept.day, "steps": steps, "missing": missing,
        "sources": manifest.get("sources", []), "madeWith": made,
    }  # fmt: skip


def _manifest(kept: KeptResult) -> dict[str, Any]:
    try:
        plain = json.loads(kept.manifest or "{}")
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}


def _walk(tops: list[str], entries: Mapping[str, Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    steps, missing, seen = [], [], set()
    waiting = [(0, key) for key in tops]
    while waiting:
        depth, key = waiting.pop(0)
        if key in seen:
            continue
        seen.add(key)
        if key not in entries:
            missing.append(key)
            continue
        steps.append({"id": key, "depth": depth, "entry": dict(entries[key])})
        waiting += [(depth + 1, str(below)) for below in entries[key].get("inputs", [])]
    return steps, missing


@router.get("/dossiers", response=schemas.Dossiers, by_alias=True, operation_id="dossiers")
def dossiers(
    request: HttpRequest, lang: str = LANG, material: str = MATERIAL, page: int = PAGE, page_size: int = SIZE
) -> Any:
    """The live dossiers in a language."""
    found = public_dossiers(asked_language(lang)).order_by("material")
    if material:
        found = found.filter(material=material)
    return paged(request, [_line(one) for one in found], page, page_size)


@router.get("/dossiers/{dossier_id}", response=schemas.Dossier, by_alias=True, operation_id="dossier")
def dossier(request: HttpRequest, dossier_id: UUID = DOSSIER, lang: str = LANG) -> Any:
    """The public text of one dossier."""
    found = public_dossiers(asked_language(lang)).filter(translation_key=dossier_id).first()
    if found is None:
        raise Problem(404, "Zo'n dossier is er niet in deze taal.", "There is no such dossier in this language.")
    sections = [
        {"key": section.key, "title": str(section.title), "pieces": [_piece(piece) for piece in section.pieces]}
        for section in found.shown().sections
    ]
    return _line(found) | {"sections": sections}


def asked_language(asked: str) -> str:
    """The language that is asked for, or else that of the request."""
    if asked not in ("", "nl", "en"):
        raise Problem(400, "lang is nl of en.", "lang is nl or en.")
    return asked or language()


def _line(page: DossierPage) -> dict[str, Any]:
    return {
        "_links": self_link(f"/dossiers/{page.translation_key}?lang={page.lang}"), "id": str(page.translation_key),
        "lang": page.lang, "title": page.title, "material": page.material, "asOf": page.as_of, "verdict": page.verdict,
        "page": {"href": page.url or ""},
    }  # fmt: skip


def _piece(piece: Any) -> dict[str, Any]:
    figure = next((file.address.split("/")[-3] for file in piece.files if "/results/" in file.address), "")
    return {"kind": piece.kind, "title": str(piece.title), "html": str(piece.html), "figure": figure, "day": piece.day}
