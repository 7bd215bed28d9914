"""Describe in words of TOML which values a key of config.toml may have."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, inspect

__all__ = ["Expected", "expected", "keys_below", "kind_of"]

_NAMES: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.BoolType: "true or false",
    inspect.StructType: "a table",
}
_EXAMPLES: dict[type[inspect.Type], str] = {
    inspect.StrType: '"…"',
    inspect.IntType: "10",
    inspect.FloatType: "0.5",
    inspect.BoolType: "true",
}


class Expected(Struct, frozen=True):
    """Description of a key's values, and a valid line of TOML as example."""

    what: str
    example: str


def expected(tables: type[Struct], key: str) -> Expected:
    """Return which values `key` ("feeds.limit", "publish[0].port") may have in `tables`."""
    names = key.replace("[", ".[").split(".")
    found = _types_at(inspect.type_info(tables), names)
    what = " or ".join(dict.fromkeys(map(_words, found)))
    return Expected(what, _example(names, found[0], _default(tables, names)))


def keys_below(tables: type[Struct], key: str) -> tuple[str, ...]:
    """Return the keys of the table at `key`, which is "" for the whole file."""
    names = key.replace("[", ".[").split(".") if key else []
    found = _types_at(inspect.type_info(tables), names)
    return tuple(
        dict.fromkeys(
            name
            for each in found
            if isinstance(each, inspect.StructType)
            for name in (*filter(None, [each.tag_field]), *(f.encode_name for f in each.fields))
        )
    )


def kind_of(value: Any) -> str:
    """Describe `value` in words of TOML: "text", "3", "a table"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "text" if len(value) > 40 else f'"{value}"'
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, Sequence) else "a date or time"


def _types_at(info: inspect.Type, names: Sequence[str]) -> list[inspect.Type]:
    """Return the possible types below `info` at `names`; the items of a list are at "[0]"."""
    found = [info]
    for name in names:
        found = [below for each in found for below in _below(each, name)]
    return [each for one in found for each in _parts(one)]


def _parts(info: inspect.Type) -> list[inspect.Type]:
    """Return the alternatives of `info`, without None."""
    if isinstance(info, inspect.UnionType):
        return [part for each in info.types for part in _parts(each)]
    return [] if isinstance(info, inspect.NoneType) else [info]


def _below(info: inspect.Type, name: str) -> list[inspect.Type]:
    found: list[inspect.Type] = []
    for each in _parts(info):
        if isinstance(each, inspect.StructType):
            if name == each.tag_field:
                found.append(inspect.LiteralType((each.tag,)))
            found += (field.type for field in each.fields if field.encode_name == name)
        elif isinstance(each, inspect.VarTupleType) and name.startswith("["):
            found.append(each.item_type)
    return found


def _words(info: inspect.Type) -> str:
    if isinstance(info, inspect.LiteralType | inspect.EnumType):
        return " or ".join(f'"{value}"' for value in _values(info))
    if isinstance(info, inspect.VarTupleType):
        inner = [_words(each) for each in _parts(info.item_type)]
        return "a list of tables" if "a table" in inner else f"a list of {' or '.join(inner)}"
    if isinstance(info, inspect.IntType | inspect.FloatType):
        number = "a whole number" if isinstance(info, inspect.IntType) else "a number"
        return number + _span(info)
    if isinstance(info, inspect.StrType) and info.min_length:
        return "text that is not empty"
    return _NAMES.get(type(info), "another value")


def _span(info: inspect.IntType | inspect.FloatType) -> str:
    if info.gt is not None and info.le is not None:
        return f" above {info.gt:g} and up to {info.le:g}"
    if info.ge is not None and info.le is not None:
        return f" from {info.ge:g} to {info.le:g}"
    return f" from {info.ge:g} up" if info.ge is not None else ""


def _values(info: inspect.LiteralType | inspect.EnumType) -> Sequence[Any]:
    if isinstance(info, inspect.LiteralType):
        return info.values
    return [each.value for each in info.cls]


def _example(names: Sequence[str], info: inspect.Type, default: Any) -> str:
    """Return a line of TOML that sets the last of `names`, or the beginning of its table."""
    keys = [name for name in names if not name.startswith("[")]
    if isinstance(info, inspect.VarTupleType) and _words(info) == "a list of tables":
        return f"[[{'.'.join(keys)}]]"
    if isinstance(info, inspect.StructType) and names[-1] == keys[-1]:
        return f"[{'.'.join(keys)}]"
    if names[-1] != keys[-1]:  # show the whole list for an item
        return f"{keys[-1]} = [{_value(info, None)}]"
    return f"{keys[-1]} = {_value(info, default)}"


def _value(info: inspect.Type, default: Any) -> str:
    if default not in (None, "", (), msgspec.NODEFAULT):
        return msgspec.json.encode(default).decode()
    if isinstance(info, inspect.LiteralType | inspect.EnumType):
        return f'"{_values(info)[0]}"'
    if isinstance(info, inspect.VarTupleType):
        return f"[{_value(_parts(info.item_type)[0], None)}]"
    return _EXAMPLES.get(type(info), '"…"')


def _default(tables: type[Struct], names: Sequence[str]) -> Any:
    """Return the default of the key; NODEFAULT if it has none, or is in a list."""
    info: inspect.Type = inspect.type_info(tables)
    value: Any = msgspec.NODEFAULT
    for name in names:
        structs = [each for each in _parts(info) if isinstance(each, inspect.StructType)]
        fields = [f for each in structs for f in each.fields if f.encode_name == name]
        if not fields:
            return msgspec.NODEFAULT
        info, value = fields[0].type, fields[0].default
    return value
