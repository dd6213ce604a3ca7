"""The what-if file: what happens to the trade network of one or more critical materials (schema lodestock-network/1).

A what-if says what is certain (events), what comes by chance (regimes, outages, hosts that stop), and how users adapt.
What is not given is not invented: it is named as unknown with the results.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.scenario.baseline import EU, EU27_SINCE
from lodestock.scenario.load import parse
from lodestock.scenario.schema import (
    Block,
    CountryCode,
    Estimate,
    MaterialId,
    Months,
    PerYear,
    Prior,
    Shape,
    Share,
    SomeShare,
    Words,
)
from lodestock.vocabulary import region

SCHEMA = "lodestock-network/1"
FOLDER = "reference/network/scenarios"


class EventKind(StrEnum):
    """What can happen with certainty."""

    LICENCE = "licence"  # exports need a licence: some late, some in part, some never
    BAN = "ban"  # nothing of what is under the measure may leave
    QUOTA = "quota"  # a share of the normal exports may leave
    OUTAGE = "outage"  # mines or plants stop


def _region(name: str) -> str:
    try:
        found, union = region(name, date.today()), region(EU, date.today())
    except LodestockError as error:
        raise ValueError(f"{error.what}; {error.mend}") from None
    return union.id if found.members == union.members else found.id  # the Union has more than one name


def _positive(estimate: Estimate) -> Estimate:
    if estimate.low < 0:
        raise ValueError(f"low {estimate.low:g} {estimate.unit} is below zero; nearest valid: 0")
    return estimate


def _elasticity(least: float, most: float) -> AfterValidator:
    def check(estimate: Estimate) -> Estimate:
        if not least <= estimate.low <= estimate.high <= most or estimate.unit != "1":
            raise ValueError(f"an elasticity from {least:g} to {most:g} with unit '1' is needed here")
        return estimate

    return AfterValidator(check)


Place = Annotated[str, AfterValidator(_region)]
Tonnes = Annotated[Estimate, AfterValidator(_positive)]
StageName = Annotated[str, Field(pattern=r"^[a-z]+$")]


class Terms(Block):
    """The terms of a licence regime."""

    never_granted: Share = Field(description="share of the applications that is never granted")
    lead_time: Months = Field(description="mean time until a grant, of what is granted")
    shape: Shape = Field(description="shape of the Weibull lead time (1 = constant hazard)")
    granted_fraction: SomeShare = Field(description="share of the applied volume that a grant covers")


class Event(Block):
    """Something that happens in every draw; its size may be uncertain, that it happens is not."""

    kind: EventKind = Field(description="licence, ban, quota or outage")
    country: CountryCode = Field(description="country that licenses or restricts its exports, or where output stops")
    material: MaterialId | None = Field(default=None, description="the material it touches; all of them if left out")
    stage: StageName | None = Field(default=None, description="stage it touches; every stage of the chain if left out")
    first_month: int = Field(ge=1, le=120, description="first month in which it works, from 1")
    months: Months | None = Field(default=None, description="how long it lasts; to the end if left out")
    share: Share | None = Field(default=None, description="share of exports under the measure, or of capacity lost")
    tonnes: Tonnes | None = Field(default=None, description="capacity lost in contained tonnes a year (t/yr): outage")
    allowed: Share | None = Field(default=None, description="share of normal exports that may leave: quota")
    terms: Terms | None = Field(default=None, description="terms of the regime: licence")
    destinations: list[Place] | None = Field(
        default=None, description="countries or coalitions it holds for; all if left out"
    )

    @model_validator(mode="after")
    def _whole(self) -> Event:
        if self.kind is EventKind.OUTAGE:
            if (self.share is None) == (self.tonnes is None):
                raise ValueError("an outage needs 'share' or 'tonnes', and not both")
            if self.tonnes is not None and self.tonnes.unit != "t/yr":
                raise ValueError(f"unit '{self.tonnes.unit}' does not fit here: use 't/yr'")
            unfit = [name for name in ("allowed", "terms", "destinations") if getattr(self, name) is not None]
        else:
            if self.share is None:
                raise ValueError(f"a {self.kind} needs 'share', the share of the exports under the measure")
            needed = {EventKind.LICENCE: "terms", EventKind.QUOTA: "allowed"}.get(self.kind)
            if needed is not None and getattr(self, needed) is None:
                raise ValueError(f"a {self.kind} needs '{needed}'")
            unfit = [n for n in ("allowed", "terms", "tonnes") if n != needed and getattr(self, n) is not None]
        if unfit:
            raise ValueError(f"'{unfit[0]}' says nothing about a {self.kind}; leave it out")
        return self


class Chance(Block):
    """How often something stops, from counted events, and for how long."""

    seen: int = Field(ge=0, le=10_000, description="events counted")
    years: float = Field(gt=0, le=1000, description="years in which they were counted")
    months: Months = Field(description="median length of one event")
    spread: float = Field(default=0.7, ge=0, le=3, description="spread of the logarithm of the length")
    share: Share = Field(description="share of capacity that one event takes")
    mark: Mark = Field(description="evidence mark of the count")
    source: Words | str = Field(description="where the count comes from")


class Outage(Block):
    """Mines or plants of a country that stop by chance (Poisson; the rate is drawn from its posterior)."""

    country: CountryCode = Field(description="where")
    stage: StageName = Field(description="stage that stops")
    material: MaterialId | None = Field(default=None, description="the material it touches; all of them if left out")
    chance: Chance = Field(description="how often, how long, how much")


class Host(Block):
    """A main product that a by-product comes from: when the host stops, the by-product stops with it."""

    name: Words = Field(description="the host, for readers")
    material: MaterialId = Field(description="the by-product, one of the materials of this file")
    country: CountryCode = Field(description="where")
    stage: StageName = Field(description="stage of the by-product")
    share: Share = Field(description="share of the by-product there that comes from this host")
    chance: Chance = Field(description="how often the host stops")


class Regimes(Block):
    """Export regimes that come and go by chance, under a world tension that all exporters share."""

    exporters: list[CountryCode] = Field(min_length=1, max_length=8, description="countries whose regime may switch")
    never_granted: Prior = Field(description="share of applications never granted under a licence regime")
    disturbed: float | None = Field(
        default=0.5, ge=0.05, le=0.95,
        description="share of draws that is forced to see a regime switch, reweighted; null for plain sampling",
    )  # fmt: skip


class Substitution(Block):
    """Use that gives way while there is shortage."""

    rate: PerYear = Field(description="share of use that is substituted per year of shortage")
    ceiling: Share = Field(description="most that can be substituted")


class Price(Block):
    """Elasticities for the price diagnostic, within a year."""

    demand: Annotated[Estimate, _elasticity(-3.0, -0.01)] = Field(description="price elasticity of demand, below 0")
    supply: Annotated[Estimate, _elasticity(0.0, 3.0)] = Field(description="price elasticity of other supply")


class Ensemble(Block):
    """From which seed the draws are made, and at how many points the network itself is drawn."""

    seed: int = Field(ge=0, description="seed of the random numbers")
    points: int = Field(default=32, ge=1, le=512, description="networks, each with its own stocks, yields and margins")


class WhatIf(Block):
    """A what-if in the trade network of one or more critical materials."""

    schema_: Literal["lodestock-network/1"] = Field(alias="schema", description="version of this schema")
    id: str = Field(pattern=r"^[a-z0-9-]+$", description="name of the what-if, same as the file's")
    example: bool = Field(default=False, description="true: made up to show how it works; every result says so")
    title: Words = Field(description="title for readers")
    starts: date = Field(description="first day of month 1")
    horizon_months: int = Field(ge=1, le=120, description="months that are simulated")
    baseline_year: int = Field(ge=1995, le=2100, description="year of the trade figures that are the baseline")
    materials: list[MaterialId] = Field(
        min_length=1, max_length=12, description="critical materials that are followed, or rare-earth-magnets"
    )
    stages: dict[StageName, list[StageName]] | None = Field(
        default=None,
        description="which stage feeds which, such as extraction: [processing]; as the figures if left out",
    )
    importers: list[Place] = Field(min_length=1, description="countries and coalitions that are shown")
    commercial_stock: Months = Field(description="stock of users of the last stage, pipeline included")
    events: list[Event] = Field(default_factory=list, description="what happens in every draw")
    outages: list[Outage] = Field(default_factory=list, description="what stops by chance")
    hosts: list[Host] = Field(default_factory=list, description="hosts of by-products")
    regimes: Regimes | None = Field(default=None, description="export regimes by chance; none if left out")
    recycling: bool = Field(default=True, description="count the EU study's end-of-life recycling in the EU")
    substitution: Substitution | None = Field(default=None, description="left out: unknown, and taken as none")
    price: Price | None = Field(default=None, description="left out: the default elasticities of the model")
    ensemble: Ensemble = Field(description="draws")

    def members(self, place: str) -> tuple[str, ...]:
        """The countries of a place, as they were in the baseline year; of the Union the present ones."""
        return region(place, max(date(self.baseline_year, 12, 31), EU27_SINCE)).members

    def reached(self, event: Event) -> set[str] | None:
        """The importers an event holds for, by name and country by country; None where it holds for all.

        The members of a coalition are those of the day on which the scenario starts.
        """
        if event.destinations is None:
            return None
        return {name for place in event.destinations for name in (place, *region(place, self.starts).members)}

    @property
    def happenings(self) -> tuple[Event | Outage | Host, ...]:
        """Events, outages and hosts, in this order."""
        return (*self.events, *self.outages, *self.hosts)

    @property
    def stops(self) -> tuple[Outage | Host, ...]:
        """What stops by chance: outages, then hosts."""
        return (*self.outages, *self.hosts)

    @property
    def exporters(self) -> set[str]:
        """Countries with a measure on their exports, in every draw or by chance."""
        held = {event.country for event in self.events if event.kind is not EventKind.OUTAGE}
        return held | set(self.regimes.exporters if self.regimes is not None else [])

    @model_validator(mode="after")
    def _consistent(self) -> WhatIf:
        for name in ("materials", "importers"):
            given = getattr(self, name)
            if len(set(given)) != len(given):
                raise ValueError(f"one of {name} stands twice; keep one of each")
        if not (self.events or self.outages or self.hosts or self.regimes):
            raise ValueError("nothing happens: give events, outages, hosts or regimes")
        for item in self.happenings:
            if item.material is not None and item.material not in self.materials:
                raise ValueError(f"material {item.material} is not in materials; nearest valid: {self.materials[0]}")
        late = [event for event in self.events if event.first_month > self.horizon_months]
        if late:
            raise ValueError(f"an event begins in month {late[0].first_month}, after the horizon")
        return self


@dataclass(frozen=True, slots=True)
class LoadedWhatIf:
    """A checked what-if, the file it came from and the sha256 of its bytes."""

    scenario: WhatIf
    path: Path
    sha256: str


def shipped_what_ifs() -> dict[str, Path]:
    """What-ifs that ship with the package: id → file."""
    folder = Path(str(resources.files("lodestock").joinpath(FOLDER)))
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def is_what_if(name: str) -> bool:
    """Whether a name or file is a what-if, and not a scenario of the brief."""
    path = shipped_what_ifs().get(name, Path(name))
    if path.suffix not in (".yml", ".yaml"):
        return False
    try:
        return f"schema: {SCHEMA}" in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def load_what_if(name: str) -> LoadedWhatIf:
    """The what-if with this id or in this file; every fault is refused with its line."""
    known = shipped_what_ifs()
    path = known.get(name, Path(name))
    if name not in known and path.suffix not in (".yml", ".yaml"):
        raise UnknownNameError("what-if", name, known, where="what-ifs that ship with the package")
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise InputError("cannot read the scenario", where=str(path), why=error.strerror or "unreadable") from None
    except UnicodeDecodeError as error:
        raise InputError(
            "the scenario is not UTF-8 text", where=f"{path}, byte {error.start}", mend="save the file as UTF-8"
        ) from None
    tree, lines = parse(text, str(path))
    try:
        return LoadedWhatIf(WhatIf.model_validate(tree), path, hashlib.sha256(raw).hexdigest())
    except ValidationError as error:
        raise _refusal(error, path, lines) from None


def _refusal(error: ValidationError, path: Path, lines: dict[tuple[str | int, ...], int]) -> InputError:
    faults = []
    for detail in error.errors():
        known = tuple(detail["loc"])
        while known not in lines and known:
            known = known[:-1]
        key = ".".join(str(part) for part in detail["loc"]) or "the file"
        said = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(detail["type"], detail["msg"])
        faults.append((lines.get(known, 1), key, said.removeprefix("Value error, ")))
    faults.sort()
    return InputError(
        f"the what-if has {'one fault' if len(faults) == 1 else f'{len(faults)} faults'}",
        where=f"{path}, line {faults[0][0]}",
        why="; ".join(f"line {line}: {key}: {said}" for line, key, said in faults),
        mend="all keys: lodestock simulate --keys; what they do: docs/reference/network-equations.md",
    )
