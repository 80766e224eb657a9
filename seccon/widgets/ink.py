"""Inks: the few ways in which text is set off, as styles made of the theme's variables.

Kept apart from Textual's component classes: each of those is matched against every rule at start, for each widget that has it.
"""

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

_INKS: dict[str, tuple[str, bool, bool]] = {
    "strong": ("", True, False),
    "quiet": ("text-muted", False, False),
    "here": ("text-primary", True, True),
    "head": ("text-primary", True, False),
    "soon": ("text-warning", False, False),
    "warn": ("text-warning", False, False),
    "overdue": ("text-error", True, False),
    "alarm": ("text-error", True, False),
    "siren": ("text-error", True, False),
    "trusted": ("text-success", False, False),
    "good": ("text-success", False, False),
    "quote-1": ("text-primary", False, False),
    "quote-2": ("text-success", False, False),
    "quote-3": ("text-muted", False, False),
    "rank-0": ("text-muted", False, False),
    "rank-1": ("text-primary", False, False),
    "rank-2": ("text-warning", False, False),
    "rank-3": ("text-error", True, False),
}
"""Name -> theme variable of the colour, bold, underlined. Colour is never the only sign of anything."""

_made: dict[tuple[str, str], Style] = {}


def ink(widget: Widget, name: str) -> Style:
    """Give the style of that name in the theme that is on; nothing special for an empty name."""
    key = (widget.app.theme, name)
    style = _made.get(key)
    if style is None:
        style = _made[key] = _style(widget, name)
    return style


def _style(widget: Widget, name: str) -> Style:
    variable, bold, underline = _INKS.get(name, ("", False, False))
    color = _color(widget.app.theme_variables, variable) if variable else None
    return Style(
        color=None if color is None else color.rich_color,
        bold=bold or None,
        underline=underline or None,
        reverse=name == "siren" or None,
    )


def _color(variables: dict[str, str], name: str) -> Color | None:
    """Read a theme's colour; one that depends on what is behind it (`auto 60%`) is mixed of the theme's two."""
    value = variables.get(name, "")
    try:
        return Color.parse(value)
    except ColorParseError:
        pass
    try:
        share = float(value.rpartition(" ")[2].rstrip("%")) / 100
        return Color.parse(variables["background"]).blend(Color.parse(variables["foreground"]), share)
    except (ColorParseError, KeyError, ValueError):
        return None
