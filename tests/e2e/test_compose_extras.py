"""Writing with more than text: files, blanks, wrapping, and one reply for each reporter; the archive to the list (R1 R10)."""

import email
from datetime import timedelta
from pathlib import Path

import msgspec

from seccon.core.journal.cases import MailArrived, ReportLinked
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet
from seccon.core.journal.work import Archived
from seccon.desk.sync import Sync
from seccon.widgets.letter_text import LetterText
from tests.e2e.stage import LIST, ROE, SECRET, TEAM, Hand, Stage, plain_report, staged
from tests.e2e.test_parts import deliver, with_attachments
from tests.mailroom import letter

DOE = "doe@other.example.com"


async def test_a_file_goes_with_a_reply_and_only_the_reporter_can_open_it(tmp_path: Path) -> None:
    """R1 R4: its path is typed, its name, size and digest stand on the sheet; it can be taken away again."""
    (tmp_path / "private place").mkdir()
    file = tmp_path / "private place" / "fix.patch"
    file.write_text("+ the fix says giraffeplum\n")
    (tmp_path / "private place" / "other.txt").write_text("not this one")
    with staged(tmp_path) as stage:
        stage.report()
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("quokkaberry")
            await hand.press("a")
            await hand.at("Compose")
            for name in ("other.txt", "fix.patch"):
                await hand.press("ctrl+o")
                await hand.at("FormScreen")
                await hand.until(lambda: hand.typing, "a line to type in")
                await hand.write(f"{tmp_path / 'private place' / name}\n")
                await hand.at("Compose")
                await hand.sees(f"Attached {name}")
            await hand.press("ctrl+o")
            await hand.at("FormScreen")
            await hand.choose("away", "0")
            await hand.press("ctrl+s")
            await hand.at("Compose")
            await hand.until(lambda: "other.txt" not in hand.screen, "taken away")
            await hand.press("ctrl+o")
            await hand.at("FormScreen")
            await hand.until(lambda: hand.typing, "a line to type in")
            await hand.write(f"{tmp_path / 'nothing-there'}\n")
            await hand.hears("cannot be read")
            await hand.at("Compose")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.press("G")
            await hand.sees("fix.patch  27 B  SHA-256 ")
            await hand.press("S")
            await hand.hears("Sent.")
        content = bytes(stage.box.taken[0].content or b"")
        opened, told = stage.opened_by_reporter(content)
        assert b"GOODSIG" in told
        parts = list(email.message_from_bytes(opened).walk())
        (attached,) = [one for one in parts if one.get_filename()]
        assert attached.get_filename() == "fix.patch"
        assert attached.get_payload(decode=True) == b"+ the fix says giraffeplum\n"
        assert attached.get_content_type() == "text/x-patch"
        assert b"private place" not in opened
        outside = email.message_from_bytes(content)
        assert str(outside["Autocrypt"]).startswith(f"addr={TEAM}; prefer-encrypt=mutual; keydata=")
        assert b"Autocrypt" not in opened


async def test_blanks_are_named_and_a_paragraph_is_wrapped_and_undone(tmp_path: Path) -> None:
    """R1: what is unfilled stands in the title and is refused; quotations stay as deep; ^z and ^y work."""
    with staged(tmp_path) as stage:
        stage.report(body="word " * 40)
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("word word")
            await hand.press("a")
            await hand.at("Compose")
            await hand.sees("Hello A. Roe")
            await hand.write("<<name>> " + "alpha " * 20 + "\n\n")
            await hand.sees("still to fill: <<name>>")
            await hand.press("up", "up", "ctrl+r")
            await hand.until(lambda: len(text_of(hand)[0]) <= 72, "wrapped")
            lines = text_of(hand)
            assert max(map(len, lines[:3])) <= 72
            assert lines[0].startswith("<<name>> alpha")
            await hand.press("ctrl+z")
            await hand.until(lambda: text_of(hand)[0].count("alpha") == 20, "undone")
            await hand.press("ctrl+y")
            await hand.until(lambda: text_of(hand)[:2] == lines[:2], "done again")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees("The text still holds the blank '<<name>>'")
            await hand.press("q")
            await hand.at("Compose")
            await hand.press("ctrl+n")
            await hand.write("Jo")
            await hand.until(lambda: text_of(hand)[0].startswith("Jo alpha"), "filled")
            await hand.until(lambda: "still to fill" not in hand.screen, "said")
            row = next(at for at, line in enumerate(text_of(hand)) if line.startswith("> word"))
            hand.app.screen.query_one(LetterText).move_cursor((row, 3))
            await hand.press("ctrl+r")
            await hand.until(lambda: len([line for line in text_of(hand) if "word" in line]) > 2, "wrapped")
            assert all(line.startswith("> word") and len(line) <= 72 for line in text_of(hand) if "word" in line)


def text_of(hand: Hand) -> list[str]:
    """Give the lines as they stand in the editor."""
    return hand.app.screen.query_one(LetterText).text.split("\n")


