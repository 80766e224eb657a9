"""What several forms say alike: the mark of a draft, JSON as it is written, ranges of versions."""

import json
from typing import Any

from seccon.core.advisory import Advisory
from seccon.core.formats import Lack
from seccon.core.instants import Instant, to_text

_LONGEST_NAME = 250
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def mark(advisory: Advisory) -> str:
    """Give the sentence that a draft bears."""
    held = f"; the embargo holds until {advisory.secret_until:%Y-%m-%d %H:%M}Z" if advisory.secret_until else ""
    return f"DRAFT, TLP:RED: not to be passed on{held}"


def as_json(value: dict[str, Any], *, sort: bool = False) -> str:
    """Write JSON that any editor shows: its own letters, two spaces, a last line end."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=sort) + "\n"


def moment(value: Instant) -> str:
    """Write an instant as every schema takes it."""
    return to_text(value)


def lacks_words(advisory: Advisory, *, longest_title: int = 0, longest_text: int = 0) -> list[Lack]:
    """Name the words that every form needs, and those that are longer than a form takes."""
    found = [Lack(f"the advisory has no {name}") for name in ("title", "description") if not getattr(advisory, name)]
    if longest_title and len(advisory.title) > longest_title:
        found.append(Lack(f"the title has {len(advisory.title)} characters, {longest_title} are allowed"))
    for name in ("description", "impact", "workaround"):
        text = getattr(advisory, name)
        if longest_text and len(text) > longest_text:
            found.append(Lack(f"the {name} has {len(text)} characters, {longest_text} are allowed"))
    found += lacks_dates(advisory)
    found += [Lack(f"'{one[:80]}' is no web address") for one in advisory.malformed]
    return found


def lacks_affected(advisory: Advisory) -> list[Lack]:
    """Name it when nothing is told of what is affected."""
    if not advisory.affected:
        return [Lack("no branch tells what is affected: its commits or tags", "F")]
    names = [
        name
        for one in advisory.affected
        for name in (one.name, *one.introduced, *one.fixes, *one.vulnerable_tags, *one.fixed_tags)
    ]
    return [Lack(f"'{name[:40]}…' is too long for a branch, tag or commit", "F") for name in names if len(name) > _LONGEST_NAME]


def lacks_dates(advisory: Advisory) -> list[Lack]:
    """Name a day that no schema takes: mails have borne the year 9999."""
    days = {"reported": advisory.reported, "published": advisory.published, "fixed": advisory.fixed}
    return [Lack(f"the day '{name}' cannot be: {day:%Y-%m-%d}") for name, day in days.items() if day and not _is_day(day)]


def _is_day(day: Instant) -> bool:
    return _FIRST_YEAR <= day.year <= _LAST_YEAR
