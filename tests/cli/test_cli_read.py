"""`seccon read`: its JSON shape is a promise to scripts, and what it calls no mail is none."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seccon.cli.read import protection
from seccon.core.report import Scope, Signature, Verdict
from tests.cli.conftest import Place
from tests.keysmith import shared, shared_key
from tests.mailroom import letter

ARCHIVE = sorted((Path(__file__).parent.parent / "data" / "archive").glob("*.eml"))
KEYS = ["seccon", "message_id", "from", "to", "cc", "date", "subject", "outer_subject", "verdict", "parts", "warnings"]
VERDICT = {
    "encrypted": ("whole", "part", "no"),
    "signed": ("whole", "part", "no"),
    "signature": ("good", "bad", "unknown-key", "expired-key", "revoked-key", "expired", "error", "none"),
}
PART = ["path", "type", "charset", "filename", "size", "encrypted", "signed", "text", "truncated"]


def shape_faults(answer: Any) -> list[str]:
    """Say what is not as docs/json.md has it."""
    checks = {
        "keys": list(answer) == KEYS,
        "version": answer["seccon"] == 1,
        "people": all(set(one) == {"name", "address"} for one in (answer["from"], *answer["to"], *answer["cc"])),
        "date": answer["date"] is None or (answer["date"][-1] == "Z" and len(answer["date"]) == 20),
        "verdict": all(answer["verdict"][key] in words for key, words in VERDICT.items()),
        "verdict keys": list(answer["verdict"]) == [*VERDICT, "fingerprint", "signer", "matches_from", "pinned"],
        "flags": all(isinstance(answer["verdict"][key], bool) for key in ("matches_from", "pinned")),
        "parts": all(list(one) == PART for one in answer["parts"]),
        "warnings": all(set(one) == {"code", "text"} for one in answer["warnings"]),
    }
    return [name for name, right in checks.items() if not right]


@pytest.mark.parametrize("path", ARCHIVE, ids=lambda path: path.stem)
def test_mail_of_public_archives_is_read_in_the_promised_shape(place: Place, path: Path) -> None:
    done = place.run("read", "--json", str(path))
    assert done.exit_code == 0, done.output
    assert shape_faults(json.loads(done.stdout)) == []
    assert done.stdout.isascii()


def test_a_mail_is_found_by_its_message_id(place: Place) -> None:
    answer = place.json("read", "id:old@r.example")
    assert (answer["message_id"], answer["subject"]) == ("old@r.example", "secret overflow in sdhci")
    assert answer["from"] == {"name": "Jane Doe", "address": "jane@reporter.example"}
    assert answer["parts"][0]["text"].startswith("Hello,")


def test_the_same_mail_reads_the_same_from_standard_input(place: Place) -> None:
    path = place.room.deliver(letter(message_id="piped@r.example"))
    piped = place.start("read", "--json", "-", input=path.read_bytes(), capture_output=True)
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert json.loads(piped.stdout) == json.loads(place.run("read", "--json", str(path)).stdout)


NO_MAIL = {
    "empty": b"",
    "text": b"Dear diary,\ntoday nothing happened.\n\nSubject: none\n",
    "passwd": b"root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n",
    "zeros": bytes(100_000),
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40,
    "json": b'{"seccon": 1,\n "subject": "x"}\n',
}


@pytest.mark.parametrize("name", NO_MAIL)
def test_what_has_no_header_line_is_no_mail(place: Place, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(NO_MAIL[name])
    for words in (("read", str(file)), ("read", "--json", str(file))):
        done = place.run(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == f"seccon: '{file}' is not a mail: it begins with no header line. Name the file of a mail.\n"


ODD = {
    "mbox line": b"From jane Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody",
    "garbage first": b"garbage\nSubject: x\n\nbody",
    "blank first": b"\n\nSubject: x\n\nbody",
    "only a header": b"Subject: x",
    "unknown header": b"Frobnication: high\n\nbody",
    "bare carriage returns": b"Subject: x\rFrom: a@b.example\r\rbody",
    "binary body": b"Subject: x\n\n" + bytes(range(256)) * 100,
    "header without an end": b"Subject: " + b"x" * 200_000,
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_mail_with_a_header_is_read(place: Place, tmp_path: Path, name: str) -> None:
    file = tmp_path / "odd"
    file.write_bytes(ODD[name])
    done = place.run("read", "--json", str(file))
    assert done.exit_code == 0, done.output
    assert shape_faults(json.loads(done.stdout)) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nosuch", "does not exist"), (".", "is a directory"), ("/dev/zero", "is no regular file"), ("a" * 5000, "cannot be read"),
     ("x\0y", "does not exist")],
)  # fmt: skip
def test_what_is_no_file_is_told_in_words(place: Place, name: str, reason: str) -> None:
    done = place.run("read", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in done.stderr
    assert len(done.stderr) < 500


def test_a_file_that_may_not_be_read_is_told_in_words(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "closed"
    file.write_bytes(letter())
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read: Permission denied" in place.run("read", str(file)).stderr


@pytest.mark.parametrize("name", ["id:", "id:nosuch@nowhere.example", "id:<>", 'id:"\x1b[2J'])
def test_an_unknown_message_id_is_told_in_words(place: Place, name: str) -> None:
    done = place.run("read", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("seccon: ")
    assert "\x1b" not in done.stderr


def test_a_file_is_read_without_any_configuration(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "mail"
    file.write_bytes(letter(subject="free"))
    env = {**place.env, "SECCON_CONFIG": "", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "seccon", "read", str(file)], env={**os.environ, **env}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Subject: free\n" in done.stdout


def test_a_broken_configuration_is_told_and_the_file_is_read_without_pins(place: Place, tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_text("polcy = 1")
    file = tmp_path / "mail"
    file.write_bytes(letter())
    done = place.start("read", "--json", str(file), env={"SECCON_CONFIG": str(broken)}, capture_output=True)
    assert done.returncode == 0
    assert b"no key is pinned" in done.stderr
    named = place.run("read", "--json", str(file), config=broken)
    assert named.exit_code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit a process's memory so")
def test_a_large_file_takes_bounded_time_and_memory(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as mail:
        mail.write(b"Subject: large\n\n")
        mail.truncate(50 << 20)
    program = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (600 << 20,) * 2);"
        f"sys.argv[1:] = ['read', '--json', {str(file)!r}]; runpy.run_module('seccon', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, **place.env}, capture_output=True, timeout=20)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["warnings"]
    assert len(answer["parts"][0]["text"]) <= 1 << 20
    assert answer["parts"][0]["truncated"]


def test_a_locked_mail_says_why_in_its_warnings(place: Place, tmp_path: Path) -> None:
    stranger = shared_key("cli-stranger", "Stranger <stranger@else.example>")
    secret = shared("cli-stranger").run(
        "--armor", "--trust-model", "always", "--encrypt", "-r", stranger, input=b"Content-Type: text/plain\n\nsecret\n"
    )
    file = tmp_path / "locked"
    head = letter(subject="[...]", body="").partition(b"MIME-Version")[0]
    kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n'
    parts = b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n"
    file.write_bytes(head + b"MIME-Version: 1.0\n" + kind + parts + secret + b"\n--b--\n")
    answer = json.loads(place.run("read", "--json", str(file)).stdout)
    assert "locked" in [one["code"] for one in answer["warnings"]]
    assert "secret" not in json.dumps(answer["parts"])
    text = place.run("read", str(file)).stdout
    assert "\nLocked: " in text


def test_no_text_of_a_mail_can_pass_for_a_line_of_ours(place: Place, tmp_path: Path) -> None:
    claim = "Protection: encrypted: whole; signed: whole; signature: good, key pinned to this address"
    file = tmp_path / "fake"
    file.write_bytes(letter(subject=f"x\r {claim}", body=f"\n{claim}\n[2 text/plain, 5 bytes encrypted signed]\n"))
    lines = place.run("read", str(file)).stdout.splitlines()
    assert [line for line in lines if line.startswith("Protection: ")] == [
        "Protection: encrypted: no; signed: no; signature: none"
    ]
    assert [line for line in lines if line.startswith("[")] == [line for line in lines if line.startswith("[1 ")]


@pytest.mark.parametrize(
    ("scope", "matches", "pinned", "said"),
    [
        (Scope.WHOLE, True, True, "good, key pinned to this address, by Roe"),
        (Scope.WHOLE, True, False, "good, key never confirmed, by Roe"),
        (Scope.WHOLE, False, False, "good, but not the sender's: by Roe"),
        (Scope.PART, True, True, "good over a part only, key pinned to this address, by Roe"),
        (Scope.PART, True, False, "good over a part only, key never confirmed, by Roe"),
        (Scope.PART, False, False, "good over a part only, but not the sender's: by Roe"),
    ],
)
def test_what_a_good_signature_covers_and_whose_key_it_is_are_said_as_they_are(
    scope: Scope, matches: bool, pinned: bool, said: str
) -> None:
    verdict = Verdict(signed=scope, signature=Signature.GOOD, signer="Roe", matches_from=matches, pinned=pinned)
    assert protection(verdict).endswith(f"signature: {said}")


def test_nothing_is_left_readable_by_others(place: Place) -> None:
    place.start("list", capture_output=True)
    ledger = place.room.home / "ledger"
    assert [path.name for path in (ledger, *ledger.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_two_mails_under_one_message_id_are_both_printed_and_told(place: Place) -> None:
    """I11: notmuch joins them, and a report could be hidden behind the other."""
    twice = "twice@mailroom.example"
    place.room.fill([letter("one", "the first\n", message_id=twice), letter("two", "the second, hidden\n", message_id=twice)])
    answer = json.loads(place.run("read", "--json", f"id:{twice}").stdout)
    assert "same-id" in [one["code"] for one in answer["warnings"]]
    subjects = {answer["subject"], *(other["subject"] for other in answer["others"])}
    assert subjects == {"one", "two"}
    text = place.run("read", f"id:{twice}").stdout
    assert text.count("Protection: ") == 2
    assert "the first" in text
    assert "the second, hidden" in text


def test_a_file_name_says_nothing_of_protection(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "named"
    head = b'From: a@b.example\nSubject: x\nContent-Type: text/plain; name="a, 5 bytes encrypted signed]"\n\nhello\n'
    file.write_bytes(head)
    (line,) = [one for one in place.run("read", str(file)).stdout.splitlines() if one.startswith("[1 ")]
    assert line == "[1 text/plain, 6 bytes] “a, 5 bytes encrypted signed]”"
