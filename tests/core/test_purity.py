"""The core stands alone: a clean interpreter that imports it loads nothing from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

CORE = Path(__file__).parent.parent.parent / "seccon" / "core"
MODULES = sorted(
    ".".join(("seccon", "core", *path.relative_to(CORE).with_suffix("").parts))
    for path in CORE.rglob("*.py")
    if path.name != "__init__.py"
)
OUTSIDE = (
    "textual",
    "rich",
    "peewee",
    "gnupg",
    "notmuch2",
    "keyring",
    "click",
    "jinja2",
    "logging",
    "sqlite3",
    "subprocess",
    "socket",
)


def test_every_core_module_loads_nothing_from_outside() -> None:
    program = (
        f"import sys\nfor name in {MODULES!r}: __import__(name)\nprint([name for name in {OUTSIDE!r} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-S", "-c", "import site; site.main()\n" + program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted((CORE.parent).rglob("*.py")), ids=lambda path: str(path.relative_to(CORE.parent)))
def test_no_project_is_named_in_python(path: Path) -> None:
    """A process is dated data: the name of a project never occurs in the program."""
    text = path.read_text().lower()
    assert [name for name in ("qemu", "libvirt", "xen", "kubernetes") if name in text] == []
