"""Where the fix stands on each branch, asked of real clones (F4): found by what git proves, else unknown and why."""

from pathlib import Path

import pytest

from seccon.core.branch_board import BranchRow, rows
from seccon.core.branch_find import Finding
from seccon.core.errors import ConfigError, RefusedError, RepositoryError
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, CveAssigned, FixProposed
from seccon.desk.look_in_git import LookInGit, RecordFound, ShowCommit, proposals
from seccon.widgets.branch_list import state
from tests.gitcase import GitCase
from tests.gitsmith import Clone
from tests.story import at

LINES = "".join(f"line {number}\n" for number in range(1, 40))
CVE = "CVE-2026-12345"


class Project(Clone):
    """Fifteen maintained branches, v1.1-maint to v1.15-maint; the fault came with v1.4.0. Each release is on master."""

    def __init__(self, path: Path, count: int = 15, fault_at: int = 4) -> None:
        super().__init__(path)
        self.text = LINES
        self.write("begin\n", code__c=self.text)
        self.fault = ""
        for number in range(1, count + 1):
            if number == fault_at:
                self.text = self.text.replace("line 20\n", "line 20, without a check\n")
                self.fault = self.write("net: do it faster\n", code__c=self.text)
            self.write(f"release {number}\n", version=str(number))
            self.tag(f"v1.{number}.0")
            self.tag(f"v1.{number}.0-rc1")
            self.git("branch", f"v1.{number}-maint")
        self.text = self.text.replace("line 20, without a check\n", "line 20, with the check\n")
        self.fix = self.write(f'net: check the length\n\nFixes: {self.fault[:12]} ("net: do it faster")\n', code__c=self.text)

    def backport(self, number: int, *options: str) -> str:
        """Take the fix to a branch."""
        self.on(f"v1.{number}-maint")
        return self.pick(self.fix, *options)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def look(case: GitCase, **more: object) -> dict[str, Finding]:
    found = LookInGit(case=case.number, **more).perform(case.office)  # type: ignore[arg-type]
    return {one.branch: one for one in found.findings}


def board(case: GitCase) -> tuple[BranchRow, ...]:
    return rows(case.case, case.policy, LookInGit(case=case.number).perform(case.office).findings)


def known(home: Path, project: Clone, commit: str, *more: object, policy: str = "libvirt") -> GitCase:
    case = GitCase(home, project, policy)
    case.tell(FixProposed(version=1, commit=commit), *more)  # type: ignore[arg-type]
    return case


def test_fifteen_branches_are_told_apart_with_their_commits_and_tags(tmp_path: Path, project: Project) -> None:
    """By id, by the line that cherry-pick -x leaves, by patch id, by trailer; before the fault: not affected."""
    named = project.backport(15, "-x")
    project.tag("v1.15.1")
    same = project.backport(14)
    project.on("v1.13-maint")
    project.write("own work\n", other__c="x\n")
    project.tag("v1.13.1")
    project.write("context\n", code__c=project.text.replace("with the check", "without a check").replace("line 21", "l 21"))
    changed = project.write(f"net: check the length\n\nFixes: {CVE}\n", code__c=project.text.replace("line 21", "l 21"))
    found = look(known(tmp_path, project, project.fix[:10], CveAssigned(cve=CVE)))
    assert len(found) == 16
    states = {name: one.state for name, one in found.items()}
    assert states.pop("master") == "merged"
    assert [states[f"v1.{n}-maint"] for n in range(1, 16)] == ["not-affected"] * 3 + ["vulnerable"] * 9 + ["merged"] * 2 + [
        "released"
    ]
    assert (found["v1.15-maint"].commits, found["v1.15-maint"].fixed_tags) == ((named,), ("v1.15.1",))
    assert (found["v1.14-maint"].commits, found["v1.13-maint"].commits) == ((same,), (changed,))
    assert "same patch" in found["v1.14-maint"].why
    assert f"trailer names {CVE}" in found["v1.13-maint"].why
    assert (found["v1.13-maint"].vulnerable_tags, found["v1.13-maint"].fixed_tags) == (("v1.13.1",), ())
    assert found["master"].vulnerable_tags == tuple(f"v1.{n}.0" for n in range(4, 16)), (
        "by version, without candidates of releases"
    )
    assert found["master"].introduced == (project.fault,) == found["v1.12-maint"].introduced
    assert found["v1.12-maint"].commits == ()
    assert found["master"].when is not None


