"""Reads a mail file: bytes to a `Mail`, decrypted and verified as far as may be. Fulfils `core.ports.MailReader`.

Nothing that a mail holds makes it raise; a file that is not there does.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from seccon.adapters.gpg.opener import Cleared, Opener
from seccon.adapters.gpg.runner import Runner
from seccon.adapters.gpg.status import Opened
from seccon.adapters.mime import pgp, protected
from seccon.adapters.mime.address import author
from seccon.adapters.mime.bounds import MAX_FILE, Bounds
from seccon.adapters.mime.entity import Entity, parse
from seccon.adapters.mime.header import read_header
from seccon.adapters.mime.heading import File, heading
from seccon.adapters.mime.place import Place
from seccon.adapters.mime.walk import Walk
from seccon.core.errors import MailNotFoundError, SecconError
from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import FAR, from_timestamp
from seccon.core.keys import Pins
from seccon.core.moderation import masked_bytes, masked_heading, masked_mail
from seccon.core.names import is_anothers
from seccon.core.ports import Keyring, Unlock
from seccon.core.report import Address, Heading, Mail
from seccon.core.verdict import Found, Seal, judge

_CHUNK = 1 << 20


class Reader:
    """The reader of one GnuPG home (gpg's own where none is given)."""

    def __init__(self, home: str | None, keyring: Keyring) -> None:
        self._opener = Opener(Runner(home))
        self._keyring = keyring

    def heading(self, path: str) -> Heading:
        """Read the headers of a file. Raises MailNotFoundError when it is not there."""
        file, bounds = _file(path), Bounds()
        header, _ = read_header(file.raw, 0, len(file.raw), bounds, whole=True)
        author(header.all("from"), bounds)
        return masked_heading(heading(file, header, bounds))

    def read(self, path: str | bytes, pins: Pins, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> Mail:
        """Read, decrypt, verify a file, or the bytes of a mail that lay within another. Raises MailNotFoundError."""
        file, bounds = _file(path), Bounds()
        if file.size > len(file.raw):
            bounds.cut("large-file", f"This file is larger than the {MAX_FILE >> 20} MiB that are read of it.")
        root = parse(file.raw, bounds)
        head = heading(file, root.header, bounds)
        if isinstance(path, bytes) and head.arrived == FAR:
            head = msgspec.structs.replace(head, arrived=None)  # it is no file: nothing says when it came
        walk = Walk(
            _Asking(self._opener, self._keyring, unlock, passphrase), bounds, asked=unlock in (Unlock.AGENT, Unlock.TYPED)
        )
        walk.visit(root, Place())
        if not walk.harvest.parts:  # cut short before anything was met: what can be shown is its source
            walk.harvest.show(root, root.content, Place(), inline=True)
        return masked_mail(self._mail(head, root, walk, bounds, pins))

    def source(self, path: str, limit: int = 1 << 20) -> bytes:
        """Give the raw source, cut at `limit` bytes."""
        try:
            with Path(path).open("rb") as file:
                return file.read(limit)
        except OSError as error:
            raise _missing(path, error) from error

    def attachment(self, path: str | bytes, part: str, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> bytes:
        """Give the decoded bytes of one part. Raises MailNotFoundError when there is no such part, or it is locked."""
        file, bounds = _file(path), Bounds()
        asking = _Asking(self._opener, self._keyring, unlock, passphrase)
        walk = Walk(asking, bounds, asked=unlock in (Unlock.AGENT, Unlock.TYPED), wanted=part)
        walk.visit(parse(file.raw, bounds), Place())
        if walk.harvest.content is None:
            raise MailNotFoundError(f"This mail has no part {part[:40]} that can be read. {walk.locked}".strip())
        return masked_bytes(walk.harvest.content, [one.text for one in walk.harvest.parts if one.text])

    def _mail(self, head: Heading, root: Entity, walk: Walk, bounds: Bounds, pins: Pins) -> Mail:
        """Put together what was found."""
        sender = author(root.header.all("from"), bounds)
        subject = head.subject
        if walk.inner is not None:
            sender = protected.sender(walk.inner, sender, bounds)
            subject = protected.subject(walk.inner, head.subject, bounds)
            protected.compare(walk.inner, root.header, head.list_post, bounds)
        if not root.header.sound or len(root.header.all("content-type")) > 1:
            bounds.warn("broken-header", "The header of this mail is malformed, cut, or has two types: nothing is decided by it.")
            sender = None
        if sender is not None and self._borrows(sender, walk.seals, pins):
            bounds.warn("name-is-anothers", "The sender's name is on a key confirmed for somebody else, and not on the signer's.")
            sender = None
        found = Found(walk.encrypted, walk.signed, tuple(walk.seals), sender)
        offered = pgp.autocrypt(root.header, head.sender[0].address if len(head.sender) == 1 else "")
        keys = [*walk.harvest.keys, *([offered] if offered and offered not in walk.harvest.keys else [])]
        return Mail(
            heading=head,
            subject=subject,
            parts=tuple(walk.harvest.parts),
            verdict=judge(found, pins, self._bears),
            warnings=bounds.warnings,
            keys=tuple(keys),
            locked=walk.locked,
            card=walk.card,
            body_complete=bounds.complete,
        )

    def _borrows(self, sender: Address, seals: Sequence[Seal], pins: Pins) -> bool:
        """Say whether a signed mail goes under the name of another, whose key a person has confirmed."""
        signers = {seal.fingerprint for seal in seals if seal.good}
        if len(signers) != 1 or not sender.name:
            return False
        try:
            held = self._keyring.all()
        except SecconError:  # such a keyring has spoilt the seal already: see `_Asking.is_weak`
            return False
        hers = {*signers, pins.of(sender.address)}
        others = (key for key in held if key.fingerprint not in hers and pins.addresses_of(key.fingerprint))
        return is_anothers(sender.name, next((key for key in held if key.fingerprint in signers), None), others)

    def _bears(self, fingerprint: Fingerprint, address: str) -> bool:
        """Say whether a user id of that key bears that address."""
        try:
            key = self._keyring.key(fingerprint)
        except SecconError:  # a keyring that cannot be listed vouches for nobody
            return False
        return key is not None and address_key(address) in map(address_key, key.addresses)


class _Asking(msgspec.Struct, frozen=True):
    """gpg, with how far it may go this time."""

    opener: Opener
    keyring: Keyring
    unlock: Unlock
    passphrase: bytes | None

    def decrypt(self, data: bytes) -> Opened:
        return self.opener.decrypt(data, self.unlock, self.passphrase)

    def verify(self, signed: bytes, signature: bytes) -> Seal:
        return self.opener.verify(signed, signature)

    def clear(self, block: bytes) -> Cleared | None:
        return self.opener.clear(block)

    def is_weak(self, seal: Seal) -> bool:
        try:
            key = self.keyring.key(seal.fingerprint) if seal.fingerprint else None
        except SecconError:  # a strength that cannot be seen is none
            return True
        return key is None or seal.by in key.weak_signers


def _file(path: str | bytes) -> File:
    """Read a file once: its bytes, and the digest of all of them. Bytes are a mail already, without a file's time."""
    if isinstance(path, bytes):
        return File(path[:MAX_FILE], hashlib.sha256(path).hexdigest(), FAR, len(path))
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_FILE)
            digest, size = hashlib.sha256(raw), len(raw)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
            written = from_timestamp(Path(path).stat().st_mtime)
    except (OSError, ValueError) as error:
        raise _missing(path, error) from error
    return File(raw, digest.hexdigest(), written, size)


def _missing(path: str, error: Exception) -> MailNotFoundError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no path"
    return MailNotFoundError(
        f"The mail {path[:300]} cannot be read: {why}.", "It may have been moved; ask the store for it again."
    )
