"""Patches as mail or text: git mailinfo takes each apart, git interpret-trailers finds its trailers."""

import os
import re
import tempfile
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

from seccon.adapters.git_run import run
from seccon.core.errors import RepositoryError
from seccon.core.repository import Message

LARGEST = 64 << 20
"""Bytes of a patch, or of a mailbox of them."""
_MANY = 500
"""Patches of one mailbox."""
_SHOWN = 1 << 20
"""Bytes of one message that are looked at."""
_FROM = re.compile(rb"^From (?:[0-9a-f]{40,64}|\S+) (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .{0,40}\d{4}\r?\n", re.MULTILINE)
_HEAD = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_SHOW = re.compile(rb"\Acommit ([0-9a-f]{40,64})[^\n]*\n(?:[A-Z][A-Za-z]+:[^\n]*\n)*\n")
_DIFF = re.compile(rb"^(?:diff --git |---\r?$|Index: |--- \S)", re.MULTILINE)
_COMMIT = re.compile(rb"\AFrom ([0-9a-f]{40,64}) ")


class GitPatches:
    """Fulfils `core.repository.Patches`."""

    def messages(self, data: bytes) -> tuple[Message, ...]:
        """Read a patch: a mail, a mailbox, or what git show printed. Raises RepositoryError for what is no patch."""
        if len(data) > LARGEST:
            raise RepositoryError("The patch is larger than 64 MiB.", "Give a single one.")
        found = tuple(message for message in map(_read, _split(data)) if message is not None)
        if not found:
            raise RepositoryError("That holds no patch: no mail, and no message above a diff.", "git format-patch writes one.")
        return found


def trailers(text: str) -> tuple[str, ...]:
    """Give a message's trailers as git reads them, folded ones on one line. No command that a configuration names is run."""
    done = run("interpret-trailers", "--parse", stdin=_whole(text).encode("utf-8", "replace"), environment=_NOWHERE)
    if done.code:
        raise RepositoryError("git cannot find the trailers.")
    return tuple(line for line in done.out.decode("utf-8", "replace").split("\n") if ":" in line)


_NOWHERE = {"GIT_CONFIG_GLOBAL": os.devnull}
"""Neither the person's configuration, where other separators of trailers may be set, nor a clone's."""


def _whole(text: str) -> str:
    return text[:_SHOWN].replace("\0", "") + "\n"


def _split(data: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in _FROM.finditer(data)][: _MANY + 1]
    if len(starts) > _MANY:
        raise RepositoryError(f"That holds more than {_MANY} patches.", "Give those of one fix.")
    if not starts or starts[0]:
        starts = [0, *starts] if data[: starts[0] if starts else None].strip() else starts
    for start, end in pairwise([*starts, len(data)]):
        yield data[start:end]


def _read(piece: bytes) -> Message | None:
    shown = _SHOW.match(piece)
    if shown:
        return _plain(piece[shown.end() :], shown[1].decode("ascii"))
    first = _COMMIT.match(piece)
    mail = piece.partition(b"\n")[2] if piece.startswith(b"From ") else piece
    head = _HEAD.match(mail)
    if head and re.search(rb"(?im)^(?:subject|from):", head[0]):
        return _mail(mail, first[1].decode("ascii") if first else "")
    return _plain(piece, "")


def _mail(mail: bytes, commit: str) -> Message | None:
    """Have git take the mail apart: encodings, `[PATCH]`, an author named in the body."""
    with _held() as file:
        done = run("mailinfo", "--encoding=UTF-8", f"/dev/fd/{file.fileno()}", os.devnull, stdin=mail, fds=(file.fileno(),))
        file.seek(0)
        text = file.read(_SHOWN)
    if done.code:
        return None
    told = dict(line.partition(": ")[::2] for line in done.out.decode("utf-8", "replace").split("\n") if ": " in line)
    subject, author = told.get("Subject", ""), f"{told.get('Author', '')} <{told.get('Email', '')}>"
    body = text.decode("utf-8", "replace").strip("\n")
    return Message(subject, body, trailers(f"{subject}\n\n{body}"), author, commit)


def _plain(text: bytes, commit: str) -> Message | None:
    """Take the text above a diff as the message; git show indents it."""
    found = _DIFF.search(text)
    if found is None and not commit:
        return None
    above = text[: found.start() if found else len(text)][:_SHOWN].decode("utf-8", "replace").replace("\r\n", "\n")
    message = textwrap.dedent(above).strip("\n")
    subject, _, body = message.partition("\n")
    return Message(subject.strip(), body.strip("\n"), trailers(message), commit=commit) if subject.strip() else None


def _held() -> IO[bytes]:
    """Make a file that git can write to and nobody else can read, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("message"), "w+b")
    return tempfile.TemporaryFile()
