"""Vectors of scenarios inside compiled loops: each arithmetic sign works on `LANES` scenarios at once.

`Rows` is a bare pointer to a float64 array [n, LANES]; `rows[a]` loads one row into registers and `rows[a] = x` stores
it. Loops written with it read like those of `kernel_plain`. Left to itself the compiler tests in every short loop
whether the work arrays overlap, and numba counts references and looks for negative places, which cost more than the
arithmetic.
Nothing of that happens here: the owner of an array must outlive its address, and places must be right.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir  # type: ignore[import-untyped]
from numba import extending
from numba import types as _types
from numba.core import imputils
from numba.core.typing import templates

# numba's own type stubs do not cover its means of extension
types: Any = _types
intrinsic: Any = extending.intrinsic
register_model: Any = extending.register_model
lower_builtin: Any = imputils.lower_builtin
lower_cast: Any = imputils.lower_cast
infer_global: Any = templates.infer_global
signature: Any = templates.signature

LANES = 8
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_FLAGS = ir.VectorType(ir.IntType(1), LANES)
# what compiled functions take and give
Lanes: TypeAlias = Any
Rows: TypeAlias = Any


class _Kind(_types.Type):
    """A type of compiled code, told apart by its name alone."""


class _LanesKind(_Kind):
    """LANES float64 numbers."""


class _FlagsKind(_Kind):
    """LANES truth values."""


class _RowsKind(_Kind):
    """Address of rows of LANES float64 numbers."""


lanes_type, flags_type, rows_type = _LanesKind("Lanes"), _FlagsKind("Flags"), _RowsKind("Rows")


def _model(kind: type[_Kind], held: Any) -> None:
    class Model(extending.models.PrimitiveModel):
        def __init__(self, manager: Any, known: Any) -> None:
            super().__init__(manager, known, held)  # type: ignore[no-untyped-call]

    register_model(kind)(Model)


_model(_LanesKind, _VECTOR)
_model(_FlagsKind, _FLAGS)
_model(_RowsKind, ir.DoubleType().as_pointer())


def _binary(sign: Any, given: Any, takes: Any, emit: Callable[[Any, Any, Any], Any]) -> None:
    """Lets `sign` work on two values of `takes`; a plain number is put into every lane first."""

    class Template(templates.AbstractTemplate):
        def generic(self, args: Any, _kws: Any) -> Any:
            if len(args) == 2 and takes in args and all(a == takes or a == types.float64 for a in args):
                return signature(given, takes, takes)
            return None

    infer_global(sign)(Template)

    def lower(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return emit(builder, *args)

    lower_builtin(sign, takes, takes)(lower)


for _sign in (operator.add, operator.iadd):
    _binary(_sign, lanes_type, lanes_type, lambda b, x, y: b.fadd(x, y))
for _sign in (operator.sub, operator.isub):
    _binary(_sign, lanes_type, lanes_type, lambda b, x, y: b.fsub(x, y))
for _sign in (operator.mul, operator.imul):
    _binary(_sign, lanes_type, lanes_type, lambda b, x, y: b.fmul(x, y))
_binary(operator.truediv, lanes_type, lanes_type, lambda b, x, y: b.fdiv(x, y))
_binary(operator.gt, flags_type, lanes_type, lambda b, x, y: b.fcmp_ordered(">", x, y))
_binary(operator.lt, flags_type, lanes_type, lambda b, x, y: b.fcmp_ordered("<", x, y))
_binary(operator.ge, flags_type, lanes_type, lambda b, x, y: b.fcmp_ordered(">=", x, y))
_binary(operator.ne, flags_type, lanes_type, lambda b, x, y: b.fcmp_unordered("!=", x, y))
for _sign in (operator.or_, operator.ior):
    _binary(_sign, flags_type, flags_type, lambda b, x, y: b.or_(x, y))
_binary(operator.and_, flags_type, flags_type, lambda b, x, y: b.and_(x, y))


def _spread(builder: Any, number: Any) -> Any:
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(undefined, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, undefined, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


@lower_cast(types.float64, lanes_type)
def _number_to_lanes(_context: Any, builder: Any, _from: Any, _to: Any, number: Any) -> Any:
    return _spread(builder, number)


@intrinsic
def spread(_: Any, number: Any) -> Any:
    """The number in every lane."""
    return lanes_type(types.float64), lambda _c, builder, _s, args: _spread(builder, args[0])


@intrinsic
def least(_: Any, x: Any, y: Any) -> Any:
    """The smaller of both, lane by lane."""

    def generate(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *args), *args)

    return lanes_type(lanes_type, lanes_type), generate


@intrinsic
def most(_: Any, x: Any, y: Any) -> Any:
    """The larger of both, lane by lane."""

    def generate(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *args), *args)

    return lanes_type(lanes_type, lanes_type), generate


@intrinsic
def choose(_: Any, where: Any, x: Any, y: Any) -> Any:
    """x where the flag is set, else y."""
    return lanes_type(flags_type, lanes_type, lanes_type), lambda _c, builder, _s, args: builder.select(*args)


@intrinsic
def some(_: Any, flags: Any) -> Any:
    """Whether any flag is set."""

    def generate(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        whole = ir.IntType(LANES)
        return builder.icmp_unsigned("!=", builder.bitcast(args[0], whole), ir.Constant(whole, 0))

    return types.boolean(flags_type), generate


@intrinsic
def lane(_: Any, x: Any, z: Any) -> Any:
    """The number in lane z."""
    return types.float64(lanes_type, types.intp), lambda _c, builder, _s, args: builder.extract_element(*args)


@intrinsic
def gather(_: Any, numbers: Any, starts: Any, column: Any) -> Any:
    """numbers[starts[z] + column] for every lane z."""

    def generate(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        found = ir.Constant(_VECTOR, ir.Undefined)
        for z, place in enumerate(_places(builder, *args)):
            found = builder.insert_element(found, builder.load(place), ir.Constant(ir.IntType(32), z))
        return found

    return lanes_type(numbers, starts, types.intp), generate


@intrinsic
def scatter(_: Any, numbers: Any, starts: Any, column: Any, x: Any) -> Any:
    """numbers[starts[z] + column] = lane z of x."""

    def generate(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        for z, place in enumerate(_places(builder, *args[:3])):
            builder.store(builder.extract_element(args[3], ir.Constant(ir.IntType(32), z)), place)
        return context.get_dummy_value()

    return types.none(numbers, starts, types.intp, lanes_type), generate


@intrinsic
def gather_tile(_: Any, numbers: Any, starts: Any, column: Any, rows: Any) -> Any:
    """rows[column + n] = numbers[starts[z] + column + n] for every lane z and n below LANES, read line by line."""

    def generate(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        lines = [_line(builder, place) for place in _places(builder, *args[:3])]
        columns = _transposed(builder, [builder.load(line, align=8) for line in lines])
        for n, x in enumerate(columns):
            row = builder.add(args[2], ir.Constant(args[2].type, n))
            builder.store(x, _line(builder, _row(builder, args[3], row)), align=8)
        return context.get_dummy_value()

    return types.none(numbers, starts, types.intp, rows), generate


@intrinsic
def scatter_tile(_: Any, numbers: Any, starts: Any, column: Any, rows: Any) -> Any:
    """numbers[starts[z] + column + n] = lane z of rows[column + n] for n below LANES."""

    def generate(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        places = [builder.add(args[2], ir.Constant(args[2].type, n)) for n in range(LANES)]
        rows = [builder.load(_line(builder, _row(builder, args[3], row)), align=8) for row in places]
        for x, place in zip(_transposed(builder, rows), _places(builder, *args[:3]), strict=True):
            builder.store(x, _line(builder, place), align=8)
        return context.get_dummy_value()

    return types.none(numbers, starts, types.intp, rows), generate


def _line(builder: Any, place: Any) -> Any:
    return builder.bitcast(place, _VECTOR.as_pointer())


def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """Columns of a square of lanes: halves of ever shorter runs change places between pairs of rows."""
    run = LANES // 2
    while run:
        mask = ir.VectorType(ir.IntType(32), LANES)
        low = [p if p // run % 2 == 0 else LANES + p - run for p in range(LANES)]
        high = [p + run if p // run % 2 == 0 else LANES + p for p in range(LANES)]
        mixed = list(rows)
        for r in range(LANES):
            if r // run % 2 == 0:
                pair = rows[r], rows[r + run]
                mixed[r] = builder.shuffle_vector(*pair, ir.Constant(mask, low))
                mixed[r + run] = builder.shuffle_vector(*pair, ir.Constant(mask, high))
        rows, run = mixed, run // 2
    return rows


@intrinsic
def fetch(_: Any, numbers: Any, place: Any) -> Any:
    """Asks for numbers[place] to be brought near, since it will be needed soon."""

    def generate(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        word, bytes_ = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [bytes_, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [bytes_], kind)
        there = builder.bitcast(builder.gep(args[0], [args[1]]), bytes_)
        builder.call(ask, [there, ir.Constant(word, 0), ir.Constant(word, 3), ir.Constant(word, 1)])
        return context.get_dummy_value()

    return types.none(numbers, types.intp), generate


def _places(builder: Any, numbers: Any, starts: Any, column: Any) -> list[Any]:
    data = builder.gep(numbers, [column])
    offsets = [builder.load(builder.gep(starts, [ir.Constant(column.type, z)])) for z in range(LANES)]
    return [builder.gep(data, [offset]) for offset in offsets]


@intrinsic
def bare(_: Any, record: Any) -> Any:
    """The named tuple with the address of its numbers in place of each array: no bounds, no counting of references."""
    fields = [
        types.CPointer(types.uint8 if f.dtype == types.boolean else f.dtype) if isinstance(f, types.Array) else f
        for f in record
    ]

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        values = []
        for n, kind in enumerate(record):
            value = builder.extract_value(args[0], n)
            values.append(_data(context, builder, kind, value) if isinstance(kind, types.Array) else value)
        return context.make_tuple(builder, sig.return_type, values)

    return types.NamedTuple(fields, record.instance_class)(record), generate


def _data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(data, ir.IntType(8).as_pointer()) if kind.dtype == types.boolean else data


@intrinsic
def rows_of(_: Any, array: Any, first: Any) -> Any:
    """The rows of a C-ordered array [n, LANES] from row `first` on."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _row(builder, _data(context, builder, sig.args[0], args[0]), args[1])

    return rows_type(array, types.intp), generate


