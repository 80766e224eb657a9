"""The parts of a mail, files that go along, a search, the archive: with keys alone, on the real adapters (R1 R7 R10 R11)."""

from pathlib import Path

import pytest

from seccon.core.journal.cases import NoteAdded
from tests.e2e.stage import SECRET, SUBJECT, Stage, staged
from tests.eavesdrop import files_with

PATCH = """\
From: A. Roe <roe@reporter.example.net>
Subject: [PATCH] ring: check the index

---
 ring.c | 2 +-

diff --git a/ring.c b/ring.c
index 1111111..2222222 100644
--- a/ring.c
+++ b/ring.c
@@ -1,2 +1,2 @@
-  if (i > n) quokkaberry();
+  if (i >= n) return;
   use(i);
--\x20
2.45.0
"""


def with_attachments(stage: Stage, name: str = "attached@reporter.example.net") -> bytes:
    """Write an encrypted report with a patch of a bad name, bytes, and a mail within; sealed by plain gpg."""
    inner = "From: Mallory <mallory@evil.example>\nSubject: where it came from\n\nforwarded wombatfruit\n"
    inside = (
        f'Content-Type: multipart/mixed; boundary="in"; protected-headers="v1"\nSubject: {SUBJECT}\n\n'
        f"--in\nContent-Type: text/plain; charset=utf-8\n\n{SECRET}\nmany lines follow\n"
        + "filler\n"
        * 80
        + "the needle zebrapear stands here\n"
        "--in\nContent-Type: application/octet-stream\n"
        'Content-Disposition: attachment; filename="../../.bash_\u202erc fix.patch"\n'
        f"\n{PATCH}\n--in\nContent-Type: application/x-core\nContent-Disposition: attachment; filename=core.bin\n"
        "Content-Transfer-Encoding: base64\n\nf0VMRgIBAQAAAAAAAAAA\n--in\nContent-Type: message/rfc822\n\n"
        f"{inner}--in--\n"
    )
    return stage.sealed(name, inside)


def deliver(stage: Stage, mail: bytes) -> None:
    stage.room.deliver(mail)
    stage.room.new()


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_parts_are_seen_opened_and_saved_and_what_was_secret_is_told_so(tmp_path: Path, size: tuple[int, int]) -> None:
    """R7: list, patch, dump, a mail within with no mark of the outer one; a safe name; the note."""
    with staged(tmp_path) as stage:
        deliver(stage, with_attachments(stage))
        stage.pin_reporter()
        async with stage.console(size=size) as hand:
            await hand.sees("1 case", within=10)
            await hand.open_case()
            await hand.sees("encrypted", "key confirmed")
            await hand.press("z")
            await hand.at("Parts")
            await hand.sees("core.bin", "message/rfc822", "5 parts")
            await hand.press("enter")
            await hand.at("PartView")
            await hand.sees("@@ -1,2 +1,2 @@", "+  if (i >= n) return;", "This part: 🔒 encrypted")
            await hand.press("q")
            await hand.at("Parts")
            await hand.press("j", "enter")
            await hand.at("PartView")
            await hand.sees("7f 45 4c 46", "·ELF")
            await hand.press("q")
            await hand.at("Parts")
            await hand.press("j", "enter")
            await hand.at("MailWithin")
            await hand.sees("forwarded wombatfruit", "not encrypted · not signed", "these marks are its own")
            assert "key confirmed" not in hand.screen
            await hand.press("q")
            await hand.at("Parts")
            await hand.press("k", "k", "s")
            await hand.at("FormScreen")
            await hand.sees("on disk it is not")
            await hand.press("ctrl+s")
            await hand.hears("IN CLEAR")
            await hand.at("Parts")
            await hand.press("s")
            await hand.at("FormScreen")
            await hand.press("ctrl+s")
            await hand.until(lambda: hand.said.count("IN CLEAR") == 2, "saved twice")
        saved = sorted(files_with(b"diff --git a/ring.c", tmp_path))
        assert [Path(one).name for one in saved] == ["bash_ rc fix-1.patch", "bash_ rc fix.patch"]
        for one in map(Path, saved):
            assert one.stat().st_mode & 0o777 == 0o600
            assert one.parent.stat().st_mode & 0o777 == 0o700
        with stage.office() as office:
            notes = [entry.body.text for entry in office.ledger.entries(1) if isinstance(entry.body, NoteAdded)]
            assert len(notes) == 2
            assert "fix.patch" not in notes[0], "nothing that was decrypted lies in the ledger"
            assert "attached@reporter.example.net" in notes[0]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_search_decrypts_in_memory_jumps_to_the_place_and_leaves_nothing_on_disk(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """R11: all mails of the case, whatever the letters' case; the mail scrolls to the line; a locked one is counted."""
    with staged(tmp_path) as stage:
        deliver(stage, with_attachments(stage))
        async with stage.console(size=size) as hand:
            await hand.sees("1 case", within=10)
            await hand.open_case()
            await hand.sees("quokkaberry")
            assert "zebrapear" not in hand.screen, "it stands further down than is on view"
            await hand.press("slash")
            await hand.at("FormScreen")
            await hand.write("ZEBRAPEAR stands\n")
            await hand.at("Hits")
            await hand.sees("1 found", "the needle zebrapear stands here")
            await hand.press("enter")
            await hand.at("CaseScreen")
            await hand.sees("the needle zebrapear stands here")
            await hand.press("slash")
            await hand.at("FormScreen")
            await hand.until(lambda: hand.typing and hand.typed == "ZEBRAPEAR stands", "the last text is there")
            await hand.press("ctrl+u")
            await hand.write("nowhere at all\n")
            await hand.sees("0 found", "It stands in no mail")
            await hand.press("q")
            await hand.at("CaseScreen")
        assert files_with(b"zebrapear", tmp_path, stage.gpg.path) == []
        assert files_with(b"ZEBRAPEAR", tmp_path, stage.gpg.path) == []
