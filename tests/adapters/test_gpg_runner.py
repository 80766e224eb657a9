"""The runner keeps gpg's streams apart, its time and its output bounded, and argv empty of what is secret."""

import time
from pathlib import Path

import pytest

from seccon.adapters.gpg.runner import EXTRA, Runner, parse
from seccon.core.errors import CryptoError
from tests.keysmith import GpgHome, shared, shared_key


@pytest.fixture(scope="module")
def home() -> GpgHome:
    return shared("runner")


@pytest.fixture(scope="module")
def key() -> str:
    return shared_key("runner", "A. Roe <roe@example.org>")


@pytest.fixture(scope="module")
def runner(home: GpgHome) -> Runner:
    return Runner(str(home.path))


@pytest.mark.parametrize("size", [0, 1, 65536, 3_000_000])
def test_bytes_come_back_as_they_went_in(runner: Runner, key: str, size: int) -> None:
    clear = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    secret = runner.run("--trust-model", "always", "--encrypt", stdin=clear, options=[f"recipient {key}"])
    assert secret.code == 0
    opened = runner.run("--decrypt", stdin=secret.out)
    assert opened.out == clear
    assert opened.has("DECRYPTION_OKAY")


def test_a_detached_signature_comes_by_a_pipe(runner: Runner, key: str) -> None:
    made = runner.run("--detach-sign", stdin=b"text", options=[f"local-user {key}"])
    told = runner.run("--verify", "--", EXTRA, "-", stdin=b"text", extra=made.out)
    assert told.all("VALIDSIG")[0].word(0) == key


def test_status_lines_end_at_line_feeds_only() -> None:
    """A user id with a line separator of Unicode begins no status line (hostile ids)."""
    told = "[GNUPG:] GOODSIG 1 x\u2028[GNUPG:] VALIDSIG\x85[GNUPG:] A\x0b[GNUPG:] B\r[GNUPG:] C\n[GNUPG:] END\n".encode()
    assert [line.keyword for line in parse(told)] == ["GOODSIG", "END"]


def test_what_is_no_status_line_is_none() -> None:
    assert parse(b"gpg: [GNUPG:] GOODSIG\n [GNUPG:] GOODSIG\n[GNUPG:]GOODSIG\n\xff\xfe\n") == ()


def test_output_beyond_the_limit_is_told_and_cut(runner: Runner, key: str) -> None:
    secret = runner.run("--trust-model", "always", "--encrypt", stdin=b"\0" * 5_000_000, options=[f"recipient {key}"]).out
    assert len(secret) < 50_000
    opened = runner.run("--decrypt", stdin=secret, most=100_000)
    assert opened.cut
    assert len(opened.out) <= 200_000


def test_a_gpg_that_hangs_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    """The process group ends, not only the process that was started."""
    witness = tmp_path / "alive"
    fake = tmp_path / "gpg"
    fake.write_text(f"#!/bin/sh\n(sleep 2; touch {witness}) &\nsleep 60\n")
    fake.chmod(0o700)
    began = time.monotonic()
    outcome = Runner(None, str(fake)).run("--decrypt", stdin=b"x" * 1_000_000, seconds=0.3)
    assert outcome.late
    assert time.monotonic() - began < 5
    time.sleep(2.2)
    assert not witness.exists()


def test_nothing_secret_stands_in_argv(tmp_path: Path, home: GpgHome, key: str) -> None:
    """R9, H6: recipients and passphrases come by pipes, which no other user of the host sees."""
    seen = tmp_path / "argv"
    fake = tmp_path / "gpg"
    fake.write_text(
        f'#!/bin/sh\necho "$@" > {seen}\ncat /dev/fd/$(echo "$@" | sed "s|.*--options /dev/fd/||;s| .*||") >> {seen}.options\n'
    )
    fake.chmod(0o700)
    Runner(str(home.path), str(fake)).run("--encrypt", stdin=b"clear", options=[f"recipient {key}"], passphrase=b"open sesame")
    argv = seen.read_text()
    assert key not in argv
    assert "sesame" not in argv
    assert "clear" not in argv
    assert f"recipient {key}" in (tmp_path / "argv.options").read_text()


def test_the_homes_own_options_are_not_used(key: str) -> None:
    """A gpg.conf that adds recipients or fetches keys has no say."""
    with GpgHome(conf="throw-keyids\nencrypt-to 0xDEADBEEF\nauto-key-retrieve\n") as other:
        other_key = Runner(str(other.path)).run("--with-colons", "--list-keys")
        assert other_key.code == 0
        made = other.run("--options", "/dev/null", "--import", input=shared("runner").export(key), ok=(0,))
        assert made == b""
        secret = Runner(str(other.path)).run("--trust-model", "always", "--encrypt", stdin=b"x", options=[f"recipient {key}"])
        assert secret.code == 0


@pytest.mark.parametrize("wrong", [b"", b"two\nlines", b"nul\0", b"x" * 2000])
def test_what_cannot_be_a_passphrase_is_refused_before_gpg_sees_it(runner: Runner, wrong: bytes) -> None:
    """An empty one would make the first line of the text the passphrase."""
    with pytest.raises(CryptoError, match="cannot be a passphrase"):
        runner.run("--decrypt", stdin=b"x", passphrase=wrong)


def test_a_missing_gpg_is_a_sentence() -> None:
    with pytest.raises(CryptoError, match="cannot be started"):
        Runner(None, "/nonexistent/gpg").run("--version")


def test_no_descriptor_is_left_open(runner: Runner) -> None:
    runner.run("--version")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        runner.run("--decrypt", stdin=b"junk", passphrase=b"x", extra=b"y")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_every_call_bears_what_keeps_gpg_quiet_offline_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostile input, 4. Some of these are held twice, by a limit or a check of our own: neither may go unseen."""
    seen, fake = tmp_path / "seen", tmp_path / "gpg"
    fake.write_text(f'#!/bin/sh\necho "$@" > {seen}\necho "tty=$GPG_TTY lang=$LC_ALL" >> {seen}\n')
    fake.chmod(0o700)
    monkeypatch.setenv("GPG_TTY", "/dev/pts/7")
    Runner(None, str(fake)).run("--decrypt", stdin=b"x", most=1000)
    argv, environment = seen.read_text().splitlines()
    wanted = (
        "--batch", "--no-tty", "--no-auto-key-retrieve", "--no-auto-key-locate", "--disable-dirmngr", "--weak-digest SHA1",
        "--max-output 1000", "--status-fd ", "--options /dev/fd/", "--exit-on-status-write-error",
    )  # fmt: skip
    assert [word for word in wanted if word not in argv] == []
    assert "--status-fd 2" not in argv.replace(" --", "\n--").split("\n"), "a descriptor of its own, such as 20"
    assert environment == "tty= lang=C"
