"""Local clones, read with the real git: what they hold is data, what is wrong with them is a sentence, nothing of them runs."""

import os
import threading
import time
from pathlib import Path

import pytest

from seccon.adapters import git_run
from seccon.adapters.git import GitRepositories
from seccon.adapters.git_patch import GitPatches
from seccon.core.errors import RepositoryError, StoppedError
from seccon.core.watch import Watch
from tests.gitsmith import Clone


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path / "project")
    made.write("first\n", a__c="one\ntwo\nthree\n")
    made.tag("v1.0.0")
    return made


def repositories(clone: Clone) -> GitRepositories:
    return GitRepositories({"project": str(clone.path)})


def test_branches_and_tags_are_read_with_their_commits(clone: Clone) -> None:
    first = clone.head
    clone.git("branch", "v1.0-maint")
    clone.tag("v1.10.0", annotated=False)
    clone.tag("v1.9.0")
    clone.git("tag", "blob", clone.git("hash-object", "-w", "a.c"))
    found = {ref.name: ref.commit for ref in repositories(clone).refs("project")}
    assert found.pop("refs/tags/v1.9.0") == first, "a tag object stands for its commit"
    assert list(found) == ["refs/heads/master", "refs/heads/v1.0-maint", "refs/tags/v1.0.0", "refs/tags/v1.10.0"]
    names = [ref.name for ref in repositories(clone).refs("project") if "tags/v" in ref.name]
    assert names == ["refs/tags/v1.0.0", "refs/tags/v1.9.0", "refs/tags/v1.10.0"], "by version"


def test_a_commit_is_found_by_the_beginning_of_its_id_and_by_no_language_of_git(clone: Clone) -> None:
    first = clone.head
    clone.write("second\n\nbody\n", a__c="1\n")
    found = repositories(clone).commit("project", first[:12])
    assert found is not None
    assert (found.id, found.subject, found.author) == (first, "first", "Ann Author <ann@example.org>")
    assert found.committed is not None
    for name in (
        "--all",
        "-n1",
        "HEAD^{/first}",
        ":/first",
        "master..HEAD",
        "^HEAD",
        "@{-1}",
        "",
        "0" * 40,
        "nothing",
        "HEAD^{tree}",
        "a\0b",
    ):
        assert repositories(clone).commit("project", name) is None, name


def test_a_hostile_message_and_author_are_data(clone: Clone) -> None:
    """Escape sequences, broken encodings, text that looks like our own separators or like a patch."""
    text = "evil \x1b]52;c;AAAA\x07 \n\ncommit 0123456789012345678901234567890123456789\ndiff --git a/x b/x\n%H%x00\n"
    evil = clone.write(text, a__c="9\n")
    found = repositories(clone).commit("project", evil)
    assert found is not None
    assert found.message.startswith("evil \x1b]52;c;AAAA\x07 \n\ncommit 0123")
    assert set(repositories(clone).patch_ids("project", [evil])) == {evil}
    assert [one.id for one in repositories(clone).log("project", [evil])][-1] == evil


def test_the_same_change_has_the_same_patch_id_and_its_undoing_the_reverse_one(clone: Clone) -> None:
    base = clone.head
    fix = clone.write("fix\n", a__c="one\n2\nthree\n")
    back = clone.revert(fix)
    clone.on("v1.0-maint", base)
    clone.write("other\n", b__c="x\n")
    pick = clone.pick(fix)
    port = repositories(clone)
    ids = port.patch_ids("project", [fix, back, pick])
    assert ids[fix] == ids[pick]
    assert port.patch_ids("project", [fix], reverse=True)[fix] == ids[back]
    assert port.paths("project", [fix]) == ("a.c",)
    assert port.touching("project", [pick], [base], ["a.c"]) == {pick: ids[fix]}
    assert port.holding("project", fix) == {"refs/heads/master"}


