"""A stock pilot as it stands: what it would hold, what that covers and costs, and what is arranged and what is not.

The file is described in docs/reference/stock-equations.md. Form of ownership (eigendomsvorm) is not appearance form
(verschijningsvorm): both are asked, under their own names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from lodestock.errors import InputError, LodestockError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.scenario.load import parse
from lodestock.scenario.schema import MaterialId, Words
from lodestock.scenario.trade_norms import CodeLevel, safe_levels
from lodestock.stock.carry import CarryTerms, annual_carry
from lodestock.stock.forms import form_of
from lodestock.stock.holders import Holder
from lodestock.vocabulary import Form, region

SCHEMA = "lodestock-pilot/1"
DAYS_PER_YEAR = 365.25


class Progress(StrEnum):
    """How far a part of a pilot is."""

    DONE = "done"
    UNDER_WAY = "under way"
    OPEN = "open"
    NOT_NEEDED = "not needed"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """How far the pilot is as a whole; only `holding` means that tonnes lie in store."""

    PREPARING = "preparing"
    DECIDED = "decided"
    BUYING = "buying"
    HOLDING = "holding"
    ENDED = "ended"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _form(name: str) -> str:
    if name in [form.value for form in Form]:
        return name
    try:
        return form_of(name).value
    except LodestockError as error:
        raise ValueError(f"{error.what}; {error.mend}") from None


def _region(name: str) -> str:
    try:
        region(name, date.today())
    except LodestockError as error:
        raise ValueError(f"{error.what}; {error.mend}") from None
    return name


class Condition(_Part):
    """One condition: how far it is on a day, what is agreed, and where that was read."""

    state: Progress = Field(description="done, under way, open, not needed or unknown")
    on: date = Field(description="day on which the state was read")
    text: Words = Field(description="what is arranged, or what is lacking")
    source: Words | str = Field(description="where it was read")
    mark: Mark = Field(description="evidence mark")


class Feasibility(_Part):
    """What must be arranged before a stock can be bought, kept and released."""

    legal_basis: Condition = Field(description="law that allows the holder to buy and keep")
    state_aid: Condition = Field(description="test under the rules on State aid")
    procurement: Condition = Field(description="how it is bought: tender, framework, joint purchase")
    specification: Condition = Field(description="whether users agree on what is stored")
    rotation: Condition = Field(description="who renews what ages, and how")
    release_authority: Condition = Field(description="who decides on release, on which trigger, how fast")


class Cost(_Part):
    """What the pilot costs; give what is known, leave out what is not."""

    purchase_keur: float | None = Field(default=None, ge=0, description="purchase value [k€]")
    holding_share: float | None = Field(default=None, ge=0, le=1, description="storage, insurance, ageing [1/yr]")
    discount_rate: float = Field(default=0.0225, gt=-1, le=0.5, description="rate of whoever ties up capital [1/yr]")
    years: int = Field(default=10, ge=1, le=50, description="years over which costs are spread")
    mark: Mark = Field(description="evidence mark")
    source: Words | str = Field(description="where it was read")


class Item(_Part):
    """A material in the pilot."""

    material: MaterialId = Field(description="id of the material")
    form: Annotated[str, AfterValidator(_form)] = Field(description="verschijningsvorm: ore, oxide, metal, magnet, …")
    tonnes: float | None = Field(default=None, ge=0, description="tonnes meant to be held; left out when not decided")
    code: str | None = Field(default=None, description="trade code against which days are counted")
    own_use_share: float = Field(default=1.0, gt=0, le=1, description="share of net imports of that code it serves")


class Pilot(_Part):
    """A pilot file."""

    schema_: Literal["lodestock-pilot/1"] = Field(alias="schema", description="version of this schema")
    id: str = Field(pattern=r"^[a-z0-9-]+$", description="short name")
    title: Words = Field(description="title for readers")
    example: bool = Field(description="true when the numbers are invented")
    stage: Stage = Field(description="preparing, decided, buying, holding or ended")
    as_of: date = Field(description="day on which the stage was read")
    holder: Holder = Field(description="eigendomsvorm: public, public-private or private")
    place: str = Field(min_length=1, description="where it is stored")
    serves: Annotated[str, AfterValidator(_region)] = Field(description="country or coalition that it serves")
    days_wanted: float = Field(gt=0, le=3650, description="days of use it is meant to cover")
    materials: list[Item] = Field(min_length=1, description="what is held, each in its form")
    cost: Cost = Field(description="what it costs")
    feasibility: Feasibility = Field(description="what must be arranged")

    @model_validator(mode="after")
    def _once(self) -> Pilot:
        seen = [(item.material, item.form) for item in self.materials]
        if len(set(seen)) != len(seen):
            raise ValueError("a material stands twice in the same form; add the tonnes up")
        return self


@dataclass(frozen=True, slots=True)
class Cover:
    """What one material of the pilot covers: days, None with a reason in `level` when not known."""

    item: Item
    level: CodeLevel | None
    days: float | None
    why_nl: str
    why_en: str


@dataclass(frozen=True, slots=True)
class WeighedPilot:
    """The pilot with what follows: cover by material; yearly cost [k€/yr], None when not known; what is open."""

    pilot: Pilot
    path: Path
    cover: tuple[Cover, ...]
    yearly_cost: float | None
    open: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether tonnes lie in store: only then may it be worded as a stock."""
        return self.pilot.stage is Stage.HOLDING


