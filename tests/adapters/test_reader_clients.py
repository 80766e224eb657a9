"""Mail as the common programs write it verifies as a whole: the layouts of their messages, made anew with plain gpg and our keys.

Thunderbird and Enigmail, Mutt, GnuPG alone, Apple Mail with GPGTools, KMail, Evolution, Outlook with GpgOL and gpg4o, K-9, Delta
Chat, Proton, Mailvelope, Claws, mml of Emacs, and what mail servers and lists do to them. S/MIME is named only.
"""

import base64
import quopri
from collections.abc import Callable

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.ports import Unlock
from seccon.core.report import Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome, shared, shared_key
from tests.reading import HOME, Read, codes

TEXT = "Grüße,\n\nhere is my report.  \n\n-- \nA. Roe\n"
PROTECTED = "From: A. Roe <roe@example.org>\nTo: team@example.com\nSubject: the true subject\nMessage-ID: <1@example.org>\n"
Make = Callable[[GpgHome, Fingerprint, Fingerprint], bytes]


def layout(
    entity: bytes, made: bytes, *, kind: str = 'micalg="pgp-sha512"; protocol="application/pgp-signature"', mark: str = "edge",
    preamble: bytes = b"", head: bytes = b'Content-Type: application/pgp-signature; name="signature.asc"\n', end: bytes = b"\n",
) -> bytes:  # fmt: skip
    """Put a signed entity and its signature into the frame of some program."""
    start = f'Content-Type: multipart/signed; {kind};\n boundary="{mark}"\n\n'.encode()
    edge = b"--" + mark.encode()
    return start + preamble + edge + b"\n" + entity + b"\n" + edge + b"\n" + head + b"\n" + made + edge + b"--" + end


