"""One policy file laid over another: tables key by key, lists of tables entry by entry, by what names an entry."""

from collections.abc import Mapping
from typing import Any

from seccon.core.problems import Problem, nearest

Table = Mapping[str, Any]
Name = tuple[str, str]
_NAMING = ("id", "address", "name", "pattern")
"""What an entry of a list is known by: the first of these that it bears."""
_ORDERS = ("drop", "above")
"""Keys that say what becomes of an entry, and are none of its own."""


def laid_over(below: Table, above: Table, problems: list[Problem]) -> dict[str, Any]:
    """Lay a file's mapping over its base's. `replaces` names lists that stand whole in place of the base's."""
    wholes = above.get("replaces", [])
    if not isinstance(wholes, list) or not all(isinstance(one, str) for one in wholes):
        problems.append(Problem("replaces", "must be a list of names of lists"))
        wholes = []
    base: dict[str, Any] = dict(below)
    for name in wholes:
        base = _without(base, name.split("."), name, problems)
    return _tables(base, {key: value for key, value in above.items() if key != "replaces"}, "", problems)


def _without(table: Table, path: list[str], name: str, problems: list[Problem]) -> dict[str, Any]:
    """Take a list out of the base."""
    found = table.get(path[0])
    if len(path) > 1 and isinstance(found, dict):
        return {**table, path[0]: _without(found, path[1:], name, problems)}
    if len(path) == 1 and isinstance(found, list):
        return {key: value for key, value in table.items() if key != path[0]}
    known = [key for key, value in table.items() if isinstance(value, list)]
    problems.append(Problem("replaces", f"'{name[:60]}' is no list of the base{nearest(path[0], known)}"))
    return dict(table)


def _tables(below: Table, above: Table, at: str, problems: list[Problem]) -> dict[str, Any]:
    laid = dict(below)
    for key, value in above.items():
        old = below.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            laid[key] = _tables(old, value, f"{at}{key}.", problems)
        elif _is_rows(value) and (old is None or _is_rows(old)):
            laid[key] = _rows(old or [], value, f"{at}{key}", problems)
        else:
            laid[key] = value
    return laid


def _is_rows(value: object) -> bool:
    """Say whether it is a list of tables; one that was written out empty stands for itself: none."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _rows(below: list[Table], above: list[Table], at: str, problems: list[Problem]) -> list[Table]:
    """Change the base's entries by those of the same name; new ones come last, or `above` the one that they name."""
    laid, seen = list(below), set[Name]()
    for place, given in enumerate(above, 1):
        name, key = _name(given), f"{at}[{place}]"
        # The same name a second time is no change but a mistake: it stays, to be told as such.
        found = None if name in seen else _spot(laid, name)
        seen |= {name} if name else set()
        row = {word: value for word, value in given.items() if word not in _ORDERS}
        if _is_dropped(given, key, problems):
            if found is None:
                problems.append(Problem(f"{key}.drop", _unfound(name, below)))
            else:
                del laid[found]
        else:
            _put(laid, row if found is None else _tables(laid[found], row, f"{key}.", problems), found, given, key, problems)
    return laid


def _put(laid: list[Table], row: Table, found: int | None, given: Table, key: str, problems: list[Problem]) -> None:
    """Put an entry where it belongs: in its old place, last, or above the one that it names."""
    if "above" not in given:
        laid[len(laid) if found is None else found : len(laid) if found is None else found + 1] = [row]
        return
    if found is not None:
        del laid[found]
    wanted, names = given["above"], [name for name in map(_name, laid) if name]
    spot = next((spot for spot, one in enumerate(laid) if (_name(one) or ("", None))[1] == wanted), None)
    if spot is None:
        known = [word for _, word in names]
        problems.append(Problem(f"{key}.above", f"'{str(wanted)[:60]}' is not in the list{nearest(str(wanted), known)}"))
        spot = len(laid)
    laid.insert(spot, row)


def _is_dropped(given: Table, key: str, problems: list[Problem]) -> bool:
    dropped = given.get("drop", False)
    if not isinstance(dropped, bool):
        problems.append(Problem(f"{key}.drop", "must be true or false"))
    return dropped is True


def _spot(rows: list[Table], name: Name | None) -> int | None:
    return next((spot for spot, one in enumerate(rows) if name and _name(one) == name), None)


def _name(row: Table) -> Name | None:
    """Give what an entry is known by; None: it bears no name in words."""
    return next(((key, row[key]) for key in _NAMING if isinstance(row.get(key), str)), None)


def _unfound(name: Name | None, below: list[Table]) -> str:
    if name is None:
        return f"needs the {', '.join(_NAMING[:-1])} or {_NAMING[-1]} of the entry"
    return f"the base has no '{name[1][:60]}'{nearest(name[1], [one[1] for one in map(_name, below) if one])}"