def example_pilot() -> Path:
    """The pilot file that ships as an example."""
    return Path(str(resources.files("lodestock").joinpath("reference/stock/pilots/example.yml")))


def load_pilot(path: Path) -> tuple[Pilot, Path]:
    """A pilot file; `example` is the one that ships. InputError with file, line and reason for every fault."""
    file = example_pilot() if str(path) == "example" else path
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("the pilot is not UTF-8 text", where=str(file), mend="save the file as UTF-8") from None
    except OSError as error:
        raise InputError(
            "cannot read the pilot", where=str(file), why=error.strerror or "unreadable", mend="give a file, or example"
        ) from None
    tree, lines = parse(text, str(file))
    try:
        return Pilot.model_validate(tree), file
    except ValidationError as error:
        faults = []
        for detail in error.errors():
            loc = tuple(detail["loc"])
            known = loc
            while known not in lines and known:
                known = known[:-1]
            message = detail["msg"].removeprefix("Value error, ")
            faults.append((lines.get(known, 1), f"{'.'.join(map(str, loc)) or 'the file'}: {message}"))
        faults.sort()
        raise InputError(
            "the pilot has one fault" if len(faults) == 1 else f"the pilot has {len(faults)} faults",
            where=f"{file}, line {faults[0][0]}",
            why="; ".join(f"line {line}: {text}" for line, text in faults),
            mend="see docs/reference/stock-equations.md",
        ) from None


def weigh_pilot(loaded: tuple[Pilot, Path], store: Store) -> WeighedPilot:
    """What a pilot covers and costs, and which conditions are not met; what is not stated stays not known."""
    pilot, path = loaded
    cover = tuple(_cover(pilot, item, store) for item in pilot.materials)
    open_parts = tuple(
        name
        for name in Feasibility.model_fields
        if getattr(pilot.feasibility, name).state not in (Progress.DONE, Progress.NOT_NEEDED)
    )
    return WeighedPilot(pilot, path, cover, _yearly(pilot.cost), open_parts)


def _yearly(cost: Cost) -> float | None:
    if cost.purchase_keur is None or cost.holding_share is None:
        return None
    terms = CarryTerms(cost.discount_rate, storage=cost.holding_share)
    return float(annual_carry(cost.purchase_keur, terms, cost.years))


def _cover(pilot: Pilot, item: Item, store: Store) -> Cover:
    if item.code is None:
        return Cover(item, None, None, "geen handelscode genoemd", "no trade code given")
    levels = safe_levels(
        store, pilot.serves, pilot.days_wanted, material=item.material, year=None, today=pilot.as_of
    ).codes
    found = next((level for level in levels if level.code == item.code), None)
    if found is None:
        raise InputError(
            f"code {item.code} does not hold {item.material}, or the store has no trade in it",
            where=f"{pilot.id}, materials",
            why=f"codes that hold it: {', '.join(level.code for level in levels)}",
            mend="give one of these codes, or leave the code out",
        )
    if found.level is None:
        return Cover(item, found, None, found.reason.nl, found.reason.en)
    if item.tonnes is None:
        return Cover(item, found, None, "nog geen tonnen besloten", "no tonnes decided yet")
    if found.level.daily <= 0.0:
        return Cover(item, found, None, "netto-uitvoer: dagen zeggen niets", "net exports: days mean nothing")
    return Cover(item, found, item.tonnes / (found.level.daily * item.own_use_share), "", "")
