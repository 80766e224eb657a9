"""Makes a Maildir that looks like a security list's: threads of reports and replies, the same for the same seed.

Owns nothing but the text of the mails; whoever calls it indexes them.
"""

import random
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

from seccon.core.instants import Instant, from_timestamp

LIST = "security@lists.example.org"
NEWEST = 1_760_000_000
"""Arrival of the newest mail, in seconds since 1970."""

_DEVICES = ("e1000e", "ahci", "xhci", "virtio-net", "vhost-user", "nvme", "sdhci", "megasas", "qxl", "9pfs", "slirp", "vnc")
_BUGS = ("heap overflow", "use after free", "out-of-bounds read", "double free", "infinite loop", "null dereference", "race")
_PEOPLE = tuple(f"{name}@research.example" for name in ("jane", "ravi", "mei", "olga", "tomas", "aiko", "ines", "paul"))
_TEAM = ("bob@team.example", "carol@team.example", "dana@team.example")
_WORDS = (
    "the guest",
    "a descriptor",
    "can write",
    "past the end of",
    "the ring",
    "when the length",
    "is not checked",
    "and crashes",
)


def write_corpus(root: Path, count: int, seed: int = 1, tag: str = "a", newest: int = NEWEST) -> None:
    """Write `count` mails into the Maildir `root`, about six to a thread, one mail every ten minutes up to `newest`."""
    for folder in ("cur", "new", "tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(_mails(random.Random(seed), count, tag, newest)):  # noqa: S311 - repeatable, on purpose
        (root / "cur" / f"{newest}.{tag}{number}.bench:2,S").write_bytes(mail)


def _mails(dice: random.Random, count: int, tag: str, newest: int) -> Iterator[bytes]:
    thread = written = 0
    while written < count:
        thread += 1
        length = min(count - written, 1 + int(dice.expovariate(1 / 5)))
        start = newest - (count - written) * 600
        subject = f"{dice.choice(_DEVICES)}: {dice.choice(_BUGS)} ({tag}{thread})"
        yield from _thread(dice, f"{tag}.{thread}", subject, length, start)
        written += length


def _thread(dice: random.Random, name: str, subject: str, length: int, start: int) -> Iterator[bytes]:
    reporter = dice.choice(_PEOPLE)
    names: list[str] = []
    for number in range(length):
        sender = reporter if number == 0 or dice.random() < 0.4 else dice.choice(_TEAM)
        to = LIST if sender == reporter else f"{reporter}, {LIST}"
        names.append(f"{name}.{number}.{dice.getrandbits(40):x}@bench.example")
        yield _mail(
            sender, to, subject if number == 0 else f"Re: {subject}", names, from_timestamp(start + number * 60), _text(dice)
        )


def _mail(sender: str, to: str, subject: str, names: list[str], date: Instant, text: str) -> bytes:
    written = format_datetime(date)
    threading = f"In-Reply-To: <{names[-2]}>\nReferences: {' '.join(f'<{one}>' for one in names[:-1])}\n" if names[1:] else ""
    return (
        f"Received: from mx.example by lists.example.org; {written}\n"
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {written}\n"
        f"Message-ID: <{names[-1]}>\n{threading}List-Id: <security.lists.example.org>\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    ).encode()


def _text(dice: random.Random) -> str:
    lines = [" ".join(dice.choices(_WORDS, k=8)) for _ in range(dice.randrange(4, 30))]
    trace = [f"    #{frame} {dice.getrandbits(44):#014x} in {dice.choice(_DEVICES)}_io" for frame in range(dice.randrange(12))]
    return "\n".join((*lines, "", *trace, ""))
