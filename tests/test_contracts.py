"""The import contracts hold, and each is seen to fail when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BREACHES = {
    "core is pure": ("core/spans.py", "import logging"),
    "the desk knows ports, not edges or screens": ("desk/assess.py", "from seccon.adapters import host"),
    "widgets know only core": ("widgets/bar.py", "from seccon.desk import assess"),
    "screens never touch an edge": ("screens/help.py", "import subprocess"),
    "adapters are named by wiring alone": ("cli/rows.py", "from seccon.adapters import shipped"),
    "adapters know core, never the desk or a screen": ("adapters/host.py", "from seccon.widgets import plain"),
    "one way down": ("widgets/bar.py", "from seccon.screens import help"),
}
"""Contract -> a module, and an import that the contract forbids it."""


def lint(root: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree at `root`, which is imported from there."""
    only = ["--contract", contract] if contract else []
    program = "import sys; from importlinter.cli import lint_imports_command; sys.path.insert(0, '.'); lint_imports_command()"
    words = [sys.executable, "-c", program, "--no-cache", "--no-logo", *only]
    return subprocess.run(words, cwd=root, env={**os.environ, "COLUMNS": "120"}, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program that may be broken."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "seccon", root / "seccon", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_every_contract_has_a_breach() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert sorted(BREACHES) == sorted(one["name"] for one in contracts)


def test_all_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert f"{len(BREACHES)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_is_seen_to_fail(copy: Path, contract: str) -> None:
    name, line = BREACHES[contract]
    module = copy / "seccon" / name
    text = module.read_text()
    module.write_text(f"{text}\n\n{line}\n")
    try:
        done = lint(copy)
    finally:
        module.write_text(text)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
