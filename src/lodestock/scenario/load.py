"""Reading a scenario file: YAML in, a checked Scenario out, every fault with its line and the nearest valid value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lodestock.errors import InputError, UnknownNameError, nearest
from lodestock.scenario.schema import Scenario

Loc = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML as people read it: `on` and `NO` are words, dates are text (checked later, with their line)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A checked scenario, the file it came from and the sha256 of its bytes."""

    scenario: Scenario
    path: Path
    sha256: str


def require_loaded(loaded: object) -> None:
    """Refuse, in words, what is not the answer of `load`: such as the scenario inside it, which lacks its file."""
    if not isinstance(loaded, LoadedScenario):
        raise InputError(
            f"a run takes what `load` gives, not {type(loaded).__name__}", where="run_scenario",
            why="the file and its sha256 go into the manifest", mend="run_scenario(load(ID or file), Store.open())",
        )  # fmt: skip


def shipped() -> dict[str, Path]:
    """Scenarios that ship with the package: id → file."""
    folder = Path(str(resources.files("lodestock").joinpath("reference/scenarios")))
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def load(name: str) -> LoadedScenario:
    """The scenario with this id, or in this file.

    Raises UnknownNameError (with the nearest ids) if there is no such scenario, InputError with file, line and reason
    for every fault that is found in the file.
    """
    path = Path(name)
    if path.suffix not in (".yml", ".yaml"):
        if path.exists():
            raise InputError(
                "not a scenario file", where=str(path), why="its name does not end in .yml", mend="give a YAML file"
            )
        known = shipped()
        if name not in known:
            raise UnknownNameError("scenario", name, known, where="scenarios that ship with the package")
        path = known[name]
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError("cannot read the scenario", where=str(path), why=error.strerror or "unreadable") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "the scenario is not UTF-8 text", where=f"{path}, byte {error.start}", mend="save the file as UTF-8"
        ) from None
    tree, lines = parse(text, str(path))
    try:
        scenario = Scenario.model_validate(tree).with_evidence()
    except ValidationError as error:
        raise _refusal(error, path, lines, tree) from None
    return LoadedScenario(scenario, path, hashlib.sha256(raw).hexdigest())


def parse(text: str, where: str) -> tuple[dict[str, Any], dict[Loc, int]]:
    """YAML text as plain data, with the line of every key; duplicate keys and YAML faults are refused by line."""
    try:
        _refuse_aliases(text, where)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError("not valid YAML", where=f"{where}, line {line}", why=str(error.problem)) from None
    except yaml.YAMLError as error:
        raise InputError("not valid YAML", where=where, why=str(error).splitlines()[0]) from None
    if not isinstance(node, yaml.MappingNode):
        raise InputError("not a scenario", where=f"{where}, line 1", why="the file must hold keys and values")
    lines = dict(_lines(node, (), where))
    try:
        tree = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise InputError("not valid YAML", where=where, why=str(error).splitlines()[0]) from None
    return tree, lines


def _refuse_aliases(text: str, where: str) -> None:
    for token in yaml.scan(text):
        if isinstance(token, yaml.AliasToken):
            line = token.start_mark.line + 1
            raise InputError("aliases are not allowed", where=f"{where}, line {line}", mend="write the value out")


def _lines(node: yaml.Node, loc: Loc, where: str) -> Iterator[tuple[Loc, int]]:
    yield loc, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen:
                raise InputError(f"key '{name}' stands twice", where=f"{where}, line {line}", mend="keep one of them")
            seen.add(name)
            yield from _lines(value, (*loc, name), where)
            yield (*loc, name), line
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*loc, index), where)


def _refusal(error: ValidationError, path: Path, lines: dict[Loc, int], tree: dict[str, Any]) -> InputError:
    faults = []
    for detail in error.errors():
        loc: Loc = tuple(detail["loc"])
        known = loc
        while known not in lines and known:
            known = known[:-1]
        key = ".".join(str(part) for part in loc) or "the file"
        faults.append((lines.get(known, 1), key, _reason(detail, loc)))
    faults.sort()
    first = faults[0]
    why = "; ".join(f"line {line}: {key}: {reason}" for line, key, reason in faults)
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    return InputError(
        f"the scenario has {count}", where=f"{path}, line {first[0]}", why=why, mend="all keys: lodestock brief --keys"
    )


_OF_WHAT_IFS = ("regimes", "outages", "hosts")


def _reason(detail: ErrorDetails, loc: Loc) -> str:
    kind, given = detail["type"], detail.get("input")
    if kind == "extra_forbidden" and len(loc) == 1 and loc[0] in _OF_WHAT_IFS:
        return (
            "stands in a what-if file (schema lodestock-network/1), not here: for what comes to magnets by chance "
            "begin with example-magnet-regimes, see docs/how-to/simulate-a-what-if.md"
        )
    if kind == "extra_forbidden":
        known = _keys_at(loc[:-1])
        close = nearest(str(loc[-1]), known) or sorted(known)
        return f"unknown key; nearest valid: {', '.join(close)}"
    if kind == "missing":
        return "is missing"
    if kind in ("enum", "literal_error"):
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        close = nearest(str(given), allowed)
        return f"'{given}' is not one of {', '.join(allowed)}" + (f"; nearest valid: {close[0]}" if close else "")
    message = detail["msg"].removeprefix("Value error, ")
    shown = "" if kind == "value_error" or isinstance(given, dict | list) else f" (given: {given!r})"
    return message[:1].lower() + message[1:] + shown


def _keys_at(loc: Loc) -> list[str]:
    model: type[BaseModel] = Scenario
    for part in loc:
        if isinstance(part, int):
            continue
        field = next((f for n, f in model.model_fields.items() if (f.alias or n) == part), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is not None or isinstance(annotation, UnionType):
        return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
    return None
