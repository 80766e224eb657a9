"""What stands outside a protection changes nothing of what it covers; what is left out, or differs, is said."""

import pytest

from seccon.core.ids import Fingerprint
from seccon.core.report import Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome
from tests.reading import Read, codes


@pytest.mark.parametrize(
    ("charset", "signed"),
    [("utf-7", b"pay +AGUAdgBl- now\n"), ("hz", b"pay ~{ABCD~} now\n"), ("utf-16", b"pay now\n"), ("cp037", b"pay now\n")],
)
def test_a_charset_outside_a_signature_makes_no_other_text_of_what_was_signed(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, charset: str, signed: bytes
) -> None:
    head = f"Content-Type: text/plain; charset={charset}\n\n".encode()
    packed = home.run("--armor", "--digest-algo", "SHA512", "-u", roe, "--sign", input=signed)
    sealed = home.run("--armor", "--trust-model", "always", "-r", team, "-u", roe, "--sign", "--encrypt", input=signed)
    for block in (envelope.clearsigned(home, roe, signed), packed, sealed):
        mail = read(envelope.mail(head + block))
        assert mail.verdict.trusted
        assert mail.text.strip() == signed.decode().strip()
        assert "charset" in codes(mail)


@pytest.mark.parametrize(
    "charset", ["us-ascii", "utf-8", "iso-8859-1", "windows-1252", "koi8-r", "iso-2022-jp", "gb2312", "big5"]
)
def test_a_charset_that_keeps_ascii_is_followed(read: Read, home: GpgHome, roe: Fingerprint, charset: str) -> None:
    block = envelope.clearsigned(home, roe, b"plain + text ~ here\n")
    mail = read(envelope.mail(f"Content-Type: text/plain; charset={charset}\n\n".encode() + block))
    assert mail.verdict.trusted
    assert "charset" not in codes(mail)


def test_an_attribute_outside_a_signature_joins_no_words(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    packed = home.run("--armor", "--digest-algo", "SHA512", "-u", roe, "--sign", input=b"pay 1 \n000\n")
    mail = read(envelope.mail(b"Content-Type: text/plain; format=flowed; delsp=yes\n\n" + packed))
    assert mail.verdict.trusted
    assert "1000" not in mail.text


@pytest.mark.parametrize("where", ["before", "after", "second"])
def test_what_stands_beside_the_armour_in_its_part_is_said(read: Read, home: GpgHome, team: Fingerprint, where: str) -> None:
    first, second = (
        home.run(
            "--armor", "--trust-model", "always", "-r", team, "--encrypt", input=b"Content-Type: text/plain\r\n\r\nhello\r\n"
        )
        for _ in range(2)
    )
    secret = {"before": b"words\n\n" + first, "after": first + b"\nwords\n", "second": first + b"\n" + second}[where]
    mail = read(envelope.mail(envelope.sealed(secret)))
    assert "beside-message" in codes(mail)
    assert "words" not in mail.text


def test_an_encrypted_mail_alone_in_its_part_has_no_company(read: Read, home: GpgHome, team: Fingerprint) -> None:
    assert "beside-message" not in codes(read(envelope.mail(envelope.encrypted(home, team, envelope.plain()))))


@pytest.mark.parametrize("kind", ["text/html", "text/x-diff"])
@pytest.mark.parametrize("before", ["", "<p>"])
def test_a_block_in_html_is_named_and_lends_nothing(read: Read, home: GpgHome, roe: Fingerprint, kind: str, before: str) -> None:
    block = envelope.clearsigned(home, roe, b"hello\n")
    mail = read(envelope.mail(f"Content-Type: {kind}\n\n{before}".encode() + block))
    assert "unopened-block" in codes(mail)
    assert mail.verdict.signed is Scope.NO


def test_a_block_that_does_not_end_is_named(read: Read, home: GpgHome, team: Fingerprint) -> None:
    block = home.run("--armor", "--trust-model", "always", "-r", team, "--encrypt", input=b"hello").split(b"-----END")[0]
    assert "unopened-block" in codes(read(envelope.mail(envelope.plain(block.decode()))))


def test_a_block_that_somebody_quotes_is_no_block(read: Read) -> None:
    assert not codes(read(envelope.mail(envelope.plain("you wrote:\n> -----BEGIN PGP MESSAGE-----\n"))))


HERE = f"To: team@example.com\nDate: {envelope.DATE}\n"


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (HERE, set()),
        ("To: Other <other@example.org>\n", {"recipients-differ"}),
        ("To: team@example.com\nCc: other@example.org\n", {"recipients-differ"}),
        ("From: A. Roe <roe@example.org>\n", set()),
        ("From: =?utf-8?q?A=2E_Roe?= <ROE@example.org>\n", set()),
        ("From: Anna Roe <roe@example.org>\n", {"name-differs"}),
        ("From: roe@example.org\n", {"name-differs"}),
        (f"From: Anna Roe <roe@example.org>\nHP-Outer: From: A. Roe <roe@example.org>\nHP-Outer: Date: {envelope.DATE}\n", set()),
        ("To: The Team <TEAM@example.com>\nDate: Sat, 21 Nov 2026 20:13:00 +0100\n", set()),
        ("Date: Sat, 21 Nov 2020 19:13:00 +0000\n", {"date-differs"}),
        (f"{HERE}Cc: kept@example.org\nHP-Outer: To: team@example.com\nHP-Outer: Date: {envelope.DATE}\n", set()),
        (f"{HERE}HP-Outer: To: other@example.org\nHP-Outer: Date: {envelope.DATE}\n", {"recipients-differ"}),
    ],
)
@pytest.mark.parametrize("form", ["encrypted", "signed"])
def test_a_mail_that_was_protected_for_others_or_earlier_says_so(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, inside: str, told: set[str], form: str
) -> None:
    """A signed mail can be sent again, or encrypted anew to somebody else: only the protected header knows."""
    entity = envelope.plain("hello\n", 'text/plain; hp="cipher"; protected-headers="v1"', inside)
    whole = envelope.encrypted(home, team, entity, roe) if form == "encrypted" else envelope.signed(home, roe, entity)
    mail = read(envelope.mail(whole))
    assert mail.verdict.trusted
    assert codes(mail) == told


