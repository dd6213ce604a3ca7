"""Rare-earth magnets in a what-if: the link from compounds to magnets of the flagship, under any event or regime.

The figures of magnets need what trade does not say: which part of code 850511 is a rare-earth magnet. That is taken
from the flagship scenario, with its ranges and sources (`reference/scenarios`), and stands in the ledger of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.network.structure import NetworkClass
from lodestock.scenario.ensemble import parameter_points
from lodestock.scenario.load import load
from lodestock.scenario.network_data import Classified, Figures
from lodestock.scenario.sampling import triangular
from lodestock.scenario.schema import Scenario
from lodestock.scenario.simulate_network import (
    COMPOUND_CODES,
    BuiltNetwork,
    eu_members,
    magnet_figures,
    magnet_network,
    magnet_points,
)
from lodestock.scenario.simulate_schema import WhatIf
from lodestock.vocabulary import material
from lodestock.vocabulary.forms import Stage
from lodestock.vocabulary.materials import broader

MAGNETS = "rare-earth-magnets"
FLAGSHIP = "china-heavy-rare-earths-2025"
STAGES = (Stage.PROCESSING, Stage.MANUFACTURING)
UNKNOWN = (
    Text(
        "magneten die een land zelf maakt en gebruikt: in geen cijfer, weggelaten",
        "magnets that a country makes and uses itself: in no figure, left out",
    ),
    Text(
        "de vergunningsplicht die sinds april 2025 geldt: niet in dit net, dat van het basisjaar is",
        "the licence obligation in force since April 2025: not in this network, which is that of the baseline year",
    ),
    Text(
        "hergebruik van magneten: geen cijfer, gerekend als niets",
        "recycling of magnets: no figure, taken as nothing",
    ),
)


def is_magnets(name: str) -> bool:
    """Whether this is the product whose chain the store shows; a kind of magnet is refused with what to give instead.

    Raises InputError for NdFeB or SmCo magnets: trade code 850511 holds them all.
    """
    own = material(name)
    if own.id != MAGNETS and any(wider.id == MAGNETS for wider in broader(own)):
        raise InputError(
            f"no figures follow {name} by itself", where="materials",
            why="trade code 850511 holds all permanent magnets of metal", mend=f"give {MAGNETS}",
        )  # fmt: skip
    return own.id == MAGNETS


def magnet_scenario(what_if: WhatIf) -> Scenario:
    """The flagship with the year, stock and seed of a what-if: what its network needs beside trade."""
    flagship = load(FLAGSHIP).scenario
    return flagship.model_copy(
        update={
            "baseline_year": what_if.baseline_year,
            "commercial_stock": what_if.commercial_stock,
            "ensemble": flagship.ensemble.model_copy(update={"seed": what_if.ensemble.seed}),
        }
    )


def magnets_of(
    store: Store, what_if: WhatIf, points: int, always: Sequence[str]
) -> tuple[Figures, tuple[BuiltNetwork, ...]]:
    """What the store says about compounds and magnets, and the network at each reading of what it does not say.

    Raises DataError for a baseline year without trade or without a press total of magnet exports.
    """
    scenario, own = magnet_scenario(what_if), material(MAGNETS)
    held = magnet_figures(store, scenario, always)
    codes = {STAGES[0]: COMPOUND_CODES, STAGES[1]: tuple(scenario.product.codes)}
    mixed = tuple(code for found in codes.values() for code in found)
    found = Classified(MAGNETS, Text(own.name_nl, own.name_en), NetworkClass.CHAIN, codes, mixed, STAGES[:1], ())
    figures = Figures(
        found, STAGES, (), (), (True, False), held.places, eu_members(what_if.baseline_year), {}
    )  # fmt: skip
    built = []
    for point, (rate, ceiling) in zip(magnet_points(scenario, points), _given_up(what_if, points), strict=True):
        made = magnet_network(held, point)
        network = replace(
            made.network, material=MAGNETS, stages=tuple(stage.value for stage in STAGES),
            adaptation=replace(made.network.adaptation, substitution=rate, ceiling=ceiling),
        )  # fmt: skip
        closing = tuple(
            replace(one, stage=stage.value) for one, stage in zip(made.closing, STAGES, strict=True)
        )  # fmt: skip
        built.append(BuiltNetwork(network, closing, made.shares))
    return figures, tuple(built)


def _given_up(what_if: WhatIf, points: int) -> list[tuple[float, float]]:
    """Substitution a year and its ceiling at each point; none where the file gives none."""
    give = what_if.substitution
    if give is None:
        return [(0.0, 0.0)] * points
    drawn = parameter_points(points, 2, what_if.ensemble.seed, MAGNETS, "substitution")
    rate, ceiling = (
        triangular(drawn[:, n], one.low, one.value, one.high) for n, one in enumerate((give.rate, give.ceiling))
    )
    return list(zip(rate.tolist(), ceiling.tolist(), strict=True))
