"""A signature within a message vouches for the one literal text that it covers: no packet beside it is shown under its mark."""

from collections.abc import Callable

import pytest

from seccon.core.ids import Fingerprint
from tests import envelope
from tests.keysmith import GpgHome
from tests.reading import FAKE, Read

_TRUE = b"Content-Type: text/plain\n\nyes, I agree\n"
_ONE_PASS, _SIGNATURE, _LITERAL = 4, 2, 11


def packet(tag: int, body: bytes) -> bytes:
    """Write a packet with a header of the new form and a length of five bytes (RFC 4880, 4.2.2)."""
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def bodies(data: bytes) -> list[bytes]:
    """Split what gpg wrote: short packets, with headers of either form (RFC 4880, 4.2)."""
    found, at = [], 0
    while at < len(data):
        size = 1 if data[at] & 0x40 else 1 << (data[at] & 3)
        start = at + 1 + size
        end = start + int.from_bytes(data[at + 1 : start], "big")
        found.append(data[start:end])
        at = end
    return found


Forms = dict[str, bytes]


@pytest.fixture
def forms(home: GpgHome, roe: Fingerprint, eve: Fingerprint) -> Forms:
    def signed(key: Fingerprint) -> list[bytes]:
        return bodies(home.run("-z", "0", "-u", key, "--sign", input=_TRUE))

    (ahead, text, seal), (hers, _, other) = signed(roe), signed(eve)
    first, literal, last = packet(_ONE_PASS, ahead), packet(_LITERAL, text), packet(_SIGNATURE, seal)
    fake = packet(_LITERAL, b"b\0\0\0\0\0Content-Type: text/plain\n\n" + FAKE)
    nested = packet(_ONE_PASS, ahead[:-1] + b"\0") + packet(_ONE_PASS, hers)
    return {
        "control": first + literal + last,
        "two texts": first + literal + fake + last,
        "a text before": fake + first + literal + last,
        "a text after": first + literal + last + fake,
        "another's text": first + fake + last,
        "the signature first": last + fake,
        "none ahead": fake + last,
        "an empty text before": first + packet(_LITERAL, b"b\0\0\0\0\0") + fake + last,
        "two messages": first + literal + last + packet(_ONE_PASS, hers) + fake + packet(_SIGNATURE, other),
        "two signers": nested + literal + packet(_SIGNATURE, other) + last,
        "signed twice": first + literal + last + last,
        "one more signature": first + literal + last + packet(_SIGNATURE, other),
        "a name between": first + packet(13, b"A. Roe <roe@example.org>") + literal + last,
    }


NAMES = (
    "two texts", "a text before", "a text after", "another's text", "the signature first", "none ahead", "an empty text before",
    "two messages", "two signers", "signed twice", "one more signature", "a name between",
)  # fmt: skip


def sealed(home: GpgHome, team: Fingerprint, data: bytes) -> bytes:
    return envelope.sealed(
        home.run("--armor", "--trust-model", "always", "--no-literal", "-z", "0", "-r", team, "-e", input=data)
    )


def packed(home: GpgHome, team: Fingerprint, data: bytes) -> bytes:
    return b"\n" + home.run("--enarmor", input=data).replace(b"PGP ARMORED FILE", b"PGP MESSAGE")


WAYS = pytest.mark.parametrize("way", [sealed, packed])
Way = Callable[[GpgHome, Fingerprint, bytes], bytes]


@WAYS
@pytest.mark.parametrize("name", NAMES)
def test_packets_beside_a_signed_text_earn_no_mark(
    read: Read, home: GpgHome, team: Fingerprint, forms: Forms, name: str, way: Way
) -> None:
    mail = read(envelope.mail(way(home, team, forms[name])))
    assert not mail.verdict.trusted
    assert not any(part.signed for part in mail.parts)


@WAYS
def test_the_control_of_these_packets_is_trusted(read: Read, home: GpgHome, team: Fingerprint, forms: Forms, way: Way) -> None:
    assert set(forms) == {"control", *NAMES}
    mail = read(envelope.mail(way(home, team, forms["control"])))
    assert mail.verdict.trusted
    assert "yes, I agree" in mail.text
