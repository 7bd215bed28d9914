"""Read the literal values of settings in Python (pelicanconf.py, conf.py), without running them.

Assignments at the top of the file are parsed with `ast`: strings, numbers, lists, dictionaries,
names assigned above, and their sums. Computed values and values under an `if` are not read. One
Problem names the important settings among them, and the keys of config.toml that replace them.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syndicate.engines.shared.settings_files import unreadable
from syndicate.files.read import head_inside
from syndicate.model import Problem

__all__ = ["read_python"]

MAX_BYTES = 512 * 1024
MAX_WEIGHT = 1_000_000
"""Values in one file. A name counts with its full value: doubled forty times, a value would fill
any memory."""
_TEXT = 16
"""Characters of text that count as one more value."""


class _Computed(Exception):
    """The value is not a literal."""


def read_python(
    root: Path, name: str, wanted: Mapping[str, str], known: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the values that the file `name` assigns, added to `known`, and the Problems.

    Tuples and sets are converted to lists. `wanted` maps the important settings to the keys of
    config.toml that replace them; empty if there is no such key.
    """
    values = dict(known or {})
    try:
        data = head_inside(root, name, MAX_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of "\d" in a string that is not raw
            tree = ast.parse(data, name)
        computed = _assign(tree, values)
    except OSError as error:
        return values, (unreadable(name, error),)
    except SyntaxError as error:
        return values, (_fault(name, f"not Python: {error.msg}", error.lineno or 0),)
    except (ValueError, RecursionError, MemoryError):
        return values, (_fault(name, "not valid Python, or too large", 0),)
    missed = {key: line for key, line in computed.items() if key in wanted}
    return values, (_not_run(name, missed, wanted),) if missed else ()


def _fault(name: str, what: str, line: int) -> Problem:
    return Problem(name, "engine-config", what, "correct the file", line)


def _not_run(name: str, missed: Mapping[str, int], wanted: Mapping[str, str]) -> Problem:
    places = [wanted[key] for key in missed if wanted[key]]
    cure = "write plain values"
    if places:
        cure += f", or set {', '.join(dict.fromkeys(places))} in config.toml"
    what = f"these settings are computed, and scripts are not run: {', '.join(missed)}"
    return Problem(name, "computed-setting", what, cure, min(missed.values()))


def _assign(tree: ast.Module, values: dict[str, Any]) -> dict[str, int]:
    """Add the assigned literals to `values`. Return the names with computed values, by line."""
    computed: dict[str, int] = {}
    weights = {name: _weight_of(value) for name, value in values.items()}
    left = MAX_WEIGHT
    for statement in tree.body:
        targets, source = _assignment(statement)
        if source is None:
            computed.update(_stored(statement))
            continue
        weight = _weight(source, weights)
        for target in targets:
            try:
                values[target] = _affordable(source, values, left - weight)
                weights[target] = weight
                left -= weight
                computed.pop(target, None)
            except _Computed:
                values.pop(target, None)
                computed[target] = statement.lineno
    return computed


def _assignment(statement: ast.stmt) -> tuple[list[str], ast.expr | None]:
    match statement:
        case ast.Assign(targets, value) if all(isinstance(item, ast.Name) for item in targets):
            return [item.id for item in targets if isinstance(item, ast.Name)], value
        case ast.AnnAssign(ast.Name(target), _, ast.expr() as value):
            return [target], value
        case ast.AugAssign(ast.Name(target), ast.Add() as plus, value):
            return [target], ast.BinOp(ast.Name(target), plus, value)
    return [], None


def _stored(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield the names that a statement other than a plain assignment may set."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def _weight(source: ast.expr, weights: Mapping[str, int]) -> int:
    """Return the size of an expression's value, without making the value."""
    total = 0
    for node in ast.walk(source):
        total += 1
        if isinstance(node, ast.Name):
            total += weights.get(node.id, 0)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            total += len(node.value) // _TEXT
    return total


def _weight_of(value: Any) -> int:
    """Return the size of a value from an earlier file."""
    if isinstance(value, dict):
        return 1 + sum(_weight_of(key) + _weight_of(item) for key, item in value.items())
    if isinstance(value, list):
        return 1 + sum(map(_weight_of, value))
    return 1 + len(value) // _TEXT if isinstance(value, str) else 1


def _affordable(source: ast.expr, names: Mapping[str, Any], left: int) -> Any:
    if left < 0:
        raise _Computed
    return _value(source, names)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(str() | int() | float() | None as value):
            return value
        case ast.Name(name) if name in names:
            return names[name]
        case ast.List(items) | ast.Tuple(items) | ast.Set(items):
            return [_value(item, names) for item in items]
        case ast.Dict(keys, items):
            return _mapping(keys, items, names)
        case ast.BinOp(left, ast.Add(), right):
            return _sum(_value(left, names), _value(right, names))
        case ast.JoinedStr(parts):
            return "".join(_piece(part, names) for part in parts)
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
            return -number
    raise _Computed


def _mapping(
    keys: list[ast.expr | None], items: list[ast.expr], names: Mapping[str, Any]
) -> dict[Any, Any]:
    found = {}
    for key, item in zip(keys, items, strict=True):
        name = _value(key, names) if key else None
        if not isinstance(name, str | int):
            raise _Computed
        found[name] = _value(item, names)
    return found


def _sum(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    raise _Computed


def _piece(part: ast.expr, names: Mapping[str, Any]) -> str:
    if isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion < 0:
        part = part.value
    value = _value(part, names)
    if isinstance(value, str | int):
        return str(value)
    raise _Computed
