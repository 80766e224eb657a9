"""The demo: it builds, it is private, it is whole, and it touches nothing else."""

import email
import os
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.demo import DemoPlace, build, reopen
from seccon.adapters.demo.content import find_source, read_content
from seccon.adapters.demo.place import MEMORY
from seccon.adapters.git import GitRepositories
from seccon.core.errors import ConfigError

NOW = datetime(2026, 11, 21, 19, 13, tzinfo=UTC)


def listing(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPlace]:
    made = build(tmp_path_factory.mktemp("demo", numbered=True) / "d", NOW, login="alice-demo")
    yield made
    made.close()


def notmuch(place: DemoPlace, *words: str) -> list[str]:
    command = ["notmuch", *words]
    done = subprocess.run(command, env={**os.environ, **place.environment()}, capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def gpg(home: Path, *words: str, clear: bytes = b"") -> tuple[bytes, str]:
    command = ["gpg", "--homedir", str(home), "--batch", "--status-fd", "2", *words]
    done = subprocess.run(command, input=clear, capture_output=True)
    return done.stdout, done.stderr.decode("utf-8", "replace")


def mail_of(place: DemoPlace, letter: str) -> tuple[bytes, Message]:
    (path, *_) = notmuch(place, "search", "--output=files", f'id:"{place.mails[letter]}"')
    data = Path(path).read_bytes()
    return data, email.message_from_bytes(data)


def verdict(place: DemoPlace, letter: str) -> str:
    """Verify a PGP/MIME signature by plain gpg, as RFC 3156 says, with the keys that the demo's user has."""
    data, mail = mail_of(place, letter)
    edge = f"\n--{mail.get_boundary()}\n".encode()
    signed = data.split(edge)[1].replace(b"\n", b"\r\n")
    signature = place.directory / "signature.asc"
    signature.write_bytes(mail.get_payload()[1].get_payload(decode=True))  # type: ignore[index, union-attr, arg-type]
    return gpg(place.gpg_home, "--verify", str(signature), "-", clear=signed)[1]


def test_at_least_24_threads_and_every_mail_are_in_the_index(place: DemoPlace) -> None:
    assert len(place.threads) >= 24
    assert int(notmuch(place, "count", "--output=threads", "*")[0]) == len(place.threads)
    assert int(notmuch(place, "count", "--output=files", "*")[0]) == len(place.mails)
    for thread, first in place.threads.items():
        query = 'id:"{}"'.format(first.replace('"', '""'))
        assert notmuch(place, "count", query) == ["1"], thread


def test_every_thread_belongs_to_the_report_query_of_its_project(place: DemoPlace) -> None:
    settings = tomllib.loads(place.config.read_text())
    for name, project in settings["projects"].items():
        wanted = sum(one == name for one in place.projects.values())
        assert notmuch(place, "count", "--output=threads", project["reports"]) == [str(wanted)], name


def test_what_the_issue_asks_for_is_there() -> None:
    keys = {thread.key for thread in read_content(find_source()).threads}
    wanted = {
        "virtio-net-heap", "virtio-net-again", "sdhci-oob", "forged-signature", "unpinned-signature", "held-mailman2",
        "held-mailman3", "how-to-configure", "japanese-report", "bad-shape", "hostile", "spam", "cve-question", "ai-report",
        "relayed", "via-list", "html-only", "same-id", "key-change", "expired-key", "unknown-signature",
    }  # fmt: skip
    assert wanted <= keys


def test_the_encrypted_reports_open_with_the_team_key_and_plain_gpg(place: DemoPlace) -> None:
    encrypted = notmuch(place, "search", "--output=files", "tag:encrypted")
    assert len(encrypted) >= 6
    for path in encrypted:
        secret = email.message_from_bytes(Path(path).read_bytes()).get_payload()[1].get_payload(decode=True)  # type: ignore[index, union-attr]
        clear, status = gpg(place.gpg_home, "--decrypt", clear=secret)  # type: ignore[arg-type]
        assert "[GNUPG:] DECRYPTION_OKAY" in status, path
        inner = email.message_from_bytes(clear)
        assert inner["Subject"]
        assert inner["HP-Outer"]
        assert inner.get_param("hp") == "cipher"


def test_a_protected_subject_is_nowhere_outside_the_encryption(place: DemoPlace) -> None:
    data, mail = mail_of(place, "virtio-net-heap/report")
    assert mail["Subject"] == "[...]"
    assert b"virtio_net_handle_ctrl" not in data


@pytest.mark.parametrize(
    ("letter", "word"),
    [
        ("sdhci-oob/report", "GOODSIG"),
        ("unpinned-signature/report", "GOODSIG"),
        ("unknown-signature/report", "NO_PUBKEY"),
        ("expired-key/report", "EXPKEYSIG"),
        ("key-change/report", "REVKEYSIG"),
    ],
)
def test_each_signature_says_what_its_thread_is_about(place: DemoPlace, letter: str, word: str) -> None:
    assert f"[GNUPG:] {word} " in verdict(place, letter)


def test_the_forged_mail_is_signed_well_by_somebody_else(place: DemoPlace) -> None:
    said = verdict(place, "forged-signature/report")
    assert "GOODSIG" in said
    assert place.keys["mallory"] in said
    assert "mltsai@" in mail_of(place, "forged-signature/report")[1]["From"]


def test_the_user_has_the_secret_keys_of_the_team_only(place: DemoPlace) -> None:
    secret = gpg(place.gpg_home, "--with-colons", "--list-secret-keys")[0].decode()
    assert place.keys["qemu-team"] in secret
    assert place.keys["alice"] in secret
    assert place.keys["daniel"] not in secret
    assert place.keys["bob"] not in secret


def test_files_are_as_old_as_the_mails(place: DemoPlace) -> None:
    path = Path(notmuch(place, "search", "--output=files", f"id:{place.mails['fresh-report/report']}")[0])
    seconds = NOW.timestamp() - path.stat().st_mtime
    assert 20 * 60 < seconds < 25 * 60
    assert "21 Nov 2026 18:5" in email.message_from_bytes(path.read_bytes())["Received"]


def test_two_different_mails_bear_one_message_id(place: DemoPlace) -> None:
    paths = notmuch(place, "search", "--output=files", f"id:{place.threads['same-id']}")
    assert len({Path(path).read_bytes() for path in paths}) == 2


def test_the_hostile_bytes_are_in_the_mail_and_not_in_the_shipped_file(place: DemoPlace) -> None:
    shipped = (find_source() / "raw" / "hostile.eml").read_bytes()
    assert b"\x1b" not in shipped
    query = 'id:"{}"'.format(place.mails["hostile/report"].replace('"', '""'))
    data = Path(notmuch(place, "search", "--output=files", query)[0]).read_bytes()
    assert b"\x1b]52;" in data
    assert b"{hex:" not in data
    assert len(data) > 40_000


def test_everything_is_private(place: DemoPlace) -> None:
    assert stat.S_IMODE(place.directory.stat().st_mode) == 0o700
    for folder in (place.mail, place.mail / "qemu" / "cur", place.gpg_home, place.outbox, place.directory / "ledger"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for path in (place.config, place.notmuch_config, *(place.mail / "qemu" / "cur").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_whoever_runs_it_is_on_the_roster_and_nobody_is_twice(place: DemoPlace) -> None:
    members = tomllib.loads(place.config.read_text())["member"]
    logins = [member["login"] for member in members]
    assert logins[0] == "alice-demo"
    assert len(logins) == len(set(logins)) >= 4


def test_a_colleague_with_the_users_login_gets_another(tmp_path: Path) -> None:
    from seccon.adapters.demo.build import _logins

    logins = _logins(read_content(find_source()), "bob")
    assert logins["alice"] == "bob"
    assert logins["bob"] == "bob-demo"


def test_nothing_outside_is_touched_and_no_agent_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """U8: `seccon demo` opens a realistic store in a private place, and touches nothing else."""
    home = tmp_path / "home"
    (home / ".gnupg").mkdir(parents=True, mode=0o700)
    (home / ".gnupg" / "pubring.kbx").write_bytes(b"mine")
    (home / ".notmuch-config").write_text("[database]\npath=/nowhere\n")
    for name, value in (("HOME", home), ("GNUPGHOME", home / ".gnupg"), ("NOTMUCH_CONFIG", home / ".notmuch-config")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    before = listing(home)
    made = build(tmp_path / "d", NOW)
    assert running(made.gpg_home)
    made.close()
    assert listing(home) == before
    assert (home / ".gnupg" / "pubring.kbx").read_bytes() == b"mine"
    assert {path.name for path in tmp_path.iterdir()} == {"home", "d"}
    assert not running(made.gpg_home)
    assert not running(made.others_home)


def running(home: Path) -> bool:
    """Say whether an agent of this home answers; starts none."""
    asked = ["gpg-connect-agent", "--homedir", str(home), "--no-autostart", "GETINFO pid", "/bye"]
    return subprocess.run(asked, capture_output=True).stdout.startswith(b"D ")


def test_a_deep_directory_gets_short_ways_to_its_keys_and_gives_them_back(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    made = build(deep, NOW)
    try:
        assert (deep / "gnupg" / "pubring.kbx").exists()
        clear, _ = gpg(made.gpg_home, "--list-secret-keys", "--with-colons")
        assert made.keys["alice"].encode() in clear
        assert all(short.is_dir() for short in made.borrowed)
    finally:
        made.close()
    assert not any(short.exists() for short in made.borrowed)
    assert (deep / "gnupg" / "pubring.kbx").exists()
    again = reopen(deep)
    assert again is not None
    assert gpg(again.gpg_home, "--list-secret-keys", "--with-colons")[0].count(b"sec:") == 3
    again.close()


def test_a_demo_is_found_again_and_elsewhere_there_is_none(place: DemoPlace, tmp_path: Path) -> None:
    assert reopen(place.directory) == place
    assert reopen(tmp_path) is None


def test_a_directory_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ConfigError, match="not empty"):
        build(tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_progress_is_told_and_ends_with_the_total(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(tmp_path / "d", NOW, lambda text, done, total: told.append((text, done, total))).close()
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2] > 24


def test_two_demos_differ_in_keys_only(place: DemoPlace, tmp_path: Path) -> None:
    other = build(tmp_path / "d", NOW, login="alice-demo")
    other.close()
    same = ("threads", "mails", "projects", "logins", "login")
    assert [getattr(other, name) for name in same] == [getattr(place, name) for name in same]
    assert other.keys != place.keys
    plain = notmuch(
        place, "search", "--output=files", "not tag:encrypted and not tag:signed and not mimetype:application/pgp-keys"
    )
    assert len(plain) > 50
    assert all((other.mail / Path(path).relative_to(place.mail)).read_bytes() == Path(path).read_bytes() for path in plain)


def test_a_broken_data_file_is_named(tmp_path: Path) -> None:
    for name in ("people.toml", "projects.toml"):
        (tmp_path / name).write_bytes((find_source() / name).read_bytes())
    (tmp_path / "threads").mkdir()
    (tmp_path / "threads" / "odd.toml").write_text('project = "qemu"\n[[letter]]\nid = "a"\nat = "1 day"\ncolour = "red"\n')
    with pytest.raises(ConfigError, match=r"odd\.toml.*colour"):
        read_content(tmp_path)


def test_a_place_is_a_value(place: DemoPlace) -> None:
    with pytest.raises(AttributeError):
        place.login = "eve"  # type: ignore[misc]
    assert msgspec.structs.replace(place, login="eve").login == "eve"


@pytest.mark.parametrize("wrong", ["others may write", "another's"])
def test_a_demo_that_somebody_else_could_have_made_is_not_opened(tmp_path: Path, wrong: str) -> None:
    """Its configuration and its GnuPG home name programs: who makes them decides what runs."""
    place = tmp_path / "d"
    place.mkdir(mode=0o700)
    (place / MEMORY).write_text("{}")
    if wrong == "others may write":
        (place / MEMORY).chmod(0o666)
    elif os.geteuid() == 0:
        os.chown(place, 65534, -1)
    else:
        pytest.skip("needs root to give a directory away")
    with pytest.raises(ConfigError, match="not yours alone"):
        reopen(place)


def test_the_clone_of_the_demo_tells_where_a_fix_is_missing(place: DemoPlace) -> None:
    """F4: a real repository; the case's patch is in it, and the stable branches differ."""
    port = GitRepositories({name: str(path) for name, path in place.clones.items()})
    assert tomllib.loads(place.config.read_text())["repositories"] == {name: str(path) for name, path in place.clones.items()}
    history = tomllib.loads((place.source / "history.toml").read_text())["on"]
    fixes = [(entries, one["commit"]) for entries in history.values() for one in entries if one.get("commit")]
    assert fixes
    for _, commit in fixes:
        assert any(port.commit(name, commit) for name in port.names), commit
