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
from numba.core import cgutils

LANES = 32
_WIDTH = 8
_VECTOR = ir.VectorType(ir.DoubleType(), _WIDTH)
# numba inserts the typing context itself, which its own type stubs do not say
intrinsic: Any = extending.intrinsic
_variable: Any = cgutils.alloca_once_value
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


def _place(builder: Any, array: Any, row: Any, part: int) -> Any:
    word = row.type
    offset = builder.add(builder.mul(row, ir.Constant(word, LANES)), ir.Constant(word, part * _WIDTH))
    return builder.bitcast(builder.gep(array.data, [offset]), _VECTOR.as_pointer())


def _take(builder: Any, array: Any, row: Any, part: int) -> Any:
    return builder.load(_place(builder, array, row, part), align=8)


def _put(builder: Any, array: Any, row: Any, part: int, value: Any) -> None:
    builder.store(value, _place(builder, array, row, part), align=8)


def _arc(builder: Any, arcs: Any, dest: Any, number: Any) -> tuple[Any, Any]:
    """The arc at a place of a list, and its destination."""
    arc = builder.load(builder.gep(arcs.data, [number]))
    return arc, builder.load(builder.gep(dest.data, [arc]))


def _spread(builder: Any, scalar: Any) -> Any:
    """A scalar in every lane."""
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), _WIDTH), [0] * _WIDTH)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)


@intrinsic
def first_offers(
    _: Any, first: Any, last: Any, dest: Any, share: Any, left: Any, supply: Any, offered: Any, i: Any
) -> Any:
    """Offers of round 1 of origin i over its arcs a = first…last−1: offered[dest[a]] += min(supply[i]·share[a],
    left[a]).
    """
    signature = types.void(first, last, dest, share, left, supply, offered, i)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        held = {n: context.make_array(sig.args[n])(context, builder, args[n]) for n in range(2, 7)}
        for part in range(LANES // _WIDTH):
            source = _take(builder, held[5], args[7], part)
            with cgutils.for_range_slice(builder, args[0], args[1], args[0].type(1)) as (arc, _count):
                user = builder.load(builder.gep(held[2].data, [arc]))
                own = builder.fmul(source, _spread(builder, builder.load(builder.gep(held[3].data, [arc]))))
                value = _least(builder, own, _take(builder, held[4], arc, part))
                _put(builder, held[6], user, part, builder.fadd(_take(builder, held[6], user, part), value))
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def first_accepts(
    _: Any, first: Any, last: Any, dest: Any, share: Any, left: Any, supply: Any, taken: Any, sold: Any, i: Any
) -> Any:
    """Takes up round 1: x = min(supply[i]·share[a], left[a])·taken[dest[a]]; left[a] −= x; sold[i] += x."""
    signature = types.void(first, last, dest, share, left, supply, taken, sold, i)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        held = {n: context.make_array(sig.args[n])(context, builder, args[n]) for n in range(2, 8)}
        for part in range(LANES // _WIDTH):
            source = _take(builder, held[5], args[8], part)
            total = _variable(builder, _take(builder, held[7], args[8], part))
            with cgutils.for_range_slice(builder, args[0], args[1], args[0].type(1)) as (arc, _count):
                user = builder.load(builder.gep(held[2].data, [arc]))
                own = builder.fmul(source, _spread(builder, builder.load(builder.gep(held[3].data, [arc]))))
                limit = _take(builder, held[4], arc, part)
                shipped = builder.fmul(_least(builder, own, limit), _take(builder, held[6], user, part))
                _put(builder, held[4], arc, part, builder.fsub(limit, shipped))
                builder.store(builder.fadd(builder.load(total), shipped), total)
            _put(builder, held[7], args[8], part, builder.load(total))
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def offer_arcs(
    _: Any,
    arcs: Any,
    first: Any,
    last: Any,
    dest: Any,
    left: Any,
    demand: Any,
    supply: Any,
    scale: Any,
    offered: Any,
    i: Any,
) -> Any:
    """Residual offers of origin i over its arcs a = arcs[first:last], j = dest[a].

    weight = Σ left[a]·demand[j]; scale[i] = supply[i]/weight, or 0 without weight; then
    offered[j] += left[a]·min(1, demand[j]·scale[i]). The sum stays in a register over the arcs.
    """
    signature = types.void(arcs, first, last, dest, left, demand, supply, scale, offered, i)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        one, zero = ir.Constant(_VECTOR, [1.0] * _WIDTH), ir.Constant(_VECTOR, [0.0] * _WIDTH)
        held = {n: context.make_array(sig.args[n])(context, builder, args[n]) for n in (0, 3, 4, 5, 6, 7, 8)}
        for part in range(LANES // _WIDTH):
            total = _variable(builder, zero)
            with cgutils.for_range_slice(builder, args[1], args[2], args[1].type(1)) as (n, _count):
                arc, user = _arc(builder, held[0], held[3], n)
                product = builder.fmul(_take(builder, held[4], arc, part), _take(builder, held[5], user, part))
                builder.store(builder.fadd(builder.load(total), product), total)
            weight = builder.load(total)
            ratio = builder.fdiv(_take(builder, held[6], args[9], part), weight)
            factor = builder.select(builder.fcmp_ordered(">", weight, zero), ratio, zero)
            _put(builder, held[7], args[9], part, factor)
            with cgutils.for_range_slice(builder, args[1], args[2], args[1].type(1)) as (n, _count):
                arc, user = _arc(builder, held[0], held[3], n)
                asked = _least(builder, builder.fmul(_take(builder, held[5], user, part), factor), one)
                value = builder.fmul(_take(builder, held[4], arc, part), asked)
                _put(builder, held[8], user, part, builder.fadd(_take(builder, held[8], user, part), value))
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def accept_arcs(
    _: Any,
    arcs: Any,
    first: Any,
    last: Any,
    dest: Any,
    left: Any,
    demand: Any,
    taken: Any,
    scale: Any,
    sold: Any,
    i: Any,
) -> Any:
    """What is taken up of the offers of origin i over its arcs a = arcs[first:last], j = dest[a].

    x = left[a]·min(1, demand[j]·scale[i])·taken[j]; left[a] −= x; sold[i] += x.
    """
    signature = types.void(arcs, first, last, dest, left, demand, taken, scale, sold, i)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        one = ir.Constant(_VECTOR, [1.0] * _WIDTH)
        held = {n: context.make_array(sig.args[n])(context, builder, args[n]) for n in (0, 3, 4, 5, 6, 7, 8)}
        for part in range(LANES // _WIDTH):
            factor = _take(builder, held[7], args[9], part)
            total = _variable(builder, _take(builder, held[8], args[9], part))
            with cgutils.for_range_slice(builder, args[1], args[2], args[1].type(1)) as (n, _count):
                arc, user = _arc(builder, held[0], held[3], n)
                limit = _take(builder, held[4], arc, part)
                asked = _least(builder, builder.fmul(_take(builder, held[5], user, part), factor), one)
                shipped = builder.fmul(builder.fmul(limit, asked), _take(builder, held[6], user, part))
                _put(builder, held[4], arc, part, builder.fsub(limit, shipped))
                builder.store(builder.fadd(builder.load(total), shipped), total)
            _put(builder, held[8], args[9], part, builder.load(total))
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
