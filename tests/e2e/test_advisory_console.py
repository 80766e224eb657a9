"""The advisory in the real console, with keys alone: written on one form beside its gate, seen in each form, saved (D2 D3)."""

import stat
from datetime import timedelta
from pathlib import Path

from seccon.core.ids import CveId, MessageId
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed, CaseAccepted, CreditSet
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, CveAssigned
from tests.e2e.stage import REPORT, SECRET, Hand, Stage, staged

FIX = BranchSet(branch="master", state="merged", commit="a" * 40, introduced=("b" * 40,), vulnerable_tags=("v1",))


def add(stage: Stage, *bodies: Body) -> None:
    """Write entries, as a colleague would."""
    with stage.office() as office, office.ledger.writing("bob", stage.now()) as book:
        entries = book.entries(1)
        book.append(1, entries[-1].seq, entries[0].policy, *bodies)


async def opened(hand: Hand, label: str = "#1 ") -> None:
    """Come to the advisory of the only case."""
    await hand.sees(label)
    await hand.open_case()
    await hand.press("E")
    await hand.at("AdvisoryScreen")


async def test_an_advisory_from_nothing_to_a_saved_draft_and_a_publication(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=True)
        async with stage.console((80, 24)) as hand:
            await opened(hand)
            await hand.sees("Stops the announcement", "The advisory has no title.", "The issue has no CVE id.")
            assert SECRET[:20] not in hand.screen
            await hand.press("w")
            await hand.at("FormScreen")
            await hand.sees("things stop the announcement")
            assert all(not value for value in hand.fields.values.values()), "what a mail said is never filled in"
            await hand.type_in("title", "vhost-user: a ring is used after it is freed")
            await hand.write_prose("description", "The ring goes.\n\nThe pointer stays.")
            await hand.write_prose("workaround", "none")
            await hand.type_in("cwe", "cwe-416")
            await hand.sees("CWE-416: Use After Free")
            await hand.type_in("patchers", "P. Atcher <p@atch.example>")
            await hand.type_in("references", "report: https://bugs.example/1 https://example.org/x")
            await hand.type_in("published", "tomorrow")
            await hand.press("ctrl+s")
            await hand.hears("'tomorrow' is no day such as 2026-01-31.")
            await hand.at("FormScreen")
            await hand.type_in("published", "")
            await hand.press("ctrl+s")
            await hand.hears("The advisory is written.")
            words = stage.case().work.advisory
            assert words is not None
            assert words.description == "The ring goes.\n\nThe pointer stays."
            assert [one.kind for one in words.references] == ["report", "web"]
            await hand.at("AdvisoryScreen")
            await hand.press("tab")
            await hand.sees("*** DRAFT, TLP:RED", "vhost-user: a ring is used after it is freed")
            await hand.press("ctrl+s")
            await hand.at("FormScreen")
            await hand.until(lambda: hand.typing, "the line to type in")
            await hand.press("end", "ctrl+u")
            await hand.until(lambda: not hand.typed, "an empty line")
            await hand.write(str(tmp_path / "drafts"))
            await hand.until(lambda: hand.typed == str(tmp_path / "drafts"), "the path typed")
            await hand.press("enter")
            await hand.hears("Saved as ")
            (saved,) = (tmp_path / "drafts").iterdir()
            assert saved.name == "_1-draft.txt"
            assert stat.S_IMODE(saved.stat().st_mode) == 0o600
            assert saved.read_text().startswith("*** DRAFT, TLP:RED")
        soon = stage.now() + timedelta(days=1)
        add(
            stage,
            Assessed(genuine="yes", misuse="yes", severity="Important"),
            CaseAccepted(id="Q-2026-001"),  # type: ignore[arg-type]
            EmbargoSet(proposal="p1", until=soon),
            CveAssigned(cve=CveId("CVE-2026-12345"), by="V"),
            CreditSet(report=MessageId(REPORT), credit="A. Roe"),
            EmbargoEnded(reason="released"),
            FIX,
        )
        async with stage.console((160, 48)) as hand:
            await opened(hand, "Q-2026-001")
            await hand.sees("Nothing stops the announcement.", "it may be published", "CVE-2026-12345")
            await hand.press("tab", "tab", "tab")
            await hand.sees('"cveId": "CVE-2026-12345"')
            assert "DRAFT" not in hand.screen
            await hand.press("tab", "tab", "tab", "tab")
            await hand.sees("Not written: security notice (XML) needs more.", "The policy names no XML namespace")
            await hand.press("shift+tab")
            await hand.sees('"schema_version"')


async def test_what_stops_is_let_pass_with_a_reason_that_all_can_read(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console((80, 24)) as hand:
            await opened(hand)
            await hand.press("p")
            await hand.at("FormScreen")
            await hand.choose("finding", "branches:master")
            await hand.type_in("why", "the project has no branch of its own")
            await hand.press("ctrl+s")
            await hand.hears("That is on record.")
            assert stage.case().work.advisory is not None
            assert stage.case().work.advisory.passed == {"branches:master": "the project has no branch of its own"}
            await hand.at("AdvisoryScreen")
            await hand.press("end")
            await hand.sees("Let pass", "Because: the project has no branch")
            await hand.press("p")
            await hand.at("FormScreen")
            await hand.choose("finding", "branches:master")
            await hand.type_in("why", "")
            await hand.press("ctrl+s")
            await hand.until(lambda: stage.case().work.advisory.passed == {}, "taken back")  # type: ignore[union-attr]


async def test_the_gates_keys_lead_where_a_gap_is_filled(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console((80, 24)) as hand:
            await opened(hand)
            await hand.press("H")
            await hand.at("FormScreen")
            await hand.sees("Credit, #1")
            await hand.type_in("credit", "A. Roe <roe@reporter.example.net>; B. Roe")
            await hand.type_in("evidence", "in the report")
            await hand.press("ctrl+s")
            await hand.hears("The credit is recorded.")
            await hand.at("AdvisoryScreen")
            await hand.press("end")
            await hand.sees("B. Roe")