def test_files_with_odd_names_are_asked_for_as_they_are(clone: Clone) -> None:
    odd = clone.path / os.fsdecode(b"*-\xff \xc3\xa4.c")
    odd.write_text("x\n")
    fix = clone.write("odd\n")
    port = repositories(clone)
    assert port.touching("project", [fix], [], port.paths("project", [fix])).keys() == {fix}


def test_a_log_can_be_asked_for_what_messages_mention(clone: Clone) -> None:
    start = clone.head
    clone.write("one\n\nFixes: CVE-2026-1 [x]*\n")
    clone.write("two\n")
    port = repositories(clone)
    assert [one.subject for one in port.log("project", [clone.head], [start])] == ["one", "two"]
    assert [one.subject for one in port.log("project", [clone.head], mentions=["cve-2026-1 [x]*", "absent"])] == ["one"]
    assert port.log("project", []) == ()


# --- what a clone may not do ------------------------------------------------------------------------------------------------


def test_nothing_that_a_clone_names_is_run(clone: Clone, tmp_path: Path) -> None:
    """A colleague's clone could name programs in its own configuration, attributes and hooks."""
    trace = tmp_path / "ran"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    script.chmod(0o755)
    for name, value in {
        "core.fsmonitor": script, "core.pager": script, "diff.external": script, "diff.evil.textconv": script,
        "diff.evil.command": script, "core.sshCommand": script, "gpg.program": script, "log.showSignature": "true",
        "trailer.Fixes.command": script, "trailer.Fixes.cmd": script, "core.hooksPath": tmp_path, "pager.log": script,
        "core.alternateRefsCommand": script, "alias.log": f"!{script}", "credential.helper": script,
    }.items():  # fmt: skip
        clone.git("config", name, str(value))
    (clone.path / ".gitattributes").write_text("* diff=evil\n")
    fix = clone.git("commit-tree", "-m", "x\n\nFixes: 1", "-p", "HEAD", clone.git("write-tree"))
    trace.unlink(missing_ok=True)  # git itself, making the commit, ran what it was told to
    port = repositories(clone)
    port.refs("project")
    found = port.commit("project", fix)
    assert found is not None
    port.message(found)
    port.touching("project", [clone.head], [], ["a.c"])
    port.patch_ids("project", [clone.head])
    assert not trace.exists()


def test_replacements_and_grafts_lie_to_nobody(clone: Clone) -> None:
    first = clone.head
    second = clone.write("second\n", a__c="2\n")
    clone.git("replace", second, first)
    (clone.path / ".git" / "info").mkdir(exist_ok=True)
    (clone.path / ".git" / "info" / "grafts").write_text(f"{second}\n")
    found = repositories(clone).commit("project", second)
    assert found is not None
    assert (found.subject, found.parents) == ("second", (first,))


def test_a_partial_clone_fetches_nothing_and_says_so(clone: Clone, tmp_path: Path) -> None:
    fix = clone.write("second\n", a__c="2\n")
    clone.git("config", "uploadpack.allowFilter", "true")
    part = tmp_path / "part"
    clone.git("clone", "-q", "--bare", "--filter=blob:none", f"file://{clone.path}", str(part))
    port = GitRepositories({"project": str(part)})
    assert port.commit("project", fix) is not None
    with pytest.raises(RepositoryError, match="partial clone"):
        port.patch_ids("project", [fix])


# --- what is wrong with a clone, in words -----------------------------------------------------------------------------------


def refusal(path: Path) -> RepositoryError:
    with pytest.raises(RepositoryError) as caught:
        GitRepositories({"project": str(path)}).refs("project")
    return caught.value


def test_a_clone_that_is_not_there_or_none_is_told_of(tmp_path: Path, clone: Clone) -> None:
    assert "is not there" in refusal(tmp_path / "absent").sentence
    (tmp_path / "plain").mkdir()
    assert "no git repository" in refusal(tmp_path / "plain").sentence
    (clone.path / "sub").mkdir()
    assert "no git repository" in refusal(clone.path / "sub").sentence, "a directory within a clone is not it"
    with pytest.raises(RepositoryError, match=r"No repository is called 'projct'.*did you mean 'project'"):
        repositories(clone).refs("projct")


