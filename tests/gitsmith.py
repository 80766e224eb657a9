"""Makes real git repositories for tests: quickly, at fixed times, with nobody's configuration."""

import os
import shutil
import subprocess
from pathlib import Path

GIT = shutil.which("git") or "git"
ENV = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C", "GIT_AUTHOR_NAME": "Ann Author", "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Con Committer", "GIT_COMMITTER_EMAIL": "con@example.org",
}  # fmt: skip
START = 1_700_000_000


class Clone:
    """A repository with a work tree. Each commit is an hour after the one before."""

    def __init__(self, path: Path, *init: str) -> None:
        self.path = path
        self.hours = 0
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "master", *init)

    def git(self, *words: str, stdin: bytes | None = None, **more: str) -> str:
        """Run git; it must succeed."""
        now = f"{START + 3600 * self.hours} +0000"
        env = ENV | {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now} | more
        done = subprocess.run([GIT, *words], cwd=self.path, env=env, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD")

    def write(self, message: str, **files: str) -> str:
        """Commit files, named with `__` for a dot; give the commit."""
        self.hours += 1
        for name, text in files.items():
            (self.path / name.replace("__", ".")).write_text(text)
        self.git("add", "-A")
        self.git(
            "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", stdin=message.encode("utf-8", "surrogateescape")
        )
        return self.head

    def on(self, branch: str, start: str = "") -> None:
        """Check a branch out; with `start` make it there."""
        self.git("checkout", "-q", *(("-b", branch, start) if start else (branch,)))

    def pick(self, commit: str, *options: str) -> str:
        """Cherry-pick; give the new commit."""
        self.hours += 1
        self.git("cherry-pick", *options, commit)
        return self.head

    def revert(self, commit: str) -> str:
        """Revert; give the new commit."""
        self.hours += 1
        self.git("revert", "--no-edit", commit)
        return self.head

    def tag(self, name: str, at: str = "HEAD", *, annotated: bool = True) -> None:
        """Tag a commit."""
        self.git("tag", *(("-a", "-m", name) if annotated else ()), name, at)
