"""Kinds of check on disruption: licence cohorts, commercial stock, office, calibration, rates of events."""

from __future__ import annotations

import numpy as np

from lodestock.disruption.lead_time import FloatArray, LeadTime, bridging_stock, fixed_delay, lognormal, weibull
from lodestock.disruption.licence import (
    office_queue,
    permanent_loss_rate,
    ship_with_validity,
    shortage_until_random_end,
    steady_queue,
    transitional_loss,
    usable_licences,
)
from lodestock.disruption.lots import GrantedFraction, cohort_moments
from lodestock.disruption.rates import plug_in_probability, rate_posterior
from lodestock.disruption.ridge import AgeConvention, ridge_scale, share_granted, snapshot_log_likelihood
from lodestock.disruption.tank import tank
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_LAWS = {
    "weibull": ("lead_time_shape", "lead_time_scale"),
    "lognormal": ("lead_time_median", "lead_time_spread"),
    "fixed": ("lead_time",),
}
LAW = {
    "lead_time_law": Input("law of the lead time", form=Form.TEXT, choices=tuple(_LAWS)),
    "lead_time_shape": Input("shape of a Weibull law", optional=True),
    "lead_time_scale": Input("scale of a Weibull law", "month", optional=True),
    "lead_time_median": Input("median of a lognormal law", "month", optional=True),
    "lead_time_spread": Input("standard deviation of the logarithm of a lognormal law", optional=True),
    "lead_time": Input("the lead time itself, if it is fixed", "month", optional=True),
}
FILING = Input("when in a month applications are filed", form=Form.TEXT, choices=("first day", "spread over the month"))
FLOW = {
    "applications": Input("volume filed each month", "t/month"),
    "never_granted": Input("share of applications that is never granted"),
    "granted_fraction": Input("share of a granted application's volume that is granted"),
    "filing": FILING,
    **LAW,
}
_MONTHS = Input("number of months", "month", Form.WHOLE)


def law_of(given: Given) -> LeadTime:
    """The lead-time law that the inputs of `LAW` describe."""
    name = given.text("lead_time_law")
    absent = [needed for needed in _LAWS[name] if not given.has(needed)]
    if absent:
        raise InputError(
            f"a {name} lead time needs {', '.join(absent)}", where="lead_time_law", mend="add what is missing"
        )
    values = [given.number(needed) for needed in _LAWS[name]]
    if name == "fixed":
        return fixed_delay(values[0])
    return weibull(values[0], values[1]) if name == "weibull" else lognormal(values[0], values[1])


def spread(given: Given) -> bool:
    """Whether applications are spread over the month."""
    return given.text("filing") == "spread over the month"


def licences(given: Given, months: int) -> FloatArray:
    """Licences usable per month from a constant flow of applications [t/month]."""
    return usable_licences(
        np.full(months, given.number("applications")),
        never_granted=given.number("never_granted"),
        granted_fraction=given.number("granted_fraction"),
        law=law_of(given),
        spread_over_month=spread(given),
    )


@kind(
    "licence-flow",
    title=Text("Vergunningen die per maand bruikbaar worden", "Licences that become usable each month"),
    inputs={**FLOW, "months": _MONTHS},
    computes={
        "licences": "usable licences by month [t/month]",
        "mean_lead_time": "E[T] [month]",
        "mean_whole_months": "E⌊T⌋ [month]",
        "permanent_loss_rate": "what no licence will ever cover [t/month]",
        "transitional_loss": "what arrives too late once the regime starts [t]",
        "bridging_stock": "stock that bridges the delay if everything is granted in full [t]",
    },
)
def licence_flow(given: Given) -> Computed:
    """How much a constant flow of applications brings, what it loses for good and what it only loses for a while."""
    law, filed = law_of(given), given.number("applications")
    never, fraction = given.number("never_granted"), given.number("granted_fraction")
    return {
        "licences": licences(given, given.whole("months")),
        "mean_lead_time": float(law.mean()),
        "mean_whole_months": float(law.mean_whole_months()),
        "permanent_loss_rate": float(permanent_loss_rate(filed, never, fraction)),
        "transitional_loss": float(transitional_loss(filed, never, fraction, law, spread_over_month=spread(given))),
        "bridging_stock": float(bridging_stock(filed, law, spread_over_month=spread(given))),
    }


