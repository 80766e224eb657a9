"""The parties of a case on the command line, and what its reporters wish of the date."""

from typing import Any

import click

from seccon.cli.frame import say
from seccon.core.party_view import PartyLine, party_lines, readiness
from seccon.desk.open_case import CaseView


def parties_json(view: CaseView) -> dict[str, Any]:
    """Give parties and wishes as `seccon show --json` does."""
    return {
        "parties": [_party(one) for one in party_lines(view.case, view.policy)],
        "wishes": [
            {"message_id": report, "until": one.until, "length": one.length or None, "why": one.why}
            for report, one in view.case.work.wishes.items()
        ],
    }


def _party(one: PartyLine) -> dict[str, Any]:
    return {
        "address": one.address, "name": one.label, "role": one.role, "permitted": one.permitted, "told": one.told,
        "affected": {"yes": True, "no": False}.get(one.affected), "holds": one.holds, "ready": one.ready, "state": one.state,
        "removed": one.gone,
    }  # fmt: skip


def print_parties(view: CaseView) -> None:
    """Print a line a party, and what stands between the case and simultaneous release."""
    lines = party_lines(view.case, view.policy)
    if not lines:
        return
    click.echo("\nParties")
    say(f"  {readiness(lines)}")
    for one in lines:
        told = f"told {one.told:%Y-%m-%d}" if one.told else "not told"
        patch = f", patch {one.patch}" if one.patch else ""
        say(f"  {one.label} <{one.address}>, {one.role}: {told}{patch}; {one.state}")
