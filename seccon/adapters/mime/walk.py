"""Goes through the tree of a mail, opens what is protected, and gathers parts, seals, keys and warnings.

Owns the rules of scope: only what covers the whole mail is whole, and what is decrypted never
mixes with foreign text unmarked.
What a signature is worth is `core.verdict`'s; gpg is asked through `Opening`.
"""

import re
from collections.abc import Iterator

import msgspec

from seccon.adapters.gpg.status import Opened
from seccon.adapters.mime import pgp
from seccon.adapters.mime.bounds import MAX_DEPTH, Bounds
from seccon.adapters.mime.content import payload
from seccon.adapters.mime.entity import Entity, parse_decrypted, parse_within
from seccon.adapters.mime.harvest import Harvest
from seccon.adapters.mime.header import Header, text_of
from seccon.adapters.mime.heading import embedded
from seccon.adapters.mime.place import Opening, Place
from seccon.core.report import Scope, Signature
from seccon.core.verdict import Seal


class Walk:
    """One reading of one mail; what it found stands in its attributes."""

    def __init__(self, opening: Opening, bounds: Bounds, *, asked: bool, wanted: str | None = None) -> None:
        self._opening = opening
        self._bounds = bounds
        self._asked = asked
        self.harvest = Harvest(bounds, wanted)
        self.seals: list[Seal] = []
        self.encrypted = Scope.NO
        self.signed = Scope.NO
        self.locked = ""
        self.card = ""
        self.inner: Header | None = None
        """The header of the protected whole, if it says that it is protected."""

    def visit(self, entity: Entity, place: Place) -> None:
        """Take one part, and what it holds."""
        pgp.foreign(entity, self._bounds)
        if place.depth > MAX_DEPTH:
            self._bounds.cut("too-deep", f"This mail is nested more than {MAX_DEPTH} levels deep.")
            return
        if not self._bounds.in_time():
            return
        if place.whole and (place.encrypted or place.signed) and _says_protected(entity):
            self.inner = entity.header
        found = pgp.unit(entity, self._bounds)
        if isinstance(found, pgp.Sealed):
            self._sealed(entity, found, place)
        elif isinstance(found, pgp.Signed):
            self._signed(found, place)
        elif entity.type == "multipart/alternative":
            self._each(entity.children, place, best=_best(entity.children))
        elif entity.children:
            self._each(entity.children, place)
        elif entity.type == "message/rfc822":
            self._forwarded(entity, place)
        else:
            self._leaf(entity, place)

    def _each(self, children: tuple[Entity, ...], place: Place, *, first: int = 1, best: Entity | None = None) -> None:
        """Take parts, numbered from `first`; where there is a `best`, only that one is shown in the body."""
        for number, child in enumerate(children, first):
            below = place.child(number)
            self.visit(child, below if best is None or child is best else msgspec.structs.replace(below, inline=False))

    def _forwarded(self, entity: Entity, place: Place) -> None:
        """Show a mail within the mail: what its header says, then its parts."""
        inner = parse_within(entity, self._bounds, place.depth + 1)
        inline = place.inline and entity.disposition != "attachment"
        forwarded = embedded(entity.content, inner.header, self._bounds)
        shown = _summary(inner.header, self._bounds)
        self.harvest.add(entity, place, shown, entity.content, inline=inline, forwarded=forwarded)
        self.visit(
            inner,
            msgspec.structs.replace(
                place,
                path=place.leaf_path() if inner.children else f"{place.leaf_path()}.1",
                whole=False,
                forwarded=True,
                inline=inline,
                depth=place.depth + 1,
            ),
        )

    def _sealed(self, entity: Entity, found: pgp.Sealed, place: Place) -> None:
        """Decrypt a PGP/MIME unit: at once where it is the whole mail, only when asked where it is a part of one."""
        whole = place.whole and found.strict and not place.sealed
        if not found.strict:
            self._each(entity.children[: found.number - 1], place)
        below = place.child(found.number)
        secret = payload(found.secret, self._bounds)
        if pgp.has_company(secret):
            self._bounds.warn("beside-message", "Something stands beside the encrypted message in its part, and is not shown.")
        opened = self._open(secret, place, whole=whole)
        if opened is None or opened.text is None:
            self.harvest.add(found.secret, below, None, secret, inline=False)
        else:
            inner = parse_decrypted(opened.text, self._bounds)
            path = below.path if inner.children else f"{below.path}.1"
            self.visit(inner, self._inside(opened, msgspec.structs.replace(below, path=path, whole=whole)))
        if not found.strict:
            self._each(entity.children[found.number :], place, first=found.number + 1)

    def _open(self, data: bytes, place: Place, *, whole: bool) -> Opened | None:
        """Ask for decryption, if that may be asked here; record the scope. None where it was not asked."""
        if place.encrypted:
            self._bounds.warn("nested-encryption", "There is an encrypted message within the encrypted one; it was not opened.")
            return None
        if place.sealed and self.signed is Scope.WHOLE:
            self.signed = Scope.PART
            self._bounds.warn("signed-ciphertext", "The signature covers the encrypted form: its maker may not know the text.")
        if not whole:
            self.encrypted = Scope.PART
            self._bounds.mixed("encrypted")
        if not (whole or self._asked):
            self.locked = self.locked or "Only a part of this mail is encrypted; it is decrypted when you ask for it."
            return None
        return self._opened(data, whole=whole) if self._bounds.take_unit() else None

    def _opened(self, data: bytes, *, whole: bool) -> Opened:
        """Decrypt, and tell what came of it."""
        opened = self._opening.decrypt(data)
        if opened.was_encrypted and whole:
            self.encrypted = Scope.WHOLE
        if opened.text is None:
            self.locked, self.card = self.locked or opened.problem, self.card or opened.card
        if opened.damaged:
            self._bounds.warn("damaged", "The encrypted message was altered or damaged, or is not protected against that.")
        return opened

    def _inside(self, opened: Opened, place: Place) -> Place:
        """Give the place of what came out of decryption; take the seal that came with it."""
        inside = msgspec.structs.replace(place, encrypted=True, sealed=False, signed=False)
        if opened.seal is None or place.forwarded:
            return inside
        return self._covered(opened.seal, inside)

    def _covered(self, seal: Seal, place: Place) -> Place:
        """Take a seal that covers this place."""
        if seal.good and self._opening.is_weak(seal):
            self._bounds.warn("weak-key", "The signature is by an RSA or DSA key below 2048 bits: others can make such, too.")
            seal = Seal(_ERROR)
        self.seals.append(seal)
        if place.whole and len(self.seals) == 1:
            self.signed = Scope.WHOLE
        else:
            self.signed = Scope.PART
            self._bounds.mixed("signed")
        return msgspec.structs.replace(place, sealed=True, signed=seal.good)

    def _signed(self, found: pgp.Signed, place: Place) -> None:
        """Verify a PGP/MIME unit over the bytes as they stand, and go through what it covers."""
        inside = place
        if self._may_verify(place):
            text = canonical(found.content.raw)
            seal = self._opening.verify(text, payload(found.signature, self._bounds))
            if seal.good and seal.of_text and _LOOSE.search(text):
                self._bounds.warn("loose-text", "Control characters stand in it that such a signature does not cover.")
                seal = Seal(_ERROR)
            inside = self._covered(seal, place)
        below = msgspec.structs.replace(inside.child(1), whole=place.whole)
        self.visit(found.content, below)
        self._leaf(found.signature, msgspec.structs.replace(place.child(2), inline=False))

    def _may_verify(self, place: Place) -> bool:
        """Say whether a signature here is looked at; if not, that is said."""
        if place.forwarded or place.sealed:
            self._bounds.warn("nested-signature", "A signature within a forwarded or signed part was not taken into account.")
            return False
        return self._bounds.take_unit()

    def _leaf(self, entity: Entity, place: Place) -> None:
        """Take a part that holds no others."""
        data = payload(entity, self._bounds)
        inline = place.inline and (place.whole or entity.disposition != "attachment")
        if entity.type == "application/pgp-keys":
            self.harvest.key(data)
        if not entity.type.startswith("text/") and entity.type not in _TEXTUAL:
            self.harvest.add(entity, place, None, data, inline=False)
        elif inline and entity.type == "text/plain" and pgp.has_block(data):
            self._blocks(entity, data, place)
        elif not place.inline and entity.type == "text/html":
            self.harvest.add(entity, place, None, data, inline=False)
        else:
            if not inline and pgp.has_block(data):
                self.harvest.key(data)
            if inline and entity.type != "text/plain" and pgp.names_message(data):
                self._unopened()
            self.harvest.show(entity, data, place, inline=inline)

    def _blocks(self, entity: Entity, data: bytes, place: Place) -> None:
        """Take a text that holds OpenPGP blocks, piece by piece."""
        found = [piece for piece in pgp.pieces(data) if piece.kind != "plain" or piece.data.strip()]
        for piece in found:
            if piece.kind == "key":
                self.harvest.key(piece.data)
        if any(piece.kind == "plain" and pgp.begins_message(piece.data) for piece in found):
            self._unopened()
        protected = [piece for piece in found if piece.kind in ("encrypted", "signed", "packed")]
        if not protected:
            self.harvest.show(entity, data, place, inline=True)
            return
        alone = len(found) == 1
        for number, piece in enumerate(found, 1):
            here = msgspec.structs.replace(
                place,
                path=place.leaf_path() if alone else f"{place.leaf_path()}.{number}",
                whole=place.whole and alone,
            )
            self._piece(entity, piece, here)

    def _unopened(self) -> None:
        """Tell of a block that is shown as it stands."""
        self._bounds.warn("unopened-block", "An OpenPGP block here has no end, or stands in HTML: it was not opened or checked.")

    def _piece(self, entity: Entity, piece: pgp.Piece, place: Place) -> None:
        """Take one piece of a text."""
        if piece.kind == "encrypted":
            opened = self._open(piece.data, place, whole=place.whole and not place.sealed)
            if opened is not None and opened.text is not None:
                self.harvest.show(entity, opened.text, self._inside(opened, place), inline=True, covered=False)
                return
        elif piece.kind in ("signed", "packed") and self._may_verify(place):
            cleared = self._opening.clear(piece.data)
            seal = cleared.seal if cleared else Seal(_ERROR)
            if piece.kind == "signed" or seal.signature is not _ERROR:  # what is packed need not be signed
                given = cleared.text if cleared else piece.data
                self.harvest.show(entity, given, self._covered(seal, place), inline=True, covered=False)
                return
        self.harvest.show(entity, piece.data, place, inline=True)


