"""The parts, hits and files of a mail, with hostile text in every field: what is drawn has passed the door (hostile input, 1)."""

import unicodedata
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from seccon.core.ids import MessageId
from seccon.core.letter import Attachment, Enclosed, Letter, Sheet
from seccon.core.report import Address, Heading, Mail, Part
from seccon.desk.search_case import Found, Hit
from seccon.screens.attachments import MailWithin, Parts, PartView, shown
from seccon.screens.compose import Compose
from seccon.screens.hits import Hits
from seccon.screens.sheet import SheetScreen
from seccon.widgets.part_list import Held
from tests.widgets.hostile import HOSTILE

BAD = HOSTILE[7] + "".join(HOSTILE)


def part(**changes: Any) -> Part:
    fields: dict[str, Any] = {"path": BAD, "type": BAD, "filename": BAD, "size": 5, "inline": False}
    return Part(**(fields | changes))


def mail() -> Mail:
    heading = Heading(MessageId(BAD), "d", subject=BAD, sender=(Address(BAD, BAD),))
    inner = part(type="message/rfc822", filename=None, forwarded=heading)
    return Mail(heading, BAD, (part(), part(text=BAD, inline=True), inner))


def screens() -> dict[str, Screen[Any]]:
    held = tuple(Held(mail(), one) for one in mail().parts)
    letter = Letter("l", 1, BAD, subject=BAD, text=BAD, attachments=(Attachment(BAD, b"x"),))
    sheet = Sheet("l", "clear", Address(BAD, BAD), BAD, BAD, None, (), (), (), (), enclosed=(Enclosed(BAD, 1, "a" * 64),))
    hits = tuple(Hit(MessageId(BAD), BAD, place, BAD) for place in ("text", "attachment"))
    return {
        "parts": Parts(BAD, held),
        "text": PartView(part(), shown(part(text=BAD), b"")),
        "dump": PartView(part(), shown(part(), b"\0" + BAD.encode("utf-8", "replace"))),
        "patch": PartView(part(), shown(part(type="text/x-patch"), BAD.encode("utf-8", "replace"))),
        "within": MailWithin(mail()),
        "hits": Hits(Found(BAD, hits, locked=1, missing=2)),
        "sheet": SheetScreen(sheet, BAD),
        "compose": Compose(letter, BAD, ()),
    }


@pytest.mark.parametrize("name", list(screens()))
@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_nothing_that_a_terminal_obeys_is_drawn(name: str, size: tuple[int, int]) -> None:
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        app.push_screen(screens()[name])
        await pilot.pause()
        await pilot.press("down")
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        said = "".join(segment.text for strip in strips for segment in strip)
        assert "gpj" in said or name == "dump", "the hostile text is on view"
        assert [char for char in said if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")] == []
        assert not any(segment.style and segment.style.link for strip in strips for segment in strip)
