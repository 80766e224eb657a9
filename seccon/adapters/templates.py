"""The texts that replies start from: plain text with Jinja blanks, rendered in a sandbox from a few cleaned values.

Owns filling and folding. Which values there are is the desk's; where files lie is `shipped`'s.
"""

import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seccon.adapters.shipped import data_directory, find
from seccon.core.errors import ConfigError
from seccon.core.letter import clean_line
from seccon.core.problems import unknown
from seccon.core.spans import zone

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_WIDTH = 72
_FIRM = "\xa0"
"""A blank at which no line is broken."""
_LONGEST = 200_000
_MARK = "\ufdd0"
"""Stands around the place of a text that is put in whole: a code point that no text holds."""


class TemplateFolder:
    """Finds `templates/NAME.txt` (the user's shadows the shipped one) and fills it."""

    def __init__(self, look: Callable[[str, str], Path | None] = find) -> None:
        self._find = look

    def names(self) -> tuple[str, ...]:
        """List the purposes for which a text is shipped."""
        return tuple(sorted(path.stem for path in (data_directory() / "templates").glob("*.txt")))

    def render(self, name: str, occasion: Mapping[str, object], whole: Mapping[str, str] | None = None) -> str:
        """Fill a text; those of `whole` are neither cleaned nor folded.

        Raises ConfigError that says which value is missing, or where the file is broken.
        """
        from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

        stem = name.removesuffix(".txt")
        path = self._find("templates", f"{stem}.txt") if _NAME.fullmatch(stem) else None
        if path is None:
            raise ConfigError(unknown(f"There is no template '{clean_line(name, 40)}'", stem, self.names()))
        try:
            marks = {each: f"{_MARK}{place}{_MARK}" for place, each in enumerate(whole or {})}
            text = self._environment.from_string(path.read_text(encoding="utf-8")).render(**_cleaned(occasion), **marks)
        except TemplateSyntaxError as error:
            raise ConfigError(f"{path}, line {error.lineno}: {error.message}.") from None
        except UndefinedError as error:
            raise ConfigError(
                f"{path}: {error.message}.", "Fill it in the case, or take the blank out of the template."
            ) from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise ConfigError(f"{path} cannot be filled: {clean_line(str(error), 200)}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}.") from None
        filled = fold(text[:_LONGEST])
        for each, text in (whole or {}).items():
            filled = filled.replace(marks[each], text.strip("\n"))
        return filled

    @cached_property
    def _environment(self) -> "ImmutableSandboxedEnvironment":
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        made = ImmutableSandboxedEnvironment(
            autoescape=False,  # plain text: there is nothing to escape
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        made.globals.clear()  # no range(10**9), no lipsum: a text needs none
        made.filters["time"] = time_words
        made.filters["day"] = day_words
        return made


def time_words(value: datetime, where: str = "UTC") -> str:
    """Write an instant as `2026-12-05 14:00 UTC`; with another zone, in that one too."""
    _require_time(value)
    utc = f"{value:%Y-%m-%d %H:%M} UTC"
    if where.upper() in ("UTC", "Z", ""):
        return utc
    return f"{utc} ({value.astimezone(zone(where)):%Y-%m-%d %H:%M} {where})"


def day_words(value: datetime) -> str:
    """Write an instant's day as `2026-12-05`, in UTC."""
    _require_time(value)
    return f"{value:%Y-%m-%d}"


def _require_time(value: object) -> None:
    if not isinstance(value, datetime):
        raise TypeError("a time is needed here")


def _cleaned(occasion: Mapping[str, object]) -> dict[str, Any]:
    """Give the values that are there, cleaned: mail wrote some of them."""
    return {name: _clean(value) for name, value in occasion.items() if value not in (None, "")}


def _clean(value: object) -> object:
    match value:
        case str():
            return clean_line(value, 2000)
        case tuple() | list():
            return tuple(_clean(item) for item in value)
        case datetime() | int() | bool():
            return value
        case _:
            return clean_line(str(value), 200)


def fold(text: str) -> str:
    """Fold every paragraph that has grown longer than 72 columns; what fits stays as it was written."""
    paragraphs = text.strip("\n").split("\n\n")
    return "\n\n".join(_fold_paragraph(one) for one in paragraphs) + "\n"


def _fold_paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(len(line) <= _WIDTH for line in lines):
        return text
    if all(line.startswith(("- ", "  ")) for line in lines):
        return "\n".join(_wrap(line, " " * max(2, len(line) - len(line.lstrip(" ")))) for line in lines)
    return _wrap(" ".join(line.strip() for line in lines), "")


def _wrap(text: str, indent: str) -> str:
    """Fold a line; what is too long for one, such as a link, stays beside the mark of its list."""
    if text.startswith("- "):
        return f"- {_wrap('-' + _FIRM + text[2:].lstrip(), indent)[2:]}"
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
