"""The inner loops of the block kernel as explicit vector instructions.

The compiler cannot know that the work arrays do not overlap and would test for it in every short loop, which costs
more than the loop. Here one row of lanes is loaded whole, worked on and stored whole. Each function takes (array, row)
pairs of float64 arrays [n, LANES] in C order; the arithmetic is that of `kernel_plain`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import extending, types

LANES = 32
_WIDTH = 8
_VECTOR = ir.VectorType(ir.DoubleType(), _WIDTH)
# numba inserts the typing context itself, which its own type stubs do not say
intrinsic: Any = extending.intrinsic
Emit = Callable[..., dict[int, Any]]


def _least(builder: Any, left: Any, right: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", left, right), left, right)


def _most(builder: Any, left: Any, right: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", left, right), left, right)


def _rows(context: Any, builder: Any, signature: Any, args: Any, pairs: int, emit: Emit) -> None:
    """Loads `pairs` rows in vectors, lets `emit` compute, stores what it returns by number of the row."""
    word = args[1].type
    bases = []
    for p in range(pairs):
        array = context.make_array(signature.args[2 * p])(context, builder, args[2 * p])
        bases.append(builder.gep(array.data, [builder.mul(args[2 * p + 1], ir.Constant(word, LANES))]))
    for part in range(LANES // _WIDTH):
        places = [
            builder.bitcast(builder.gep(base, [ir.Constant(word, part * _WIDTH)]), _VECTOR.as_pointer())
            for base in bases
        ]
        loaded = [builder.load(place, align=8) for place in places]
        for number, value in emit(builder, *loaded).items():
            builder.store(value, places[number], align=8)


def _spread(builder: Any, scalar: Any) -> Any:
    """A scalar in every lane."""
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), _WIDTH), [0] * _WIDTH)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)


@intrinsic
def first_offer(_: Any, offered: Any, j: Any, supply: Any, i: Any, left: Any, a: Any, part: Any) -> Any:
    """offered[j] += min(supply[i]·part, left[a])."""
    signature = types.void(offered, j, supply, i, left, a, part)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        share = _spread(builder, args[6])

        def emit(build: Any, total: Any, source: Any, limit: Any) -> dict[int, Any]:
            return {0: build.fadd(total, _least(build, build.fmul(source, share), limit))}

        _rows(context, builder, sig, args, 3, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def first_accept(
    _: Any, left: Any, a: Any, sold: Any, i: Any, supply: Any, s: Any, taken: Any, j: Any, part: Any
) -> Any:
    """x = min(supply[s]·part, left[a])·taken[j]; left[a] −= x; sold[i] += x."""
    signature = types.void(left, a, sold, i, supply, s, taken, j, part)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        share = _spread(builder, args[8])

        def emit(build: Any, limit: Any, total: Any, source: Any, up: Any) -> dict[int, Any]:
            shipped = build.fmul(_least(build, build.fmul(source, share), limit), up)
            return {0: build.fsub(limit, shipped), 1: build.fadd(total, shipped)}

        _rows(context, builder, sig, args, 4, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def weigh(_: Any, weight: Any, w: Any, left: Any, a: Any, demand: Any, j: Any) -> Any:
    """weight[w] += left[a]·demand[j]."""
    signature = types.void(weight, w, left, a, demand, j)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def emit(build: Any, total: Any, limit: Any, need: Any) -> dict[int, Any]:
            return {0: build.fadd(total, build.fmul(limit, need))}

        _rows(context, builder, sig, args, 3, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def next_offer(_: Any, offered: Any, j: Any, left: Any, a: Any, demand: Any, d: Any, scale: Any, i: Any) -> Any:
    """offered[j] += left[a]·min(1, demand[d]·scale[i])."""
    signature = types.void(offered, j, left, a, demand, d, scale, i)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        one = ir.Constant(_VECTOR, [1.0] * _WIDTH)

        def emit(build: Any, total: Any, limit: Any, need: Any, factor: Any) -> dict[int, Any]:
            value = build.fmul(limit, _least(build, build.fmul(need, factor), one))
            return {0: build.fadd(total, value)}

        _rows(context, builder, sig, args, 4, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def next_accept(
    _: Any, left: Any, a: Any, sold: Any, i: Any, demand: Any, d: Any, scale: Any, s: Any, taken: Any, j: Any
) -> Any:
    """x = left[a]·min(1, demand[d]·scale[s])·taken[j]; left[a] −= x; sold[i] += x."""
    signature = types.void(left, a, sold, i, demand, d, scale, s, taken, j)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        one = ir.Constant(_VECTOR, [1.0] * _WIDTH)

        def emit(build: Any, limit: Any, total: Any, need: Any, factor: Any, up: Any) -> dict[int, Any]:
            offer = build.fmul(limit, _least(build, build.fmul(need, factor), one))
            shipped = build.fmul(offer, up)
            return {0: build.fsub(limit, shipped), 1: build.fadd(total, shipped)}

        _rows(context, builder, sig, args, 5, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def open_arc(
    _: Any, left: Any, a: Any, since: Any, s: Any, reach: Any, most: Any, ramp: Any, lag: Any, base: Any
) -> Any:
    """left[a] = max(reach, min(most, base + ramp·max(0, since[s] − lag)))."""
    signature = types.void(left, a, since, s, reach, most, ramp, lag, base)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        low, high, slope, wait, start = (_spread(builder, args[n]) for n in range(4, 9))
        zero = ir.Constant(_VECTOR, [0.0] * _WIDTH)

        def emit(build: Any, _left: Any, months: Any) -> dict[int, Any]:
            gained = build.fmul(slope, _most(build, build.fsub(months, wait), zero))
            return {0: _most(build, low, _least(build, high, build.fadd(start, gained)))}

        _rows(context, builder, sig, args, 2, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def cap_arc(_: Any, left: Any, a: Any, row: Any, r: Any, licensed: Any) -> Any:
    """left[a] = min(left[a], row[r]·licensed)."""
    signature = types.void(left, a, row, r, licensed)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        flow = _spread(builder, args[4])

        def emit(build: Any, limit: Any, share: Any) -> dict[int, Any]:
            return {0: _least(build, limit, build.fmul(share, flow))}

        _rows(context, builder, sig, args, 2, emit)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def add_row(_: Any, total: Any, t: Any, values: Any, v: Any) -> Any:
    """total[t] += values[v]."""
    signature = types.void(total, t, values, v)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def emit(build: Any, held: Any, more: Any) -> dict[int, Any]:
            return {0: build.fadd(held, more)}

        _rows(context, builder, sig, args, 2, emit)
        return context.get_dummy_value()

    return signature, generate