@intrinsic
def whole_numbers(_: Any, array: Any, first: Any) -> Any:
    """The same place read as int64, LANES of them a row."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        start = _row(builder, _data(context, builder, sig.args[0], args[0]), args[1])
        return builder.bitcast(start, ir.IntType(64).as_pointer())

    return types.CPointer(types.int64)(array, types.intp), generate


def _row(builder: Any, data: Any, row: Any) -> Any:
    return builder.gep(data, [builder.mul(row, ir.Constant(row.type, LANES))])


def _place(builder: Any, rows: Any, row: Any) -> Any:
    return _line(builder, _row(builder, rows, row))


@infer_global(operator.getitem)
class _Load(templates.AbstractTemplate):
    def generic(self, args: Any, _kws: Any) -> Any:
        if len(args) == 2 and args[0] == rows_type and isinstance(args[1], types.Integer):
            return signature(lanes_type, rows_type, types.intp)
        return None


@lower_builtin(operator.getitem, rows_type, types.intp)
def _load(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    return builder.load(_place(builder, args[0], args[1]), align=8)


@infer_global(operator.setitem)
class _Store(templates.AbstractTemplate):
    def generic(self, args: Any, _kws: Any) -> Any:
        if len(args) == 3 and args[0] == rows_type and isinstance(args[1], types.Integer):
            return signature(types.none, rows_type, types.intp, lanes_type)
        return None


@lower_builtin(operator.setitem, rows_type, types.intp, lanes_type)
def _store(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    builder.store(args[2], _place(builder, args[0], args[1]), align=8)
    return context.get_dummy_value()
