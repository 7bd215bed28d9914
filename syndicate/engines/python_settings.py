"""Settings that are Python (pelicanconf.py, conf.py): their plain values, read without running.

Assignments at the top of the file are read through `ast`: strings, numbers, lists, dictionaries,
names assigned above, and their sums. Whatever is computed, or assigned under an `if`, is not
read; where it is a setting that matters, one Problem names it and says where it can go instead.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syndicate.engines.files import unreadable
from syndicate.files.read import head_inside
from syndicate.model import Problem

__all__ = ["read_python"]

MAX_BYTES = 512 * 1024
MAX_LENGTH = 100_000
"""Of one value: a name doubled forty times over would fill any memory."""


class _Computed(Exception):
    """The value is not written out."""


def read_python(
    root: Path, name: str, wanted: Mapping[str, str], known: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What the file `name` of the blog assigns, on top of what is `known`.

    Tuples and sets come as lists. `wanted` are the settings that matter -> the key of
    config.toml that can stand for each, or nothing.
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
        return values, (_fault(name, "not Python that can be read", 0),)
    missed = {key: line for key, line in computed.items() if key in wanted}
    return values, (_not_run(name, missed, wanted),) if missed else ()


def _fault(name: str, what: str, line: int) -> Problem:
    return Problem(name, "engine-config", what, "correct the file", line)


def _not_run(name: str, missed: Mapping[str, int], wanted: Mapping[str, str]) -> Problem:
    places = [wanted[key] for key in missed if wanted[key]]
    cure = "write plain values"
    if places:
        cure += f", or set {', '.join(dict.fromkeys(places))} in config.toml"
    what = f"computed, and scripts are not run: {', '.join(missed)}"
    return Problem(name, "computed-setting", what, cure, min(missed.values()))


def _assign(tree: ast.Module, values: dict[str, Any]) -> dict[str, int]:
    """Put what `tree` assigns into `values`; the names that are computed, with their lines."""
    computed: dict[str, int] = {}
    for statement in tree.body:
        targets, source = _assignment(statement)
        if source is None:
            computed.update(_stored(statement))
            continue
        for target in targets:
            try:
                values[target] = _value(source, values)
                computed.pop(target, None)
            except _Computed:
                values.pop(target, None)
                computed[target] = statement.lineno
    return computed


def _assignment(statement: ast.stmt) -> tuple[list[str], ast.expr | None]:
    match statement:
        case ast.Assign(targets, value) if all(isinstance(each, ast.Name) for each in targets):
            return [each.id for each in targets if isinstance(each, ast.Name)], value
        case ast.AnnAssign(ast.Name(target), _, ast.expr() as value):
            return [target], value
        case ast.AugAssign(ast.Name(target), ast.Add() as plus, value):
            return [target], ast.BinOp(ast.Name(target), plus, value)
    return [], None


def _stored(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """The names that a statement other than a plain assignment may give a value."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


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
            return _bounded("".join(_piece(part, names) for part in parts))
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
        return _bounded(left + right)
    if isinstance(left, list) and isinstance(right, list):
        return _bounded(left + right)
    raise _Computed


def _piece(part: ast.expr, names: Mapping[str, Any]) -> str:
    if isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion < 0:
        part = part.value
    value = _value(part, names)
    if isinstance(value, str | int):
        return str(value)
    raise _Computed


def _bounded(value: Any) -> Any:
    if len(value) > MAX_LENGTH:
        raise _Computed
    return value