@pytest.mark.parametrize(
    ("outside", "inside", "told"),
    [
        ("Reply-To: other@example.org\n", "", True),
        ("Reply-To: roe@example.org, other@example.org\n", "", True),
        ("Reply-To: other@example.org\n", "Reply-To: Other <OTHER@example.org>\n", False),
        ("Reply-To: other@example.org\n", "HP-Outer: Reply-To: other@example.org\n", False),
        ("Reply-To: roe@example.org\n", "", False),
        ("Reply-To: list@example.com\nList-Post: <mailto:list@example.com>\n", "", False),
        ("Reply-To: list@example.com\nCc: list@example.com\n", "Cc: list@example.com\nTo: team@example.com\n", False),
        ("", "Reply-To: other@example.org\n", False),
    ],
)
def test_an_address_for_answers_that_the_author_did_not_protect_is_told(
    read: Read, home: GpgHome, roe: Fingerprint, outside: str, inside: str, told: bool
) -> None:
    entity = envelope.plain("hello\n", 'text/plain; protected-headers="v1"', "From: A. Roe <roe@example.org>\n" + inside)
    mail = read(envelope.mail(envelope.signed(home, roe, entity), extra=outside))
    assert mail.verdict.trusted
    assert ("reply-differs" in codes(mail)) is told


LOOSE = envelope.plain("I do NOT agree to any release.\n\nSee below.\n")


@pytest.mark.parametrize("mode", ["--textmode", "--no-textmode"])
@pytest.mark.parametrize(
    ("where", "instead"),
    [
        (b"8\n\nI", b"8\n\r\r\nI"),
        (b"8\n\nI", b"8\n\0\nI"),
        (b"8\n\nI", b"8\n\0\r\nI"),
        (b"8\n\nI", b"8\n \nI"),
        (b"release.\n", b"release.\r\r\n"),
        (b"release.\n", b"release.\0\n"),
    ],
)
def test_no_letter_at_a_lines_end_hides_a_line_of_what_was_signed(
    read: Read, home: GpgHome, roe: Fingerprint, mode: str, where: bytes, instead: bytes
) -> None:
    """gpg leaves CR and NUL at line ends out of a signature over a text: a blank line with one would swallow what comes next."""
    made = envelope.signature(home, roe, LOOSE, mode)
    assert read(envelope.mail(envelope.wrapped(LOOSE, made))).verdict.trusted
    mail = read(envelope.mail(envelope.wrapped(LOOSE.replace(where, instead), made)))
    assert not mail.verdict.trusted
    assert mail.verdict.signature is not Signature.GOOD
    assert not any(part.signed for part in mail.parts)


def test_why_a_text_signature_is_not_taken_is_said(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    made = envelope.signature(home, roe, LOOSE, "--textmode")
    mail = read(envelope.mail(envelope.wrapped(LOOSE.replace(b"8\n\n", b"8\n\0\n"), made)))
    assert "loose-text" in codes(mail)


@pytest.mark.parametrize("blank", [b"\xc2\xa0", b"\xa0", b" ", b"\t \xc2\xa0"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_message_opens_whose_blank_line_outlook_has_filled(
    read: Read, home: GpgHome, team: Fingerprint, blank: bytes, line_end: bytes
) -> None:
    made = home.run("--armor", "--comment", "made here", "--trust-model", "always", "-r", team, "--encrypt", input=b"hello\n")
    spoilt = made.replace(b"here\n\n", b"here\n" + blank + b"\n")
    mail = read(envelope.mail(b"Content-Type: text/plain\n\n" + spoilt.replace(b"\n", line_end)))
    assert mail.verdict.encrypted is Scope.WHOLE
    assert mail.text == "hello\n"
