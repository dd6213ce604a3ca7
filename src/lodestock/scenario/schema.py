"""The scenario file: what may stand in it, in which units, within which limits.

Pydantic checks what enters; `load.py` turns its complaints into file, line, reason and the nearest valid value.
The field descriptions are the reference documentation: docs/reference/generated/scenario.md is made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from lodestock.errors import LodestockError
from lodestock.evidence.marks import Mark
from lodestock.vocabulary import convert, country, material, product_code, region
from lodestock.vocabulary.materials import broader

SCHEMA = "lodestock-scenario/1"


class Block(BaseModel):
    """A part of a scenario: unknown keys are refused, values are not changed after checking."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Block):
    """A text in Dutch and English."""

    nl: str = Field(min_length=1, description="the text in Dutch")
    en: str = Field(min_length=1, description="the text in English")


class Estimate(Block):
    """A value that is not exactly known: its range, how well it is known, and where it comes from.

    Draws are triangular between `low` and `high` with the mode at `value`; equal values mean an exact value.
    """

    value: float = Field(description="most plausible value")
    low: float = Field(description="lowest plausible value")
    high: float = Field(description="highest plausible value")
    unit: str = Field(description="unit of the three values")
    mark: Mark = Field(description="evidence mark: seen, computed, press or prior")
    source: Words | str = Field(description="source or reason, in one line; in Dutch and English or in English only")

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"low ≤ value ≤ high does not hold: {self.low} ≤ {self.value} ≤ {self.high}")
        return self


def _converted(value: float, given: str, unit: str) -> float:
    if given == unit:
        return value
    if unit.endswith("/yr") and given.endswith(("/yr", "/year")):  # a rate: the vocabulary converts what is counted
        return convert(value, given.rsplit("/", 1)[0], unit.rsplit("/", 1)[0])
    return convert(value, given, unit)


def _in_unit(unit: str, lowest: float, highest: float) -> Callable[[Estimate], Estimate]:
    def check(estimate: Estimate) -> Estimate:
        try:
            values = {
                name: _converted(getattr(estimate, name), estimate.unit, unit) for name in ("value", "low", "high")
            }
        except LodestockError as error:
            raise ValueError(f"unit '{estimate.unit}' does not fit here: use '{unit}' ({error.what})") from None
        for name, number in values.items():
            if not lowest <= number <= highest:
                nearest = min(max(number, lowest), highest)
                raise ValueError(
                    f"{name} {number:g} {unit} is outside {lowest:g}–{highest:g}; nearest valid: {nearest:g}"
                )
        return estimate.model_copy(update=values | {"unit": unit})

    return check


Share = Annotated[Estimate, AfterValidator(_in_unit("share", 0, 1))]
SomeShare = Annotated[Estimate, AfterValidator(_in_unit("share", 0.001, 1))]  # divides elsewhere: not zero
PerYear = Annotated[Estimate, AfterValidator(_in_unit("share/yr", 0, 1))]
Months = Annotated[Estimate, AfterValidator(_in_unit("months", 0, 120))]
PricePerTonne = Annotated[Estimate, AfterValidator(_in_unit("kEUR/t", 0, 1e6))]
Count = Annotated[Estimate, AfterValidator(_in_unit("1", 1, 1e6))]
Shape = Annotated[Estimate, AfterValidator(_in_unit("1", 0.1, 10))]


def _known(kind: Callable[[str], Any]) -> Callable[[str], str]:
    def check(name: str) -> str:
        try:
            kind(name)
        except LodestockError as error:
            raise ValueError(f"{error.what}; {error.mend}") from None
        return name

    return check


MaterialId = Annotated[str, AfterValidator(_known(material))]
CountryCode = Annotated[str, AfterValidator(_known(country))]
HsCode = Annotated[str, AfterValidator(_known(product_code))]


