"""The parts of a mail are found and shown, whatever shape they are in."""

from pathlib import Path

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.mime.content import unflow
from seccon.adapters.reader import Reader
from seccon.core.keys import Pins
from seccon.core.report import Mail
from tests import envelope


@pytest.fixture
def read(tmp_path: Path) -> "Reading":
    return Reading(tmp_path)


class Reading:
    """Reads bytes, with a GnuPG home that is empty."""

    def __init__(self, path: Path) -> None:
        self.reader = Reader(str(path), GpgKeyring(str(path)))
        self.path = path / "mail"

    def __call__(self, entity: bytes) -> Mail:
        self.path.write_bytes(envelope.mail(entity))
        return self.reader.read(str(self.path), Pins())


def told(mail: Mail) -> list[tuple[str, str, str | None]]:
    return [(part.path, part.type, part.text) for part in mail.parts]


def codes(mail: Mail) -> set[str]:
    return {warning.code for warning in mail.warnings}


def test_paths_number_the_parts(read: Reading) -> None:
    inner = envelope.multi(envelope.plain("a"), envelope.plain("b"), mark="inner")
    forwarded = b"Content-Type: message/rfc822\n\n" + envelope.mail(envelope.multi(envelope.plain("d"), mark="fwd"))
    mail = read(envelope.multi(inner, envelope.plain("c"), forwarded))
    assert [path for path, _, _ in told(mail)] == ["1.1", "1.2", "2", "3", "3.1"]
    assert mail.text.startswith("a\nb\nc\nForwarded mail\nFrom: A. Roe <roe@example.org>\n")
    assert mail.text.endswith("\nd")


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("Content-Type: text/plain; charset=iso-8859-1\n", b"caf\xe9", "café"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n", b"Y2Fmw6k=", "café"),
        ("Content-Transfer-Encoding: BASE64 \n", b"Y2Fmw6k\n", "café"),
        ("Content-Transfer-Encoding: base64\n", b"Y2Fmw6k=\n\n___\nlist footer\n", "café"),
        ("Content-Transfer-Encoding: quoted-printable\n", b"caf=C3=A9=\n!", "café!"),
        ("Content-Transfer-Encoding: x-unknown\n", b"as it is", "as it is"),
        ("", b"plain", "plain"),
        ("Content-Type: nonsense\n", b"plain", "plain"),
        ('Content-Type: text/plain; charset="utf-8\n', b"plain", "plain"),
        ("Content-Type: text/plain; charset*=us-ascii'en'utf-8\n", "café".encode(), "café"),
        ("Content-Type: multipart/mixed\n", b"no boundary", "no boundary"),
        ("Content-Type: multipart/mixed\nContent-Transfer-Encoding: base64\n", b"no boundary", "no boundary"),
        ("Content-Type: multipart/mixed; boundary=x\n", b"nothing of it", "nothing of it"),
    ],
)
def test_a_text_is_shown_whatever_its_header_says(read: Reading, head: str, body: bytes, text: str) -> None:
    mail = read(head.encode() + b"\n" + body)
    assert mail.parts[0].text is not None
    assert mail.parts[0].text.startswith(text)


def test_the_plain_alternative_is_shown_and_html_only_where_there_is_none(read: Reading) -> None:
    html = envelope.plain('<p>see <a href="http://evil.example/x">good.example</a></p>', "text/html")
    both = read(envelope.multi(envelope.plain("plain"), html, kind="alternative"))
    assert both.text == "plain"
    assert both.parts[1].text is None
    for mail in (read(html), read(envelope.multi(envelope.plain("  \n"), html, kind="alternative"))):
        assert "good.example" in mail.text
        assert "http://evil.example/x" in mail.text


@pytest.mark.parametrize(
    ("html", "shown", "hidden"),
    [
        ('<span style="display:none">hidden?</span>x', "hidden?", "span"),
        ("<style>p { color: red }</style>text", "text", "color"),
        ("<script>alert(1)</script>text", "text", "alert"),
        ("<style>never ends: text", "text", "<style"),
        ("<!-- gone -->text", "text", "gone"),
        ("<!-- never ends: text", "text", "\0"),
        ("a < b && c", "a < b && c", "\0"),
        ("&lt;b&gt; &amp; &eacute;", "<b> & é", "&lt;"),
        ("<a href='javascript:x'>y</a>", "y", "\0"),
    ],
)
def test_html_hides_nothing_that_others_would_show(read: Reading, html: str, shown: str, hidden: str) -> None:
    mail = read(envelope.plain(html, "text/html; charset=utf-8"))
    assert shown in mail.text
    assert hidden not in mail.text


def test_attachments_are_listed_by_the_name_they_were_given(read: Reading) -> None:
    name = "filename*0*=utf-8''..%2F..%2Fetc%2F; filename*1=passwd"
    attached = f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {name}\n\nx".encode()
    patch = b'Content-Type: text/x-patch; name="=?utf-8?q?caf=C3=A9=2Epatch?="\nContent-Disposition: attachment\n\n--- a\n'
    mail = read(envelope.multi(envelope.plain("see"), attached, patch))
    assert [part.filename for part in mail.parts] == [None, "../../etc/passwd", "café.patch"]
    assert mail.text == "see"
    assert mail.parts[2].text == "--- a\n"
    assert read.reader.attachment(str(read.path), "2") == b"x"


def test_an_unterminated_mail_keeps_what_it_has(read: Reading) -> None:
    mail = read(envelope.multi(envelope.plain("one"), envelope.plain("two")).rsplit(b"--outer--", 1)[0].rstrip(b"\n"))
    assert mail.text == "one\ntwo"
    assert "no-last-boundary" in codes(mail)


@pytest.mark.parametrize(
    ("flowed", "delsp", "plain"),
    [
        ("a \nb\nc", False, "a b\nc"),
        ("a \nb", True, "ab"),
        ("> a \n> b\n>> c \n> d", False, "> a b\n>> c \n> d"),
        ("x\n-- \nname", False, "x\n-- \nname"),
        (" From x\n >y", False, "From x\n>y"),
    ],
)
def test_flowed_text_is_joined(flowed: str, delsp: bool, plain: str) -> None:
    """RFC 3676."""
    assert unflow(flowed, delsp) == plain
