"""docs/mail.md and docs/threat-model.md are true: every code has its line, every named test is there."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


def codes_in_the_program() -> set[str]:
    """Give the first word of each warning that the reading of mail can raise."""
    found = {"locked"}
    for path in (*(ROOT / "seccon" / "adapters").rglob("*.py"), ROOT / "seccon" / "cli" / "read.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("warn", "cut", "Warned") and len(node.args) == 2 and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return found


def test_every_warning_has_its_line_in_the_documentation() -> None:
    text = (ROOT / "docs" / "mail.md").read_text(encoding="utf-8")
    table = text[text.index("## Warnings") : text.index("## How a mail is read")]
    told = {
        code for line in table.split("\n") if line.startswith("| `") for code in re.findall(r"`([a-z0-9-]+)`", line.split("|")[1])
    }
    assert told == codes_in_the_program()


def test_every_test_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z0-9]+/)?test_[a-z0-9_]+)`", text))
    assert len(named) > 30
    assert [name for name in sorted(named) if not (HERE / f"{name}.py").is_file()] == []
