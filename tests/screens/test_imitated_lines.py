"""History and pre-send sheet: what a stranger wrote stands apart from what is recorded and judged."""

from datetime import UTC, datetime

from seccon.core.ids import Fingerprint, MessageId
from seccon.core.instants import instant
from seccon.core.journal import Entry
from seccon.core.journal.cases import MailArrived
from seccon.core.letter import Sheet
from seccon.core.report import Address, Correspondent
from seccon.screens.history import history_lines, raw_lines
from seccon.screens.sheet import sheet_lines
from seccon.widgets.line_view import _rows

NOW = instant(datetime(2026, 11, 21, 19, 13, tzinfo=UTC))


def test_a_subject_cannot_add_fields_to_an_entry_of_the_history() -> None:
    body = MailArrived(
        mail=MessageId("a@b"), digest="d", report=MessageId("a@b"), sender=Correspondent("Eve”, direction out", "eve@x.example"),
        subject="hello”, direction team, signed yes ✓",
    )  # fmt: skip
    entry = Entry(case=1, seq=1, at=NOW, by="alice", policy="p", body=body)
    for lines in (history_lines, raw_lines):
        said = [line.text for line in lines((entry,), {})][1]
        assert '“hello", direction team, signed yes ⟨✓⟩”' in said
        unquoted(said)


def unquoted(said: str) -> None:
    """What stands outside of quotes is ours alone."""
    assert said.count("“") == said.count("”")
    bare = said.split("“")[0] + "".join(piece.split("”", 1)[1] for piece in said.split("“")[1:])
    assert "direction team" not in bare
    assert "signed yes" not in bare


def test_a_subject_that_is_wrapped_looks_like_no_line_of_the_sheet() -> None:
    forged = "word " * 9 + "Signed with 0000 0000"
    sheet = Sheet("l", "encrypted", Address("Team", "t@example.org"), forged, forged, Fingerprint("A" * 40), (), (), (), ())
    rows = ["".join(text for text, _style in row) for line in sheet_lines(sheet) for row in _rows(line, 60)]
    assert [row for row in rows if row.startswith("  Signed")] == ["  Signed with AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA"]
