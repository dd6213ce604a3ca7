"""Open data: the tables with their files and dictionaries, and the catalogue."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Path as InPath
from ninja import Router

from lodestock.publish.open_data_formats import columns_of
from lodestock.publish.open_data_model import Index, OpenTable
from lodestock_desk.api import open_data, schemas
from lodestock_desk.api.about import choice
from lodestock_desk.api.paging import PAGE, SIZE, paged, self_link
from lodestock_desk.api.problems import Problem

router = Router(tags=["open data"])
CATALOGUES = {"jsonld": ("catalog.jsonld", "application/ld+json"), "ttl": ("catalog.ttl", "text/turtle")}
FILE: Any = InPath(..., description="Name of the file.")
FORM = choice(list(CATALOGUES), "jsonld (default) or ttl.", name="format")
TABLE: Any = InPath(..., description="Id of the table.")


@router.get("/tables", response=schemas.Tables, by_alias=True, operation_id="tables")
def tables(
    request: HttpRequest, given: str = choice(["yes", "no"], "Only tables that are given, or that are not."),
    page: int = PAGE, page_size: int = SIZE,
) -> Any:  # fmt: skip
    """Every table, those that are not given too, with the reason."""
    if given not in ("", "yes", "no"):
        raise Problem(400, "given is yes of no.", "given is yes or no.")
    index = open_data.index()
    found = [_table(index, table) for table in index.tables if given in ("", "yes" if table.given else "no")]
    return paged(request, found, page, page_size)


@router.get("/tables/{table_id}", response=schemas.TableWhole, by_alias=True, operation_id="table")
def table(request: HttpRequest, table_id: str = TABLE) -> Any:
    """One table with its data dictionary and files."""
    index = open_data.index()
    return _table(index, found := _found(index, table_id)) | {
        "columns": [
            {"name": c.name, "datatype": c.datatype, "unit": c.unit, "required": c.required, "key": c.key,
             "meaning": {"nl": c.nl, "en": c.en}}
            for c in columns_of(found.table)
        ]
    }  # fmt: skip


def _found(index: Index, key: str) -> OpenTable:
    found = index.table(key)
    if found is None:
        raise Problem(404, "Zo'n tabel is er niet.", "There is no such table.")
    return found


def _table(index: Index, table: OpenTable) -> dict[str, Any]:
    files = [
        {"name": f.name, "kind": f.kind, "mediaType": f.media_type, "bytes": f.bytes, "sha256": f.sha256,
         "href": f"{open_data.ROOT}/tables/{table.id}/files/{f.name}"}
        for f in index.files_of(table.id)
    ]  # fmt: skip
    return {
        "_links": self_link(f"/tables/{table.id}"), "id": table.id,
        "title": {"nl": table.title_nl, "en": table.title_en}, "given": table.given,
        "reason": {"nl": table.reason_nl, "en": table.reason_en},
        "licence": table.licence.name if table.licence else "",
        "licenceAddress": table.licence.address if table.licence else "",
        "rows": table.rows, "firstYear": table.first, "lastYear": table.last,
        "sources": [
            {name: getattr(o, name) for name in schemas.TableSource.model_fields} for o in table.sources
        ] if table.given else [],
        "files": files,
    }  # fmt: skip


@router.get("/tables/{table_id}/files/{file_name}", operation_id="table-file", response=bytes)
def table_file(request: HttpRequest, table_id: str = TABLE, file_name: str = FILE) -> Any:
    """A file of a table: CSV, its CSVW metadata, its data dictionary, Parquet, or SDMX-CSV."""
    index = open_data.index()
    found = _found(index, table_id)
    if not found.given:
        raise Problem(404, found.reason_nl, found.reason_en)
    file = next((file for file in index.files_of(table_id) if file.name == file_name), None)
    if file is None:
        raise Problem(404, "Deze tabel heeft zo'n bestand niet.", "This table has no such file.")
    path = open_data.folder() / "tables" / table_id / "files" / file.name
    kind = f"{file.media_type}; charset=utf-8" if file.media_type == "text/csv" else file.media_type
    answer = FileResponse(path.open("rb"), content_type=kind, filename=file.name)
    answer["ETag"] = f'"{file.sha256}"'
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@router.get("/catalog", operation_id="catalog", response=dict[str, Any])
def catalog(request: HttpRequest, form: str = FORM) -> Any:
    """The catalogue after DCAT-AP-NL 3.0, as JSON-LD or, asked for with `format=ttl` or Accept, as Turtle."""
    if form not in ("", *CATALOGUES):
        raise Problem(400, "format is jsonld of ttl.", "format is jsonld or ttl.")
    turtle = "text/turtle" in request.headers.get("Accept", "")
    name, kind = CATALOGUES[form or ("ttl" if turtle else "jsonld")]
    return HttpResponse((open_data.folder() / name).read_bytes(), content_type=kind)
