"""The bottom line: which keys do what here, made from the bindings themselves, the most important first."""

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from seccon.widgets.bar import Bar, Span

_NAMES = {
    "enter": "enter", "space": "space", "question_mark": "?", "slash": "/", "colon": ":", "tab": "tab", "escape": "esc",
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pagedown": "pgdn", "pageup": "pgup", "full_stop": ".", "comma": ",",
    "left_square_bracket": "[", "right_square_bracket": "]", "plus": "+", "minus": "-", "exclamation_mark": "!",
}  # fmt: skip


def key_name(key: str) -> str:
    """Write a key as one would say it: `ctrl+s` as `^s`, `question_mark` as `?`."""
    if key.startswith("ctrl+"):
        return f"^{key_name(key.removeprefix('ctrl+'))}"
    return _NAMES.get(key, key)


def shown(screen: Screen[object]) -> list[Binding]:
    """Give the bindings that apply now and want to be seen, one for each thing to do: the screen's own before the App's."""
    found: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        if active.binding.show and active.enabled:
            found.setdefault(active.binding.action, active.binding)
    return sorted(found.values(), key=lambda binding: _place(screen, binding))


def _place(screen: Screen[object], binding: Binding) -> tuple[int, int]:
    """Order as declared: what the focused widget opens first, then the screen's list, then the App's."""
    own = [each.action for each in screen.BINDINGS if isinstance(each, Binding)]
    if binding.action in own:
        return 1, own.index(binding.action)
    return (
        (2, 0) if binding.action.startswith("app.") or hasattr(screen.app, f"action_{binding.action.split('(')[0]}") else (0, 0)
    )


class KeyLine(Bar):
    """Draws the keys that apply on its screen; help has all of them."""

    def on_mount(self) -> None:
        """Follow the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: object) -> None:
        if self.screen.is_current:
            self.say(spans(shown(self.screen), self.app.size.width))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the new width."""
        self.say(spans(shown(self.screen), event.size.width))


def spans(bindings: list[Binding], width: int) -> tuple[Span, ...]:
    """Write as many as fit whole; the last one is always help."""
    helping = [binding for binding in bindings if binding.action in ("help", "app.help")]
    out: list[Span] = []
    used = 1
    room = width - sum(_cells(binding) for binding in helping)
    for binding in bindings:
        if binding in helping:
            continue
        if used + _cells(binding) > room:
            break
        used += _cells(binding)
        out += _item(binding)
    for binding in helping:
        out += _item(binding)
    return ((" ", ""), *out)


def _cells(binding: Binding) -> int:
    return sum(len(text) for text, _style in _item(binding))


def _item(binding: Binding) -> list[Span]:
    return [(key_name(binding.key), "strong"), (f" {binding.description}  ", "quiet")]
