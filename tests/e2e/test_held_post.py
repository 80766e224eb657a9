"""A list holds a post: from the notice in the store to the released report, on the real adapters and by keys (I4)."""

import subprocess
import sys
from pathlib import Path

import pytest

from seccon.desk.read_mail import ReadMail, ReadSource
from seccon.desk.sync import Sync
from tests.e2e.stage import LIST, Stage, staged
from tests.eavesdrop import files_with
from tests.mailroom import letter

COOKIE = "61c3f0e4b7a2d98855aa1f20c9be47d3010f6e2c"
POST, NOTICE = "megasas-1@uni.example", "mailman.1@nongnu.org"
OWNER = "qemu-security-owner@nongnu.org"
SUBJECT = "megasas: OOB read with crafted MFI frame"


def post(**more: object) -> bytes:
    return letter(SUBJECT, "It reads too far.\n", message_id=POST, sender="Helena P <helena@uni.example>", to=LIST, **more)  # type: ignore[arg-type]


def notice() -> bytes:
    held = post().decode()
    return f"""From: {OWNER}
To: {OWNER}
Subject: qemu-security post from helena@uni.example requires approval
Message-ID: <{NOTICE}>
List-Id: <qemu-security.nongnu.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="edge"

--edge
Content-Type: text/plain

    List:    Qemu-security@nongnu.org
    From:    helena@uni.example
    Subject: {SUBJECT}
    Reason:  Post by non-member to a members-only list

--edge
Content-Type: message/rfc822

{held}
--edge
Content-Type: message/rfc822

Subject: confirm {COOKIE}
From: qemu-security-request@nongnu.org
Content-Type: text/plain

If you reply to this message, Mailman will discard the held message.
--edge--
""".encode()


def deliver(stage: Stage, mail: bytes) -> None:
    stage.room.deliver(mail)
    stage.room.new()


async def test_a_held_post_is_one_row_of_its_author_until_and_after_it_is_released(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        async with stage.console(size=(120, 40)) as hand:
            deliver(stage, notice())
            await hand.sees("1 case", "Helena P", "held for moder", "[M] release or discard")
            await hand.open_case()
            await hand.sees("held", "Forwarded mail", "[cookie masked]")
            assert COOKIE not in hand.screen
            await hand.press("M")
            await hand.at("FormScreen")
            await hand.press("ctrl+s")
            await hand.hears("Recorded.")
            await hand.at("CaseScreen")
            deliver(stage, post())
            await hand.sees("[a] acknowledge", "It reads too far.")
            await hand.until(lambda: not stage.case().reports[0].reporter.claimed, "the list's own copy came in")
            await hand.press("q")
            await hand.sees("1 case", SUBJECT[:20])
            await hand.until(lambda: "held for moder" not in hand.screen, "nothing is held any more")
        case = stage.case()
        assert case.work.released[POST].by
        assert [report.reporter.address for report in case.reports] == ["helena@uni.example"]
        assert not case.reports[0].reporter.claimed


async def test_no_cookie_is_shown_in_the_source_or_kept_anywhere(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        deliver(stage, notice())
        with stage.office() as office:
            Sync().perform(office)
            assert COOKIE not in repr(ReadMail(mail=NOTICE).perform(office))  # type: ignore[arg-type]
            source = ReadSource(mail=NOTICE).perform(office)  # type: ignore[arg-type]
        assert "confirm [cookie masked]" in source
        kept = [path for path in files_with(COOKIE.encode(), tmp_path) if stage.room.root not in path.parents]
        assert kept == []


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["show", "1", "--entries"], ["show", "1", "--json"]])
def test_no_command_prints_the_cookie(tmp_path: Path, command: list[str]) -> None:
    with staged(tmp_path) as stage:
        deliver(stage, notice())
        done = subprocess.run(
            [sys.executable, "-m", "seccon", "--config", str(stage.config), *command], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert SUBJECT in done.stdout
        assert COOKIE not in done.stdout + done.stderr


def test_reading_the_file_prints_no_cookie(tmp_path: Path) -> None:
    with staged(tmp_path):
        (tmp_path / "notice.eml").write_bytes(notice())
        for form in ([], ["--json"]):
            done = subprocess.run(
                [sys.executable, "-m", "seccon", "read", *form, str(tmp_path / "notice.eml")],
                capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert "cookie masked" in done.stdout
            assert COOKIE not in done.stdout
