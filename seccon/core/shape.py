"""Mapping -> frozen struct, with every problem collected instead of the first one raised.

The struct's annotations are the schema: policies and the configuration are read through here. Leaves that need a check of
their own (a span, a condition) are given a reader by type.
"""

import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from seccon.core.problems import Problem, nearest

T = TypeVar("T")
Readers = Mapping[type, Callable[[str], Any]]

_WORDS = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    float: "a number",
    dict: "a table",
    tuple: "a list",
}


class _Bad:
    """Stands where a value could not be read, until the problems are told."""


_BAD = _Bad()


def read(shape: type[T], given: Mapping[str, Any], readers: Readers, problems: list[Problem], at: str = "") -> T | None:
    """Read `given` into `shape`; None when something was wrong, and `problems` says all of it."""
    before = len(problems)
    hints, fields = _schema(shape)  # type: ignore[arg-type]
    prefix = f"{at}." if at else ""
    for key in given:
        if key not in fields:
            problems.append(Problem(f"{prefix}{key}", f"unknown key{nearest(str(key), fields)}"))
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if key in given:
            value = _value(hints[field.name], given[key], readers, problems, f"{prefix}{key}")
            if value is not _BAD:
                values[field.name] = value
        elif field.required:
            problems.append(Problem(f"{prefix}{key}", "is missing"))
    return None if len(problems) > before else shape(**values)


def rough(shape: Any, given: Any, readers: Readers, blanks: Mapping[type, Any]) -> Any:
    """Read what can be read, and put a blank for the rest, so that what refers to it can be looked at in spite of it."""
    origin, args = get_origin(shape), get_args(shape)
    if origin in (Union, types.UnionType):
        return rough(next(arg for arg in args if arg is not type(None)), given, readers, blanks)
    if shape not in readers and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return _rough_struct(shape, given if isinstance(given, Mapping) else {}, readers, blanks)
    if origin is tuple:
        return tuple(rough(args[0], one, readers, blanks) for one in (given if isinstance(given, list | tuple) else ()))
    if origin is dict:
        table = given if isinstance(given, Mapping) else {}
        return {str(key): rough(args[1], one, readers, blanks) for key, one in table.items()}
    value = _value(shape, given, readers, [], "")
    if value is not _BAD:
        return value
    return blanks[shape] if shape in blanks else args[0] if args else shape()


def _rough_struct(shape: type, given: Mapping[str, Any], readers: Readers, blanks: Mapping[type, Any]) -> Any:
    hints, fields = _schema(shape)
    there = [(key, field.name) for key, field in fields.items() if key in given or field.required]
    return shape(**{name: rough(hints[name], given.get(key), readers, blanks) for key, name in there})


@cache
def _schema(shape: type) -> tuple[dict[str, Any], dict[str, msgspec.structs.FieldInfo]]:
    """Give a struct's annotations and fields: worked out once, since a policy holds dozens of the same."""
    return get_type_hints(shape), {field.encode_name: field for field in msgspec.structs.fields(shape)}


def _value(hint: Any, given: Any, readers: Readers, problems: list[Problem], at: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        plain = [arg for arg in args if arg is not type(None)]
        return _value(plain[0], given, readers, problems, at)
    if hint in readers:
        return _read_leaf(readers[hint], given, problems, at)
    if origin is tuple:
        return _items(args[0], given, readers, problems, at)
    if origin is dict:
        return _table(args[1], given, readers, problems, at)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if not isinstance(given, Mapping):
            return _wrong("a table", given, problems, at)
        found = read(hint, given, readers, problems, at)
        return _BAD if found is None else found
    if origin is not None:  # Literal
        if given in args:
            return given
        problems.append(Problem(at, f"'{given}' is not known{nearest(str(given), map(str, args))}"))
        return _BAD
    if isinstance(given, bool) is not (hint is bool) or not isinstance(given, hint):
        return _wrong(_WORDS.get(hint, "another kind of value"), given, problems, at)
    return given


def _read_leaf(reader: Callable[[str], Any], given: Any, problems: list[Problem], at: str) -> Any:
    if not isinstance(given, str):
        return _wrong("text in quotes", given, problems, at)
    try:
        return reader(given)
    except ValueError as error:
        problems.append(Problem(at, str(error)))
        return _BAD


def _items(hint: Any, given: Any, readers: Readers, problems: list[Problem], at: str) -> Any:
    if not isinstance(given, list | tuple):
        return _wrong("a list", given, problems, at)
    values = [_value(hint, item, readers, problems, f"{at}[{place}]") for place, item in enumerate(given, 1)]
    return _BAD if any(value is _BAD for value in values) else tuple(values)


def _table(hint: Any, given: Any, readers: Readers, problems: list[Problem], at: str) -> Any:
    if not isinstance(given, Mapping):
        return _wrong("a table", given, problems, at)
    values = {str(key): _value(hint, item, readers, problems, f"{at}.{key}") for key, item in given.items()}
    return _BAD if any(value is _BAD for value in values.values()) else values


def _wrong(wanted: str, given: Any, problems: list[Problem], at: str) -> Any:
    problems.append(Problem(at, f"should be {wanted}, found {str(given)[:40]!r}"))
    return _BAD
