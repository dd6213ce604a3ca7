"""Who gets through in `dossiers`: view → people, the objects for the addresses, what is public and what only posts."""

from __future__ import annotations

INTAKE = {"ministry", "other ministry", "observatory"}
STATE = INTAKE | {"line", "signatory", "contact point"}

ALLOWED: dict[str, set[str]] = {
    "dossiers:list": STATE,
    "dossiers:one": STATE,
    "dossiers:newer": INTAKE,
    "dossiers:results": STATE,
    "dossiers:result": STATE,
    "dossiers:file": STATE,
    "dossiers:withdraw": INTAKE,
}
PUBLIC: set[str] = {
    "result_file", "site:materials", "site:material", "site:sure", "site:glossary", "site:search", "site:licences",
    "site:privacy", "site:feed", "site:dossier_pdf", "pieces_any", "site:data",
}  # fmt: skip
ONLY_POST: set[str] = set()


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view: a stored figure, and a dossier with a restricted block."""
    from .dossier_maker import DAY, block, figure, page

    stored = figure("table-test.fig")
    made = page({"summary": [block("text", restricted=True, text="<p>x</p>", numbers=[])]})
    of_page = {"pk": made.translation_key, "lang": made.lang}
    return {
        "dossiers": {"pk": stored.pk, "name": stored.name, "day": DAY, "file": "fig.csv"},
        "dossiers:one": of_page,
        "dossiers:newer": of_page,
    }