class Product(Block):
    """A traded product under the measure, and how much of its trade code the measure touches."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="short name, used in the ids of published numbers")
    title: Words = Field(description="name for readers")
    codes: list[HsCode] = Field(min_length=1, max_length=1, description="the HS code whose tonnes are the baseline")
    controlled_share: Share = Field(description="share of the rare-earth tonnes that needs a licence")
    inspection_delay: Months = Field(description="delay of the tonnes that need no licence but are inspected")


class Importer(Block):
    """A country or coalition whose use is followed."""

    region: str = Field(description="ISO 3166 alpha-3 code or coalition, e.g. NLD, EU27")
    rare_earth_share: SomeShare = Field(description="share of rare-earth magnets in the tonnes of the trade codes")
    own_use_share: SomeShare = Field(description="share of the border imports that is used at home, not passed on")
    issuer_share: Share = Field(description="share of that use which comes from the issuing country")
    defence_share: Share = Field(description="share of that use with a defence end use")

    @field_validator("region")
    @classmethod
    def _region(cls, value: str) -> str:
        _known(lambda name: region(name, date.today()))(value)
        return value


class Prior(Block):
    """A Beta prior on a share."""

    a: float = Field(gt=0, le=1000, description="first parameter of the Beta distribution")
    b: float = Field(gt=0, le=1000, description="second parameter of the Beta distribution")
    mark: Mark = Field(description="evidence mark")
    source: Words | str = Field(description="source or reason, in one line; in Dutch and English or in English only")


class LicenceBlock(Block):
    """The licence regime: what is never granted, how long the rest takes, which published shares it must meet."""

    populations: list[str] = Field(min_length=1, description="ids of published grant shares (table licence_statistic)")
    never_granted_civil: Prior = Field(description="share never granted, civil end use")
    never_granted_defence: Share = Field(description="share never granted, defence end use")
    granted_fraction: SomeShare = Field(description="share of the applied volume that a grant covers")
    lots_per_month: Count = Field(description="civil applications a month of the focus country (for chance alone)")
    lead_time_shape: Shape = Field(description="shape of the Weibull lead time (1 = constant hazard)")


class StockBlock(Block):
    """A strategic stock of the product: price, carry and how likely a new regime is."""

    price: PricePerTonne = Field(description="purchase price")
    carry: PerYear = Field(description="yearly cost of holding, as a share of the price")
    yearly_chance: PerYear = Field(description="chance per year of a new regime of this kind")


class EconomyBlock(Block):
    """The exposed product families and the value added they are measured in."""

    exposure: str = Field(description="table of exposed product families, a file name in reference/exposure")
    region: CountryCode = Field(description="country whose value added is exposed")


class EventBlock(Block):
    """Something that happened, for the timeline; `{ref:…}` and `{d:yyyy-mm-dd}` mark references and dates."""

    on: date = Field(description="day on which it happened")
    text: Words = Field(description="what happened, in one sentence")
    mark: Mark = Field(description="evidence mark")
    source: Words | str = Field(description="where it was read; in Dutch and English or one for both")


class EnsembleBlock(Block):
    """How many draws, from which seed."""

    draws: int = Field(ge=64, le=65536, description="draws per age convention; a power of two keeps Sobol points even")
    seed: int = Field(ge=0, description="seed of the random numbers")


class EvidenceBlock(Estimate):
    """A value from observations that someone proposed and someone else accepted; the run says that it was used.

    `stock_days` takes the place of `commercial_stock`. `lead_months`, the months until half of the applications is
    granted, stands in the ledger beside the licence regime, which follows from published grant shares; with
    `use: population` it enters the draws as one more reporting population. Which share of these cases is
    never granted, or in part, is not taken over: few cases cannot tell never from slow.
    """

    parameter: Literal["stock_days", "lead_months"] = Field(description="what was observed")
    material: MaterialId = Field(description="material or product of the observations")
    observations: int = Field(ge=1, description="how many companies or cases the value rests on")
    pending: int = Field(default=0, ge=0, description="how many of them were still pending")
    until: date = Field(description="day up to which was looked")
    use: Literal["population"] | None = Field(default=None, description="lead_months: one more population in the draws")

    @model_validator(mode="after")
    def _a_time(self) -> EvidenceBlock:
        if self.use and (self.parameter != "lead_months" or self.months().low <= 0.0):
            raise ValueError("'use: population' is for lead_months above 0; stock_days is always used")
        self.months()
        return self

    def months(self) -> Estimate:
        """The value and its range in months, with its mark and source."""
        plain = Estimate(**{name: getattr(self, name) for name in Estimate.model_fields})
        return _in_unit("months", 0, 120)(plain)


class Scenario(Block):
    """A what-if: a measure by an exporter, the products it touches, the importers it hits."""

    schema_: Literal["lodestock-scenario/1"] = Field(alias="schema", description="version of this schema")
    id: str = Field(pattern=r"^[a-z0-9-]+$", description="name of the scenario, same as the file's")
    title: Words = Field(description="title for readers")
    issuer: CountryCode = Field(description="country that issues the measure")
    starts: date = Field(description="first day of the regime")
    horizon_months: int = Field(ge=1, le=120, description="months that are simulated")
    baseline_year: int = Field(ge=1995, le=2100, description="year of the trade figures that are the baseline")
    controls: list[str] = Field(min_length=1, description="ids of measures in the control register")
    materials: list[MaterialId] = Field(min_length=1, description="materials under the measure")
    product: Product = Field(description="the product whose shortage is followed into the sectors")
    importers: list[Importer] = Field(min_length=1, description="countries and coalitions that are followed")
    licence: LicenceBlock = Field(description="the licence regime")
    commercial_stock: Months = Field(description="stock of traders and users, pipeline included, in months of own use")
    economy: EconomyBlock = Field(description="exposed sectors")
    stock: StockBlock = Field(description="strategic stock")
    ensemble: EnsembleBlock = Field(description="draws")
    events: list[EventBlock] = Field(default_factory=list, description="timeline of the brief, oldest first")
    unknown: list[Words] = Field(default_factory=list, description="what this scenario does not know, for the brief")
    evidence: list[EvidenceBlock] = Field(default_factory=list, description="accepted observations that the run uses")
    stock_status_on: date = Field(description="day on which 'prepares stocks, holds none' was last checked")

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        regions = [importer.region for importer in self.importers]
        if len(set(regions)) != len(regions):
            raise ValueError("an importer stands twice in importers; keep one of each region")
        if self.issuer in regions:
            raise ValueError(f"issuer {self.issuer} is an importer too; leave it out of importers")
        if self.economy.region not in regions:
            raise ValueError(f"economy.region {self.economy.region} is not in importers; nearest valid: {regions[0]}")
        if len(set(self.licence.populations)) != len(self.licence.populations):
            raise ValueError("a population stands twice in licence.populations; keep one of each")
        own = {*self.materials, *(name for code in self.product.codes for name in product_code(code).materials)}
        for item in self.evidence:
            if not own & {item.material, *(wider.id for wider in broader(item.material))}:
                raise ValueError(f"evidence is of {item.material}, which this scenario is not about")
        observed = [item.parameter for item in self.evidence]
        if len(set(observed)) != len(observed):
            raise ValueError("a parameter stands twice in evidence; keep the one that was accepted last")
        return self

    def with_evidence(self) -> Scenario:
        """The scenario as it is run: an accepted number of days of stock takes the place of the commercial stock."""
        stock = next((item.months() for item in self.evidence if item.parameter == "stock_days"), None)
        return self if stock is None else self.model_copy(update={"commercial_stock": stock})
