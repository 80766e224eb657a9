"""`script/bootstrap` on machines that lack things: what it asks for and prints, when it stops, when it rests.

The machine is a directory of links on PATH; programs that would change anything are stand-ins that only tell.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = (
    "bash",
    "env",
    "cat",
    "dirname",
    "sha256sum",
    "shasum",
    "sed",
    "pwd",
    "uname",
    "paste",
    "rm",
    "mkdir",
    "grep",
    "head",
    "sh",
)
ALL = ("notmuch", "gpg", "gpg-agent", "git", "cc")
PYTHON = """#!/bin/sh
case "$1" in
  -m) mkdir -p "$3/bin"
      printf '#!/bin/sh\\necho "$*" >>pip.log\\n' >"$3/bin/python"
      cp "$3/bin/python" "$3/bin/seccon"
      chmod +x "$3"/bin/* ;;
esac
"""
"""A new enough Python, whose environments hold a `python` that only notes what it was asked."""


class Machine:
    """A checkout, and a PATH with these programs and no others."""

    def __init__(self, home: Path, programs: Iterable[str], *, uid: int = 1000) -> None:
        self.root, self.bin = home / "checkout", home / "bin"
        (self.root / "script").mkdir(parents=True)
        self.bin.mkdir()
        for name in ("script/bootstrap", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root / name)
        for name in (*TOOLS, "cp", "chmod", "printf"):
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)
        for name in programs:
            self.give(name, "#!/bin/sh\ncat >/dev/null\n" if name == "cc" else "#!/bin/sh\nexit 0\n")
        self.give("id", f"#!/bin/sh\necho {uid}\n")

    def give(self, name: str, text: str) -> None:
        """Install a stand-in."""
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def bootstrap(self) -> subprocess.CompletedProcess[str]:
        """Run it."""
        env = {"PATH": str(self.bin), "HOME": str(self.root), "LANG": "C.UTF-8"}
        script = [str(self.bin / "bash"), str(self.root / "script" / "bootstrap")]
        return subprocess.run(script, env=env, capture_output=True, text=True, timeout=30)


@pytest.fixture
def whole(tmp_path: Path) -> Machine:
    """A machine that has everything but the virtual environment."""
    machine = Machine(tmp_path, ALL)
    machine.give("python3", PYTHON)
    return machine


def test_without_a_known_package_manager_it_names_what_to_install_and_stops(tmp_path: Path) -> None:
    done = Machine(tmp_path, ["gpg", "gpg-agent", "git", "cc"]).bootstrap()
    assert done.returncode == 1
    assert "this machine lacks: notmuch,Python 3.11 or newer with venv" in done.stderr
    for wanted in ("libnotmuch", "notmuch.h", "GnuPG", "C compiler", "Python 3.11"):
        assert wanted in done.stderr


@pytest.mark.parametrize(
    ("manager", "commands"),
    [
        ("apt-get", ["apt-get update -qq", "libnotmuch-dev notmuch gnupg gpg-agent gcc libc6-dev git python3 python3-venv"]),
        ("dnf", ["dnf install -y -q notmuch notmuch-devel gnupg2 gcc git python3 python3-devel"]),
        ("pacman", ["pacman -S --needed --noconfirm notmuch gnupg gcc git python"]),
    ],
)
def test_without_root_and_sudo_it_prints_every_command_and_stops(tmp_path: Path, manager: str, commands: list[str]) -> None:
    machine = Machine(tmp_path, [manager])
    machine.give(manager, "#!/bin/sh\necho ran >&2\n")
    done = machine.bootstrap()
    assert done.returncode == 1
    assert "not root, and no sudo" in done.stderr
    assert [command for command in commands if command not in done.stderr] == []
    assert "ran" not in done.stderr.splitlines()


def test_sudo_is_used_where_it_is_there(tmp_path: Path) -> None:
    machine = Machine(tmp_path, ["apt-get"])
    machine.give("sudo", '#!/bin/sh\necho "$*" >>sudo.log\n')
    done = machine.bootstrap()
    assert (
        (machine.root / "sudo.log")
        .read_text()
        .startswith("apt-get update -qq\nenv DEBIAN_FRONTEND=noninteractive apt-get install")
    )
    assert done.returncode == 1
    assert "still missing, though the packages were asked for: " in done.stderr


def test_root_needs_no_sudo_and_a_source_that_fails_is_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path, [], uid=0)
    machine.give("apt-get", "#!/bin/sh\nexit 100\n")
    done = machine.bootstrap()
    assert done.returncode == 1
    assert "that ended with status 100" in done.stderr
    assert "still missing" in done.stderr


def test_the_environment_is_made_once_with_locked_versions(whole: Machine) -> None:
    assert whole.bootstrap().returncode == 0
    asked = (whole.root / "pip.log").read_text()
    assert "--require-hashes -r requirements.lock" in asked
    start = time.monotonic()
    again = whole.bootstrap()
    assert (again.returncode, again.stderr) == (0, "")
    assert time.monotonic() - start < 2
    assert (whole.root / "pip.log").read_text().count("requirements.lock") == 1


@pytest.mark.parametrize("harm", ["no stamp", "no python", "other versions", "moved"])
def test_an_environment_that_cannot_be_trusted_is_made_anew(whole: Machine, harm: str) -> None:
    whole.bootstrap()
    match harm:
        case "no stamp":  # it was broken off
            (whole.root / ".venv" / ".bootstrapped").unlink()
        case "no python":
            (whole.root / ".venv" / "bin" / "python").unlink()
        case "other versions":
            with (whole.root / "requirements.lock").open("a") as lock:
                lock.write("# another\n")
        case _:
            whole.root = whole.root.rename(whole.root.parent / "elsewhere")
    assert "making .venv" in whole.bootstrap().stderr
    assert whole.bootstrap().stderr == ""


def test_a_changed_lint_rule_keeps_the_environment(whole: Machine) -> None:
    whole.bootstrap()
    with (whole.root / "pyproject.toml").open("a") as project:
        project.write("\n[tool.other]\nx = 1\n")
    assert whole.bootstrap().stderr == ""


def test_an_old_python_is_passed_over_for_a_newer_one(whole: Machine) -> None:
    whole.give("python3", "#!/bin/sh\nexit 1\n")
    whole.give("python3.12", PYTHON)
    done = whole.bootstrap()
    assert done.returncode == 0, done.stderr


def test_a_failed_installation_is_tried_again_the_next_time(whole: Machine) -> None:
    whole.give("python3", PYTHON.replace("echo", "exit 1; echo"))
    assert whole.bootstrap().returncode == 1
    whole.give("python3", PYTHON)
    assert whole.bootstrap().returncode == 0


@pytest.mark.parametrize("name", ["script/bootstrap", "script/test", "script/demo", ".ci/run"])
def test_a_script_stops_at_the_first_error_and_can_be_started(name: str) -> None:
    path = ROOT / name
    text = path.read_text()
    assert "set -euo pipefail" in text
    assert os.access(path, os.X_OK)
    if shellcheck := shutil.which("shellcheck"):
        assert subprocess.run([shellcheck, str(path)], capture_output=True, text=True).stdout == ""
