"""The licence-regime stock of MODEL §7.5 (case V11) for the tests of this room."""

import numpy as np

from lodestock.stock.instances import RegimeStock

BETA = 0.9944527906684648
STATES = ("normal", "licence", "ban")


def regime(buy_normal=6.0, holding=0.04, buy=True, steps=((3.0, 4.0), (np.inf, 12.0))) -> RegimeStock:
    cap = np.array([buy_normal, 1.0, 0.0]) if buy else np.zeros(3)
    return RegimeStock(
        states=STATES,
        transition=np.array([[0.85, 0.10, 0.05], [0.35, 0.55, 0.10], [0.25, 0.25, 0.50]]),
        supply=(((1.0, 10.0),), ((0.5, 7.0), (0.5, 3.0)), ((1.0, 0.0),)),
        buy_cap=cap,
        price=np.array([1.0, 1.6, 2.5]),
        steps=steps,
        demand=10.0,
        capacity=40.0,
        holding=holding,
        salvage=0.8,
        discount=BETA,
    )