@kind(
    "licence-lots",
    title=Text("Toeval in een klein aantal aanvragen", "Chance in a small number of applications"),
    inputs={
        "lots": Input("number of applications", form=Form.WHOLE),
        "lot_size": Input("volume of each", "t"),
        "never_granted": FLOW["never_granted"],
        "fraction_a": Input("first parameter of the Beta law of the granted fraction"),
        "fraction_b": Input("second parameter; 0 means everything is granted"),
        "age": Input("time since filing", "month"),
        **LAW,
    },
    computes={"mean": "volume granted by then [t]", "variance": "its variance [t²]"},
)
def licence_lots(given: Given) -> Computed:
    """How far chance spreads what one month's applications have brought by some age."""
    fraction = GrantedFraction(given.number("fraction_a"), given.number("fraction_b"))
    granted = (1.0 - given.number("never_granted")) * float(law_of(given).cdf(given.number("age")))
    moments = cohort_moments(given.whole("lots"), given.number("lot_size"), granted, fraction)
    return {"mean": moments.mean, "variance": moments.variance}


@kind(
    "commercial-stock",
    title=Text("Handelsvoorraad vangt op, daarna is er tekort", "Commercial stock absorbs first, then comes shortage"),
    inputs={
        **FLOW,
        "months": _MONTHS,
        "need": Input("need each month", "t/month"),
        "stocks": Input("stocks at the start, one path each", "t", Form.NUMBERS),
    },
    computes={
        "shortage": "shortage by stock and month [t/month]",
        "total": "total shortage by stock [t]",
        "first_short_month": "first month with a shortage by stock, from 0; -1 for none",
    },
)
def commercial_stock(given: Given) -> Computed:
    """How much is short when need meets licensed arrivals and a stock that absorbs until it is empty."""
    months = given.whole("months")
    path = tank(np.full(months, given.number("need")), licences(given, months), given.numbers("stocks"))
    return {"shortage": path.shortage, "total": path.total(), "first_short_month": path.first_short_month()}


@kind(
    "licence-validity",
    title=Text("Vergunningen die verlopen", "Licences that lapse"),
    inputs={
        **FLOW,
        "wanted": Input("what would be shipped each month", "t/month", Form.NUMBERS),
        "validity": Input("months in which a licence can be used, one path each", "month", Form.NUMBERS),
    },
    computes={"shipped": "shipped by validity and month [t/month]"},
)
def licence_validity(given: Given) -> Computed:
    """How much can be shipped when unused licences lapse, oldest used first."""
    wanted = given.numbers("wanted")
    granted = licences(given, len(wanted))
    return {"shipped": [ship_with_validity(granted, wanted, int(v)).shipped for v in given.numbers("validity")]}


@kind(
    "office-queue",
    title=Text("Vergunningenbureau dat achterloopt", "A licence office that falls behind"),
    inputs={
        "filed": Input("cases filed each month", "case/month"),
        "capacity": Input("cases decided each month", "case/month"),
        "months": _MONTHS,
    },
    computes={
        "backlog": "at the start and after each month [case]",
        "wait": "of a case filed after the last month [month]",
    },
)
def office_backlog(given: Given) -> Computed:
    """How long the queue of a licence office grows when more is filed than decided."""
    queue = office_queue(np.full(given.whole("months"), given.number("filed")), given.number("capacity"))
    return {"backlog": queue.backlog, "wait": float(queue.wait[-1])}