_TEXTUAL = ("message/delivery-status", "message/disposition-notification", "application/x-patch", "application/x-diff")
_ERROR = Signature.ERROR
_LOOSE = re.compile(rb"\r(?!\n)|\0")
"""What gpg 2.2.40 leaves out of a signature over a text where it ends a line: in a blank one it would hide what follows."""


def canonical(raw: bytes) -> bytes:
    """Give bytes with CR LF at line ends, as they were when signed (RFC 3156, 5); stores keep mail with bare LF."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _says_protected(entity: Entity) -> bool:
    """Say whether a header declares itself part of what is protected (RFC 9788; older: protected-headers="v1")."""
    return entity.params.get("hp", "") in ("cipher", "clear") or entity.params.get("protected-headers", "") == "v1"


def _summary(header: Header, bounds: Bounds) -> str:
    """Say in lines what the header of a forwarded mail says."""
    lines = [f"{name.title()}: {text_of(header.first(name), bounds)}" for name in ("from", "to", "date", "subject")]
    return "\n".join(["Forwarded mail", *lines, ""])


def _best(children: tuple[Entity, ...]) -> Entity | None:
    """Choose the alternative to show: plain text that holds something, else the last one that may be text."""
    for child in children:
        if any(leaf.type == "text/plain" and leaf.content[:4096].strip() for leaf in _leaves(child)):
            return child
    return next((child for child in reversed(children) if child.children or child.type.startswith("text/")), None)


def _leaves(entity: Entity) -> Iterator[Entity]:
    if not entity.children:
        yield entity
    for child in entity.children:
        yield from _leaves(child)
