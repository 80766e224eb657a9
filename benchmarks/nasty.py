"""P18: time and memory of `seccon read --json` for every nasty mail that there is, at 5 MB; each in a process of its own.

    python -m benchmarks.nasty [NAME …]

What `tests/adapters/test_mime_limits` holds for the reader alone is measured here for the whole command: start, reading, gpg,
cleaning, JSON. Promised: 2 s and 200 MB. Processor time decides, since a busy machine proves nothing; the status is 1 where one
is more than promised.
"""

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import envelope
from tests.adapters.test_mime_limits import HEAD, NASTY, SIZE, html, multi
from tests.keysmith import GpgHome

SECONDS, MEGABYTES = 2.0, 200
_FILLER = b"It is a long text, as people write it.\n"

_KEY = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
MORE: dict[str, Callable[[], bytes]] = {
    "plain text": lambda: PLAIN + _FILLER * (SIZE // len(_FILLER)),
    "one line": lambda: PLAIN + b"x" * SIZE,
    "escape sequences": lambda: PLAIN + b"\x1b]52;c;eA==\x07" * (SIZE // 12),
    "bidi controls": lambda: PLAIN + "\u202e".encode() * (SIZE // 3),
    "zero width": lambda: PLAIN + "a\u200b".encode() * (SIZE // 4),
    "combining marks": lambda: PLAIN + b"a" + "\u0301".encode() * (SIZE // 2),
    "combining marks on each": lambda: PLAIN + "a\u0301\u0302\u0303".encode() * (SIZE // 7),
    "emoji": lambda: PLAIN + "\U0001f468\u200d\U0001f469\u200d\U0001f467".encode() * (SIZE // 18),
    "marks of ours": lambda: PLAIN + "✓🔒".encode() * (SIZE // 7),
    "utf-16": lambda: HEAD + b"Content-Type: text/plain; charset=utf-16\n\n" + ("x\u202e" * (SIZE // 4)).encode("utf-16"),
    "not utf-8": lambda: PLAIN + b"\xff" * SIZE,
    "quotations": lambda: PLAIN + b">" * 300 + b"\n" + (b"> " * 40 + b"x\n") * (SIZE // 82),
    "links": lambda: PLAIN + b"http://example.org/x <mailto:a@b.c>\n" * (SIZE // 37),
    "an attachment": lambda: HEAD + multi(b"b") + b"--b\n\nhi\n--b\nContent-Transfer-Encoding: base64\n\n" + _base64(3_600_000),
    "many attachments": lambda: (
        HEAD + multi(b"b") + (b"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + _base64(5000)) * 700
    ),
    "base64 text of NULs": lambda: PLAIN.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n") + b"AAAA" * (SIZE // 4),
    "uuencode": lambda: PLAIN.replace(b"\n\n", b"\nContent-Transfer-Encoding: x-uuencode\n\n") + b"begin 644 a\n" + b"M" * SIZE,
    "forwarded big mails": lambda: (
        HEAD + multi(b"b") + (b"--b\nContent-Type: message/rfc822\n\n" + HEAD + b"\n" + _FILLER * 20_000) * 6
    ),
    "names of RFC 2231": lambda: (
        HEAD + multi(b"b") + (b"--b\nContent-Type: x/y; " + _pieces(400) + b"\n\nx\n") * 700
    ),
    "encoded words in each part": lambda: (
        HEAD + multi(b"b") + (b"--b\nContent-Type: x/y; name=" + b'"' + b"=?utf-8?b?4oCu?= " * 200 + b'"\n\nx\n') * 900
    ),
    "html of nested tables": lambda: html(b"<table><tr><td>x" * 3_000 + b"</td></tr></table>" * 3_000),
    "html of styles": lambda: html(b"<style>" + b"a{b:c}" * 30_000 + b"</style>x"),
    "html parts": lambda: HEAD + multi(b"b") + (b"--b\nContent-Type: text/html\n\n" + b"<p>x</p>" * 6000 + b"\n") * 100,
    "html of entities": lambda: html(b"&#x202e;&nbsp;&lt;" * 11_000),
    "Autocrypt": lambda: b"From: a@b.c\n" + b"Autocrypt: addr=a@b.c; keydata=" + b"A" * 60_000 + b"\n\n" + b"x\n",
    "key blocks": lambda: PLAIN + (_KEY + b"A" * 64 + b"\n" + _KEY.replace(b"BEGIN", b"END")) * 36_000,
    "delivery reports": lambda: (
        HEAD + multi(b"b", b"report") + b"--b\nContent-Type: message/delivery-status\n\n" + b"a: b\n" * 800_000
    ),
}  # fmt: skip


def _base64(size: int) -> bytes:
    return base64.encodebytes(b"\0\1\2\3" * (size // 4))


def _pieces(count: int) -> bytes:
    """Give a file name in many pieces (RFC 2231, 4)."""
    return b"; ".join(b"name*%d*=%%41" % number for number in range(count))


def sealed(home: GpgHome) -> Iterator[tuple[str, bytes]]:
    """Make what only gpg can: big, many, and packed."""
    key = home.make_key("Team <team@example.com>")
    yield "encrypted text", envelope.mail(envelope.encrypted(home, key, envelope.plain(_FILLER.decode() * 90_000), key))
    packed = b"Content-Type: text/plain\n\n" + b"\0" * 30_000_000
    yield "encrypted bomb within the limit", envelope.mail(envelope.encrypted(home, key, packed))
    yield "encrypted bomb", envelope.mail(envelope.encrypted(home, key, packed * 5))
    parts = envelope.multi(*[b"Content-Type: text/html\n\n" + b"<p>x</p>" * 6000] * 300, mark="in")
    yield "encrypted HTML parts", envelope.mail(envelope.encrypted(home, key, parts))
    yield "signed text", envelope.mail(envelope.signed(home, key, envelope.plain(_FILLER.decode() * 120_000)))
    units = [envelope.signed(home, key, envelope.plain(_FILLER.decode() * 12_000), mark=f"s{number}") for number in range(10)]
    yield "ten signed parts", envelope.mail(envelope.multi(*units))
    block = envelope.clearsigned(home, key, _FILLER * 3_000)
    yield "40 clearsigned blocks", envelope.mail(b"\n" + block * 40)
    yield "clearsigned text", envelope.mail(b"\n" + envelope.clearsigned(home, key, _FILLER * 120_000))
    noise = home.run(
        "--armor", "--trust-model", "always", "-r", key, "--compress-algo", "none", "--encrypt", input=os.urandom(3_600_000)
    )
    yield "encrypted noise", envelope.mail(envelope.sealed(noise))
    yield "cut armour", envelope.mail(envelope.sealed(noise[: len(noise) // 2]))


_ONE = """
import os, subprocess, sys, time
began = time.monotonic()
quiet = subprocess.DEVNULL
child = subprocess.Popen([sys.executable, "-m", "seccon", "read", "--json", sys.argv[1]], stdout=quiet, stderr=quiet)
_, status, used = os.wait4(child.pid, 0)
print(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""
"""A small process starts the command: Linux counts the starter's memory as the child's, and ours holds the mails."""


def measure(path: Path, env: dict[str, str]) -> tuple[float, float, float, int]:
    """Run the command once; give seconds, processor seconds, peak MB and status, of it and all that it waited for."""
    done = subprocess.run([sys.executable, "-c", _ONE, str(path)], env=env, capture_output=True, text=True, check=True)
    seconds, cpu, peak, status = map(float, done.stdout.split())
    return seconds, cpu, peak, int(status)


def main() -> None:
    """Measure and print; the worst last."""
    wanted = sys.argv[1:]
    over = 0
    with GpgHome() as home, tempfile.TemporaryDirectory() as directory:
        env = os.environ | {"GNUPGHOME": str(home.path), "XDG_CONFIG_HOME": directory, "XDG_DATA_HOME": directory}
        rows = []
        made = [(name, make) for name, make in {**NASTY, **MORE}.items()]
        made += [(name, lambda raw=raw: raw) for name, raw in sealed(home)]
        for name, make in made:
            if wanted and name not in wanted:
                continue
            path = Path(directory) / "mail"
            raw = make()[: SIZE + 1000]
            path.write_bytes(HEAD.partition(b"\n")[0] + b"\n" + raw if not raw.startswith(b"From") else raw)
            rows.append((*measure(path, env), name))
        for seconds, cpu, peak, status, name in sorted(rows):
            bad = cpu > SECONDS or peak > MEGABYTES or status not in (0, 2)
            over += bad
            said = "   <-- MORE THAN PROMISED" if bad else ""
            print(f"{seconds:6.2f} s {cpu:6.2f} s cpu {peak:6.0f} MB  status {status}  {name}{said}")
    raise SystemExit(1 if over else 0)


if __name__ == "__main__":
    main()
