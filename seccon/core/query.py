"""What a person types to filter the queue -> what the list is asked for."""

from typing import get_args

import msgspec

from seccon.core.board import BoardQuery, Sort, State
from seccon.core.errors import ConfigError
from seccon.core.problems import unknown

_STATES = get_args(State)
_SORTS = get_args(Sort)
_OPEN = tuple(state for state in _STATES if state != "closed")
KEYS = ("state", "project", "sort")


def query_from(text: str, *, everything: bool = False) -> BoardQuery:
    """Read words and `key:value` terms. Raises ConfigError for a value that no list knows; other colons are words."""
    words: list[str] = []
    query = BoardQuery(states=_STATES if everything else _OPEN)
    for word in text.split():
        key, colon, value = word.partition(":")
        if colon and value and key in KEYS:
            query = _term(query, key, value)
        else:
            words.append(word)
    return msgspec.structs.replace(query, words=tuple(words))


def _term(query: BoardQuery, key: str, value: str) -> BoardQuery:
    if key == "project":
        return msgspec.structs.replace(query, project=value)
    if key == "sort":
        return msgspec.structs.replace(query, sort=_known("sort", value, _SORTS))
    if value == "all":
        return msgspec.structs.replace(query, states=_STATES)
    # `open` is what a person calls everything that is not closed.
    states = tuple(_known("state", one, _STATES) for one in value.split(","))
    return msgspec.structs.replace(query, states=states)


def _known(key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ConfigError(unknown(f"{key}:{value} is not known", value, known))
    return value