def thunderbird(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    inner = envelope.multi(quoted(TEXT), key_part(home, roe), mark="in")
    body = envelope.multi(inner, mark="outer", params='; protected-headers="v1"')
    body = body.replace(b"\n\n--outer", f"\n{PROTECTED}\n--outer".encode(), 1)
    head = (
        b'Content-Type: application/pgp-signature; name="OpenPGP_signature.asc"\nContent-Description: OpenPGP digital signature\n'
        b'Content-Disposition: attachment; filename="OpenPGP_signature.asc"\n'
    )
    note = b"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\n"
    return layout(body, envelope.signature(home, roe, body), preamble=note, head=head, mark="------------0aZ09")


def quoted(text: str, extra: str = "") -> bytes:
    """Give a part of text in quoted-printable."""
    head = f"Content-Type: text/plain; charset=UTF-8; format=flowed\n{extra}Content-Transfer-Encoding: quoted-printable\n\n"
    return head.encode() + quopri.encodestring(text.encode())


def key_part(home: GpgHome, key: str) -> bytes:
    """Give a public key as an attachment, as Thunderbird and Proton send it along."""
    kind = b'Content-Type: application/pgp-keys; name="OpenPGP_0xAB.asc"\nContent-Description: OpenPGP public key\n'
    return kind + b'Content-Disposition: attachment; filename="OpenPGP_0xAB.asc"\n\n' + home.export(key)


def mutt(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    body = (
        b"Content-Type: text/plain; charset=utf-8\nContent-Disposition: inline\nContent-Transfer-Encoding: quoted-printable\n\n"
    )
    body += quopri.encodestring(TEXT.encode())
    kind = 'micalg=pgp-sha512;\n\tprotocol="application/pgp-signature"'
    return layout(body, envelope.signature(home, roe, body), kind=kind, mark="7JfCtLOvnd9MIVvH") + b"\n\n"


def apple(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    html = envelope.plain("<html><body>Gr&uuml;&szlig;e</body></html>", "text/html; charset=utf-8")
    body = envelope.multi(quoted(TEXT), html, kind="alternative", mark="Apple-Mail=_A")
    head = (
        b"Content-Transfer-Encoding: 7bit\nContent-Disposition: attachment;\n\tfilename=signature.asc\n"
        b"Content-Type: application/pgp-signature;\n\tname=signature.asc\nContent-Description: Message signed with OpenPGP\n"
    )
    kind = 'micalg=pgp-sha256;\n\tprotocol="application/pgp-signature"'
    return layout(body, envelope.signature(home, roe, body), kind=kind, head=head, mark="Apple-Mail=_B3D-09")


def kmail(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    body = b'Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset="utf-8"; protected-headers="v1"\n'
    body += PROTECTED.encode() + b"\n" + base64.encodebytes(TEXT.encode())
    note = b"This is a multi-part message in MIME format.\n\n"
    head = (
        b'Content-Type: application/pgp-signature; name="signature.asc"\n'
        b"Content-Description: This is a digitally signed message part.\nContent-Transfer-Encoding: 7Bit\n"
    )  # fmt: skip
    return layout(body, envelope.signature(home, roe, body), preamble=note, head=head, mark="nextPart1234567.ab+c")


def evolution(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    picture = b'Content-ID: <p1>\nContent-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n'
    html = envelope.plain('<p>Gr&uuml;&szlig;e <img src="cid:p1">', "text/html; charset=utf-8")
    inner = envelope.multi(html, picture, kind="related", mark="=-rel", params='; type="text/html"')
    body = envelope.multi(quoted(TEXT), inner, kind="alternative", mark="=-alt")
    return layout(body, envelope.signature(home, roe, body), mark="=-sig/(x)?:y")


def mml(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """Emacs: no quotation marks round the boundary, no name, nothing after the last boundary."""
    body = b"Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\n" + TEXT.encode() + b"\n"
    made = envelope.signature(home, roe, body)
    start = b"Content-Type: multipart/signed; boundary==-=-=;\n\tmicalg=pgp-sha512; protocol=application/pgp-signature\n\n"
    tail = b"--=-=-=\nContent-Type: application/pgp-signature\n\n"
    return start + b"--=-=-=\n" + body + b"\n" + tail + made + b"--=-=-=--"


def shouted(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """Names in any case, comments, blanks before the semicolon, folds."""
    body = b"CONTENT-TYPE: TEXT/PLAIN; CHARSET=UTF-8\nCONTENT-TRANSFER-ENCODING: 8BIT\n\n" + TEXT.encode()
    made = envelope.signature(home, roe, body)
    start = b'CONTENT-TYPE: Multipart/Signed ;\n  Protocol="Application/PGP-Signature" ;\n  Boundary="e" ; Micalg=PGP-SHA512\n\n'
    return start + b"--e\n" + body + b"\n--e\nContent-type: Application/PGP-Signature\n\n" + made + b"\n--e--\n"


def signature_reencoded(how: str) -> Make:
    """A server on the way recodes the signature's part, which it may: the signed part is left as it is."""

    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        body = quoted(TEXT)
        made = envelope.signature(home, roe, body)
        coded = quopri.encodestring(made) if how == "quoted-printable" else base64.encodebytes(made)
        head = f"Content-Type: application/pgp-signature\nContent-Transfer-Encoding: {how}\n".encode()
        return layout(body, coded, head=head)

    return make


def textmode(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    body = envelope.plain(TEXT)
    return layout(body, envelope.signature(home, roe, body, "--textmode"))


def without_sum(armour: bytes) -> bytes:
    """Drop the check sum, as RFC 9580 (6.1) tells programs to, and write the headers that other programs write."""
    lines = [line for line in armour.split(b"\n") if not (line.startswith(b"=") and len(line) == 5)]
    lines[1:1] = [b"Version: OpenPGP.js v4.10.10", b"Comment: https://openpgpjs.org"]
    return b"\n".join(lines)


def bare_armour(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    body = envelope.plain(TEXT)
    return layout(body, without_sum(envelope.signature(home, roe, body)))


def forwarding(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """A forwarded mail within what is signed."""
    within = b"Content-Type: message/rfc822\n\n" + envelope.mail(envelope.plain("an older mail\n"), "Bob <bob@example.com>")
    body = envelope.multi(quoted(TEXT), within, mark="in")
    return layout(body, envelope.signature(home, roe, body))


def hp_clear(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """RFC 9788, signed only."""
    head = "From: A. Roe <roe@example.org>\nSubject: a report\n"
    body = f'{head}Content-Type: text/plain; charset=utf-8; hp="clear"\n\n{TEXT}'.encode()
    return layout(body, envelope.signature(home, roe, body))


def attachments_only(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    body = envelope.multi(
        quoted(TEXT), b"Content-Type: text/x-patch; name=a.patch\nContent-Disposition: attachment\n\n--- a\n+++ b\n", mark="in"
    )
    return layout(body, envelope.signature(home, roe, body))


def list_headers(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """As Mailman passes a mail on that it does not touch."""
    return b"Precedence: list\nList-Id: <l.example.com>\nX-Mailman-Version: 2.1\nErrors-To: l-bounces@example.com\n" + mutt(
        home, roe, team
    )


def clearsigned(kind: str, text: bytes, coded: str = "") -> Make:
    """Inline, with the charset and the encoding that the program chose; the text as gpg was given it."""

    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        block = envelope.clearsigned(home, roe, text)
        if coded == "quoted-printable":
            block = quopri.encodestring(block)
        elif coded == "base64":
            block = base64.encodebytes(block)
        encoding = f"Content-Transfer-Encoding: {coded}\n" if coded else ""
        return f"Content-Type: text/plain; charset={kind}\n{encoding}\n".encode() + block

    return make


def opaque(*options: str) -> Make:
    """`gpg --sign`: text and signature packed into one message."""

    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        return b"Content-Type: text/plain; charset=utf-8\n\n" + home.run(
            "--armor", "-u", roe, *options, "--sign", input=TEXT.encode()
        )

    return make


DASHES = "- a list\n-- \n--- a/file\n+++ b/file\nFrom here\n.\n\n\nGrüße\n"
SIGNED: dict[str, Make] = {
    "Thunderbird": thunderbird,
    "Mutt": mutt,
    "Apple Mail": apple,
    "KMail": kmail,
    "Evolution": evolution,
    "Emacs": mml,
    "any case": shouted,
    "signature in quoted-printable": signature_reencoded("quoted-printable"),
    "signature in base64": signature_reencoded("base64"),
    "signature of a text": textmode,
    "armour of OpenPGP.js": bare_armour,
    "with a forwarded mail": forwarding,
    "RFC 9788": hp_clear,
    "with a patch": attachments_only,
    "through a list": list_headers,
    "inline": clearsigned("utf-8", DASHES.encode()),
    "inline, Latin-1": clearsigned("iso-8859-1", DASHES.encode("latin-1")),
    "inline, Latin-1, quoted-printable": clearsigned("iso-8859-15", DASHES.encode("latin-1"), "quoted-printable"),
    "inline, windows-1252, base64": clearsigned("windows-1252", DASHES.encode("cp1252"), "base64"),
    "inline, quoted-printable": clearsigned("utf-8", DASHES.encode(), "quoted-printable"),
    "inline, packed": opaque(),
    "inline, not compressed": opaque("--compress-algo", "none"),
    "inline, flowed": clearsigned("utf-8; format=flowed; delsp=yes", DASHES.encode()),
}  # fmt: skip


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("program", SIGNED)
def test_a_signed_mail_of_every_program_is_trusted_as_a_whole(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, program: str, line_end: bytes
) -> None:
    entity = SIGNED[program](home, roe, team)
    mail = read(envelope.mail(entity).replace(b"\n", line_end))
    assert (mail.verdict.signed, mail.verdict.signature) == (Scope.WHOLE, Signature.GOOD), codes(mail)
    assert mail.verdict.trusted
    assert "Grüße" in mail.text
    assert all(part.signed for part in mail.parts if part.type != "application/pgp-signature")
    assert "mixed-protection" not in codes(mail)


# Encrypted


def armoured(home: GpgHome, team: Fingerprint, entity: bytes, *options: str) -> bytes:
    """Encrypt some bytes as they stand."""
    return home.run("--armor", "--trust-model", "always", "-r", team, *options, "--encrypt", input=entity)


def gpgol(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """Outlook with GpgOL: other names, the version part with a disposition, protected headers within."""
    inner = (PROTECTED + f'Content-Type: text/plain; charset="utf-8"; protected-headers="v1"\n\n{TEXT}').encode()
    secret = armoured(home, team, inner.replace(b"\n", b"\r\n"), "-u", roe, "--sign")
    frame = (
        b'Content-Type: multipart/encrypted;\n protocol="application/pgp-encrypted";\n boundary="=-=ab=-="\n\n'
        b"--=-=ab=-=\nContent-Type: application/pgp-encrypted\n"
        b'Content-Disposition: attachment; filename="GpgOL_MIME_structure.txt"\n\nVersion: 1\n\n'
        b"--=-=ab=-=\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: 7bit\n"
        b'Content-Disposition: attachment; filename="GpgOL_MIME_structure.mime"\n\n'
    )
    return frame + secret + b"\n--=-=ab=-=--\n"


def enigmail(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """Protected headers, and the legacy part that shows them to others."""
    shown = (
        b'Content-Type: text/rfc822-headers; protected-headers="v1"\nContent-Disposition: inline\n\nSubject: the true subject\n'
    )
    inner = envelope.multi(shown, envelope.multi(quoted(TEXT), mark="i2"), mark="i1", params='; protected-headers="v1"')
    inner = inner.replace(b"\n\n--i1", f"\n{PROTECTED}\n--i1".encode(), 1)
    return envelope.encrypted(home, team, inner, roe)


def delta(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    inner = f'Content-Type: text/plain; charset="utf-8"; protected-headers="v1"\nChat-Version: 1.0\n{PROTECTED}\n{TEXT}'.encode()
    return envelope.encrypted(home, team, inner, roe)


def hp_cipher(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """RFC 9788 with HP-Outer."""
    outer = "HP-Outer: Subject: [...]\nHP-Outer: From: A. Roe <roe@example.org>\n"
    inner = f'{PROTECTED}{outer}Content-Type: text/plain; charset=utf-8; hp="cipher"\n\n{TEXT}'.encode()
    return envelope.encrypted(home, team, inner, roe)


def nested(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """K-9, Mailvelope, older Mutt: a signed entity in an encrypted one (RFC 3156, 6.1)."""
    return envelope.encrypted(home, team, thunderbird(home, roe, team))


def proton(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
    """The key goes along, the text is the first of a mixed."""
    inner = envelope.multi(quoted(TEXT), key_part(home, roe), mark="---pm")
    return envelope.encrypted(home, team, inner, roe)


def recoded(how: str) -> Make:
    """The ciphertext's part in an encoding, as some servers leave it."""

    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        secret = armoured(home, team, envelope.plain(TEXT), "-u", roe, "--sign")
        coded = quopri.encodestring(secret) if how == "quoted-printable" else base64.encodebytes(secret)
        sealed = envelope.sealed(coded)
        return sealed.replace(b"name=encrypted.asc\n", f"name=encrypted.asc\nContent-Transfer-Encoding: {how}\n".encode())

    return make


def packed(*options: str) -> Make:
    """Another choice of gpg's."""

    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        return envelope.sealed(armoured(home, team, envelope.plain(TEXT), "-u", roe, "--sign", *options))

    return make


def inline(kind: str, text: bytes, *, split: bool = False) -> Make:
    def make(home: GpgHome, roe: Fingerprint, team: Fingerprint) -> bytes:
        secret = armoured(home, team, text, "-u", roe, "--sign")
        if split:  # as programs of older versions wrote it
            secret = secret.replace(b"\n\n", b"\nVersion: GnuPG v2\nComment: Using GnuPG with gpg4o\nCharset: utf-8\n\n", 1)
        return f"Content-Type: text/plain; charset={kind}\n\n".encode() + secret

    return make


ENCRYPTED: dict[str, Make] = {
    "Outlook with GpgOL": gpgol,
    "Enigmail": enigmail,
    "Delta Chat": delta,
    "RFC 9788": hp_cipher,
    "signed within": nested,
    "Proton": proton,
    "ciphertext in quoted-printable": recoded("quoted-printable"),
    "ciphertext in base64": recoded("base64"),
    "no compression": packed("--compress-algo", "none"),
    "bzip2": packed("--compress-algo", "bzip2"),
    "zip": packed("--compress-algo", "zip"),
    "3DES": packed("--cipher-algo", "3DES", "--allow-weak-key-signatures"),
    "Camellia": packed("--cipher-algo", "CAMELLIA256"),
    "a text": packed("--textmode"),
    "hidden recipient": packed("--throw-keyids"),
    "to the sender, too": packed("-r", "A. Roe"),
    "inline": inline("utf-8", TEXT.encode()),
    "inline, gpg4o": inline("utf-8", TEXT.encode(), split=True),
    "inline, Latin-1": inline("iso-8859-1", TEXT.encode("latin-1")),
}  # fmt: skip


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("program", ENCRYPTED)
def test_an_encrypted_mail_of_every_program_is_read_as_a_whole(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, program: str, line_end: bytes
) -> None:
    mail = read(envelope.mail(ENCRYPTED[program](home, roe, team)).replace(b"\n", line_end))
    assert (mail.verdict.encrypted, mail.verdict.signed) == (Scope.WHOLE, Scope.WHOLE), (mail.locked, codes(mail))
    assert mail.verdict.trusted
    assert "Grüße" in mail.text
    assert not mail.locked
    assert "mixed-protection" not in codes(mail)
    if program in ("Outlook with GpgOL", "Enigmail", "Delta Chat", "RFC 9788", "signed within"):
        assert mail.subject == "the true subject"


def test_a_hidden_recipient_is_found_among_keys_that_are_locked() -> None:
    """gpg tries every key, and ends with a failing status although it opened the message."""
    with GpgHome() as mine:
        for number in range(2):
            mine.make_key(f"Locked <locked{number}@example.com>", passphrase="open sesame")
        key = mine.make_key("Team <team@example.com>")
        other = mine.make_key("Other <other@example.com>", passphrase="open sesame")
        mine.forget()
        reader = Reader(str(mine.path), GpgKeyring(str(mine.path)))
        for recipients, text in ((("-R", key), "hi\n"), (("-R", other, "-R", key), "hi\n"), (("-R", other), "")):
            entity = b"Content-Type: text/plain\r\n\r\nhi\r\n"
            sealed = mine.run("--armor", "--trust-model", "always", *recipients, "--encrypt", input=entity)
            path = mine.path / "mail"
            path.write_bytes(envelope.mail(envelope.sealed(sealed)))
            mail = reader.read(str(path), Pins())
            assert mail.verdict.encrypted is Scope.WHOLE
            assert (mail.text, bool(mail.locked)) == (text, not text), mail.locked
        assert "hidden recipient" in mail.locked
        opened = reader.read(str(path), Pins(), Unlock.TYPED, b"open sesame")
        assert (opened.text, opened.locked) == ("hi\n", "")


@pytest.mark.parametrize("length", range(6))
def test_armour_without_a_check_sum_is_read_to_its_end_and_no_further(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, length: int
) -> None:
    """Of each length there is one without padding, which gpg 2.2 misreads: it is mended first."""
    notation = ("--sig-notation", f"a@example.org={'x' * length}")
    text = b"yes" + b"!" * length + b"\n"
    block = home.run("--digest-algo", "SHA512", "-u", roe, *notation, "--clearsign", input=text)
    cut = block.rindex(b"-----BEGIN PGP SIGNATURE")
    options = ("--compress-algo", "none", *notation)
    packed = home.run("--armor", "-u", roe, *options, "--sign", input=text)
    sealed = armoured(home, team, b"Content-Type: text/plain\r\n\r\n" + text, "-u", roe, "--sign", *options)
    body = envelope.plain(text.decode())
    for entity in (
        envelope.wrapped(body, without_sum(envelope.signature(home, roe, body, *notation))),
        envelope.sealed(without_sum(sealed)),
        b"\n" + block[:cut] + without_sum(block[cut:]),
        b"\n" + without_sum(packed),
    ):
        mail = read(envelope.mail(entity))
        assert mail.verdict.trusted, mail.locked
        assert mail.text.replace("\r", "") == text.decode()


# What is less than the whole, and what is not ours to verify


def footer(home: GpgHome, roe: Fingerprint, made: bytes) -> dict[str, bytes]:
    text = "_______________________________________________\nlist mailing list\n"
    return {
        "Mailman, a part of its own": envelope.multi(made, envelope.plain(text, extra="Content-Disposition: inline\n")),
        "Mailman, inline": b"\n" + envelope.clearsigned(home, roe, b"yes\n") + text.encode(),
        "Google Groups": envelope.multi(made, envelope.plain("-- \nYou received this message\n")),
        "a scanner's notice before": envelope.multi(envelope.plain("[EXTERNAL]\n"), made),
        "within the signed": made.replace(b"--edge--", b"--edge\n" + envelope.plain(text) + b"\n--edge--"),
    }


@pytest.mark.parametrize("kind", tuple(footer(shared(HOME), shared_key(HOME, "A. Roe <roe@example.org>"), b"")))
def test_what_a_list_adds_leaves_the_part_and_no_mark(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, kind: str
) -> None:
    body = envelope.plain("yes\n")
    mail = read(envelope.mail(footer(home, roe, layout(body, envelope.signature(home, roe, body)))[kind]))
    assert not mail.verdict.trusted
    assert "yes" in mail.text
    if kind != "within the signed":
        assert (mail.verdict.signed, mail.verdict.signature) == (Scope.PART, Signature.GOOD)


def test_exchange_takes_a_mail_apart_and_it_still_opens_when_asked(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint
) -> None:
    unit = envelope.encrypted(home, team, envelope.plain(TEXT), roe)
    taken = unit.replace(b"multipart/encrypted", b"multipart/mixed").replace(
        b"--sealed\n", b"--sealed\nContent-Type: text/plain\n\n\n--sealed\n", 1
    )
    mail = read(envelope.mail(taken), Unlock.AGENT)
    assert mail.verdict.encrypted is Scope.PART
    assert "Grüße" in mail.text
    assert not mail.verdict.trusted


@pytest.mark.parametrize(
    "sender",
    [
        '"Roe, A." <roe@example.org>', "=?utf-8?q?A=2E_R=C3=B6e?= <roe@example.org>", "roe@example.org (A. Roe)",
        "roe@example.org", "A. Roe <Roe@Example.ORG>", "<roe@example.org>", '"A. \\"x\\" Roe"\n <roe@example.org>',
        "A. Roe\n\t<roe@example.org> ", "A. Roe\t<roe@example.org>", '"A. Roe"<roe@example.org>',
    ],
)  # fmt: skip
def test_every_way_to_write_one_sender_is_one_sender(read: Read, home: GpgHome, roe: Fingerprint, sender: str) -> None:
    mail = read(envelope.mail(envelope.signed(home, roe, envelope.plain()), sender))
    assert mail.verdict.trusted


@pytest.mark.parametrize("algo", ["rsa3072", "ed25519", "nistp256", "nistp384", "brainpoolP256r1", "dsa2048"])
def test_keys_of_every_usual_kind_verify(read: Read, home: GpgHome, algo: str) -> None:
    address = f"{algo.lower()}@example.org"
    key = shared_key(HOME, f"K <{address}>", f"{algo}/")
    raw = envelope.mail(envelope.signed(home, key, envelope.plain()), f"K <{address}>")
    assert read(raw, pins=Pins({address: key})).verdict.trusted


@pytest.mark.parametrize("digest", ["SHA224", "SHA256", "SHA384", "SHA512"])
def test_hashes_that_hold_verify_whatever_micalg_says(read: Read, home: GpgHome, roe: Fingerprint, digest: str) -> None:
    entity = envelope.plain()
    assert read(envelope.mail(envelope.signed(home, roe, entity, "--digest-algo", digest))).verdict.trusted


def test_a_signing_subkey_signs_for_its_primary_key(read: Read, home: GpgHome) -> None:
    key = shared_key(HOME, "Sub <sub@example.org>", "ed25519")
    home.run("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", key, "ed25519", "sign", "0")
    raw = envelope.mail(envelope.signed(home, key, envelope.plain()), "Sub <sub@example.org>")
    mail = read(raw, pins=Pins({"sub@example.org": key}))
    assert mail.verdict.trusted
    assert mail.verdict.fingerprint == key


def test_smime_is_named_and_takes_nothing_for_proved(read: Read) -> None:
    for kind in ("application/pkcs7-mime; smime-type=signed-data", "application/x-pkcs7-mime; smime-type=enveloped-data"):
        entity = f"Content-Type: {kind}; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n"
        mail = read(envelope.mail(entity.encode()))
        assert "smime" in codes(mail)
        assert (mail.verdict.encrypted, mail.verdict.signed, mail.verdict.signature) == (Scope.NO, Scope.NO, Signature.NONE)
