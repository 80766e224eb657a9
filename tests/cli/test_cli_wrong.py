"""What goes wrong is one sentence on standard error and an exit status; never a traceback, never half an answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.mailroom import letter

COMMANDS = ("sync", "list", "show", "read", "due", "audit", "doctor", "demo")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(place: Place, command: str) -> None:
    done = place.run(command, "--help")
    assert done.exit_code == 0
    assert "--json" in done.stdout
    assert done.stdout.startswith("Usage: ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["lst"], "There is no command 'lst'; did you mean 'list'?"),
        (["frobnicate"], "There is no command 'frobnicate'; known are "),
        (["\x1b[2J"], "There is no command '␛[2J"),
        (["show"], "Missing argument 'CASE'"),
        (["list", "--frob"], "No such option '--frob'"),
        (["show", "nosuch"], "There is no case 'nosuch'. See 'seccon list --all'."),
        (["show", "9999"], "There is no case '9999'."),
        (["show", ""], "There is no case ''."),
        (["list", "state:opn"], "No such state: opn; did you mean 'open'?\n"),
        (["list", "sort:x"], "No such order: x; known are activity, "),
        (["due", "--within", "soon"], "--within: 'soon' is not a length of time; write for example '14 days'"),
        (["sync", "--since", "2026-13-01"], "--since: '2026-13-01' is not a date such as 2026-01-31."),
        (["demo", "--build-only"], "--build-only needs a DIR."),
    ],
)
def test_bad_words_are_answered_with_what_would_be_right(place: Place, words: list[str], sentence: str) -> None:
    done = place.run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "\x1b" not in done.stderr


BAD_FILES = {
    "nosuch": (None, "does not exist. Name another file with --config."),
    "toml": (b"[store\n", "is not valid TOML: "),
    "binary": (b"\xff\xfe\x00", "is not UTF-8 text."),
    "empty": (b"", "store: is missing"),
    "policy": (b'policy = "qemuu"\n[store]\npath = "/nosuch"\n', "There is no policy 'qemuu'; did you mean 'qemu'?\n"),
    "revision": (b'policy = "qemu@2021"\n[store]\npath = "/nosuch"\n', "There is no policy 'qemu@2021'; did you mean 'qemu@20"),
    "path": (
        b'policy = "/nosuch/x.toml"\n[store]\npath = "/nosuch"\n',
        "/nosuch/x.toml cannot be read: No such file or directory.",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("words", [("list",), ("due",), ("sync",), ("show", "1")])
def test_a_configuration_that_cannot_be_used_is_told(place: Place, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    content, sentence = BAD_FILES[name]
    file = tmp_path / "config.toml"
    if content is not None:
        file.write_bytes(content)
    done = place.run(*words, config=file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.startswith("seccon: ")


def test_doctor_tells_a_broken_configuration_as_a_finding(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('polcy = "x"\n[store]\npath = 3\n')
    done = place.run("doctor", config=file)
    assert done.exit_code == 2
    assert "BROKEN   configuration" in done.stdout
    assert "polcy: unknown key; did you mean 'policy'?" in done.stdout
    assert "store.path: should be text in quotes" in done.stdout


def test_a_users_broken_policy_shows_all_its_problems(place: Place) -> None:
    """A file of the same name shadows the shipped one; it is not passed over when it is wrong."""
    folder = Path(place.env["XDG_CONFIG_HOME"]) / "seccon" / "policies"
    folder.mkdir(parents=True)
    (folder / "qemu.toml").write_text('name = "qemu"\nrevison = "2020-12"\nsince = 3\n')
    done = place.run("list")
    assert done.exit_code == 2
    for found in (
        f"{folder / 'qemu.toml'} has ",
        "revison: unknown key; did you mean 'revision'?",
        "since: should be text",
        "intake",
    ):
        assert found in done.stderr


@pytest.mark.parametrize("words", [("list",), ("due",), ("list", "--json")])
def test_a_store_that_does_not_answer_is_told_by_sentence_and_exit_status(place: Place, words: tuple[str, ...]) -> None:
    """The ledger still answers; that the answer is not of today is said."""
    before = place.run(*words)
    (place.room.root / ".notmuch").rename(place.room.root / "gone")
    done = place.run(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith("seccon: new mail was not read: ")
    assert place.run(*words, "--no-sync").stderr == ""
    if "--json" in words:
        assert done.stdout == before.stdout


def test_a_ledger_that_cannot_be_opened_is_told(place: Place) -> None:
    text = place.config.read_text()
    for url, sentence in (
        ("sqlite:////proc/nosuch/ledger.db", "The ledger cannot be opened at /proc/nosuch/ledger.db"),
        ("mysql://host/x", "The ledger cannot be kept at mysql://host/x"),
        ("nonsense", "seccon: "),
    ):
        place.config.write_text("\n".join(f'url = "{url}"' if line.startswith("url") else line for line in text.splitlines()))
        done = place.run("list")
        assert (done.exit_code, done.stdout) == (2, "")
        assert sentence in done.stderr
        assert "BROKEN   ledger" in place.run("doctor").stdout


def test_who_has_no_configuration_is_told_where_it_would_be(place: Place, tmp_path: Path) -> None:
    env = {"SECCON_CONFIG": "", "XDG_CONFIG_HOME": str(tmp_path)}
    done = place.start("list", env=env, capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"looked for /etc/seccon/config.toml and {tmp_path}/seccon/config.toml".encode() in done.stderr


def test_a_user_without_a_home_is_no_accident(place: Place) -> None:
    kept = {name: value for name, value in place.env.items() if name not in ("HOME", "XDG_CONFIG_HOME", "SECCON_CONFIG")}
    for home in ({}, {"HOME": ""}, {"HOME": "/nosuch"}):
        env = {"PATH": os.environ["PATH"], **kept, **home}
        words = [sys.executable, "-m", "seccon", "--config", str(place.config), "list", "--json"]
        done = subprocess.run(words, env=env, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")


def test_the_console_needs_a_terminal_and_says_so(place: Place) -> None:
    done = place.start(stdin=subprocess.DEVNULL, capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"seccon: the console needs a terminal.")


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--json"), ("show", "1", "--entries"), ("due",), ("read", "id:old@r.example")]
)
def test_a_reader_that_has_gone_is_no_error_to_complain_of(place: Place, words: tuple[str, ...]) -> None:
    place.run("sync")
    reading, writing = os.pipe()
    os.close(reading)
    done = place.start(*words, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk at hand")
def test_a_full_disk_is_told_in_words(place: Place) -> None:
    with Path("/dev/full").open("wb") as full:
        done = place.start("list", stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"seccon: The system refuses: No space left on device.\n")


def test_a_terminal_without_utf8_gets_an_answer(place: Place) -> None:
    place.room.fill([letter(subject="Überlauf ✓ 田中")])
    done = place.start("list", env={"PYTHONIOENCODING": "latin-1"}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Überlauf ? ??".encode("latin-1") in done.stdout


def test_a_users_file_that_extends_its_own_name_is_laid_over_the_shipped_one(place: Place) -> None:
    folder = Path(place.env["XDG_CONFIG_HOME"]) / "seccon" / "policies"
    folder.mkdir(parents=True)
    (folder / "qemu.toml").write_text('extends = "qemu"\ntitle = "Ours"\n\n[embargo]\ndefault = "1 week"\n')
    told = place.run("policy", "show", "qemu@2020-12").stdout
    assert "qemu@2020-12  Ours" in told
    assert "1 week, at 12:00 UTC" in told
    assert "sixty-days" in told
    (folder / "a.toml").write_text('extends = "b"\nname = "a"\n')
    (folder / "b.toml").write_text('extends = "a"\nname = "b"\n')
    assert "extends itself by way of" in place.run("policy", "list").stderr


def test_countries_that_nobody_knows_are_told_with_the_other_problems(place: Place) -> None:
    folder = Path(place.env["XDG_CONFIG_HOME"]) / "seccon" / "policies"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('extends = "generic"\nname = "mine"\nholidays = ["XQ"]\ntrailrs = ["CVE"]\n')
    done = place.run("policy", "show", "mine")
    assert done.exit_code == 2
    assert "trailrs: unknown key; did you mean 'trailers'?" in done.stderr
    assert "holidays[1]: 'XQ' is no country" in done.stderr


def test_who_chooses_a_process_without_mail_is_told_so(place: Place) -> None:
    text = place.config.read_text().replace("qemu@2020-12", "qemu@2026-06")
    place.config.write_text(text)
    done = place.run("sync")
    assert done.exit_code == 0
    assert "qemu@2026-06 takes no reports by mail: nothing is read for it." in done.stderr
    assert "Choose qemu@2020-12" in done.stderr
    assert "(takes no reports by mail)" in place.run("policy", "list").stdout
