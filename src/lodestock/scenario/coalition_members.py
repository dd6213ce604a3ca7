"""What the members of a coalition need and what it is worth to them, each with what stands behind it in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.economy.families import product_families, sector_shares
from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import Baseline, prefix, record_baseline
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.stock_data import Range, rows
from lodestock.scenario.stock_options import StockCase
from lodestock.scenario.value import draw_exposure, value_added
from lodestock.stock.methods import METHODS
from lodestock.vocabulary import country

Array = NDArray[np.float64]
TABLE = "reference/stock/members.csv"


@dataclass(frozen=True, slots=True)
class Member:
    """A member: net imports of the product's code [t/yr], stated share of rare-earth magnets, own use [t/yr], its
    value per tonne [k€/t]; table: region of the input-output table behind the value, REU for the joined rest of the
    Union; entries: ids in the ledger of what stands behind its use and value; uses, values: both in draws (d,)."""

    region: str
    base: Baseline
    share: Range
    use: float
    value: float
    table: str
    entries: tuple[str, ...]
    uses: Array
    values: Array


@dataclass(frozen=True, slots=True)
class JoinedUse:
    """Own use in draws (d,) [t/yr] of all countries that the input-output table holds as one region. unsure: those
    whose use cannot be told (net exporters), drawn between 0 and what they import; unknown: those of which not even
    imports are known, in no sum; effect: by how much they lower the value per tonne at most, as a share of it; entry:
    its id in the ledger."""

    use: Array
    unsure: tuple[str, ...]
    unknown: tuple[str, ...]
    effect: float
    entry: str


class Lack(StrEnum):
    """Why a country cannot be a member: what is not known is not zero."""

    NOT_STATED = "not stated"  # no row in members.csv: no table of its value added
    NO_QUANTITY = "no quantity"
    NET_EXPORTS = "net exports"


@dataclass(slots=True)
class MemberBook:
    """Members of one run, read once each; `member` raises a named error for a country without data."""

    run: ScenarioRun
    store: Store
    case: StockCase
    _trade: dict[str, Baseline] = field(default_factory=dict)
    _worth: dict[str, Array] = field(default_factory=dict)
    _joined: dict[str, JoinedUse] = field(default_factory=dict)
    _members: dict[str, Member] = field(default_factory=dict)

    def member(self, code: str) -> Member:
        """A country's own use and the value of a tonne to it; InputError or DataError where that is not known."""
        if code not in self._members:
            use, net_of = self._use(code), _stated(code)["table_region"]
            kept, cap = self._kept()
            worth = np.minimum(1000.0 * self._value(net_of) / self.joined(net_of).use * kept, cap)
            ids = self._entries(code)
            self._members[code] = Member(
                code,
                self._base(code),
                _share(code),
                float(np.median(use)),
                float(np.median(worth)),
                net_of,
                ids,
                use,
                worth,
            )
        return self._members[code]

    def known(self, codes: Iterable[str]) -> tuple[tuple[Member, ...], dict[str, Lack]]:
        """The members with data among countries, and why the others have none."""
        have, lacking = [], {}
        for code in codes:
            why = self.lack(code)
            if why is None:
                try:
                    have.append(self.member(code))
                except DataError:
                    why = Lack.NOT_STATED
            if why is not None:
                lacking[code] = why
        return tuple(have), lacking

    def lack(self, code: str) -> Lack | None:
        """Why the own use of a country or its value cannot be told; None when they can."""
        if not any(row["region"] == code for _, row in rows("members")):
            return Lack.NOT_STATED
        try:
            base = self._base(code)
        except DataError:
            return Lack.NO_QUANTITY
        if base.imports is None or base.exports is None:
            return Lack.NO_QUANTITY
        return Lack.NET_EXPORTS if base.imports <= base.exports else None

    def _base(self, code: str) -> Baseline:
        if code not in self._trade:
            scenario, ledger = self.run.scenario, Ledger()
            self._trade[code] = record_baseline(
                self.store, ledger, region=code, issuer=scenario.issuer, code=scenario.product.codes[0],
                year=scenario.baseline_year, product=scenario.product.id,
            )  # fmt: skip
            self._absorb(ledger)
        return self._trade[code]

    def _absorb(self, ledger: Ledger) -> None:
        """Put entries into the run's ledger; what is there already was read from the same rows."""
        for entry in ledger:
            self.run.ledger.entries.setdefault(entry.id, entry)

    def _use(self, code: str) -> Array:
        """Own use in draws [t/yr]: net imports × the stated share."""
        base = self._base(code)
        where = f"code {self.run.scenario.product.codes[0]}"
        if base.imports is None or base.exports is None:
            raise DataError(
                f"member {code} is without data", where=f"table trade, {where}",
                why="no quantity of imports or exports", mend="leave the member out, or import its trade",
            )  # fmt: skip
        net = base.imports - base.exports
        if net <= 0.0:
            raise InputError(
                f"member {code} exports more than it imports", where=where,
                why="its own use cannot be told from net imports", mend="leave the member out",
            )  # fmt: skip
        return self._with_rare_earths(code, net)

    def _with_rare_earths(self, code: str, tonnes: float) -> Array:
        """The part with rare earths of a country's tonnes, in draws [t/yr]."""
        ensemble = self.run.scenario.ensemble
        points = sobol(ensemble.draws, 1, ensemble.seed + 600 + int(country(code).numeric or "0"))[:, 0]
        return np.asarray(tonnes * triangular(points, *_share(code)))

    def joined(self, table: str) -> JoinedUse:
        """The own use of all countries whose value added the input-output table holds as one region.

        A country that exports more than it imports uses something too: its use counts as anything from 0 to what it
        imports. What it makes itself is not known.
        """
        if table not in self._joined:
            codes = [row["region"] for _, row in rows("members") if row["table_region"] == table]
            lacks = {code: self.lack(code) for code in codes}
            sure = [code for code in codes if lacks[code] is None]
            unsure = [code for code in codes if lacks[code] is Lack.NET_EXPORTS]
            known = np.sum([self._use(code) for code in sure], axis=0)
            most = np.sum([self._imported(code) for code in unsure], axis=0) if unsure else np.zeros_like(known)
            drawn = known + np.sum([self._part(code) * self._imported(code) for code in unsure], axis=0)
            effect = float(np.median(most / (known + most)))
            unknown = tuple(code for code in codes if lacks[code] is Lack.NO_QUANTITY)
            entry = self._record_joined(table, codes, drawn, unknown) if len(codes) > 1 else ""
            self._joined[table] = JoinedUse(drawn, tuple(unsure), unknown, effect, entry)
        return self._joined[table]

    def _imported(self, code: str) -> Array:
        """The imports of a country with rare earths, in draws [t/yr]."""
        return self._with_rare_earths(code, self._base(code).imports or 0.0)

    def _part(self, code: str) -> Array:
        """Which part of its imports a net exporter may use itself: anything from none to all, in draws."""
        ensemble = self.run.scenario.ensemble
        return np.asarray(sobol(ensemble.draws, 1, ensemble.seed + 1600 + int(country(code).numeric or "0"))[:, 0])

    def _record_joined(self, table: str, codes: list[str], use: Array, unknown: tuple[str, ...]) -> str:
        """Put the joint own use behind a joint value per tonne into the ledger; returns its id."""
        product, ledger = self.run.scenario.product.id, self.run.ledger
        key = f"{prefix(table)}.{product}.own_use"
        counted = [code for code in codes if code not in unknown]
        inputs = [name for code in counted for name in (*self._flows(code), self._record_share(code)) if name in ledger]
        low, middle, high = (float(one) for one in np.quantile(use, (0.05, 0.5, 0.95)))
        label = Text(f"eigen gebruik van {table} samen", f"own use of {table} together")
        ledger.computed(key, label, middle, "t/yr", method=METHODS["joint-use"], inputs=inputs, low=low, high=high)
        return key

    def _value(self, table: str) -> Array:
        """Value added a year that stops without the product, in draws [M€/yr], of a region of the table."""
        if table not in self._worth:
            scenario, ledger = self.run.scenario, Ledger()
            _, sector_value = value_added(self.store, ledger, table, sector_shares())
            self._absorb(ledger)
            families = product_families(scenario.economy.exposure)
            exposure = draw_exposure(families, sector_value, scenario.ensemble.draws, scenario.ensemble.seed + 3)
            self._worth[table] = exposure.value.sum(axis=1)
        return self._worth[table]

    def _kept(self) -> tuple[Array, Array]:
        single = self.case.single
        return 1.0 - single["recapture"], single["redesign_cap"]

    def _flows(self, code: str) -> tuple[str, str]:
        start = f"{prefix(code)}.{self.run.scenario.product.id}"
        return f"{start}.imports", f"{start}.exports"

    def _record_share(self, code: str) -> str:
        """Put a country's stated share into the ledger, once; returns its id."""
        row, share = _stated(code), _share(code)
        key, ledger = f"param.stock.member_share.{prefix(code)}", self.run.ledger
        if key not in ledger:
            label = Text(
                f"{country(code).name_nl}: deel met zeldzame aardmetalen",
                f"{country(code).name_en}: share with rare earths",
            )
            ledger.parameter(
                key, label, share[1], "1", mark=Mark(row["mark"]), source=Text(row["source_nl"], row["source_en"]),
                low=share[0], high=share[2],
            )  # fmt: skip
        return key

    def _entries(self, code: str) -> tuple[str, ...]:
        table, ledger = _stated(code)["table_region"], self.run.ledger
        families = {item.sector for item in product_families(self.run.scenario.economy.exposure)}
        value = [f"{prefix(table)}.va.{sector}" for sector in sorted(families)]
        joint = [one for one in (self.joined(table).entry,) if one]
        return (*self._flows(code), self._record_share(code), *joint, *(one for one in value if one in ledger))


def _stated(code: str) -> dict[str, str]:
    for _, row in rows("members"):
        if row["region"] == code:
            return row
    known = ", ".join(row["region"] for _, row in rows("members"))
    raise InputError(
        f"member {code} is without data", where=TABLE,
        why=f"use and value added are known for {known}; what is not stated is not zero",
        mend="leave the member out, or add its row and its input-output table",
    )  # fmt: skip


def _share(code: str) -> Range:
    row = _stated(code)
    return float(row["rare_earth_share_low"]), float(row["rare_earth_share"]), float(row["rare_earth_share_high"])
