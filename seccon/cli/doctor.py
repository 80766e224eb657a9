"""`seccon doctor`: examine everything that seccon stands on."""

import click
import msgspec

from seccon.cli.frame import Frame, json_option, pass_frame, say, say_json
from seccon.core.errors import LedgerError, SecconError
from seccon.core.health import Examined
from seccon.core.plural import count
from seccon.desk.examine import Examine

_SIGN = {"ok": "ok     ", "warning": "warning", "broken": "BROKEN "}


@click.command()
@json_option
@click.pass_context
@pass_frame
def command(frame: Frame, ctx: click.Context, as_json: bool) -> None:
    """Examine configuration, policies, store, ledger, keys, courier, keyring, roster, host; say what mends each.

    Exit status: 0 all well, 1 warnings, 2 something is broken.
    """
    found = _examined(frame)
    if as_json:
        say_json(findings=[msgspec.to_builtins(one) for one in found])
    for one in () if as_json else found:
        first, *rest = one.sentence.split("\n")
        say(f"{_SIGN[one.condition]}  {one.part:<13} {first}")
        for line in rest:
            say(f"{'':23}{line}")
        if one.mend:
            say(f"{'':24}-> {one.mend}")
    worst = {one.condition for one in found}
    ctx.exit(2 if "broken" in worst else 1 if "warning" in worst else 0)


def _examined(frame: Frame) -> list[Examined]:
    from seccon import wiring

    try:
        settings = frame.settings
        office = frame.office
    except SecconError as error:
        part = "ledger" if isinstance(error, LedgerError) else "configuration"
        return [Examined(part, "broken", error.sentence, error.hint)]
    found = [Examined("configuration", "ok", f"The configuration can be read: {count(len(office.projects), 'project')}.")]
    found += Examine().perform(office)
    return found + list(wiring.examine_host(settings, office))
