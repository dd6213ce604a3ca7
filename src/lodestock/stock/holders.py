"""Who holds the stock and who pays: public, public-private and private beside each other (MODEL §7.7).

Form of ownership (eigendomsvorm) is not appearance form (verschijningsvorm); the latter is in `forms`. All ways of
financing are put on one annuity: yearly cost per tonne at the rate of whoever ties up the capital.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from lodestock.errors import InputError
from lodestock.stock.carry import CarryTerms, annual_carry, break_even_probability
from lodestock.stock.one_shot import ExponentialNeed, LognormalNeed, crowding_out, expected_cost, private_gap

Need = ExponentialNeed | LognormalNeed


class Holder(StrEnum):
    """Form of ownership."""

    PUBLIC = "public"
    PUBLIC_PRIVATE = "public-private"
    PRIVATE = "private"


class Financing(StrEnum):
    """Who ties up the capital and who pays in the end."""

    BUDGET = "budget"  # the state buys; the taxpayer pays; state rate
    LEVY = "levy"  # an agency borrows; users pay a levy; agency rate
    OBLIGATION = "obligation"  # firms must hold; their customers pay; firm rate
    SUBSIDY = "subsidy"  # firms hold; the state pays part of every tonne-year
    OPTION = "option"  # firms hold more than they would; the state pays a fee for access to the extra tonnes
    OWN = "own"  # firms hold what suits them


@dataclass(frozen=True, slots=True)
class Rates:
    """Yearly cost of capital [1/yr]: of the state, of a levy-funded agency with a state guarantee, of a firm; and
    running cost of an agency [share of price per year]."""

    state: float
    agency: float
    firm: float
    agency_running: float = 0.0


def yearly_cost(price: float, terms: CarryTerms, horizon: int, financing: Financing, rates: Rates) -> float:
    """What a tonne costs per year under a way of financing, as an annuity [k€/t/yr].

    terms: as for a public holder; its discount rate is replaced by the rate of whoever ties up capital. Firms rotate
    the stock through their own use, so that they bear no rotation cost.
    """
    if financing is Financing.BUDGET:
        adapted = replace(terms, discount_rate=rates.state)
    elif financing is Financing.LEVY:
        storage = np.asarray(terms.storage, dtype=np.float64) + rates.agency_running
        adapted = replace(terms, discount_rate=rates.agency, storage=storage)
    else:
        adapted = replace(terms, discount_rate=rates.firm, rotation=0.0)
    return float(annual_carry(price, adapted, horizon))


@dataclass(frozen=True, slots=True)
class HolderOutcome:
    """One way to hold and pay, for one material.

    tonnes: held in all [t]; private: of which by firms; net_added: more than firms hold by themselves [t];
    public_cost, users_cost: yearly, by who pays in the end [k€/yr]; loss_left: expected [k€/yr];
    total: cost and loss for society [k€/yr]; break_even: yearly chance of use above which a tonne pays [1/yr].
    """

    holder: Holder
    financing: Financing
    tonnes: float
    private: float
    net_added: float
    public_cost: float
    users_cost: float
    loss_left: float
    total: float
    break_even: float


@dataclass(frozen=True, slots=True)
class HolderCase:
    """The material and the losses: price [k€/t]; social_loss, private_loss: per tonne short [k€/t]; horizon [yr];
    public_first: whether a public stock is released at the same trigger as, and before, that of firms."""

    need: Need
    price: float
    terms: CarryTerms
    rates: Rates
    horizon: int
    social_loss: float
    private_loss: float
    public_first: bool = False

    def __post_init__(self) -> None:
        if self.private_loss > self.social_loss:
            raise InputError(
                "a firm cannot lose more per tonne than society",
                why=f"private {self.private_loss} > social {self.social_loss} k€/t",
                mend="the social loss includes that of the firm",
            )


def compare_holders(case: HolderCase) -> list[HolderOutcome]:
    """Public, public-private and private beside each other, cheapest for society first.

    Public holders aim at the social optimum at their own yearly cost, given what firms do; obligation, subsidy and
    option bring firms to the social optimum at the firms' yearly cost. Under an obligation the stock stays private: the
    state neither pays nor owns, as with the compulsory industry stocks of oil.
    """
    costs = {f: yearly_cost(case.price, case.terms, case.horizon, f, case.rates) for f in Financing}
    firm = costs[Financing.OWN]
    gap = private_gap(case.need, firm, case.social_loss, case.private_loss)
    own, wanted, subsidy = float(gap.private_stock), float(gap.social_stock), float(gap.subsidy)
    found = [_outcome(case, Holder.PRIVATE, Financing.OWN, own, own, own, 0.0, firm * own, firm)]
    for financing in (Financing.BUDGET, Financing.LEVY):
        carry = costs[financing]
        social = private_gap(case.need, carry, case.social_loss, case.private_loss, private_carry=firm)
        aim = float(social.social_stock)
        if case.public_first:
            public, private = aim, float(crowding_out(aim, own).private_stock)
        else:
            public, private = max(aim - own, 0.0), own
        paid, borne = carry * public, firm * private
        state, users = (paid, borne) if financing is Financing.BUDGET else (0.0, borne + paid)
        found.append(_outcome(case, Holder.PUBLIC, financing, public + private, private, own, state, users, carry))
    total = max(wanted, own)
    for financing, state in (
        (Financing.OBLIGATION, 0.0),
        (Financing.SUBSIDY, subsidy * total),
        (Financing.OPTION, firm * (total - own)),
    ):
        users = firm * total - state
        held = Holder.PRIVATE if financing is Financing.OBLIGATION else Holder.PUBLIC_PRIVATE
        found.append(_outcome(case, held, financing, total, total, own, state, users, firm))
    return sorted(found, key=lambda outcome: outcome.total)


def _outcome(
    case: HolderCase,
    holder: Holder,
    financing: Financing,
    tonnes: float,
    private: float,
    own: float,
    public_cost: float,
    users_cost: float,
    carry: float,
) -> HolderOutcome:
    loss = float(expected_cost(case.need, tonnes, 0.0, case.social_loss))
    break_even = float(break_even_probability(carry, case.social_loss))
    total = public_cost + users_cost + loss
    return HolderOutcome(
        holder, financing, tonnes, private, tonnes - own, public_cost, users_cost, loss, total, break_even
    )
