"""The multistage stock instance built and solved by another modelling layer: run in an environment of its own.

    python benchmarks/peers/stock_peer.py {linopy|pyomo|pulp|scipy} INSTANCE.json STAGES

Prints one line of JSON: optimum, seconds to build, seconds in all. Every peer builds the same programme: a node of
the scenario tree is (stage, index), its parent is index // outcomes in the stage above. Each uses HiGHS in the end.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np


def tree(data, stages):
    """Nodes as arrays: stage, outcome, parent node, reach, discount."""
    chance, k = np.array(data["probability"]), len(data["probability"])
    stage, outcome, parent, reach = [0], [0], [-1], [1.0]
    last = [0]
    for t in range(1, stages):
        new = []
        for node in last:
            for o in range(k):
                new.append(len(stage))
                stage.append(t)
                outcome.append(o)
                parent.append(node)
                reach.append(reach[node] * chance[o])
        last = new
    stage = np.array(stage)
    return stage, np.array(outcome), np.array(parent), np.array(reach) * data["discount"] ** stage


def arrays(data, stages):
    """Per node and material: cost of buy, short and end; bounds, gaps, kept share, parents."""
    stage, outcome, parent, weight = tree(data, stages)
    price, gap = np.array(data["price"])[outcome], np.array(data["gap"])[outcome]
    gap[0] = 0.0
    end = np.array(data["holding"])[None, :] - np.where(stage == stages - 1, 1.0, 0.0)[:, None] * data["salvage"]
    cost = {"buy": price * weight[:, None], "short": np.outer(weight, data["penalty"]), "end": end * weight[:, None]}
    return parent, price, gap, np.array(data["available"])[outcome], 1.0 - np.array(data["decay"]), cost


def linopy_model(data, stages):
    import linopy
    import xarray as xr

    parent, price, gap, available, kept, cost = arrays(data, stages)
    model = linopy.Model()
    n, m = price.shape
    coords = {"node": np.arange(n), "mat": np.arange(m)}
    box = lambda values: xr.DataArray(values, coords=coords, dims=("node", "mat"))  # noqa: E731
    buy = model.add_variables(0, box(available), name="buy")
    release, short, end = (model.add_variables(0, coords=coords, name=name) for name in ("release", "short", "end"))
    keep = xr.DataArray(kept, coords={"mat": coords["mat"]}, dims="mat")
    start = np.array(data["initial_stock"])
    before = end.isel(node=parent[1:]).assign_coords(node=np.arange(1, n))
    later = slice(1, None)
    model.add_constraints(
        end.isel(node=later) - buy.isel(node=later) + release.isel(node=later) - keep * before == 0, name="balance"
    )
    root = end.isel(node=0, drop=True) - buy.isel(node=0, drop=True) + release.isel(node=0, drop=True)
    model.add_constraints(root == keep * start, name="root")
    model.add_constraints(release + short >= box(gap), name="need")
    model.add_constraints((box(price) * buy).sum("mat") <= data["budget"], name="budget")
    model.add_constraints(end.sum("mat") <= data["warehouse"], name="warehouse")
    objective = (box(cost["buy"]) * buy + box(cost["short"]) * short + box(cost["end"]) * end).sum()
    model.add_objective(objective)
    built = time.perf_counter()
    model.solve(solver_name="highs", io_api="direct", output_flag=False)
    return float(model.objective.value), built


def pyomo_model(data, stages):
    import pyomo.environ as pe

    parent, price, gap, available, kept, cost = arrays(data, stages)
    n, m = price.shape
    model = pe.ConcreteModel()
    model.N, model.M = pe.RangeSet(0, n - 1), pe.RangeSet(0, m - 1)
    model.buy = pe.Var(model.N, model.M, bounds=lambda _, i, j: (0, float(available[i, j])))
    for name in ("release", "short", "end"):
        setattr(model, name, pe.Var(model.N, model.M, within=pe.NonNegativeReals))

    def balance(mo, i, j):
        before = float(data["initial_stock"][j]) if i == 0 else mo.end[int(parent[i]), j]
        return mo.end[i, j] - mo.buy[i, j] + mo.release[i, j] == float(kept[j]) * before

    model.balance = pe.Constraint(model.N, model.M, rule=balance)
    model.need = pe.Constraint(
        model.N, model.M, rule=lambda mo, i, j: mo.release[i, j] + mo.short[i, j] >= float(gap[i, j])
    )
    model.budget = pe.Constraint(
        model.N, rule=lambda mo, i: sum(float(price[i, j]) * mo.buy[i, j] for j in mo.M) <= data["budget"]
    )
    model.room = pe.Constraint(model.N, rule=lambda mo, i: sum(mo.end[i, j] for j in mo.M) <= data["warehouse"])
    model.total = pe.Objective(
        expr=sum(
            float(cost[name][i, j]) * getattr(model, name)[i, j]
            for name in ("buy", "short", "end")
            for i in model.N
            for j in model.M
        )
    )
    built = time.perf_counter()
    pe.SolverFactory("appsi_highs").solve(model)
    return float(pe.value(model.total)), built


def pulp_model(data, stages):
    import pulp

    parent, price, gap, available, kept, cost = arrays(data, stages)
    n, m = price.shape
    model = pulp.LpProblem("stock", pulp.LpMinimize)
    make = lambda name, up=None: [  # noqa: E731
        [pulp.LpVariable(f"{name}_{i}_{j}", 0, None if up is None else up[i, j]) for j in range(m)] for i in range(n)
    ]
    buy, release, short, end = make("buy", available), make("release"), make("short"), make("end")
    parts = (("buy", buy), ("short", short), ("end", end))
    model += pulp.lpSum(cost[k][i, j] * v[i][j] for k, v in parts for i in range(n) for j in range(m))
    for i in range(n):
        for j in range(m):
            before = data["initial_stock"][j] if i == 0 else end[parent[i]][j]
            model += end[i][j] - buy[i][j] + release[i][j] - kept[j] * before == 0
            model += release[i][j] + short[i][j] >= gap[i, j]
        model += pulp.lpSum(price[i, j] * buy[i][j] for j in range(m)) <= data["budget"]
        model += pulp.lpSum(end[i]) <= data["warehouse"]
    built = time.perf_counter()
    model.solve(pulp.HiGHS(msg=False))
    return float(pulp.value(model.objective)), built


def scipy_model(data, stages):
    from scipy import sparse
    from scipy.optimize import linprog

    parent, price, gap, available, kept, cost = arrays(data, stages)
    n, m = price.shape
    size, zero = n * m, sparse.csr_matrix((n * m, n * m))
    eye = sparse.identity(size, format="csr")
    rows, child = np.arange(size)[m:], np.arange(size)[m:]
    up = (parent[1:, None] * m + np.arange(m)).ravel()
    carry = sparse.csr_matrix((np.tile(kept, n - 1), (rows, up)), shape=(size, size))
    assert child.size == up.size
    equal = sparse.hstack([-eye, eye, zero, eye - carry])
    right = np.zeros(size)
    right[:m] = kept * np.array(data["initial_stock"])
    node = np.repeat(np.arange(n), m)
    spend = sparse.csr_matrix((price.ravel(), (node, np.arange(size))), shape=(n, size))
    held = sparse.csr_matrix((np.ones(size), (node, np.arange(size))), shape=(n, size))
    none = sparse.csr_matrix((n, size))
    upper = sparse.vstack(
        [
            sparse.hstack([zero, -eye, -eye, zero]),
            sparse.hstack([spend, none, none, none]),
            sparse.hstack([none, none, none, held]),
        ]
    )
    limit = np.concatenate([-gap.ravel(), np.full(n, data["budget"]), np.full(n, data["warehouse"])])
    objective = np.concatenate([cost["buy"].ravel(), np.zeros(size), cost["short"].ravel(), cost["end"].ravel()])
    bounds = np.zeros((4 * size, 2))
    bounds[:, 1] = np.concatenate([available.ravel(), np.full(3 * size, np.inf)])
    built = time.perf_counter()
    found = linprog(objective, upper, limit, equal, right, bounds=bounds, method="highs")
    return float(found.fun), built


PEERS = {"linopy": linopy_model, "pyomo": pyomo_model, "pulp": pulp_model, "scipy": scipy_model}

if __name__ == "__main__":
    which, path, stages = sys.argv[1], sys.argv[2], int(sys.argv[3])
    instance = json.loads(Path(path).read_text(encoding="utf-8"))
    __import__({"linopy": "linopy", "pyomo": "pyomo.environ", "pulp": "pulp", "scipy": "scipy.optimize"}[which])
    begin, used = time.perf_counter(), time.process_time()
    value, built_at = PEERS[which](instance, stages)
    finish = time.perf_counter()
    print(
        json.dumps(
            {
                "value": value,
                "build": built_at - begin,
                "seconds": finish - begin,
                "processor": time.process_time() - used,
            }
        )
    )
