"""The team's place: a request by mail becomes a member, and the member leaves, by keys alone (H1)."""

from pathlib import Path

from seccon.core.ids import TEAM_FILE
from seccon.desk.admit import Vouch, last_entry
from seccon.desk.roster import roster_of
from tests.e2e.stage import LIST, Hand, Stage, staged
from tests.mailroom import letter

YEJIN = "yejin@vendor.example"


def ask(stage: Stage) -> None:
    body = "I agree to keep to the embargo policy.\n\nMy key: 0F3C 77A1 90DE 2B4C 1D55  8E6A 4410 9B7C 62E8 A3D1\n"
    mail = letter("Request to join the list", body, message_id="join@vendor", sender=f"Ye-jin Park <{YEJIN}>", to=LIST)
    stage.room.deliver(mail)
    stage.room.new()


async def record(hand: Hand, said: str) -> None:
    await hand.press("ctrl+s")
    await hand.hears(said)


async def test_a_request_by_mail_becomes_a_member_who_leaves_again(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        async with stage.console() as hand:
            ask(stage)
            await hand.sees("1 case")
            await hand.press("T")
            await hand.at("FormScreen")
            assert hand.fields.values["key"].replace(" ", "").endswith("62E8A3D1")
            assert hand.fields.values["address"] == YEJIN
            await hand.type_in("company", "Hanok Linux")
            await record(hand, "closed as a membership matter")
            await hand.press("4")
            await hand.at("TeamScreen")
            await hand.sees("Ye-jin Park", "lacks vouch, pledge", "claimed")
            await hand.press("a")
            await hand.at("FormScreen")
            await hand.press("ctrl+s")
            await hand.hears("1 member must vouch for Ye-jin Park")
            await hand.at("FormScreen")
            await hand.leave_form()
            await hand.at("TeamScreen")
            with stage.office(person="bob") as bobs:
                Vouch(seen=last_entry(bobs), address=YEJIN, why="met her").perform(bobs)
            await hand.sees("lacks pledge ")
            await hand.press("p")
            await hand.type_in("mail", "join@vendor")
            await record(hand, "The promise is recorded.")
            await hand.sees("can be approved")
            await hand.press("a")
            await hand.type_in("login", "yejin")
            await record(hand, "Ye-jin Park is a member")
            await hand.sees("3 members", "pledged")
            await leave(hand)
            await hand.sees("2 members", "left 20")
        with stage.office() as office:
            assert [entry.kind for entry in office.ledger.entries(TEAM_FILE)] == [
                "member-nominated", "member-vouched", "member-pledged", "member-approved", "member-left",
            ]  # fmt: skip
            roster = roster_of(office)
            assert roster.by_address(YEJIN) is None
            assert roster.display("yejin") == "Ye-jin Park"
        closed = stage.case().closed
        assert closed is not None
        assert closed.outcome == "membership"


async def leave(hand: Hand) -> None:
    await hand.until(lambda: "approved by" in hand.screen, "the new member at the cursor")
    await hand.press("x")
    await hand.sees("their subscription to the private list")
    await hand.type_in("why", "changed jobs")
    await record(hand, "What must be rotated")


async def test_the_team_is_legible_on_every_terminal_and_a_hostile_nominee_draws_nothing(tmp_path: Path) -> None:
    from seccon.desk.admit import Nominate, OpenSeat

    with staged(tmp_path) as stage:
        with stage.office() as office:
            evil = "\x1b]0;PWNED\x07[/] ● Alice Ames \u202etxet"
            Nominate(seen=0, address=YEJIN, name=evil, company="[bold]" * 40, why=evil).perform(office)
            OpenSeat(seen=1, vendor="Hanok Linux", why="ships it").perform(office)
        for size in ((60, 20), (80, 24), (160, 48)):
            async with stage.console(size=size) as hand:
                await hand.press("4")
                await hand.sees("Alice Ames", "Hanok Linux", "nominee")
                shown = hand.screen
                assert "\x1b" not in shown
                assert "\u202e" not in shown
                assert {len(line) for line in shown.split("\n")} <= {size[0], size[0] - 1, size[0] - 2, size[0] - 3}