def test_the_first_fixed_release_is_found_on_the_main_branch(tmp_path: Path, project: Project) -> None:
    project.write("release 16\n", version="16")
    project.tag("v1.16.0")
    project.git("branch", "v1.16-maint")
    found = look(known(tmp_path, project, project.fix))
    assert (found["master"].state, found["master"].fixed_tags) == ("released", ("v1.16.0",))
    assert (found["v1.16-maint"].state, found["v1.16-maint"].commits) == ("merged", (project.fix,))


def test_a_fix_that_was_reverted_is_none_until_it_comes_again(tmp_path: Path, project: Project) -> None:
    """By the revert's words, and by being exactly the opposite of it, whatever it says."""
    pick = project.backport(15, "-x")
    back = project.revert(pick)
    project.tag("v1.15.1")
    case = known(tmp_path, project, project.fix)
    found = look(case)["v1.15-maint"]
    assert (found.state, found.fixed_tags, found.vulnerable_tags) == ("vulnerable", (), ("v1.15.1",))
    assert f"undone by {back[:12]}" in found.why
    again = project.revert(back)
    assert (look(case)["v1.15-maint"].state, look(case)["v1.15-maint"].commits[0]) in (("merged", again), ("merged", pick))
    project.write("tidy up\n", code__c=project.text.replace("with the check", "without a check"))
    assert look(case)["v1.15-maint"].state == "vulnerable", "the opposite patch, and no word of it"


def test_a_revert_on_the_main_branch_counts_for_what_was_branched_since(tmp_path: Path, project: Project) -> None:
    back = project.revert(project.fix)
    project.write("release 16\n", version="16")
    project.tag("v1.16.0")
    project.git("branch", "v1.16-maint")
    again = project.revert(back)
    project.backport(15, "-x")
    project.pick(back, "-x")
    found = look(known(tmp_path, project, project.fix))
    assert {name: found[name].state for name in ("master", "v1.16-maint", "v1.15-maint")} == {
        "master": "merged", "v1.16-maint": "vulnerable", "v1.15-maint": "vulnerable",
    }  # fmt: skip
    assert found["master"].commits[0] in (again, project.fix)
    assert found["master"].vulnerable_tags[-1] == "v1.16.0"


def test_a_backport_that_says_nothing_is_unknown_and_shown(tmp_path: Path, project: Project) -> None:
    """Another context, no line, no trailer: a person looks; git proves neither."""
    project.on("v1.12-maint")
    project.write("context\n", code__c=project.text.replace("with the check", "without a check").replace("line 21", "l 21"))
    silent = project.write("net: check the length\n", code__c=project.text.replace("line 21", "l 21"))
    found = look(known(tmp_path, project, project.fix))["v1.12-maint"]
    assert found.state == "unknown"
    assert found.candidates[0].id == silent, "what bears the fix's subject first"
    assert silent[:12] in found.why


def test_a_fault_that_was_picked_is_found_where_its_commit_is_not(tmp_path: Path, project: Project) -> None:
    project.on("v1.2-maint")
    fault = project.pick(project.fault, "-x")
    project.on("v1.1-maint")
    project.write("net: something else in the same file\n", code__c=LINES.replace("line 3\n", "line three\n"))
    found = look(known(tmp_path, project, project.fix))
    assert (found["v1.2-maint"].state, found["v1.2-maint"].introduced) == ("vulnerable", (fault,))
    assert found["v1.1-maint"].state == "unknown"
    assert "same files" in found["v1.1-maint"].why


