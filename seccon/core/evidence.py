"""Evidence in a mail's text that it holds what a policy asks of a report (features, I5). It is shown; a person ticks.

Owns where something was found and what may be told of it. What is recognised is `recogniser`'s, which of it serves which item
the policy's. Quoted lines never count, and what stood in an encrypted mail is told by its place alone: its text is for the
screen, never for the journal.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from seccon.core.letter import clean_line
from seccon.core.pattern import matches
from seccon.core.policy import Item
from seccon.core.recogniser import ATTACHED, LINE, Look, look
from seccon.core.report import Mail, Scope

LIMIT = 200_000
"""Characters of a mail that are searched, over all its parts."""
_MOST = 3
"""Places that are shown for one item."""


class Passage(msgspec.Struct, frozen=True):
    """One part of a mail, to be searched: its text, or its file name alone."""

    part: str
    text: str = ""
    filename: str = ""
    secret: bool = False
    """It came out of encryption."""


class Found(msgspec.Struct, frozen=True):
    """One piece of evidence. `line` counts from 1 in its part; 0: an attached file. `text` is still hostile."""

    part: str
    line: int
    text: str
    secret: bool = False
    mail: int = 1
    """Which mail of the thread, in order."""

    @property
    def place(self) -> str:
        """Where it stands, in words that tell nothing of what."""
        which = f"mail {self.mail}, " if self.mail > 1 else ""
        where = f"line {self.line}" if self.line else "attached"
        if self.secret:
            return f"in the encrypted mail, {which}part {self.part}, {where}"
        return f"{which}part {self.part}, {where}" if self.part not in ("", "1") else f"{which}{where}"

    @property
    def told(self) -> str:
        """What the journal may hold of it: of an encrypted mail the place alone."""
        return self.place if self.secret else f"{self.place}: {clean_line(self.text, 120)}"


def passages(mail: Mail) -> tuple[Passage, ...]:
    """Give what of a mail can be searched, up to `LIMIT`."""
    left, found = LIMIT, []
    for part in mail.parts:
        secret = part.encrypted or mail.verdict.encrypted is not Scope.NO
        text = (part.text or "")[:left] if part.inline else ""
        left -= len(text)
        found.append(Passage(part.path, text, part.filename or "", secret))
    return tuple(found)


def evidence(items: Iterable[Item], searched: Sequence[Passage], mail: int = 1) -> dict[str, tuple[Found, ...]]:
    """Find evidence for each item, by the item's id; items without any are left out."""
    texts = [(passage, _unquoted(passage.text)) for passage in searched]
    found = {item.id: tuple(_of_item(item, texts, mail)) for item in items}
    return {item: some for item, some in found.items() if some}


def _of_item(item: Item, texts: Sequence[tuple[Passage, list[str]]], mail: int) -> list[Found]:
    """Take the first find of every recogniser before the second of any, then in the order of the mail."""
    columns = [list(_column(one, texts, mail)) for one in _looks(item)]
    ranked = [column[row] for row in range(_MOST) for column in columns if row < len(column)]
    chosen = list({(one.part, one.line): one for one in reversed(ranked)}.values())[::-1][:_MOST]
    order = {passage.part: place for place, (passage, _) in enumerate(texts)}
    return sorted(chosen, key=lambda one: (order[one.part], one.line))


def _looks(item: Item) -> Iterator[tuple[str, Look]]:
    yield from ((name, look(name, item)) for name in item.evidence)
    for one in item.pattern:
        yield "", partial(matches, one)


def _column(looking: tuple[str, Look], texts: Sequence[tuple[Passage, list[str]]], mail: int) -> Iterator[Found]:
    name, find = looking
    for passage, lines in texts:
        for place, text in find(lines):
            whole = text if name == "command-line" else lines[place]
            yield Found(passage.part, place + 1, clean_line(whole, 300), passage.secret, mail)
        if name == "reproducer" and ATTACHED.search(passage.filename[:200]):
            yield Found(passage.part, 0, clean_line(passage.filename, 120), passage.secret, mail)


def _unquoted(text: str) -> list[str]:
    """Give the lines, cut; those that quote somebody are empty, so that numbers stay right."""
    return ["" if line.startswith(">") else line[:LINE] for line in text.split("\n")]
