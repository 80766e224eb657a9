"""The stations of a CVE id and the latest date in the real console, with keys alone (F1 E7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from seccon.core.journal import Body
from seccon.core.journal.cases import CaseAccepted, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.embargoes import EmbargoWished
from seccon.core.journal.work import BranchSet
from tests.cve_services import KEY, ORG, USER, Programme, running
from tests.e2e.stage import REPORT, Hand, Stage, staged

DISTROS = "linux-distros@vs.openwall.org"
OURS = """\
extends = "qemu"
revision = "2020-12-cna"
since = "2026-01-01"

[cve]
cna = "ourselves"
own = true
"""


@contextmanager
def cna(home: Path) -> Iterator[tuple[Stage, Programme]]:
    """Set a stage on which the team is a CNA; the API key is nowhere but in a person's head."""
    with staged(home) as stage, running() as programme:
        policies = home / ".config" / "seccon" / "policies"
        policies.mkdir(parents=True)
        (policies / "qemu-cna.toml").write_text(OURS)
        text = stage.config.read_text().replace("qemu@2020-12", "qemu@2020-12-cna")
        table = f'[cve]\nuser = "{USER}"\norg = "{ORG}"\nurl = "{programme.url}"\n\n'
        stage.config.write_text(text.replace("[courier]", f"{table}[courier]", 1))
        yield stage, programme


def add(stage: Stage, *bodies: Body) -> None:
    """Write entries, as a colleague would."""
    with stage.office() as office, office.ledger.writing("bob", stage.now()) as book:
        entries = book.entries(1)
        book.append(1, entries[-1].seq, entries[0].policy, *bodies)


async def station(hand: Hand, name: str) -> None:
    """Press C, and go to a station."""
    await hand.at("CaseScreen")
    await hand.press("C")
    await hand.at("FormScreen")
    await hand.choose("station", name)
    await hand.press("ctrl+s")


async def test_an_id_is_reserved_lost_found_and_its_record_published(tmp_path: Path) -> None:
    with cna(tmp_path) as (stage, programme):
        stage.report(encrypted=False)
        async with stage.console((100, 30)) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            programme.fault = "lost"
            await station(hand, "reserve")
            await hand.sees("API key for CVE Services", "It is kept in memory until the console ends.")
            await hand.until(lambda: hand.typing, "the line to type in")
            await hand.write(KEY)
            await hand.press("enter")
            await hand.sees("Reserve a CVE id for #1", "reserve a new one as example_cna")
            await hand.press("ctrl+s")
            await hand.hears("the connection broke")
            assert KEY not in hand.screen
            assert stage.case().work.cve is None
            programme.fault = ""
            await station(hand, "reserve")
            await hand.sees("There is one.")
            await hand.choose("take", next(iter(programme.ids)))
            await hand.press("ctrl+s")
            await hand.hears("is reserved, and recorded as the id of")
            cve = next(iter(programme.ids))
            assert stage.case().work.cve == cve
            assert len(programme.ids) == 1
            words = AdvisorySet(
                title="use after free", description="The guest frees a ring twice.", cwe="CWE-416",
                references=(Reference("https://x.example/1", "advisory"),),
            )  # fmt: skip
            fixed = BranchSet(branch="master", state="merged", commit="9" * 40, introduced=("1" * 40,),
                              vulnerable_tags=("v8.0.0",), fixed_tags=("v9.0.0",))  # fmt: skip
            add(stage, PublicityFlagged(public=True, evidence="https://x.example/1"), words, fixed)
            await station(hand, "publish")
            await hand.sees(f"https://www.cve.org/CVERecord?id={cve}", "publish the record of this case's advisory")
            await hand.press("ctrl+s")
            await hand.hears("The record is published.")
            assert programme.records[cve]["descriptions"][0]["value"].startswith("The guest frees a ring twice.")
            assert cve in stage.case().work.published
            await hand.at("CaseScreen")
            await hand.press("C")
            await hand.at("FormScreen")
            await hand.sees(f"{cve}, allocated by {ORG}; its record is public")


async def test_a_team_that_is_no_cna_asks_records_and_withdraws(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.press("C")
            await hand.at("FormScreen")
            await hand.sees("CVE of #1", "ids are allocated by a vendor security engineer", "No id was asked for.")
            assert hand.fields.here.options == ("request", "record"), "who is no CNA reserves nothing"
            await hand.press("ctrl+s")
            await hand.at("Compose")
            await hand.sees("CVE request: #1", "Product: QEMU", "<<which versions are affected>>")
            await hand.press("escape")
            await hand.at("CaseScreen")
            await station(hand, "record")
            await hand.sees("CVE id", "allocated by")
            await hand.type_in("cve", "CVE-2020-1711")
            await hand.press("ctrl+s")
            await hand.hears("Say who allocated it.")
            await hand.at("FormScreen")
            await hand.type_in("by", "A vendor's engineer")
            await hand.press("ctrl+s")
            await hand.hears("The CVE id is recorded.")
            await station(hand, "withdraw")
            await hand.sees("Withdraw CVE-2020-1711")
            await hand.until(lambda: hand.typing, "the line to type in")
            await hand.write("meant for another issue")
            await hand.press("enter")
            await hand.hears("The id is withdrawn.")
            assert stage.case().work.cve is None


async def test_the_latest_date_names_the_rule_that_decides(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            add(stage, CaseAccepted(id="Q-2026-001"), EmbargoWished(report=REPORT, length="90 days", proof=REPORT))
            await hand.press("Z")
            await hand.at("BoundsScreen")
            await hand.sees(
                "No hard limit. Up to", "qemu decides: 2 weeks", "A mail to linux-distros now", "would start its clock"
            )
            await hand.sees("A. Roe wishes")
            await hand.press("q")
            await hand.at("CaseScreen")
            await hand.press("e")
            await hand.at("EmbargoScreen")
            await hand.press("t")
            await hand.at("FormScreen")
            await hand.sees("When a list was told of Q-2026-001", "linux-distros: not told")
            await hand.press("ctrl+s")
            await hand.hears("Name the mail that shows it")
            await hand.at("FormScreen")
            await hand.type_in("why", "posted with another mail program")
            await hand.press("ctrl+s")
            await hand.hears("It is recorded.")
            await hand.at("EmbargoScreen")
            assert DISTROS in stage.case().work.lists_told
            await hand.press("Z")
            await hand.at("BoundsScreen")
            await hand.sees("linux-distros decides: 14 days from", "beyond it a date is refused")
            await hand.press("q")
            await hand.at("EmbargoScreen")
            await hand.sees("linux-distros decides", "Z latest date")
            await hand.press("p")
            await hand.at("FormScreen")
            late = stage.now() + timedelta(days=20)
            await hand.type_in("until", f"{late:%Y-%m-%d} 12:00")
            await hand.type_in("why", "the reporter wishes it")
            await hand.sees("linux-distros: The list allows at most 14 days")
            await hand.press("ctrl+s")
            await hand.hears("The list allows at most 14 days from the first post.")
            await hand.at("FormScreen")
            assert stage.case().embargo.state == "none"