def test_a_fix_of_several_commits_is_there_when_all_are(tmp_path: Path, project: Project) -> None:
    second = project.write("net: check it again\n", more__c="check\n")
    project.backport(15, "-x")
    project.backport(14, "-x")
    project.pick(second, "-x")
    case = GitCase(tmp_path, project)
    case.tell(BranchSet(branch="master", state="merged", commit=project.fix, further=(second,), introduced=(project.fault,)))
    found = look(case)
    assert (found["v1.14-maint"].state, len(found["v1.14-maint"].commits)) == ("merged", 2)
    assert found["v1.15-maint"].state == "vulnerable"
    assert second[:12] in found["v1.15-maint"].why


def test_a_merge_brings_the_fix_like_a_pick(tmp_path: Path, project: Project) -> None:
    project.on("topic", "v1.15-maint")
    pick = project.pick(project.fix, "-x")
    project.on("v1.15-maint")
    project.write("own\n", own="1")
    project.git("merge", "-q", "--no-ff", "-m", "merge topic", "topic")
    assert look(known(tmp_path, project, project.fix))["v1.15-maint"].commits == (pick,)


def test_a_pick_of_a_pick_is_followed(tmp_path: Path, project: Project) -> None:
    """Each says only where it came from: v1.14 from v1.15, that from the main branch."""
    pick = project.backport(15, "-x")
    project.on("v1.14-maint")
    again = project.pick(pick, "-x")
    assert look(known(tmp_path, project, project.fix))["v1.14-maint"].commits == (again,)


def test_without_the_fixs_commit_the_issues_id_finds_it(tmp_path: Path, project: Project) -> None:
    project.git("commit", "-q", "--amend", "-m", f"net: check the length\n\nCVE: {CVE}\nFixes: {project.fault}\n")
    case = GitCase(tmp_path, project)
    case.tell(CveAssigned(cve=CVE))
    found = look(case)
    assert (found["master"].state, found["master"].commits) == ("merged", (project.head,))
    assert found["v1.3-maint"].state == "not-affected"


def test_what_is_not_known_makes_everything_unknown_but_what_is_there(tmp_path: Path, project: Project) -> None:
    """No fault known: nobody can be said not to have it."""
    project.git("commit", "-q", "--amend", "-m", "net: check the length\n")
    found = look(known(tmp_path, project, project.head))
    assert found["master"].state == "merged"
    assert {one.state for name, one in found.items() if name != "master"} == {"unknown"}
    assert "brought the fault is not known" in found["v1.1-maint"].why
    assert look(known(tmp_path / "b", project, project.head), faults=(project.fault,))["v1.1-maint"].state == "not-affected"


def test_hostile_branches_and_messages_are_names_and_text(tmp_path: Path, project: Project) -> None:
    evil = "v\u202e;touch${IFS}x$(id)-maint"
    project.git("branch", evil, project.fault)
    project.git("update-ref", "refs/heads/v--upload-pack=x-maint", project.fault)
    project.on("v1.15-maint")
    text = f"\x1b[2J{CVE}\n\n(cherry picked from commit {project.fix[:8]})\nnot the fix: {CVE}\n Fixes: {CVE}\n"
    project.write(text, other__c="x\n")
    found = look(known(tmp_path, project, project.fix, CveAssigned(cve=CVE)))
    assert (found[evil].state, found["v--upload-pack=x-maint"].state) == ("vulnerable", "vulnerable")
    assert found["v1.15-maint"].state == "vulnerable", "eight digits, and an id in prose, prove nothing"


def test_the_public_state_of_a_branch_is_what_origin_has(tmp_path: Path, project: Project) -> None:
    clone = Clone(tmp_path / "clone")
    clone.git("remote", "add", "origin", str(project.path))
    clone.git("fetch", "-q", "origin")
    clone.git("branch", "-f", "v1.15-maint", project.fix)
    found = look(known(tmp_path, clone, project.fix))
    assert len(found) == 16
    assert found["v1.15-maint"].state == "vulnerable", "a branch that only this clone moved is not published"


