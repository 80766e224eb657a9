"""What a person types to filter the queue, read as a question to the board: words, and `key:value` for keys of the board."""

from typing import get_args

import msgspec

from seccon.core.board import BoardQuery, Sort, State
from seccon.core.errors import ConfigError
from seccon.core.problems import nearest

STATES: tuple[State, ...] = get_args(State)
SORTS: tuple[Sort, ...] = get_args(Sort)
_KEYS = ("state", "project", "sort")


def read_filter(text: str, before: BoardQuery) -> tuple[BoardQuery, str]:
    """Give the question, and what of it was not understood as a sentence (empty: all was).

    `state:open` means everything that is not closed, `state:all` everything; project and order stay as they were
    unless the text names them.
    """
    query = msgspec.structs.replace(before, words=(), states=BoardQuery().states)
    words: list[str] = []
    problem = ""
    for token in text.split():
        key, colon, value = token.partition(":")
        if not colon or key not in _KEYS:
            words.append(token)
        elif value:
            query, problem = _keyed(query, key, value.lower(), problem)
    return msgspec.structs.replace(query, words=tuple(words)), problem


def _keyed(query: BoardQuery, key: str, value: str, problem: str) -> tuple[BoardQuery, str]:
    if key == "project":
        return msgspec.structs.replace(query, project=value), problem
    if key == "sort":
        found = next((sort for sort in SORTS if sort == value), None)
        return (
            (msgspec.structs.replace(query, sort=found), problem)
            if found
            else (query, f"no such order: {value}{nearest(value, SORTS)}")
        )
    if value in ("all", "open"):
        return msgspec.structs.replace(query, states=STATES if value == "all" else BoardQuery().states), problem
    odd = next((one for one in value.split(",") if one not in STATES), None)
    if odd is not None:
        return query, f"no such state: {odd}{nearest(odd, STATES)}"
    return msgspec.structs.replace(query, states=tuple(state for state in STATES if state in value.split(","))), problem


def query_from(text: str, *, everything: bool = False) -> BoardQuery:
    """Read a filter of the command line. Raises ConfigError for what is not understood: a script must not get another list."""
    query, problem = read_filter(text, BoardQuery())
    if problem:
        raise ConfigError(problem[0].upper() + problem[1:] + ("" if problem.endswith("?") else "."))
    stated = any(token.startswith("state:") for token in text.split())
    return msgspec.structs.replace(query, states=STATES) if everything and not stated else query


def write_filter(query: BoardQuery, project: str = "") -> str:
    """Say what a list shows, the way it could be typed."""
    said = [
        "state:all"
        if query.states == STATES
        else "state:open"
        if query.states == BoardQuery().states
        else f"state:{','.join(query.states)}"
    ]
    if project:
        said.append(f"project:{project}")
    if query.sort != "urgency":
        said.append(f"sort:{query.sort}")
    return " ".join((*said, *query.words))
