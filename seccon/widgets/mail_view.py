"""A mail, read: its headers, its text with quotations set off, a heading for each part, its attachments.

Owns no verdict: what is proved stands in the `MarkLine` above, never in here, and a part's heading only says which side of
the protection it is on. The text stands behind a gutter that it cannot reach, so no line of it looks like a heading.
Everything drawn has passed the door.
"""

import re
from collections.abc import Iterator, Sequence

from seccon.core.report import Address, Mail, Part
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked

_QUOTE = re.compile(r"((?:> ?){1,9})")
_DIFF = {"+": "good", "-": "alarm", "@": "head"}
_SHOWN_ADDRESSES = 20
_SUBJECT = 240
"""Characters of a subject that are shown: a longer one would push the mail off a small screen; its source has it whole."""


class MailView(LineView):
    """Draws a `Mail`."""

    def put(self, mail: Mail | None, copies: Sequence[Mail] = ()) -> None:
        """Show a mail from its beginning, or nothing; `copies` are the other files that bear its Message-ID."""
        self.show((*lines(mail), *_copies(mail, copies)) if mail is not None else ())


def lines(mail: Mail) -> Iterator[Line]:
    """Lay a mail out."""
    yield from _headers(mail)
    for warning in mail.warnings:
        yield Line(_line(warning.text), "warn", ("! ", "warn"))
    if mail.locked:
        yield Line(_line(mail.locked), "warn", ("🔒 ", "warn"))
    shown = [part for part in mail.parts if part.inline and part.text is not None]
    several = len({(part.encrypted, part.signed) for part in shown}) > 1 or len(shown) > 1
    for part in shown:
        yield Line("")
        if several:
            yield Line(f"── part {_line(part.path)}  {_line(part.type)}  {_side(part)}", "head")
        yield from _text(part, proved=mail.verdict.theirs)
    yield from _attachments(mail)
    if not mail.body_complete:
        yield from (Line(""), Line("The mail is longer than is shown; its source is one key away.", "warn"))


def _copies(mail: Mail, copies: Sequence[Mail]) -> Iterator[Line]:
    """Show what else came under the same id, where it says something else: it could hide a report."""
    for copy in copies:
        if copy.content != mail.content:
            yield from (Line(""), Line("ANOTHER mail under the same Message-ID. The marks above are not its own.", "alarm"))
            yield from lines(copy)


def _headers(mail: Mail) -> Iterator[Line]:
    heading = mail.heading
    senders = heading.sender or (Address(),)
    for sender in senders:
        yield _header("From", unmarked(_line(str(sender))) or "nobody: there is no From")
    if heading.to:
        yield _header("To", _addresses(heading.to))
    if heading.cc:
        yield _header("Cc", _addresses(heading.cc))
    if heading.arrived is not None:
        yield _header("Arrived", f"{heading.arrived:%a %d %b %Y %H:%M} UTC")
    yield Line(
        unmarked(plain(mail.subject, lines=False, limit=_SUBJECT)) or "(no subject)", "strong", (f"{'Subject':<9}", "quiet")
    )
    if mail.subject != heading.subject:
        yield _header("outside", unmarked(_line(heading.subject)) or "(no subject)")


def _header(name: str, text: str) -> Line:
    return Line(text, "", (f"{name:<9}", "quiet"))


def _addresses(addresses: tuple[Address, ...]) -> str:
    more = f" and {len(addresses) - _SHOWN_ADDRESSES} more" if len(addresses) > _SHOWN_ADDRESSES else ""
    return ", ".join(unmarked(_line(str(each))) for each in addresses[:_SHOWN_ADDRESSES]) + more


def _side(part: Part) -> str:
    return ("encrypted" if part.encrypted else "not encrypted") + (", signed" if part.signed else ", not signed")


def _text(part: Part, *, proved: bool) -> Iterator[Line]:
    """Write a part behind its gutter; no stranger's signature makes that green."""
    patch = part.type in ("text/x-patch", "text/x-diff") or (part.filename or "").endswith((".patch", ".diff"))
    gutter = ("┃ " if part.encrypted else "│ ", "good" if part.signed and proved else "quiet")
    for line in plain(part.text or "").split("\n"):
        quote = _QUOTE.match(line)
        if quote is not None:
            depth = min(quote[1].count(">"), 3)
            yield Line(line[quote.end() :], f"quote-{depth}", (quote[1], f"quote-{depth}"), gutter)
        else:
            yield Line(line, _DIFF.get(line[:1], "") if patch else "", gutter=gutter)
    if part.truncated:
        yield Line("… cut here", "warn")


def _attachments(mail: Mail) -> Iterator[Line]:
    attached = [part for part in mail.parts if not part.inline or part.text is None]
    if not attached:
        return
    yield from (Line(""), Line(f"Attachments  {len(attached)}", "head"))
    for part in attached:
        # The name comes last: it could hold words like ours.
        said = f"{_side(part)}  {_size(part.size)}  {_line(part.type)}  "
        name = unmarked(_line(part.filename)) if part.filename else "without a name"
        yield Line(f"{said}“{name}”" if part.filename else said + name, "", (f"{_line(part.path):<6} ", "quiet"))


def _size(size: int) -> str:
    return f"{size} B" if size < 4096 else f"{size // 1024} KiB"


def _line(text: str) -> str:
    return plain(text, lines=False, limit=1000)
