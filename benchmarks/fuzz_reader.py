"""Feeds the mail reader with what a coverage-guided fuzzer makes of real mail, and stops at what it should never do.

By hand, and only where atheris is installed (it is no dependency: it wants a compiler, and minutes rather than seconds):

    python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris msgspec html2text
    /tmp/fuzz/bin/python -m benchmarks.fuzz_reader CORPUS tests/data/archive data/demo/raw -max_total_time=300 -max_len=16384

CORPUS is a directory that libFuzzer fills with what reached new code; the arguments after it are libFuzzer's own. A mail that
fails is written to `crash-…` or `timeout-…`; give that file alone as the argument to see it again.

gpg is not asked: `Yielding` gives every protected part back as if it had been opened, with a good seal where the bytes ask for
it, so that what stands behind decryption is reached millions of times faster than gpg would let through. Each mail is read,
printed as `seccon read` does, drawn as the console does without Textual, and quoted as a reply does; what must hold then is
checked here, not only that nothing raises.
"""

import sys

import atheris

with atheris.instrument_imports(include=["seccon", "html2text"]):
    import html2text  # noqa: F401  # imported late by the reader; here, so that it is instrumented

    from seccon.adapters.gpg.opener import Cleared
    from seccon.adapters.gpg.status import Opened
    from seccon.adapters.mime.bounds import Bounds
    from seccon.adapters.mime.entity import parse
    from seccon.adapters.mime.heading import File, heading
    from seccon.adapters.mime.place import Place
    from seccon.adapters.mime.walk import Walk
    from seccon.adapters.reader import Reader
    from seccon.core.author import author
    from seccon.core.ids import Fingerprint
    from seccon.core.instants import FAR
    from seccon.core.keys import Key, Pins
    from seccon.core.moderation import held_post, masked_mail
    from seccon.core.readout import readout
    from seccon.core.reply import quote, reply_subject
    from seccon.core.report import Mail, Scope, Signature
    from seccon.core.verdict import Seal
    from seccon.widgets.plain import plain

ROE = Fingerprint("A" * 40)
SEAL = Seal(Signature.GOOD, ROE, "A. Roe <roe@example.org>")


class Yielding:
    """Stands for gpg, and gives way: what is armoured, or says `sealed`, opens."""

    def decrypt(self, data: bytes) -> Opened:
        """Give the data back as the decrypted text."""
        body = data.partition(b"\n\n")[2] or data
        if b"locked" in data:
            return Opened(problem="It is locked.", was_encrypted=True)
        return Opened(body, SEAL if b"sealed" in data else None, was_encrypted=True)

    def verify(self, signed: bytes, signature: bytes) -> Seal:
        """Vouch for all that does not say `bad`."""
        return Seal(Signature.BAD) if b"bad" in signature else SEAL

    def clear(self, block: bytes) -> Cleared | None:
        """Vouch for the block without its first and last line."""
        return Cleared(b"\n".join(block.split(b"\n")[1:-1]), SEAL)

    def is_weak(self, seal: Seal) -> bool:
        """Find every key strong."""
        return False


class Nobody:
    """A keyring with no key."""

    def key(self, fingerprint: Fingerprint) -> Key | None:
        """Find nothing."""
        return None

    def all(self) -> tuple[Key, ...]:
        """List nothing."""
        return ()


READER = Reader("/nonexistent", Nobody())  # type: ignore[arg-type]


def understood(raw: bytes, *, asked: bool) -> Mail:
    """Read a mail as `Reader.read` does, without a file and without gpg."""
    bounds = Bounds()
    root = parse(raw, bounds)
    head = heading(File(raw, "", FAR, len(raw)), root.header, bounds)
    walk = Walk(Yielding(), bounds, asked=asked)
    walk.visit(root, Place())
    if not walk.harvest.parts:
        walk.harvest.show(root, root.content, Place(), inline=True)
    pins = Pins({head.sender[0].address.casefold(): ROE}) if len(head.sender) == 1 else Pins()
    return masked_mail(READER._mail(head, root, walk, bounds, pins))


def one(raw: bytes) -> None:
    """Read one mail; raise where a promise is broken."""
    mail = understood(raw, asked=bool(raw) and raw[-1] % 2 == 1)
    author(mail.heading)
    held_post(mail, ("mailman2", "mailman3"))
    assert "\n" not in reply_subject(mail.subject)
    readout(mail, plain)
    for part in mail.parts:
        if part.text is not None:
            part.text.encode()
            assert "\x1b" not in plain(part.text)
    quoted = quote(mail, mail.sender)
    if mail.verdict.encrypted is not Scope.WHOLE:
        hidden = [part.text for part in mail.parts if part.encrypted and part.text and len(part.text.strip()) > 40]
        open_text = "".join(part.text or "" for part in mail.parts if not part.encrypted)
        assert not any(text.strip() in quoted for text in hidden if text.strip() not in open_text)
    if mail.verdict.trusted:
        assert all(part.signed for part in mail.parts if part.type != "application/pgp-signature"), (
            "an unsigned part under a mark"
        )
        assert mail.verdict.signed is Scope.WHOLE


def main() -> None:
    """Fuzz until libFuzzer is told to stop."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