def test_a_clone_whose_history_is_cut_off_proves_nothing(clone: Clone, tmp_path: Path) -> None:
    clone.write("second\n", a__c="2\n")
    shallow = tmp_path / "shallow"
    clone.git("clone", "-q", "--depth=1", f"file://{clone.path}", str(shallow))
    error = refusal(shallow)
    assert "cut off" in error.sentence
    assert "--unshallow" in error.hint


def test_a_bare_clone_is_as_good(clone: Clone, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    clone.git("clone", "-q", "--bare", str(clone.path), str(bare))
    assert [ref.name for ref in GitRepositories({"b": str(bare)}).refs("b")] == ["refs/heads/master", "refs/tags/v1.0.0"]


def test_a_damaged_clone_is_told_of(clone: Clone) -> None:
    fix = clone.write("second\n", a__c="2\n")
    (clone.path / ".git" / "objects" / fix[:2] / fix[2:]).chmod(0o644)
    (clone.path / ".git" / "objects" / fix[:2] / fix[2:]).write_bytes(b"rubbish")
    error = refusal(clone.path)
    assert "damaged" in error.sentence
    assert "fsck" in error.hint


def test_another_users_clone_is_refused_in_words(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(git_run._SET, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    error = refusal(clone.path)
    assert "belongs to another user" in error.sentence
    assert f"safe.directory {clone.path}" in error.hint


def test_work_that_nobody_waits_for_ends_with_its_children(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nsleep 60\n")
    (slow / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow}:{os.environ['PATH']}")
    watch = Watch()
    threading.Timer(0.3, watch.stop).start()
    begun = time.monotonic()
    with pytest.raises(StoppedError):
        repositories(clone).watched(watch).commit("project", "0" * 40)
    assert time.monotonic() - begun < 5
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RepositoryError, match="too long"):
        git_run.run("log", seconds=0.3)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="cannot be started"):
        git_run.run("log")


def test_an_answer_without_end_is_cut(clone: Clone) -> None:
    with pytest.raises(RepositoryError, match="larger"):
        git_run.run("log", "-p", where=str(clone.path), ceiling=str(clone.path.parent), most=50)


# --- patches ----------------------------------------------------------------------------------------------------------------


def test_a_mailbox_of_patches_is_read_as_git_reads_it(clone: Clone) -> None:
    start = clone.head
    first = clone.write(
        'größer: fix\n\nLong text.\n\nReported-by: Jürgen <j@example.org>\nFixes: 012345678901 ("a\n b")\n', a__c="2\n"
    )
    clone.write("second\n\nSigned-off-by: A <a@b>\n", a__c="3\n")
    mbox = clone.git("format-patch", "--stdout", start).encode()
    one, two = GitPatches().messages(mbox)
    assert (one.subject, one.commit, one.author) == ("größer: fix", first, "Ann Author <ann@example.org>")
    assert one.trailers == ("Reported-by: Jürgen <j@example.org>", 'Fixes: 012345678901 ("a b")')
    assert "Long text." in one.body
    assert "diff" not in one.body
    assert two.trailers == ("Signed-off-by: A <a@b>",)
    (shown,) = GitPatches().messages(clone.git("show", first).encode())
    assert (shown.subject, shown.commit, shown.trailers) == (one.subject, first, one.trailers)
    (plain,) = GitPatches().messages(b"a subject\n\nFixes: x\n---\n a.c | 2 +-\ndiff --git a/a.c b/a.c\n")
    assert (plain.subject, plain.trailers) == ("a subject", ("Fixes: x",))


@pytest.mark.parametrize("data", [b"", b"\n", b"just text\n", b"\0\xff" * 100])
def test_what_is_no_patch_is_told_of(data: bytes) -> None:
    with pytest.raises(RepositoryError, match="no patch"):
        GitPatches().messages(data)


def test_an_empty_mail_says_nothing() -> None:
    assert [(one.subject, one.trailers) for one in GitPatches().messages(b"From: a@b\n\n")] == [("", ())]
