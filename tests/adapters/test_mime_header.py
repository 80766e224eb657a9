"""Header fields are decoded without ever failing, and say no more than they may."""

from datetime import UTC, datetime

import pytest

from seccon.adapters.mime.address import addresses, author
from seccon.adapters.mime.bounds import Bounds
from seccon.adapters.mime.charset import decode
from seccon.adapters.mime.date import arrival, parse_date
from seccon.adapters.mime.header import read_header, text_of
from seccon.core.report import Address


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?Y2Fmw6k=?= now", "café now"),
        ("=?utf-8?B?Y2Fmw6k?=", "café"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?b?w6k=?=\n =?iso-8859-1?q?=E9?=", "éé"),
        ("=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "é"),
        ("=?utf-8*en?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?under_score?=", "under score"),
        ("=?nonsense?q?caf=C3=A9?=", "café"),
        ("=?rot13?q?uryyb?=", "uryyb"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("=?utf-8?b?!!!?=", "!!!"),
        ("", ""),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert text_of(raw.encode(), Bounds()) == text


@pytest.mark.parametrize("raw", [b"caf\xc3\xa9", b"caf\xe9", "café".encode()])
def test_raw_letters_are_read_as_what_they_probably_are(raw: bytes) -> None:
    assert text_of(raw, Bounds()) == "café"


@pytest.mark.parametrize(
    "raw", [b"=?utf-8?q?a=0D=0ABcc:_x=40y?=", b"=?utf-8?q?=1B]52;c;eA=3D=3D=07?=", b"a\x00b", "a\x85b".encode()]
)
def test_controls_in_a_header_are_replaced_and_told(raw: bytes) -> None:
    """Header injection, when it is put into a reply; clipboard writing, on a terminal."""
    bounds = Bounds()
    text = text_of(raw, bounds)
    assert all(letter.isprintable() for letter in text)
    assert [warning.code for warning in bounds.warnings] == ["control-in-header"]


def test_a_long_field_is_cut_and_told() -> None:
    bounds = Bounds()
    assert len(text_of(b"x" * 100_000, bounds)) == 4096
    assert bounds.warnings[0].code == "long-field"


@pytest.mark.parametrize(
    ("data", "charset", "text", "known"),
    [
        (b"caf\xe9", "iso-8859-1", "café", True),
        ("café".encode(), None, "café", True),
        (b"caf\xe9", None, "café", False),
        (b"uryyb", "rot13", "uryyb", False),
        (b"abc", "zlib", "abc", False),
        (b"abc", "idna", "abc", False),
        (b"abc", "unicode_escape", "abc", False),
        (b"abc", "../../x", "abc", False),
        (b"abc", "utf-8\0", "abc", False),
        (b"abc", "x" * 500, "abc", False),
        (b"Schr+APY-der", "unicode-1-1-utf-7", "Schröder", True),
        (b"+2AA-", "utf-7", "\ufffd", True),
        (b"\x00\xd8", "utf-16-le", "\ufffd", False),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", True),
        (b"\xff\xff", "gb18030", "\ufffd\ufffd", False),
    ],
)
def test_only_real_charsets_are_obeyed_and_no_surrogate_comes_out(
    data: bytes, charset: str | None, text: str, known: bool
) -> None:
    found = decode(data, charset)
    assert found == (text, known)
    found[0].encode()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a@b.c", [("", "a@b.c")]),
        ("A. Roe <a@b.c>", [("A. Roe", "a@b.c")]),
        ('"Roe, A." <a@b.c>, x@y.z', [("Roe, A.", "a@b.c"), ("", "x@y.z")]),
        ('"a \\"b\\" c" <a@b.c>', [('a "b" c', "a@b.c")]),
        ("a@b.c (A. Roe (nested) x)", [("A. Roe nested x", "a@b.c")]),
        ("team: a@b.c, X <x@y.z>; d@e.f", [("", "a@b.c"), ("X", "x@y.z"), ("", "d@e.f")]),
        ("unlisted-recipients:; (no To-header on input)", [("no To-header on input", "")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?Caf=C3=A9=2C_x?= <a@b.c>", [("Café, x", "a@b.c")]),
        ("<a@b.c>,,, <>", [("", "a@b.c")]),
        ("manager@a <eve@b>", [("manager@a", "eve@b")]),
        ("open <a@b.c", [("open", "a@b.c")]),
        ('"open', [("", '"open')]),
        ("(((open", [("open", "")]),
        ("", []),
    ],
)
def test_addresses_are_read_leniently(line: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in addresses([line.encode()], Bounds())] == found


@pytest.mark.parametrize(
    "line",
    [
        "a@b.c",
        "<a@b.c>",
        "A. Roe <a@b.c>",
        '"Roe, A. (x)" <a@b.c>',
        "=?utf-8?q?Caf=C3=A9?= <a@b.c>",
        "Café <a@b.c>",
        '"a@b.c" <a@b.c>',
    ],
)
def test_a_plain_mailbox_decides(line: str) -> None:
    found = author([line.encode()], Bounds())
    assert found is not None
    assert found.address == "a@b.c"


def test_two_from_headers_decide_nothing_and_are_both_seen() -> None:
    bounds = Bounds()
    assert author([b"a@b.c", b"a@b.c"], bounds) is None
    assert bounds.warnings[0].code == "many-from"
    assert addresses([b"a@b.c", b"X <x@y.z>"], bounds) == (Address("", "a@b.c"), Address("X", "x@y.z"))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sat, 21 Nov 2026 19:13:00 +0000", "2026-11-21T19:13:00"),
        ("Sat, 21 Nov 2026 20:13:00 +0100 (CET)", "2026-11-21T19:13:00"),
        ("21 Nov 2026 19:13 -0000", "2026-11-21T19:13:00"),
        ("Sat, 21 Nov 26 23:59:60 GMT", "2026-11-21T23:59:59"),
        ("Fri, 31 Dec 9999 23:59:59 -2359", "9999-12-31T23:59:59"),
        ("Sat, 21 Nov 2026 19:13:00 EST", "2026-11-22T00:13:00"),
    ],
)
def test_odd_dates_are_read(text: str, iso: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31 Feb 2026 99:99:99",
        "0 0 0 0:0:0",
        "Sat, 32 Nov 2026 19:13:00 +0000",
        ":",
        "1:1:1:1:1",
        "Jan",
        "\0",
        "9" * 500,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


WRITTEN = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "date", "expected"),
    [
        (["from x by y; Sat, 21 Nov 2026 18:00:00 +0000"], None, "2026-11-21T18:00:00+00:00"),
        (["from x (a; b) by y; Sat, 21 Nov 2026 18:00:00 +0000"], datetime(1999, 1, 1, tzinfo=UTC), "2026-11-21T18:00:00+00:00"),
        (["from x by y; Sat, 28 Nov 2026 18:00:00 +0000"], None, "2026-11-21T19:00:00+00:00"),
        (["from x by y; junk"], datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20T00:00:00+00:00"),
        ([], datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20T00:00:00+00:00"),
        ([], datetime(2026, 11, 22, tzinfo=UTC), "2026-11-21T19:00:00+00:00"),
        ([], datetime(1970, 1, 1, tzinfo=UTC), "2026-11-21T19:00:00+00:00"),
        ([], None, "2026-11-21T19:00:00+00:00"),
    ],
)
def test_arrival_is_received_else_a_believable_date_else_the_files_time(
    received: list[str], date: datetime | None, expected: str
) -> None:
    """A future Date does not stay on top for ever; a bad one is not 1970."""
    assert arrival(received, date, WRITTEN) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("block", "names", "sound"),
    [
        (b"A: 1\nB: 2\n\nbody", ["a", "b"], True),
        (b"A: 1\r\n  more\r\nB: 2\r\n\r\nbody", ["a", "b"], True),
        (b"From x@y Sat Nov 21\nA: 1\n\nbody", ["a"], True),
        (b"A: 1\ngarbage\nB: 2\n\nbody", ["a", "b"], False),
        (b"garbage\nB: 2\n\nbody", ["b"], False),
        (b"A : 1\n\nbody", ["a"], True),
        (b"A: 1\rB: 2\n\nbody", ["a"], False),
        (b" A: 1\n\nbody", [], False),
        (b"", [], True),
    ],
)
def test_a_header_block_says_whether_it_is_sound(block: bytes, names: list[str], sound: bool) -> None:
    header, body = read_header(block, 0, len(block), Bounds(), whole=True)
    assert [name for name, _ in header.fields] == names
    assert header.sound is sound
    assert block[body:] == (b"body" if block else b"")
