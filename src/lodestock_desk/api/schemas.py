"""What the API answers: one class per kind of answer, in lowerCamelCase as the design rules ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


class Answer(Schema):
    """The base of every answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Link(Answer):
    """An address."""

    href: str


class Links(Answer):
    """Where this answer and its neighbours are."""

    self: Link
    first: Link | None = None
    prev: Link | None = None
    next: Link | None = None
    last: Link | None = None


class Item(Answer):
    """A thing with an address of its own."""

    links: Links = Field(alias="_links")


class Page(Answer):
    """A page of a list: how many there are in all, which page this is."""

    links: Links = Field(alias="_links")
    total: int
    page: int
    page_size: int


class Texts(Answer):
    """The same text in Dutch and in English."""

    nl: str
    en: str


class Landing(Item):
    """What this API offers."""

    title: Texts
    version: str
    documentation: str
    resources: dict[str, Link]


class Material(Item):
    """A material, group or product of the vocabulary."""

    id: str
    name: Texts
    symbol: str
    kind: str
    groups: list[str]
    on_eu_lists: list[str] = Field(description="Lists of the Union that it stands on today: critical, strategic.")


class Materials(Page):
    """A page of materials."""

    items: list[Material]


class Observation(Answer):
    """One value of an indicator; a value that is not known is null, with its status and reason."""

    indicator: str
    material: str
    stage: str
    product_code: str
    area: str
    year: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    largest_supplier: str
    reason: str
    source: str


class Observations(Page):
    """A page of observations."""

    items: list[Observation]


class Control(Item):
    """A measure of the register of export controls, with its state on the day asked for."""

    id: str
    title: Texts
    issuer: str
    kind: str
    on: date
    status: str
    may_be: list[str] = Field(description="The states that are possible where a date is not known to the day.")
    announced: str
    effective: str
    until: date | None
    suspended_until: date | None
    lapses_on: date | None
    materials: list[str]
    products: list[str]
    codes: list[str]
    codes_complete: bool
    destinations: list[str]
    instrument: str
    mark: str
    source: str


class Controls(Page):
    """A page of measures."""

    items: list[Control]


class ResultTable(Answer):
    """A table behind a figure; columns by name with unit and meaning, as its manifest holds them."""

    name: str
    columns: dict[str, dict[str, Any]]
    csv: Link


class Figure(Item):
    """A published figure: words, picture, tables and manifest, as public pages show it."""

    id: str
    day: date
    title: Texts
    subtitle: Texts
    alt: Texts
    source: Texts
    mark: str
    covers: str
    pictures: dict[str, Link]
    tables: list[ResultTable]
    manifest: Link
    trace: Link


class Figures(Page):
    """A page of figures."""

    items: list[Figure]


class Number(Item):
    """A number that a public page shows."""

    id: str
    day: date
    label: Texts
    value: float | None
    low: float | None
    high: float | None
    unit: str
    mark: str
    trace: Link


class Numbers(Page):
    """A page of numbers."""

    items: list[Number]


class Step(Answer):
    """One step of a lineage: `entry` as its manifest holds it, down to table, filter, column and source rows."""

    id: str
    depth: int
    entry: dict[str, Any]


class Trace(Item):
    """Where a figure or number comes from: its entries, and under them the rows, parameters and snapshots."""

    id: str
    day: date
    steps: list[Step]
    missing: list[str] = Field(description="Entries that the stored run no longer holds.")
    sources: list[dict[str, Any]]
    made_with: dict[str, Any]


class Piece(Answer):
    """A public block of a dossier; text as HTML, a figure or number by its id."""

    kind: str
    title: str
    html: str
    figure: str
    day: date | None


class DossierSection(Answer):
    """A section of the outline."""

    key: str
    title: str
    pieces: list[Piece]


class DossierLine(Item):
    """A dossier in a list."""

    id: str
    lang: str
    title: str
    material: str
    as_of: date
    verdict: str
    page: Link


class Dossier(DossierLine):
    """A dossier with its public blocks."""

    sections: list[DossierSection]


class Dossiers(Page):
    """A page of dossiers."""

    items: list[DossierLine]


class FileLink(Answer):
    """A file of a table."""

    name: str
    kind: str
    media_type: str
    bytes: int
    sha256: str
    href: str


class TableSource(Answer):
    """A snapshot that a table was read from."""

    id: str
    title: str
    producer: str
    licence: str
    address: str
    accessed: str
    vintage: str


class TableColumn(Answer):
    """A column of a table."""

    name: str
    datatype: str
    unit: str
    required: bool
    key: bool
    meaning: Texts


class Table(Item):
    """A table of the open data; where it is not given, `reason` says why."""

    id: str
    title: Texts
    given: bool
    reason: Texts
    licence: str
    licence_address: str
    rows: int | None
    first_year: int | None
    last_year: int | None
    sources: list[TableSource]
    files: list[FileLink]


class TableWhole(Table):
    """A table with its data dictionary."""

    columns: list[TableColumn]


class Tables(Page):
    """A page of tables."""

    items: list[Table]


class LicenceStatistic(Answer):
    """What may be told of licence cases on one material; null where it may not or cannot be told."""

    material: str
    told: bool
    months: int | None
    granted_percent: int | None


class LicenceStatistics(Page):
    """What may be told of licence cases; all of it was decided before `before`."""

    before: date
    documents_asked: list[str]
    items: list[LicenceStatistic]


class CaseSums(Answer):
    """Sums of the cases of the key's own organisation on one material."""

    material: str
    cases: int
    pending: int
    granted: int
    denied: int
    median_months: float | None
    hours: float | None
    resubmissions: int


class CaseSumsPage(Page):
    """A page of sums."""

    organisation: str
    items: list[CaseSums]
