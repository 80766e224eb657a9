"""The source itself: no widget is handed text whose brackets or controls it would obey (hostile input, 1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import seccon

ROOT = Path(seccon.__file__).parent
FILES = sorted([*ROOT.glob("widgets/**/*.py"), *ROOT.glob("screens/**/*.py"), ROOT / "app.py"])
READS_MARKUP = {
    "Static", "Label", "Button", "Checkbox", "RadioButton", "Collapsible", "Tab", "TabPane", "Option", "Selection", "Link",
}  # fmt: skip
NEVER = {"from_markup", "Markdown", "MarkdownViewer", "DataTable", "ListView", "RichLog", "Log", "Tree"}
TITLES = {"border_title", "border_subtitle", "tooltip", "sub_title"}
CLEAN = {"content", "Content"}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _safe(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and _name(node.func) in CLEAN)


def faults(tree: ast.AST, *, app: bool) -> Iterator[str]:
    """Find what hands text to something that reads markup, or draws it unwashed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            plain = any(
                word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
                for word in node.keywords
            )
            if name in NEVER:
                yield f"{node.lineno}: {name} must not be used"
            if name == "notify" and not (app and plain):
                yield f"{node.lineno}: notify is for Hands.say alone"
            if name in READS_MARKUP and not all(map(_safe, node.args)):
                yield f"{node.lineno}: {name} is given text that is no Content"
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if _name(target) in TITLES and isinstance(target, ast.Attribute) and not _safe(node.value):
                    yield f"{node.lineno}: {_name(target)} reads markup"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_reaches_a_widget_but_as_content(path: Path) -> None:
    assert list(faults(ast.parse(path.read_text()), app=path.name == "hands.py")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(subject)",
        "self.notify(x, markup=False)",
        "Content.from_markup(x)",
        "self.border_title = name",
        'Label(f"{x}")',
        "Markdown(x)",
    ],
)
def test_the_rule_finds_what_it_is_for(source: str) -> None:
    assert list(faults(ast.parse(source), app=False))


@pytest.mark.parametrize("source", ["Static(content(x))", 'Static("words")', "Label(Content(x))"])
def test_the_rule_lets_the_safe_ways_be(source: str) -> None:
    assert not list(faults(ast.parse(source), app=False))