def test_all_that_is_proved_is_recorded_at_once_and_nothing_twice(tmp_path: Path, project: Project) -> None:
    project.backport(15, "-x")
    case = known(tmp_path, project, project.fix)
    findings = LookInGit(case=case.number).perform(case.office).findings
    RecordFound(**case.at, found=findings).perform(case.office)
    branches = case.case.work.branches
    assert len(branches) == 16
    assert branches["v1.15-maint"].state == "merged"
    assert branches["v1.15-maint"].proof.startswith("git, libvirt: ")
    assert branches["master"].when is not None
    with pytest.raises(RefusedError) as refused:
        RecordFound(**case.at, found=LookInGit(case=case.number).perform(case.office).findings).perform(case.office)
    assert refused.value.rule == "branch.found"


def test_while_the_embargo_holds_a_fix_in_a_clone_is_written_and_no_more(tmp_path: Path, project: Project) -> None:
    """E10: the clone may be the team's own; that everybody has the fix is for a person to say."""
    case = known(tmp_path, project, project.fix, EmbargoSet(proposal="p1", until=at("2026-12-05")))
    RecordFound(**case.at, found=LookInGit(case=case.number).perform(case.office).findings).perform(case.office)
    assert case.case.work.branches["master"].state == "written"
    assert [row.branch for row in board(case) if row.is_news] == [], "what is recorded is offered no more"


def test_a_new_tag_is_news_though_the_state_is_the_same(tmp_path: Path, project: Project) -> None:
    case = known(tmp_path, project, project.fix)
    RecordFound(**case.at, found=LookInGit(case=case.number).perform(case.office).findings).perform(case.office)
    assert [row.branch for row in board(case) if row.is_news] == []
    project.on("v1.15-maint")
    project.write("release, still faulty\n", version="15.1")
    project.tag("v1.15.1")
    (news,) = (row for row in board(case) if row.is_news)
    assert (news.branch, news.vulnerable_tags[-1], news.group) == ("v1.15-maint", "v1.15.1", "vulnerable")
    assert state(news) == "vulnerable → more"
    RecordFound(**case.at, found=LookInGit(case=case.number).perform(case.office).findings).perform(case.office)
    assert case.case.work.branches["v1.15-maint"].vulnerable_tags[-1] == "v1.15.1"


def test_what_is_missing_is_said_in_words(tmp_path: Path, project: Project) -> None:
    with pytest.raises(ConfigError, match="No local clone is configured"):
        look(GitCase(tmp_path / "a", None))
    case = known(tmp_path / "b", project, "0123456789abcdef")
    looked = LookInGit(case=case.number).perform(case.office)
    assert "has no commit 0123456789abcdef" in looked.missing[0]
    project.git("branch", "-m", "master", "trunk")
    with pytest.raises(RepositoryError, match="none of the branches master"):
        look(case)
    shown = ShowCommit(repository="", commit=project.fix[:12]).perform(case.office)
    assert shown.subject == "net: check the length"
    with pytest.raises(RepositoryError, match="No clone has the commit"):
        ShowCommit(repository="libvirt", commit="--all").perform(case.office)


def test_what_was_secret_is_public_since_the_release_and_not_since_its_commit(tmp_path: Path, project: Project) -> None:
    """The day of the fix stands in the advisory: a commit made in the embargo was nobody's until then."""
    case = GitCase(tmp_path, project)
    case.tell(EmbargoSet(proposal="p1", until=at("2026-11-21 12:00")), FixProposed(version=1, commit=project.fix))
    RecordFound(**case.at, found=LookInGit(case=case.number).perform(case.office).findings).perform(case.office)
    assert case.case.work.branches["master"].state == "written"
    case.tell(EmbargoEnded(reason="released"))
    found = LookInGit(case=case.number).perform(case.office).findings
    RecordFound(**case.at, found=found).perform(case.office)
    master = case.case.work.branches["master"]
    assert (master.state, master.when) == ("merged", at("2026-11-21 12:00"))
    assert "master" not in [one.branch for one in proposals(case.case, found, case.now)], "and is no news any more"