async def test_an_encrypted_report_is_archived_on_the_list_and_its_members_can_read_it(tmp_path: Path) -> None:
    """R10: drafted, encrypted to each member, sent to the list alone; the delivery is the record."""
    with staged(tmp_path) as stage:
        deliver(stage, with_attachments(stage))
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("quokkaberry")
            await hand.press("y")
            await hand.at("FormScreen")
            await hand.sees("encrypted to each member")
            await hand.choose("files", "yes")
            await hand.press("ctrl+s")
            await hand.at("Compose")
            await hand.sees("Archive of #1", "The decrypted details", f"{LIST} (list)")
            assert ROE not in hand.screen.split("Subject")[0]
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees("ready: S sends it", f"reads behind {LIST}")
            await hand.press("S")
            await hand.hears("Sent.")
        (envelope,) = stage.box.taken
        assert envelope.rcpt_tos == [LIST]
        content = bytes(envelope.content or b"")
        assert b"quokkaberry" not in content
        start = content.index(b"-----BEGIN PGP MESSAGE-----")
        opened = stage.gpg.run("--decrypt", input=content[start : content.index(b"-----END PGP MESSAGE-----") + 25])
        inside = email.message_from_bytes(opened)
        text = next(part for part in inside.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
        assert isinstance(text, bytes)
        assert SECRET.encode() in text
        assert b"From: A. Roe <roe@reporter.example.net>" in text
        assert b"Signature: good, key " + stage.reporter_key.encode() in text
        assert {part.get_filename() for part in inside.walk() if part.get_filename()} >= {"bash_ rc fix.patch", "core.bin"}
        assert stage.case().work.archived == frozenset({"attached@reporter.example.net"})
        with stage.office() as office:
            found = [entry.body for entry in office.ledger.entries(1) if isinstance(entry.body, Archived)]
            assert len(found) == 1
            assert found[0].mail is not None
            assert "quokkaberry" not in str([msgspec.to_builtins(entry.body) for entry in office.ledger.entries(1)])
        assert stage.case().reports[0].acknowledged is None, "the reporter was not written to"


async def test_every_reporter_gets_a_reply_of_their_own_and_learns_nothing_of_the_others(tmp_path: Path) -> None:
    """R1 I8: one letter each on their own thread; no address, id or subject of the other in it."""
    with staged(tmp_path) as stage:
        two_reporters(stage)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.press("R")
            await hand.at("FormScreen")
            await hand.sees("learns nothing of the others")
            await hand.type_in("note", "still at it")
            await hand.press("ctrl+s")
            for number in (1, 2):
                await hand.at("Compose")
                await hand.sees(f"Reply {number} of 2")
                await hand.check()
                await hand.press("S")
            await hand.hears("2 reporters were written to.")
        first, second = stage.box.taken
        assert {*first.rcpt_tos} & {ROE, DOE} == {ROE}
        assert {*second.rcpt_tos} & {ROE, DOE} == {DOE}
        for envelope, other in ((first, (DOE, "report-2", "J. Doe")), (second, (ROE, "report-1", "A. Roe"))):
            said = bytes(envelope.content or b"")
            assert b"still at it" in said
            for word in other:
                assert word.encode() not in said
        assert [one.acknowledged is not None for one in stage.case().reports] == [True, True]


def two_reporters(stage: Stage) -> None:
    """Let two people report the same thing in clear text, and put both reports into one case."""
    with stage.office() as office:
        deliver(stage, plain_report("report-1@reporter.example.net"))
        Sync().perform(office)
        second = letter(
            "again",
            "I found it too.\n",
            message_id="report-2@other.example.com",
            sender=f"J. Doe <{DOE}>",
            to=LIST,
            date=stage.now(),
        )
        deliver(stage, second)
        Sync().perform(office)
        with office.ledger.writing("alice", stage.now()) as book:
            theirs = [one.body for one in book.entries(2) if isinstance(one.body, MailArrived | ReportLinked)]
            entries = book.entries(1)
            book.append(1, entries[-1].seq, entries[0].policy, *theirs)


async def test_telling_the_date_goes_on_to_the_next_reporter(tmp_path: Path) -> None:
    """E6 R1: one letter each; after one is sent the next is offered, and leaving it leaves it untold."""
    with staged(tmp_path) as stage:
        two_reporters(stage)
        until = stage.now() + timedelta(days=10)
        with stage.office() as office, office.ledger.writing("alice", stage.now()) as book:
            entries = book.entries(1)
            proposed = EmbargoProposed(proposal="p1", until=until, party="team")
            book.append(1, entries[-1].seq, entries[0].policy, proposed, EmbargoSet(proposal="p1", until=until))
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.press("d")
            await hand.at("Compose")
            await hand.sees(f"To       {ROE}")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.press("S")
            await hand.hears("Next: J. Doe")
            await hand.at("Compose")
            await hand.sees(f"To       {DOE}")
            assert ROE not in hand.screen
            await hand.press("escape")
            await hand.at("CaseScreen")
        assert [one.told == until for one in stage.case().reports] == [True, False]
