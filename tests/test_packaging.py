"""What is installed works as what is checked out does: the data is found, the version is one, nothing points elsewhere."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import seccon
from seccon.adapters.shipped import data_directory

ROOT = Path(__file__).parent.parent
ASK = """
import json, seccon
from seccon.adapters import shipped, templates
from seccon.adapters.demo.content import find_source
print(json.dumps([seccon.__file__, str(shipped.data_directory()), shipped.policy_named("qemu").name,
                  str(shipped.find("templates", "acknowledge.txt")), str(find_source())]))
"""


def build(kind: str, into: Path) -> Path:
    """Build with the project's own backend; nothing is fetched."""
    program = f"from hatchling.build import build_{kind} as build; print(build({str(into)!r}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return into / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content where an installation would put it."""
    wheel = build("wheel", tmp_path_factory.mktemp("dist"))
    place = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)  # noqa: S202 - a wheel of our own making
    return place


def run(place: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with the installed package in front of the checked-out one, from elsewhere."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SECCON", "XDG_", "NOTMUCH", "GNUPG"))}
    env |= {"PYTHONPATH": str(place), "HOME": str(home)}
    return subprocess.run([sys.executable, *words], cwd=home, env=env, capture_output=True, text=True, timeout=60)


def test_a_wheel_finds_its_data_inside_itself(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-c", ASK, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(str(installed / "seccon")) == 4
    assert str(ROOT) not in done.stdout


def test_the_demo_runs_out_of_a_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-m", "seccon", "demo", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 20


def test_a_wheel_holds_every_data_file_and_no_test(installed: Path) -> None:
    here = {path.relative_to(ROOT) for path in (ROOT / "data").rglob("*") if path.is_file()}
    there = {path.relative_to(installed / "seccon") for path in (installed / "seccon" / "data").rglob("*") if path.is_file()}
    assert there == here
    assert [
        path.name for path in installed.iterdir() if path.name not in ("seccon", f"seccon-{seccon.__version__}.dist-info")
    ] == []
    assert (installed / "seccon" / "seccon.tcss").is_file()
    assert (installed / "seccon" / "py.typed").is_file()


def test_a_wheel_installs_the_program_and_names_its_licence(installed: Path) -> None:
    info = installed / f"seccon-{seccon.__version__}.dist-info"
    assert "seccon = seccon.__main__:main" in (info / "entry_points.txt").read_text()
    assert "License-Expression: GPL-3.0-or-later" in (info / "METADATA").read_text()
    assert (info / "licenses" / "LICENSE").is_file()


def test_an_editable_install_finds_its_data_beside_the_package() -> None:
    if Path(seccon.__file__).parent.parent != ROOT:
        pytest.skip("this is no editable install")
    assert data_directory() == ROOT / "data"


def test_a_source_distribution_can_be_tested_and_built(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    for wanted in ("pyproject.toml", "conftest.py", "requirements.lock", "script/test", "data/policies/qemu.toml", "LICENSE",
                   "tests/test_packaging.py", "docs/journal.md", "CONTRIBUTING.md"):  # fmt: skip
        assert wanted in names


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == seccon.__version__
    assert f"## {seccon.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_dependency_is_locked_with_a_hash_within_its_bounds() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==([0-9][^ ;\\]*)", lock, re.MULTILINE | re.IGNORECASE))
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for wanted in (*tables["project"]["dependencies"], *tables["dependency-groups"]["dev"]):
        name = re.split(r"[<>=\[]", wanted)[0]
        assert name in pinned, f"{name} is not locked"
    exact = next(one for one in tables["project"]["dependencies"] if one.startswith("textual"))
    assert exact == f"textual=={pinned['textual']}"
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_no_file_points_to_a_registry_or_to_one_machine() -> None:
    """Where packages come from is the machine's own setting; a path of one machine works on no other."""
    words = [b"py" + b"pi.org", b"pythonhosted" + b".org", b"--index" + b"-url", b".." + b"/shared", b"/home" + b"/user/"]
    words += [f"/{name}/".encode() for name in ("wo" + "rk", "root/.py" + "env")]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("this is no git checkout")
    found = []
    for name in listed.stdout.decode().split("\0")[:-1]:
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        found += [f"{name}: {word.decode()}" for word in words if word in content]
    assert found == []
