"""Mailboxes of header fields: read leniently to be shown, strictly to be decided by.

Three Python versions give three answers for `From: manager@a <eve@b>`; this reader is the same on all of them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from seccon.adapters.mime.bounds import Bounds
from seccon.adapters.mime.header import shown, unfold, words
from seccon.core.ids import address_key
from seccon.core.report import Address

MAX_ADDRESSES = 500
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_PHRASE = r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"|[^\x00-\x1f\x7f"(),:;<>@\[\]\\])*'
_MAILBOX = re.compile(rf"(?:({_PHRASE})<({_SPEC})>|({_SPEC})(?:[ \t]+\(([^()\\]*)\))?)")
"""One mailbox and nothing else: no group, no route, no second address; its one comment is a name (RFC 5322, 3.4)."""

_ALIKE = {"LATIN", "CYRILLIC", "GREEK"}
"""Scripts with letters that look the same: a word in two of them imitates another (UTS 39, 5.1)."""


def addresses(raws: Sequence[bytes], bounds: Bounds) -> tuple[Address, ...]:
    """Give every mailbox of some fields, as well as it can be told."""
    found: list[Address] = []
    for raw in raws:
        for name, address in _mailboxes(unfold(raw)):
            if len(found) == MAX_ADDRESSES:
                bounds.warn("many-addresses", f"Only the first {MAX_ADDRESSES} addresses of a field are kept.")
                return tuple(found)
            found.append(Address(shown(words(name), bounds), shown(words(address), bounds)))
    return tuple(found)


def author(raws: Sequence[bytes], bounds: Bounds) -> Address | None:
    """Give the one mailbox of the one From field, if nothing about it is in doubt; what is in doubt is noted."""
    if not raws:
        bounds.warn("odd-from", "This mail has no From header: nothing is decided by it.")
        return None
    if len(raws) > 1:
        bounds.warn("many-from", "This mail has more than one From header.")
        return None
    line = unfold(raws[0]).replace("\t", " ")  # Exchange folds with one
    match = _MAILBOX.fullmatch(line) if len(line) <= 1000 else None
    if match is None:
        bounds.warn("odd-from", "The From header is not one plain mailbox: nothing is decided by it.")
        return None
    name, address = words(_unquoted(match[1] or match[4] or "")), match[2] or match[3]
    if _pretends(name, address):
        bounds.warn(
            "name-is-address", "The sender's name holds another address, or letters that hide or mimic: it is not theirs."
        )
        return None
    return Address(name.strip(), address)


def _pretends(name: str, address: str) -> bool:
    """Say whether a display name could be taken for another sender's address."""
    plain = unicodedata.normalize("NFKC", name)
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for letter in plain):
        return True
    if any(len(_ALIKE & {unicodedata.name(letter, "").split(" ")[0] for letter in word}) > 1 for word in plain.split()):
        return True
    return any(sign in plain for sign in "@<>") and address_key(plain) != address_key(address)


def _mailboxes(line: str) -> Iterator[tuple[str, str]]:
    """Split an address list in one pass, whatever is open at its end."""
    part = _Mailbox()
    for letter in line:
        if part.ends_at(letter):
            if part.given:
                yield part.given
            part = _Mailbox()
    if part.given:
        yield part.given


class _Mailbox:
    """One mailbox while it is being read, letter by letter."""

    def __init__(self) -> None:
        self._phrase: list[str] = []
        self._angle: list[str] = []
        self._comment: list[str] = []
        self._within = ""
        """What is open: `"`, `<`, or one `(` a level."""
        self._escaped = False
        self._had_angle = False

    def ends_at(self, letter: str) -> bool:
        """Take a letter; say whether it ends this mailbox."""
        if self._within.startswith("("):
            self._in_comment(letter)
        elif self._within == '"':
            self._in_quotes(letter)
        elif self._within == "<":
            self._in_angle(letter)
        elif letter in ",;":
            return True
        elif letter == ":":
            self._phrase.clear()  # a group's name
        elif letter in '"<(':
            self._within = letter
            self._had_angle |= letter == "<"
            if letter == '"':
                self._phrase.append(letter)
        else:
            self._phrase.append(letter)
        return False

    def _in_comment(self, letter: str) -> None:
        if letter == "(":
            self._within += "("
        elif letter == ")":
            self._within = self._within[1:]
        else:
            self._comment.append(letter)

    def _in_quotes(self, letter: str) -> None:
        self._phrase.append(letter)
        if letter == '"' and not self._escaped:
            self._within = ""
        self._escaped = letter == "\\" and not self._escaped

    def _in_angle(self, letter: str) -> None:
        if letter == ">":
            self._within = ""
        else:
            self._angle.append(letter)

    @property
    def given(self) -> tuple[str, str] | None:
        """Name and address; None where there is nothing."""
        phrase = "".join(self._phrase).strip()
        angle, comment = "".join(self._angle).strip(), "".join(self._comment).strip()
        found = (_unquoted(phrase), angle) if self._had_angle else (comment, phrase)
        return found if any(found) else None


def _unquoted(phrase: str) -> str:
    """Take the quotes off a display name."""
    bare = phrase.strip()
    if '"' not in bare:
        return bare
    return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda match: re.sub(r"\\(.)", r"\1", match[1]), bare[:2000])
