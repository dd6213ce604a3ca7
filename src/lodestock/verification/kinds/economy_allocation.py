"""Kinds of check on the step from tonnes to value added: who goes without, ceilings, overlap, inventory."""

from __future__ import annotations

import numpy as np

from lodestock.disruption.tank import tank
from lodestock.economy.allocation import allocation_loss, lost_months, overlap_bounds, sector_ceiling
from lodestock.evidence.ledger import Text
from lodestock.verification.registry import Computed, Form, Given, Input, kind


@kind(
    "allocation-of-a-shortage",
    title=Text("Wie zonder zit bepaalt het verlies", "Who goes without decides the loss"),
    inputs={
        "use": Input("use by segment", "t", Form.NUMBERS),
        "value_added": Input("value added by segment over the same time", "kEUR", Form.NUMBERS),
        "supply": Input("what there is to share out", "t"),
    },
    computes={
        "best": "loss if the least valuable uses go without [kEUR]",
        "pro_rata": "loss if all go without alike [kEUR]",
        "worst": "loss if the most valuable uses go without [kEUR]",
        "best_supply": "what each segment keeps [t]",
        "worst_supply": "what each segment keeps [t]",
        "shadow_value": "loss that one more tonne avoids [kEUR/t]",
    },
)
def allocation(given: Given) -> Computed:
    """What a shortage costs under the best, the pro-rata and the worst way of sharing it out."""
    use = given.numbers("use")
    loss = allocation_loss(use, given.numbers("value_added"), max(0.0, float(use.sum()) - given.number("supply")))
    return {
        "best": float(loss.best),
        "pro_rata": float(loss.pro_rata),
        "worst": float(loss.worst),
        "best_supply": loss.best_supply,
        "worst_supply": loss.worst_supply,
        "shadow_value": float(loss.shadow_value),
    }


@kind(
    "sector-ceiling",
    title=Text("Wat een sector nog kan maken", "What a sector can still make"),
    inputs={
        "unserved": Input("share of the need that is not covered", form=Form.NUMBERS),
        "exposure": Input("share of output that stops without the material", form=Form.NUMBERS),
        "criticality": Input("1 critical, 0.5 important, 0 not", form=Form.NUMBERS),
        "substituted": Input("share of the need that substitution covers", form=Form.NUMBERS),
    },
    computes={"ceiling": "share of normal output"},
)
def ceiling(given: Given) -> Computed:
    """How much of its normal output a sector can still make."""
    unserved, exposure = given.numbers("unserved"), given.numbers("exposure")
    answer = sector_ceiling(unserved, exposure, given.numbers("criticality"), substituted=given.numbers("substituted"))
    return {"ceiling": answer}


@kind(
    "overlap-of-losses",
    title=Text("Meer materialen, dezelfde productie", "Several materials, the same output"),
    inputs={"losses": Input("share of output that each material alone stops", form=Form.NUMBERS)},
    computes={
        "same_products": "if all stop the same products",
        "independent": "if they stop products independently",
        "disjoint": "if they stop different products",
    },
)
def overlap(given: Given) -> Computed:
    """How much of a sector's output several materials stop together, bounded."""
    bounds = overlap_bounds(given.numbers("losses"))
    return {
        "same_products": float(bounds.same_products),
        "independent": float(bounds.independent),
        "disjoint": float(bounds.disjoint),
    }


@kind(
    "inventory-delay",
    title=Text("Voorraad bij de sector stelt uit", "A sector's own inventory delays"),
    inputs={
        "unserved": Input("share of the need that does not arrive"),
        "duration": Input("how long", "month", Form.WHOLE),
        "inventory": Input("months of use on the shelf", "month"),
        "months": Input("months to look", "month", Form.WHOLE),
    },
    computes={"output": "share of normal output by month", "lost_months": "months of output lost [month]"},
)
def inventory_delay(given: Given) -> Computed:
    """How much later and how much less output falls when there are months of use on the shelf."""
    months, duration, gap = given.whole("months"), given.whole("duration"), given.number("unserved")
    need = np.where(np.arange(months) < duration, gap, 0.0)
    path = tank(need, np.zeros(months), given.number("inventory"))
    return {
        "output": 1.0 - path.shortage,
        "lost_months": float(lost_months(gap, float(duration), given.number("inventory"))),
    }
