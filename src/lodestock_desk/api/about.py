"""Materials, indicators, the register of controls, and what may be told of licences."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path as InPath
from ninja import Query, Router

from lodestock import vocabulary
from lodestock.disruption.controls import Control, ControlKind, ControlStatus, find, read_register
from lodestock.publish.open_data_indicators import Indicator, areas
from lodestock_desk.api import open_data, schemas
from lodestock_desk.api.paging import PAGE, SIZE, counted, paged, self_link
from lodestock_desk.api.problems import Problem
from lodestock_desk.licences.public import public_table

router = Router(tags=["knowledge"])
FIRST, LAST = 1900, 2200
ON: Any = Query(None, description="State on this day; today if not given.")
FROM: Any = Query(FIRST, alias="firstYear", ge=FIRST, le=LAST, description="From this year.")
UNTIL: Any = Query(LAST, alias="lastYear", ge=FIRST, le=LAST, description="Up to and including this year.")
CONTROL: Any = InPath(..., description="Key of the measure.")
NAME: Any = InPath(..., description="Key of the vocabulary.")
_MATERIALS = sorted(item.id for item in vocabulary.materials())
_ISSUERS = sorted({item.issuer for item in read_register()})


def choice(values: list[str], description: str, name: str | None = None) -> Any:
    """A parameter that takes one of these values, or is left out."""
    found = Query("", alias=name, description=description)
    found.json_schema_extra = (found.json_schema_extra or {}) | {"enum": values}
    return found


MATERIAL = choice(_MATERIALS, "Only this material (its key in the vocabulary).")


@router.get("/materials", response=schemas.Materials, by_alias=True, operation_id="materials")
def materials(
    request: HttpRequest,
    kind: str = choice([str(k) for k in vocabulary.MaterialKind], "Only this kind."),
    page: int = PAGE,
    page_size: int = SIZE,
) -> Any:
    """Every material, group and product of the vocabulary."""
    known(kind, [str(k) for k in vocabulary.MaterialKind], "kind")
    found = [_material(item) for item in vocabulary.materials() if kind in ("", item.kind)]
    return paged(request, found, page, page_size)


@router.get("/materials/{material_id}", response=schemas.Material, by_alias=True, operation_id="material")
def material(request: HttpRequest, material_id: str = NAME) -> Any:
    """One material."""
    found = next((item for item in vocabulary.materials() if item.id == material_id), None)
    if found is None:
        raise Problem(404, "Dit materiaal staat niet in de woordenlijst.", "No such material in the vocabulary.")
    return _material(found)


def _material(item: vocabulary.Material) -> dict[str, Any]:
    today = timezone.localdate()
    listed = [str(one) for one in vocabulary.RawMaterialList if vocabulary.list_entries_for(item, today, one)]
    return {
        "_links": self_link(f"/materials/{item.id}"), "id": item.id, "name": {"nl": item.name_nl, "en": item.name_en},
        "symbol": item.symbol, "kind": item.kind, "groups": list(item.groups), "onEuLists": sorted(listed),
    }  # fmt: skip


def known(value: str, values: list[str], name: str) -> None:
    """Refuse a value that is none of these."""
    if value and value not in values:
        raise Problem(
            400, f"'{value[:60]}' is geen waarde van {name}.", f"'{value[:60]}' is no value of {name}.",
            errors=[{"parameter": name, "allowed": values[:120]}],
        )  # fmt: skip


@router.get("/indicators", response=schemas.Observations, by_alias=True, operation_id="indicators")
def indicators(
    request: HttpRequest,
    indicator: str = choice([str(i) for i in Indicator], "Only this indicator."),
    material: str = MATERIAL,
    area: str = choice(list(areas()), "Only this country (alpha-3), EU27 or world."),
    first_year: int = FROM,
    last_year: int = UNTIL,
    page: int = PAGE,
    page_size: int = SIZE,
) -> Any:
    """Concentration, supply risk and dependency, per material, country and year. Not known is null, never 0."""
    for name, value, values in (
        ("indicator", indicator, [str(i) for i in Indicator]), ("material", material, _MATERIALS),
        ("area", area, list(areas())),
    ):  # fmt: skip
        known(value, values, name)
    if first_year > last_year:
        raise Problem(422, "firstYear ligt na lastYear.", "firstYear lies after lastYear.")
    rows = pl.scan_parquet(open_data.folder() / "tables" / "indicators" / "files" / "indicators.parquet")
    rows = rows.filter(pl.col("year").is_between(first_year, last_year))
    for name, value in (("indicator", indicator), ("material", material), ("area", area)):
        rows = rows.filter(pl.col(name) == value) if value else rows
    found = rows.collect()
    part = found.slice((page - 1) * page_size, page_size)
    return counted(request, part.to_dicts(), found.height, page, page_size)


@router.get("/controls", response=schemas.Controls, by_alias=True, operation_id="controls")
def controls(
    request: HttpRequest,
    on: date = ON,
    material: str = MATERIAL,
    issuer: str = choice(_ISSUERS, "Only measures of this country (alpha-3)."),
    kind: str = choice([str(k) for k in ControlKind], "Only this kind of measure."),
    status: str = choice([str(s) for s in ControlStatus], "Only measures in this state on the day."),
    page: int = PAGE,
    page_size: int = SIZE,
) -> Any:
    """The register of export controls, with the state of each measure on a day."""
    for name, value, values in (
        ("material", material, _MATERIALS), ("issuer", issuer, _ISSUERS),
        ("kind", kind, [str(k) for k in ControlKind]), ("status", status, [str(s) for s in ControlStatus]),
    ):  # fmt: skip
        known(value, values, name)
    day = on or timezone.localdate()
    found = find(material_name=material or None, issuer=issuer or None, register=read_register())
    rows = [item for item in found if kind in ("", item.kind) and status in ("", item.status(day))]
    return paged(request, [_control(item, day) for item in rows], page, page_size)


@router.get("/controls/{control_id}", response=schemas.Control, by_alias=True, operation_id="control")
def control(
    request: HttpRequest,
    control_id: str = CONTROL,
    on: date = ON,
) -> Any:
    """One measure of the register."""
    found = next((item for item in read_register() if item.id == control_id), None)
    if found is None:
        raise Problem(404, "Deze maatregel staat niet in het register.", "No such measure in the register.")
    return _control(found, on or timezone.localdate())


def _control(item: Control, day: date) -> dict[str, Any]:
    return {
        "_links": self_link(f"/controls/{item.id}"), "id": item.id, "title": {"nl": item.title.nl, "en": item.title.en},
        "issuer": item.issuer, "kind": item.kind, "on": day, "status": item.status(day),
        "mayBe": [str(state) for state in item.between(day)], "announced": item.announced.isoformat(),
        "effective": item.effective.isoformat(), "until": item.until, "suspendedUntil": item.suspended_until,
        "lapsesOn": item.lapses_on(), "materials": list(item.materials), "products": list(item.products),
        "codes": list(item.codes), "codesComplete": item.codes_complete, "destinations": list(item.destinations),
        "instrument": item.instrument, "mark": item.mark, "source": item.source,
    }  # fmt: skip


@router.get("/licence-statistics", response=schemas.LicenceStatistics, by_alias=True, operation_id="licence-statistics")
def licence_statistics(request: HttpRequest, page: int = PAGE, page_size: int = SIZE) -> Any:
    """What may be told of licence cases: the same safe table as the public page, rounded, by whole half-years."""
    table = public_table()
    rows = [
        {"material": row.material, "told": row.told, "months": row.months, "grantedPercent": row.granted_percent}
        for row in table.rows
    ]
    return paged(request, rows, page, page_size) | {"before": table.until, "documentsAsked": list(table.asked)}
