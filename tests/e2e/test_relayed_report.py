"""A vendor hands a report on: the true reporter is named from the mail, and is owed the acknowledgement, by keys alone."""

from pathlib import Path

from tests.e2e.stage import LIST, staged
from tests.mailroom import letter

TEXT = """Our customer found this.

---------- Forwarded message ----------
From: Emeka Nwosu <emeka@host.example>

It overflows.
"""


async def test_the_true_reporter_is_named_from_the_mail_and_acknowledged_instead_of_the_sender(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        async with stage.console(size=(120, 40)) as hand:
            stage.room.deliver(
                letter("Fwd: overflow", TEXT, message_id="fwd@vendor", sender="PSIRT <psirt@vendor.example>", to=LIST)
            )
            stage.room.new()
            await hand.sees("1 case", "psirt@vendor.example")
            await hand.press("B")
            await hand.sees("Emeka Nwosu <emeka@host.example>", "The From line of the forwarded mail.")
            await hand.press("ctrl+s")
            await hand.hears("An acknowledgement is owed to them")
            await hand.sees("emeka@host.example", "(claimed)", "[a] acknowledge")
            await hand.press("H")
            await hand.type_in("credit", "Emeka Nwosu, Nwosu Hosting")
            await hand.type_in("evidence", "in the report")
            await hand.press("ctrl+s")
            await hand.hears("The credit is recorded.")
            await hand.press("a")
            await hand.at("Compose")
            await hand.sees("emeka@host.example")
        (report,) = stage.case().reports
        assert (report.reporter.address, report.credit) == ("emeka@host.example", "Emeka Nwosu, Nwosu Hosting")
