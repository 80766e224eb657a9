"""No mail keeps the console busy, fills its memory or makes it fall: 5 MB within 2 s and 200 MB, said where something is cut."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.keys import Pins
from seccon.core.readout import readout

HEAD = b"From: A. Roe <roe@example.org>\nSubject: x\n"
BLOCK = b"-----BEGIN PGP SIGNED MESSAGE-----\n"
SIZE = 5_000_000
SECONDS = 2.0


def multi(mark: bytes, kind: bytes = b"mixed") -> bytes:
    return b"Content-Type: multipart/" + kind + b'; boundary="' + mark + b'"\n\n'


def nested(depth: int, kind: bytes = b"mixed") -> bytes:
    return HEAD + b"".join(multi(b"b%d" % level, kind) + b"--b%d\n" % level for level in range(depth))


def html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + body


NASTY: dict[str, Callable[[], bytes]] = {
    "100,000 parts": lambda: HEAD + multi(b"b") + b"--b\n\nx\n" * 100_000,
    "300 nested parts": lambda: nested(300) + b"\n" + b"x\n" * (SIZE // 2),
    "300 nested mails": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 300 + b"x\n" * (SIZE // 2),
    "nested alternatives": lambda: nested(49, b"alternative") + b"\n" + b"--c\n\nx\n" * (SIZE // 7),
    "prefixes of boundaries": lambda: (
        HEAD
        + b"".join(multi(b"b" * (level + 1)) + b"--" + b"b" * (level + 1) + b"\n" for level in range(60))
        + (b"--" + b"b" * 70 + b"\n") * (SIZE // 73)
    ),
    "5 MB of boundaries": lambda: HEAD + multi(b"b") + b"--b\n" * (SIZE // 4),
    "5 MB of almost boundaries": lambda: HEAD + multi(b"b") + b"--bx\n" * (SIZE // 5),
    "100 kB of quotes in To": lambda: HEAD + b"To: " + b'"' * 100_000 + b"\n\nx",
    "escaped quotes in To": lambda: HEAD + b"To: " + b'"\\' * 30_000 + b"\n\nx",
    "parentheses in To": lambda: HEAD + b"To: " + b"(" * 60_000 + b"\n\nx",
    "many addresses": lambda: HEAD + b"To: " + b"a," * 30_000 + b"\n\nx",
    "1 MB Subject": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\n\nx",
    "1 MB From": lambda: b"From: " + b"a <b@c>, " * 100_000 + b"\n\nx",
    "5 MB of header lines": lambda: b"a: b\n" * (SIZE // 5),
    "5 MB of folds": lambda: b"a: b\n" + b" b\n" * (SIZE // 3),
    "quotes in Content-Type": lambda: b"Content-Type: multipart/mixed; " + b'a="b;' * 10_000 + b"\n\nx",
    "semicolons in Content-Type": lambda: b"Content-Type: text/plain; " + b";" * 60_000 + b"\n\nx",
    "References": lambda: HEAD + b"References: " + b"<" * 60_000 + b"\n\nx",
    "NULs": lambda: b"\0" * SIZE,
    "NULs in the body": lambda: HEAD + b"\n" + b"\0" * SIZE,
    "line feeds": lambda: b"\n" * SIZE,
    "carriage returns": lambda: b"\r" * SIZE,
    "broken base64": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUJDx" * (SIZE // 5),
    "quoted-printable": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * SIZE,
    "html of less-than": lambda: html(b"<" * SIZE),
    "html of open tags": lambda: html((b"<a " + b"x" * 30) * (SIZE // 33)),
    "html of ampersands": lambda: html(b"&" * SIZE),
    "html of comments": lambda: html(b"<!--" * (SIZE // 4)),
    "html of lists": lambda: html(b"<ul><li>" * 12_000),
    "html of quotes": lambda: html(b"<blockquote>" * 15_000 + b"x"),
    "html of tables": lambda: html(b"<table><tr><td>" * 12_000),
    "html of links": lambda: html(b"<a href=http://x/1>y</a> " * 8_000),
    "html of spaces": lambda: html(b"<p>" + b" " * 190_000),
    "html of attributes": lambda: html(b"<a " + b"a=b " * 48_000 + b">x"),
    "flowed": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * (SIZE // 3),
    "open OpenPGP blocks": lambda: HEAD + b"\n" + b"-----BEGIN PGP MESSAGE-----\n" * (SIZE // 28),
    "OpenPGP blocks": lambda: HEAD + b"\n" + (BLOCK + b"x\n-----END PGP SIGNATURE-----\n") * (SIZE // 67),
    "1,000 signatures": lambda: (
        HEAD
        + multi(b"o")
        + (b"--o\n" + multi(b"s", b"signed") + b"--s\n\nx\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n") * 1000
    ),
    "utf-7": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+2AA-" * (SIZE // 5),
    "iso-2022": lambda: HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * (SIZE // 3),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    home = tmp_path_factory.mktemp("home")
    return Reader(str(home), GpgKeyring(str(home)))


@pytest.mark.parametrize("name", NASTY)
def test_the_worst_mails_are_read_in_time(reader: Reader, tmp_path: Path, name: str) -> None:
    """P18, I11: processor time, so that a busy machine proves nothing."""
    path = tmp_path / "mail"
    path.write_bytes(NASTY[name]()[: SIZE + 1000])
    began = time.process_time()
    mail = reader.read(str(path), Pins())
    assert time.process_time() - began < SECONDS
    assert mail.parts
    assert len(mail.text) <= (1 << 20) + 1000
    assert readout(mail, str)["parts"]


@pytest.mark.parametrize("name", ["100,000 parts", "300 nested parts", "prefixes of boundaries", "5 MB of header lines", "utf-7"])
def test_what_a_limit_cut_is_said(reader: Reader, tmp_path: Path, name: str) -> None:
    path = tmp_path / "mail"
    path.write_bytes(NASTY[name]()[: SIZE + 1000])
    mail = reader.read(str(path), Pins())
    assert not mail.body_complete
    assert any("raw source" in warning.text for warning in mail.warnings)


HEAVY = (
    "100,000 parts", "300 nested parts", "300 nested mails", "nested alternatives", "5 MB of boundaries", "5 MB of header lines",
    "NULs in the body", "broken base64", "quoted-printable", "html of lists", "html of ampersands", "flowed",
    "OpenPGP blocks", "utf-7",
)  # fmt: skip
_MEASURE = """
import sys
from pathlib import Path
from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.keys import Pins
reader = Reader(sys.argv[1], GpgKeyring(sys.argv[1]))
for path in sys.argv[2:]:
    reader.read(path, Pins())
status = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss is at least what the process was before its exec
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no process's memory")
def test_the_worst_mails_are_read_within_200_mb(tmp_path: Path) -> None:
    paths = []
    for number, name in enumerate(HEAVY):
        paths.append(str(tmp_path / str(number)))
        Path(paths[-1]).write_bytes(NASTY[name]()[: SIZE + 1000])
    done = subprocess.run([sys.executable, "-c", _MEASURE, str(tmp_path), *paths], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 200


_LINES = st.sampled_from(
    [
        b"From: a@b.c\n", b"From: \xff<\n", b"Subject: =?utf-8?b?\xff?=\n", b"Date: x\n", b"Received: ;\n", b"\n", b"\r\n",
        b" a\n",
        b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/signed; boundary=b\n",
        b"Content-Type: multipart/encrypted; boundary=b\n", b"Content-Type: message/rfc822\n", b"Content-Type: text/html\n",
        b"Content-Type: application/pgp-encrypted\n", b"Content-Type: application/pgp-signature\n",
        b"Content-Type: text/plain; charset=utf-16\n", b"Content-Type: application/octet-stream; name*=x'y'%ff\n",
        b"Content-Transfer-Encoding: base64\n", b"Content-Disposition: attachment\n",
        b"Autocrypt: addr=a@b.c; keydata=\xff\n",
        b"--b\n", b"--b--\n", b"-----BEGIN PGP MESSAGE-----\n", b"-----END PGP MESSAGE-----\n", b"text \n", b"> text\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"-----BEGIN PGP SIGNATURE-----\n", b"-----END PGP SIGNATURE-----\n",
    ]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=2000), st.lists(st.one_of(_LINES, st.binary(max_size=20)), max_size=60).map(b"".join)))
def test_reading_never_raises_and_gives_text_that_can_be_written(reader: Reader, tmp_path: Path, data: bytes) -> None:
    """R7, I11: whatever the bytes are, there is a mail, and no trusted mark."""
    path = tmp_path / "mail"
    path.write_bytes(data)
    mail = reader.read(str(path), Pins())
    assert mail.parts
    assert not mail.verdict.trusted
    str(readout(mail, str)).encode("utf-8")
    heading = reader.heading(str(path))
    assert (heading.message_id, heading.digest) == (mail.heading.message_id, mail.heading.digest)
    for part in mail.parts:
        assert isinstance(reader.attachment(str(path), part.path), bytes)
