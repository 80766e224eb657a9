"""The screen of branches: up to seventy legible, what needs work first; git asked and stopped; hostile names drawn as text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from seccon.core.journal.disclosure import AdvisorySet
from seccon.core.journal.parties import PartyInvited, PartyTold
from seccon.core.journal.work import BranchSet, FixProposed
from seccon.screens.verbs import VerbChosen
from tests.desk.test_texts import team
from tests.e2e.stage import Hand
from tests.gitcase import GitCase
from tests.gitsmith import Clone
from tests.screens.office_stub import Untended
from tests.screens.test_case_screens import clean
from tests.widgets.hostile import ALL

SIZES = [(80, 24), (160, 48)]


@asynccontextmanager
async def at_branches(case: GitCase, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hand]:
    app = Untended(case.office)
    async with app.run_test(size=size) as pilot:
        hand = Hand(app, pilot)
        app.post_message(VerbChosen("branches", case.number))
        await hand.at("BranchesScreen")
        await hand.sees("Branches of #1")
        yield hand


def seventy(case: GitCase) -> None:
    states = ["released"] * 40 + ["merged"] * 10 + ["not-affected"] * 8 + ["vulnerable"] * 6 + ["written"] * 5
    for number, state in enumerate(states):
        commit = f"{number:040x}" if state in ("released", "merged", "written") else ""
        tags = {"vulnerable_tags": (f"v{number}.0.1",), "fixed_tags": (f"v{number}.0.2",) if state == "released" else ()}
        case.tell(
            BranchSet(branch=f"v{number}.0-maint", state=state, commit=commit, further=("a" * 40,) if commit else (), **tags)
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
async def test_seventy_branches_are_legible_and_what_needs_work_stands_first(tmp_path: Path, size: tuple[int, int]) -> None:
    case = GitCase(tmp_path, None)
    seventy(case)
    async with at_branches(case, size) as hand:
        await hand.sees("12 need work · 10 merged · 40 released · 8 not affected")
        lines = [line for line in hand.screen.split("\n") if "master" in line or "-maint" in line]
        assert lines[0].startswith(" not looked at          master")
        assert [line.split()[1] for line in lines[1:4]] == ["v63.0-maint", "v62.0-maint", "v61.0-maint"], "newest first"
        assert "vulnerable" in lines[1]
        clean(hand)
        await hand.press("G")
        await hand.sees("not affected           v50.0-maint")
        clean(hand)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_are_drawn_as_text(tmp_path: Path, size: tuple[int, int]) -> None:
    case = GitCase(tmp_path, None)
    text = ALL.encode("utf-8", "ignore").decode()
    case.tell(
        FixProposed(version=2, commit="a", reviewers=(text,)), PartyInvited(party="v@example.org", name=text),
        PartyTold(party="v@example.org", patch=1, mail="m@example.org"),
        BranchSet(branch=f"v{text}", owner="v@example.org", state="written", commit=text, proof=text, introduced=(text,),
                  vulnerable_tags=(text,)),
    )  # type: ignore[arg-type]  # fmt: skip
    async with at_branches(case, size) as hand:
        await hand.sees("Patch v2", "v1 by ")
        await hand.press("j")
        clean(hand)


async def test_git_is_asked_for_what_is_known_and_all_it_proves_is_recorded_on_one_key(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "clone")
    clone.write("begin\n", a__c="1\n2\n3\n")
    fault = clone.write("do it faster\n", a__c="1\n\n3\n")
    clone.git("branch", "v1.0-maint")
    clone.git("branch", "v0.9-maint", f"{fault}^")
    fix = clone.write(f"mend \x1b[31mit\n\nFixes: {fault[:12]}\n", a__c="1\n4\n3\n")
    case = GitCase(tmp_path, clone)
    case.tell(FixProposed(version=1, commit=fix))
    async with at_branches(case) as hand:
        await hand.press("g")
        await hand.at("FormScreen")
        await hand.sees(fix[:20])
        await hand.press("ctrl+s")
        await hand.sees("r records 3 that git proves", "→ merged", "→ vulnerable", "→ not affected")
        clean(hand)
        await hand.press("r")
        await hand.hears("3 branches are recorded.")
        await hand.sees("1 needs work · 1 merged · 1 not affected")
        await hand.press("G", "k")
        await hand.sees("it is this commit")
        await hand.press("enter")
        await hand.at("Commits")
        await hand.sees(fix, "Ann Author <ann@example.org>", "│ mend ␛[31mit")
        clean(hand)
    assert case.case.work.branches["master"].introduced == (fault,)


async def test_a_look_can_be_stopped_and_a_clone_that_is_not_there_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = GitCase(tmp_path, Clone(tmp_path / "clone"))
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (slow / "git").chmod(0o755)
    async with at_branches(case) as hand:
        with monkeypatch.context() as patch:
            patch.setenv("PATH", f"{slow}:/usr/bin:/bin")
            await hand.press("g")
            await hand.at("FormScreen")
            await hand.press("ctrl+s")
            await hand.sees("Looking in git", "esc stops")
            await hand.press("j")  # the console goes on
            await hand.press("escape")
            await hand.hears("was stopped; nothing was recorded")
        (tmp_path / "clone").rename(tmp_path / "gone")
        await asyncio.sleep(0.1)
        await hand.press("g")
        await hand.at("FormScreen")
        await hand.press("ctrl+s")
        await hand.hears("the directory is not there")
        assert hand.place == "BranchesScreen"


async def test_a_partys_branch_is_recorded_with_whose_it_is(tmp_path: Path) -> None:
    case = GitCase(tmp_path, None)
    case.tell(PartyInvited(party="sec@vendor.example", name="Vendor"))
    async with at_branches(case) as hand:
        await hand.press("p")
        await hand.at("FormScreen")
        await hand.choose("state", "written")
        await hand.type_in("branch", "rhel-9")
        await hand.type_in("when", "2026-11-01")
        await hand.press("ctrl+s")
        await hand.hears("The branch is recorded.")
        await hand.sees("rhel-9 (Vendor)")
    assert case.case.work.branches["sec@vendor.example: rhel-9"].when is not None


@pytest.mark.parametrize("size", SIZES)
async def test_texts_are_seen_one_by_one_and_saved(tmp_path: Path, size: tuple[int, int]) -> None:
    """F2, F3: `t`; a hostile title is drawn as text, and stands in the file as it is to be pasted."""
    case = team(tmp_path, "Low")
    case.tell(AdvisorySet(title=f"sdhci {ALL.encode('utf-8', 'ignore').decode()}"))
    app = Untended(case.office)
    async with app.run_test(size=size) as pilot:
        hand = Hand(app, pilot)
        app.post_message(VerbChosen("texts", case.number))
        await hand.at("Texts")
        await hand.sees("Trailers of the fix of Q-2026-041", "Reported-by: A. Roe", "The policy also wants CVE, Bug, Tested-by")
        clean(hand)
        await hand.press("tab")
        await hand.sees("Upstream bug of Q-2026-041", "Impact")
        clean(hand)
        await hand.press("s")
        await hand.at("FormScreen")
        await hand.press("ctrl+s")
        await hand.hears("Saved: ")
        await hand.at("Texts")
        await hand.press("tab")
        await hand.sees("No branch has the fix yet.")
        clean(hand)
    assert [path.name for path in (tmp_path / "private" / "saved").iterdir()] == ["Q-2026-041-bug.txt"]
