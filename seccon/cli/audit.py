"""`seccon audit`: prove the journal, or say where it breaks."""

import click

from seccon.cli.frame import Frame, json_option, pass_frame, say, say_json
from seccon.core.plural import count
from seccon.desk.audit import Audit


@click.command()
@json_option
@click.pass_context
@pass_frame
def command(frame: Frame, ctx: click.Context, as_json: bool) -> None:
    """Walk the journal's hash chain from its first row to its last; say each place where it does not hold.

    The last hash stands for all rows before it: written down elsewhere, it tells a journal that was exchanged as a whole.

    Exit status: 0 it holds, 1 it was altered, 2 it cannot be read.
    """
    proof = Audit().perform(frame.office)
    if as_json:
        say_json(holds=proof.holds, entries=proof.entries, head=proof.head, breaks=proof.breaks)
        ctx.exit(0 if proof.holds else 1)
    for sentence in proof.breaks:
        say(sentence)
    if proof.holds:
        say(f"The journal holds: {count(proof.entries, 'entry', 'entries')}, the last one sealed as {proof.head or 'nothing'}.")
    else:
        say(f"THE JOURNAL WAS ALTERED: {count(len(proof.breaks), 'place')}. Write nothing to it; compare with the last backup.")
    ctx.exit(0 if proof.holds else 1)