@kind(
    "office-steady",
    title=Text("Vergunningenbureau in evenwicht", "A licence office in balance"),
    inputs={
        "filed": Input("cases filed each month", "case/month"),
        "capacity": Input("cases decided each month", "case/month"),
    },
    computes={
        "cases": "in the office [case]",
        "months_in_office": "from filing to decision [month]",
        "months_waiting": "before a case is taken up [month]",
    },
)
def office_steady(given: Given) -> Computed:
    """How many cases lie in an office with random arrivals and decisions (M/M/1)."""
    queue = steady_queue(given.number("filed"), given.number("capacity"))
    return {
        "cases": queue.cases,
        "months_in_office": queue.months_in_office,
        "months_waiting": queue.months_waiting,
    }


@kind(
    "regime-of-random-length",
    title=Text("Vergunningenregime van onbekende duur", "A licence regime of unknown length"),
    inputs={
        **FLOW,
        "need": Input("need each month", "t/month"),
        "end_probability": Input("chance that the regime ends in a month", "1/month"),
    },
    computes={"expected_shortage": "without any stock [t]"},
)
def regime_of_random_length(given: Given) -> Computed:
    """How much is short in expectation, without stock, when the regime can end in any month."""
    total = shortage_until_random_end(
        given.number("need"),
        given.number("applications"),
        never_granted=given.number("never_granted"),
        granted_fraction=given.number("granted_fraction"),
        law=law_of(given),
        end_probability=given.number("end_probability"),
        spread_over_month=spread(given),
    )
    return {"expected_shortage": float(total)}


@kind(
    "licence-ridge",
    title=Text("Wat een gepubliceerd aandeel openlaat", "What a published share leaves open"),
    inputs={
        "months": Input("months since the regime began, by snapshot", "month", Form.NUMBERS),
        "filed": Input("applications filed, by snapshot", form=Form.NUMBERS),
        "granted": Input("applications granted, by snapshot", form=Form.NUMBERS),
        "convention": Input("how old cases are", form=Form.TEXT, choices=tuple(item.value for item in AgeConvention)),
        "never_granted": Input("points on the ridge", form=Form.NUMBERS),
        "lead_time_shape": Input("Weibull shape at each point", form=Form.NUMBERS),
    },
    computes={
        "scale": "Weibull scale by snapshot and point [month]",
        "log_likelihood": "of all counts together at each point of the first snapshot's ridge",
    },
)
def licence_ridge(given: Given) -> Computed:
    """Which lead times give exactly the published shares, and that the likelihood cannot tell them apart."""
    convention = AgeConvention(given.text("convention"))
    months, filed, granted = (given.numbers(name)[:, None] for name in ("months", "filed", "granted"))
    never, shape = given.numbers("never_granted"), given.numbers("lead_time_shape")
    scale = ridge_scale(granted / filed, months, never, shape, convention)
    fitted = share_granted(weibull(shape, scale[0]), never, months[:, 0], convention).T
    likelihood = [
        snapshot_log_likelihood(int(n), int(g), share)
        for n, g, share in zip(filed[:, 0], granted[:, 0], fitted, strict=True)
    ]
    return {"scale": scale, "log_likelihood": np.sum(likelihood, axis=0)}


@kind(
    "event-rate",
    title=Text("Hoe vaak iets zeldzaams voorkomt", "How often something rare happens"),
    inputs={
        "events": Input("events counted", form=Form.WHOLE),
        "years": Input("years of watching", "yr"),
        "horizon": Input("years ahead", "yr"),
        "chances": Input("cumulative chances of which the rate is asked", form=Form.NUMBERS),
    },
    computes={
        "mean_rate": "posterior mean [1/yr]",
        "rate_at": "posterior quantiles [1/yr]",
        "at_least_one": "chance of one or more events within the horizon",
        "at_least_one_plug_in": "the same if the rate were known exactly",
    },
)
def event_rate(given: Given) -> Computed:
    """What a few events in a few years say about the rate (gamma–Poisson)."""
    rate = rate_posterior(given.whole("events"), given.number("years"))
    plug_in = plug_in_probability(given.whole("events"), given.number("years"), given.number("horizon"))
    return {
        "mean_rate": float(rate.mean()),
        "rate_at": rate.quantile(given.numbers("chances")),
        "at_least_one": float(rate.probability_at_least_one(given.number("horizon"))),
        "at_least_one_plug_in": float(plug_in),
    }
