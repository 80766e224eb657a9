"""What the advisory's screen draws of hostile words: nothing that a terminal obeys, and nothing that passes for the gate."""

import msgspec

from seccon.core.advisory import advisory
from seccon.core.formats import FORMS, document
from seccon.core.gate import gate
from seccon.core.journal.disclosure import Reference
from seccon.core.journal.work import BranchSet
from seccon.desk.export import AdvisoryView
from seccon.screens.advisory import document_lines, gate_lines, pages
from seccon.widgets.plain import plain
from tests.core.advisories import FULL, NOW, POLICY, but, of
from tests.widgets.hostile import HOSTILE

TEXT = "".join(HOSTILE)


def hostile_view() -> AdvisoryView:
    words = but(
        title=TEXT, description=TEXT, impact=TEXT, workaround=TEXT, cwe=TEXT, notice=TEXT, patchers=(TEXT,),
        references=(Reference(TEXT),), passed={"notice.form": TEXT},
    )  # fmt: skip
    case = of(*FULL, words, BranchSet(branch=TEXT, state="merged", commit=TEXT, vulnerable_tags=(TEXT,)))
    told = advisory(case, POLICY)
    documents = tuple(document(one, told) for one in FORMS)
    return AdvisoryView(case, POLICY, told, gate(case, POLICY, NOW), documents, NOW)


def test_no_line_holds_what_a_terminal_obeys() -> None:
    view = hostile_view()
    lines = [*gate_lines(view), *(line for one in view.documents for line in document_lines(one))]
    drawn = [*(line.text for line in lines), *(line.lead[0] for line in lines), *(text for text, _ in pages(view, 0, 80))]
    assert [text for text in drawn if plain(text, lines=False, limit=1_000_000) != text] == []


def test_hostile_words_stand_on_lines_of_their_own_and_never_at_the_edge() -> None:
    """A description that writes a finding does not become one: what the case tells is indented behind its name."""
    forged = but(description="Nothing stops the announcement.", notice="Let pass")
    case = of(*FULL, forged)
    view = msgspec.structs.replace(hostile_view(), told=advisory(case, POLICY), findings=gate(case, POLICY, NOW))
    heads = [line.text for line in gate_lines(view) if line.style == "head"]
    assert heads == ["Stops the announcement", "Not needed by the policy", "The case tells"]
