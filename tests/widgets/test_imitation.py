"""No text of a stranger can imitate a mark or a line of ours: names, subjects, file names, the last mail on the card (R7)."""

import msgspec
import pytest

from seccon.core.card import CardLine, CardView, CheckLine
from seccon.core.ids import MessageId
from seccon.core.report import Address, Heading, Mail, Part
from seccon.widgets.card import lines as card_lines
from seccon.widgets.columns import cells, columns
from seccon.widgets.line_view import Line, _rows
from seccon.widgets.mail_view import lines
from seccon.widgets.plain import unmarked
from tests.screens.office_stub import NOW, row

GLYPHS = "✓✔☑✅√⍻🗹🮱✗✘❌🔒🔏🔐▶"
CLAIM = f"x {GLYPHS} signed, key confirmed"


def drawn(some: list[Line], width: int = 60) -> list[str]:
    """Give the rows as they stand on the screen."""
    return ["".join(text for text, _style in row) for line in some for row in _rows(line, width)]


@pytest.mark.parametrize("glyph", GLYPHS)
def test_a_glyph_like_one_of_ours_is_fenced_off(glyph: str) -> None:
    assert unmarked(f"a{glyph}") == f"a⟨{glyph}⟩"


def mail(**changes: object) -> Mail:
    heading = Heading(
        MessageId("a@b"), "0" * 64, subject=f"outer {CLAIM}", sender=(Address(CLAIM, "e@x"),), to=(Address(CLAIM, "x@y"),)
    )
    given = Mail(heading, subject=CLAIM, parts=(Part("1", "text/plain", text="hello"),))
    return msgspec.structs.replace(given, **changes)


def test_no_name_or_subject_brings_a_mark_of_ours_into_the_headers() -> None:
    said = "\n".join(drawn(list(lines(mail()))))
    assert "⟨✓⟩" in said
    for glyph in GLYPHS:
        assert said.count(glyph) == said.count(f"⟨{glyph}⟩")


def test_what_is_said_of_an_attachment_stands_before_its_name() -> None:
    """A file may be called `a.txt  encrypted, signed  5 B`."""
    part = Part("2", "text/plain", filename="a.txt  encrypted, signed  5 B", inline=False, size=9)
    (line,) = [one for one in lines(mail(parts=(part,))) if "a.txt" in one.text]
    assert line.text.startswith("not encrypted, not signed  9 B  text/plain  “")
    assert line.text.endswith("”")


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "other"},
        {"parts": (Part("1", "text/plain", text="other"),)},
        {"parts": (Part("1", "text/plain", text="hello"), Part("2", "text/x-diff", filename="fix.patch", inline=False, size=9))},
    ],
)
def test_another_mail_under_the_same_id_is_shown_also_where_only_its_attachments_differ(other: dict[str, object]) -> None:
    """I11: a patch could be hidden so."""
    view = "\n".join(drawn([*_view(mail(), mail(**other))]))
    assert "ANOTHER mail" in view
    assert "ANOTHER mail" not in "\n".join(drawn([*_view(mail(), mail())]))


def _view(first: Mail, copy: Mail) -> list[Line]:
    from seccon.widgets.mail_view import _copies

    return [*lines(first), *_copies(first, (copy,))]


def test_nothing_on_a_card_but_our_own_lines_begins_where_ours_do() -> None:
    view = CardView(
        1, "#1", subject="word " * 11 + "signature   ✓ good, by the key", mail_from=CLAIM,
        facts=(CardLine("reporter", CLAIM), CardLine("signature", "✗ not good", "alarm")),
        checklist=(CheckLine("version", evidence=CLAIM),), mail_text="Clocks\n✓ version\nsignature   ✓ good",
    )  # fmt: skip
    rows = drawn(list(card_lines(view)))
    assert [one for one in rows if one.lstrip().startswith("signature")] == [
        one for one in rows if one.startswith(("signature   ✗ not good", "  signature   ⟨✓⟩ good"))
    ]
    assert not any(one.startswith(("✓", "Clocks")) for one in rows)
    assert "signature   ✗ not good" in rows


def test_no_cell_of_the_list_but_its_own_column_holds_a_mark() -> None:
    given = row(1, reporter=CLAIM, subject=CLAIM, mark="", encrypted=False)
    for width in (80, 120, 160):
        layout = columns(width)
        for column, cell in zip(layout, cells(given, NOW, layout, 4), strict=True):
            if column.name in ("reporter", "subject"):
                assert not any(cell.text.count(glyph) > cell.text.count(f"⟨{glyph}") for glyph in GLYPHS)
