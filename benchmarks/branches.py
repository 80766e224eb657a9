"""F4: where the fix stands on seventy branches, in seconds: seccon's look, the git calls in it, and two bare calls a branch.

python -m benchmarks.branches [--branches 70] [--commits 20000] [--own 100]
"""

import argparse
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from seccon.adapters import git as adapter
from seccon.adapters import git_run
from seccon.core.journal.work import FixProposed
from seccon.desk.look_in_git import LookInGit
from tests.gitcase import GitCase
from tests.gitsmith import ENV, GIT, Clone


def _stream(branches: int, commits: int, own: int, fix: str) -> bytes:
    """Write a project for git fast-import: the fault a third of the way in, the fix at the end, picked to every other branch."""
    out: list[str] = []
    fault, every = commits // 3, max(commits // (branches + 1), 1)

    def commit(ref: str, number: int, text: str, path: str, content: str, start: str = "") -> None:
        when = f"C <c@example.org> {1_500_000_000 + number * 600} +0000"
        out.append(f"commit {ref}\nmark :{number}\nauthor {when}\ncommitter {when}\ndata {len(text)}\n{text}\n{start}")
        out.append(f"M 100644 inline {path}\ndata {len(content)}\n{content}\n\n")

    for number in range(1, commits + 1):
        path = "net.c" if number in (1, fault, commits) else f"d{number % 50}/f{number % 400}.c"
        content = {fault: "len = huge;\n", commits: "len = checked;\n"}.get(number, f"line {number}\n")
        commit("refs/heads/master", number, f"subject {number}\n\nSigned-off-by: C <c@example.org>\n", path, content)
    mark = commits
    for branch in range(branches):
        ref, start = f"refs/heads/v{branch}.0-maint", f"from :{1 + branch * every}\n"
        for number in range(own):
            mark += 1
            last = number == own - 1 and branch % 2
            text = f"subject: picked\n\n(cherry picked from commit {fix})\n" if last else f"own {number}\n"
            commit(
                ref, mark, text, "net.c" if last else f"o{number % 30}.c", f"own {branch} {number}\n", start if not number else ""
            )
        out.append(f"tag v{branch}.0.1\nfrom :{mark}\ntagger C <c@example.org> 1700000000 +0000\ndata 0\n\n")
    return "".join(out).encode()


def make(home: Path, branches: int, commits: int, own: int) -> Clone:
    """Make the project; its last commit of the main branch is the fix."""
    clone = Clone(home / "project")
    begin = _stream(branches, commits, own, "0" * 40).partition(b"commit refs/heads/v0.0-maint")[0]
    clone.git("fast-import", "--quiet", stdin=begin)
    fix = clone.git("rev-parse", "master")
    clone.git("fast-import", "--quiet", "--force", stdin=_stream(branches, commits, own, fix))
    return clone


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=70)
    parser.add_argument("--commits", type=int, default=20000)
    parser.add_argument("--own", type=int, default=100)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="sec") as home:
        clone = make(Path(home), given.branches, given.commits, given.own)
        fix, fault = clone.git("rev-parse", "master"), clone.git("rev-list", "master", "--", "net.c").split()[1]
        case = GitCase(Path(home), clone)
        case.tell(FixProposed(version=1, commit=fix))
        spent: list[float] = []

        def timed(*args: str, **more: object) -> git_run.Answer:
            begun = time.perf_counter()
            try:
                return git_run.run(*args, **more)  # type: ignore[arg-type]
            finally:
                spent.append(time.perf_counter() - begun)

        with patch.object(adapter, "run", timed):
            begun = time.perf_counter()
            found = LookInGit(case=case.number, faults=(fault,)).perform(case.office).findings
            whole = time.perf_counter() - begun
        begun = time.perf_counter()
        for branch in range(given.branches):
            name = f"v{branch}.0-maint"
            for words in (("merge-base", "--is-ancestor", fix, name), ("log", f"--grep={fix}", f"master..{name}")):
                subprocess.run([GIT, *words], cwd=clone.path, env=ENV, capture_output=True, check=False)
        bare = time.perf_counter() - begun
        states = [one.state for one in found]
        print(f"{len(found)} branches: { ({word: states.count(word) for word in sorted(set(states))}) }")
        print(f"seccon {whole:.2f} s, of it git {sum(spent):.2f} s in {len(spent)} calls; ratio {whole / sum(spent):.2f}")
        print(f"two bare calls a branch, for the commit ids alone: {bare:.2f} s")


if __name__ == "__main__":
    main()
