"""Finds the data that seccon ships, wherever it was installed, and the files of a user that shadow it."""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from seccon.core.errors import ConfigError
from seccon.core.overlay import laid_over
from seccon.core.policy import Policy
from seccon.core.policy_reading import policy_from
from seccon.core.problems import Problem, ProblemsError, unknown
from seccon.core.toml import table

_PACKAGE = Path(__file__).resolve().parent.parent


def data_directory() -> Path:
    """Give the directory of shipped data: inside the package in a wheel, beside it in an editable install."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"


def user_directory() -> Path:
    """Give the directory in which a user's file of the same name shadows a shipped one."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - a user without a home has none
    return Path(home) / "seccon"


def find(kind: str, name: str) -> Path | None:
    """Find `policies/NAME`, `templates/NAME` …: the user's, the host's, the shipped one."""
    return next(_every(kind, name), None)


def _every(kind: str, name: str) -> Iterator[Path]:
    """Give the file of that name that counts, then those that it stands in place of."""
    for root in (user_directory(), Path("/etc/seccon"), data_directory()):
        if (path := root / kind / name).is_file():
            yield path


def _policy_files() -> Iterator[Path]:
    seen: set[str] = set()
    for root in (user_directory(), Path("/etc/seccon"), data_directory()):
        for path in sorted((root / "policies").glob("*.toml")):
            if path.name not in seen:
                seen.add(path.name)
                yield path


def read_policy(path: Path) -> Policy:
    """Read one policy file, laid over the one that it extends. Raises ConfigError with all its problems."""
    return _read(path, tuple(map(_stamp, (path, *_policy_files()))))


@lru_cache(maxsize=64)
def _read(path: Path, _stamps: tuple[object, ...]) -> Policy:
    """Read it once for as long as no policy file changes: a policy is asked for several times before the first screen."""
    given = _with_outside(path, _laid(path, ()))
    wrong = _no_countries(given.get("holidays"))
    try:
        policy = policy_from(str(path), given)
    except ProblemsError as error:
        raise ProblemsError(str(path), (*error.problems, *wrong)) from None
    if wrong:
        raise ProblemsError(str(path), wrong)
    return policy


def _no_countries(codes: object) -> tuple[Problem, ...]:
    """Find codes of countries that nobody knows; whatever is no list of texts is a problem of its form."""
    if not isinstance(codes, list) or not codes:
        return ()
    from seccon.adapters.holidays import problems

    return tuple(problems([code for code in codes if isinstance(code, str)]))


def _stamp(path: Path) -> tuple[object, ...]:
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size, found.st_ino


def _laid(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    """Give the file's mapping over its base's. Raises ProblemsError for what it would change and is not there.

    A file that extends its own name is laid over the one that it stands in place of.
    """
    given = _parsed(path)
    base = given.get("extends", "")
    if not base:
        return given
    found = list(_every("policies", f"{base}.toml")) if isinstance(base, str) else []
    if not found:
        raise ConfigError(unknown(f"{path} extends '{base}', which is no file in policies", str(base), _stems()))
    below = next((one for one in found[found.index(path) + 1 :]), path) if path in found else found[0]
    if below in (*above, path):
        raise ConfigError(f"{path} extends itself by way of '{base}'.")
    return _over(path, _laid(below, (*above, path)), given)


_OUTSIDE = ("title", "embargo", "preflight")
"""What an outside list brings from its own policy; the project's own words about it stand over that."""


def _with_outside(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Lay each outside list's words over the tables of the policy that it names: its limits, what it wants of a mail."""
    lists = given.get("outside")
    if not isinstance(lists, list):
        return given
    return {**given, "outside": [_outside(path, one) if isinstance(one, dict) else one for one in lists]}


def _outside(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    name = given.get("policy")
    if not isinstance(name, str):
        return given
    found = find("policies", f"{name}.toml") if re.fullmatch(r"[\w.-]+", name) else None
    if found is None:
        raise ConfigError(
            unknown(f"{path} names the policy '{name[:60]}' of a list outside, which is no file in policies", name, _stems())
        )
    theirs = _laid(found, ())
    return _over(path, {key: theirs[key] for key in _OUTSIDE if key in theirs}, given)


def _over(path: Path, below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    laid = laid_over(below, above, problems)
    if problems:
        raise ProblemsError(str(path), problems)
    return laid


def _stems() -> list[str]:
    return [path.stem for path in _policy_files()]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"The policy {path} cannot be read: {error.strerror}.", "Name another in the configuration.") from None
    return table(path, data)


def policy_named(wanted: str) -> Policy:
    """Find a policy by `NAME`, `NAME@REVISION` or path; a bare name means its newest revision that takes mail."""
    if wanted.endswith(".toml") or "/" in wanted:
        return read_policy(Path(wanted).expanduser())
    name, _, revision = wanted.partition("@")
    # A file is named after its policy: `NAME.toml`, and `NAME-*.toml` for further revisions. Only these are read.
    candidates = [read_policy(path) for path in _policy_files() if path.stem == name or path.stem.startswith(f"{name}-")]
    found = [one for one in candidates if one.name == name and revision in ("", one.revision)]
    if not found:
        if candidates:
            raise ConfigError(unknown(f"There is no policy '{wanted}'", wanted, [one.key for one in candidates]))
        raise ConfigError(unknown(f"There is no policy '{name}'", name, _stems()))
    return max(found, key=lambda one: (one.mail, one.since))


def policies_of(wanted: set[str]) -> dict[str, Policy]:
    """Read the policies of the projects, and every other revision of them: open cases keep the revision they have."""
    chosen = [policy_named(name) for name in sorted(wanted)]
    found = {policy.key: policy for policy in chosen}
    for policy in chosen:
        for path in _policy_files():
            if path.stem.startswith(f"{policy.name}-") or path.stem == policy.name:
                other = read_policy(path)
                found.setdefault(other.key, other)
    return found


def all_policies() -> tuple[list[Policy], list[str]]:
    """Read every policy that is found; also give the sentences about those that cannot be read."""
    found, broken = [], []
    for path in _policy_files():
        try:
            found.append(read_policy(path))
        except ConfigError as error:
            broken.append(error.sentence)
    return sorted(found, key=lambda policy: policy.key), broken
