"""Forms of branch and tag names: `*` stands for any characters but `/`, everything else for itself. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache


def matches(form: str, name: str) -> bool:
    """Say whether a name has this form."""
    return _compiled(form).fullmatch(name) is not None


def chosen(forms: Iterable[str], name: str) -> bool:
    """Say whether a name has one of the forms, and none of those that begin with `!`."""
    kept = tuple(forms)
    return any(matches(one, name) for one in kept if not one.startswith("!")) and not any(
        matches(one[1:], name) for one in kept if one.startswith("!")
    )


@lru_cache(maxsize=64)
def _compiled(form: str) -> re.Pattern[str]:
    """Stars that stand together are one: nested repeats of a policy's form could take for ever on a hostile name."""
    return re.compile("[^/]*".join(map(re.escape, re.split(r"\*+", form))))
