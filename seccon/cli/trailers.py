"""`seccon trailers`: the trailers that a fix should bear, and a commit or patch checked against the case."""

import sys
from pathlib import Path

import click

from seccon.cli.frame import Frame, complain, json_option, no_sync_option, pass_frame, say, say_json
from seccon.core.errors import MailNotFoundError, RepositoryError
from seccon.desk.trailers import AskTrailers, Checked, CheckPatch, Wanted

_LARGEST = 64 << 20
_WORDS = {"missing": "missing", "wrong": "wrong", "telling": "tells"}


@click.command()
@click.argument("case")
@click.option(
    "--check", "checked", metavar="COMMIT|PATCH", help="Check a patch file (- is standard input), or a commit in a clone."
)
@click.option("--repository", default="", metavar="NAME", help="The clone that has the commit, as [repositories] calls it.")
@json_option
@no_sync_option
@pass_frame
def command(frame: Frame, case: str, checked: str | None, repository: str, as_json: bool, no_sync: bool) -> None:
    """Print the trailers that the fix of a CASE should bear, as its policy wants them.

    What would tell of an embargoed matter is held back until the embargo ends. With --check: what a commit or a patch
    (git format-patch, one or a mailbox of several) is missing, has wrong, or tells too much.

    Exit status: 0 printed, or fine; 1 something is missing, wrong or telling; 2 no such case, commit or patch.
    """
    office = frame.synced(no_sync)
    number = office.ledger.find(case)
    if number is None:
        raise MailNotFoundError(f"There is no case '{case}'.", "See 'seccon list --all'.")
    if checked is None:
        _print(AskTrailers(case=number).perform(office), as_json=as_json)
        return
    patch = _patch(checked)
    done = CheckPatch(case=number, patch=patch, commit="" if patch is not None else checked, repository=repository).perform(
        office
    )
    _report(done, as_json=as_json)
    if done.flaws and not frame.stale:
        click.get_current_context().exit(1)


def _patch(named: str) -> bytes | None:
    """Read the patch where a file is named; None: a commit is meant."""
    if named == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
    elif Path(named).is_file():
        data = _read(Path(named))
    else:
        return None
    if len(data) > _LARGEST:
        raise RepositoryError("The patch is larger than 64 MiB.", "Give a single one.")
    return data


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)


def _print(wanted: Wanted, *, as_json: bool) -> None:
    if as_json:
        say_json(
            trailers=[str(one) for one in wanted.now],
            held=[{"name": one.name, "because": one.held} for one in wanted.held],
            unknown=[*wanted.unknown],
        )
        return
    for one in wanted.now:
        say(str(one))
    for one in wanted.held:
        complain(f"{one.name} is held back: {one.held}.")
    if wanted.unknown:
        complain(f"the policy also wants {', '.join(wanted.unknown)}, and the case knows no value.")
    if not (wanted.now or wanted.held or wanted.unknown):
        complain("the policy wants no trailers.")


def _report(done: Checked, *, as_json: bool) -> None:
    if as_json:
        say_json(
            patches=[
                {"commit": one.commit or None, "subject": one.subject, "trailers": list(one.trailers)} for one in done.messages
            ],
            flaws=[
                {"kind": one.kind, "sentence": one.sentence, "trailer": one.trailer or None, "patch": one.patch or None}
                for one in done.flaws
            ],
        )
        return
    for place, message in enumerate(done.messages, 1):
        mine = [one for one in done.flaws if one.patch == place]
        say(f"{message.commit[:12] or f'patch {place}'}  {message.subject}{'' if mine else ': nothing wrong in it'}")
        for one in mine:
            say(f"  {_WORDS[one.kind]:<8} {one.sentence}")
    for one in done.flaws:
        if not one.patch:
            say(f"  {_WORDS[one.kind]:<8} {one.sentence}")
