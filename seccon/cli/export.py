"""`seccon export`: one form of a case's advisory, to standard output or into a file (features, D2)."""

import click

from seccon.cli.frame import Frame, complain, json_option, no_sync_option, pass_frame, say_json
from seccon.core.errors import MailNotFoundError
from seccon.core.formats import FORM_NAMES
from seccon.desk.export import Export

LACKING = 1
"""Exit status where the form needs something that the case does not tell."""


@click.command()
@click.argument("case")
@click.option("--format", "form", type=click.Choice(FORM_NAMES), required=True, help="Which form (docs/advisory.md).")
@click.option(
    "--output", metavar="FILE", help="Write it there, whole or not at all; a draft for you alone. - is standard output."
)
@click.option(
    "--cve", default="", metavar="ID", help="Which of several CVE ids the record is of (cve, cna, osv); else the case's own."
)
@click.option("--draft", is_flag=True, help="Before it is public: marked as a draft and TLP:RED.")
@json_option
@no_sync_option
@click.pass_context
@pass_frame
def command(
    frame: Frame,
    ctx: click.Context,
    case: str,
    form: str,
    output: str | None,
    cve: str,
    draft: bool,
    as_json: bool,
    no_sync: bool,
) -> None:
    """Write the advisory of CASE in one form: plain text, Markdown, CVE Record, CSAF, OSV, security notice.

    Exit status: 0 written, 1 something is missing for this form (each is named, nothing is written), 2 no such case, or the
    file could not be written, 3 it is not public yet.
    """
    office = frame.synced(no_sync)
    number = office.ledger.find(case)
    if number is None:
        raise MailNotFoundError(f"There is no case '{case}'.", "See 'seccon list --all'.")
    path = "" if output in (None, "-") else output or ""
    found = Export(case=number, form=form, draft=draft, cve=cve, path=path).perform(office)
    if as_json:
        lacks = [{"what": one.what, "key": one.key} for one in found.document.lacks]
        say_json(case=found.case, format=form, draft=draft, name=found.document.name, file=found.path or None,
                 document=found.document.text or None, lacks=lacks, others=list(found.others))  # fmt: skip
    elif not found.path:
        click.echo(found.document.text, nl=False)
    for one in found.document.lacks:
        complain(f"{form}: {one.what}." + (f" In the console: {one.key}." if one.key else ""))
    if found.others and found.document.text and not cve:
        complain(f"{form}: the record of one id. {', '.join(found.others)}: each has one of its own, --cve writes it.")
    ctx.exit(LACKING if found.document.lacks else 2 if frame.stale else 0)
