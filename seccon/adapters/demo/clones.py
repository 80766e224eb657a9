"""The demo's clones: small real repositories, made by git out of streams that a person can read. Without git there are none."""

import shutil
from pathlib import Path

from seccon.adapters.git_run import run
from seccon.core.errors import RepositoryError


def make_clones(source: Path, directory: Path) -> dict[str, Path]:
    """Make a bare repository for each `clones/NAME.stream`; give name -> path."""
    if shutil.which("git") is None:
        return {}
    made = {}
    for stream in sorted((source / "clones").glob("*.stream")):
        place = directory / "clones" / f"{stream.stem}.git"
        place.mkdir(mode=0o700, parents=True)
        for words, given in (
            (("init", "--quiet", "--bare", "--template="), b""),
            (("fast-import", "--quiet"), stream.read_bytes()),
        ):
            done = run(*words, where=str(place), ceiling=str(place.parent), stdin=given)
            if done.code:
                raise RepositoryError(f"The demo's repository {stream.stem} cannot be made: {done.said[:200]}")
        made[stream.stem] = place
    return made
