"""Published letters and answers to the House with the public version of their nota."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override
from ninja import Path as InPath
from ninja import Router

from lodestock_desk.api import piece_schemas
from lodestock_desk.api.about import choice, known
from lodestock_desk.api.paging import PAGE, SIZE, paged, self_link
from lodestock_desk.api.problems import Problem
from lodestock_desk.api.told import asked_language
from lodestock_desk.parliament.access import public_pieces
from lodestock_desk.parliament.models import Piece
from lodestock_desk.parliament.page import Document, Shown, Span, document
from lodestock_desk.parliament.words import Kind, Part

router = Router(tags=["publications"])
LANG = choice(["nl", "en"], "Language of the text; that of the request if not given.")
PIECE: Any = InPath(..., description="Id of the letter or answers.")


@router.get("/pieces", response=piece_schemas.HousePieces, by_alias=True, operation_id="pieces")
def pieces(
    request: HttpRequest,
    lang: str = LANG,
    kind: str = choice(list(Kind.values), "Only letters, or only answers."),
    page: int = PAGE,
    page_size: int = SIZE,
) -> Any:
    """Letters and answers to the House that were published, newest first; also when they were withdrawn later."""
    known(kind, list(Kind.values), "kind")
    used, found = asked_language(lang), public_pieces()
    rows = found.filter(kind=kind) if kind else found
    return paged(request, [_line(piece, used) for piece in rows], page, page_size)


@router.get("/pieces/{piece_id}", response=piece_schemas.HousePieceWhole, by_alias=True, operation_id="piece")
def piece(request: HttpRequest, piece_id: UUID = PIECE, lang: str = LANG) -> Any:
    """The public text of one piece and of its nota, with the numbers in it."""
    used = asked_language(lang)
    found = public_pieces().filter(pk=piece_id).first()
    if found is None:
        raise Problem(404, "Zo'n brief is niet openbaar gemaakt.", "No such letter has been published.")
    versions = [(part, version) for part in (Part.PIECE, Part.NOTA) if (version := found.version(part))]
    texts = [_document(found, part, document(found, version, used, public=True)) for part, version in versions]
    return _line(found, used) | {"documents": texts}


def _line(found: Piece, lang: str) -> dict[str, Any]:
    return {
        "_links": self_link(f"/pieces/{found.pk}?lang={lang}"), "id": str(found.pk), "lang": lang, "kind": found.kind,
        "subject": (found.subject_en if lang == "en" else "") or found.subject_nl, "reference": found.house_reference,
        "organisation": found.organisation.name, "sentOn": found.sent_on, "publishedOn": found.published_on,
        "withdrawnOn": found.withdrawn_on, "withdrawnReason": found.withdrawn_reason,
        "isExample": found.organisation.is_example, "page": _address("one", found, lang),
    }  # fmt: skip


def _address(name: str, found: Piece, lang: str) -> dict[str, str]:
    with override(lang):
        return {"href": reverse(f"pieces:{name}", args=[found.pk])}


def _document(found: Piece, part: str, shown: Document) -> dict[str, Any]:
    return {
        "part": part, "lang": shown.lang, "kind": shown.kind, "title": shown.title,
        "addressedTo": next((said for name, said in shown.facts if name == shown.words["to"]), ""),
        "blocks": [_block(block) for block in shown.blocks],
        "senders": [{"line": line, "when": when} for line, when in shown.senders],
        "route": [dict(zip(("step", "party", "when"), row.cells, strict=True)) for row in shown.route],
        "annexes": list(shown.annexes), "notPublic": list(shown.left_out),
        "numbers": [dict(zip(("name", "value", "label", "source", "result"), row.cells, strict=True))
                    for row in shown.numbers],
        "pdf": _address(f"{part}_pdf", found, shown.lang), "docx": _address(f"{part}_docx", found, shown.lang),
    }  # fmt: skip


def _block(block: Shown) -> dict[str, Any]:
    return {
        "kind": block.type, "level": block.level, "head": block.head, "text": _text(block.spans),
        "items": [_text(item) for item in block.items], "alt": block.alt,
        "numbers": [span.key for run in (block.spans, *block.items) for span in run if span.key],
    }  # fmt: skip


def _text(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)
