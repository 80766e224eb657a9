"""Text with the lines of a patch set off: what is added, what is taken away, where, and in which file.

Follows the counts of each hunk, so that a signature's `-- ` and a mail's own dashes are not taken for deletions.
"""

import re
from collections.abc import Iterator

from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@")
_HEADS = ("diff --git ", "diff -", "index ", "--- ", "+++ ", "rename ", "copy ", "similarity ", "new file ", "deleted file ",
          "old mode ", "new mode ", "Index: ", "GIT binary patch", "Binary files ")  # fmt: skip
_BEGINS = ("diff --git ", "diff -", "Index: ", "--- ")
_LOOKED = 2000
"""Lines in which the beginning of a patch is looked for."""
_GUTTER = ("│ ", "quiet")


def is_patch(text: str, name: str = "", kind: str = "") -> bool:
    """Say whether a text is, or holds, a patch: by type or name, else by a file's head with a hunk after it."""
    if kind in ("text/x-patch", "text/x-diff", "application/x-patch", "application/x-diff") or name.endswith((".patch", ".diff")):
        return True
    lines = text[: 1 << 18].split("\n", _LOOKED)[:_LOOKED]
    begun = next((at for at, line in enumerate(lines) if line.startswith(_BEGINS)), len(lines))
    return any(_HUNK.match(line) for line in lines[begun:])


def patch_lines(text: str) -> Iterator[Line]:
    """Lay a patch out, and what stands around it."""
    old = new = 0
    for line in plain(text).split("\n"):
        sign = line[:1]
        if (found := _HUNK.match(line)) is not None:
            old, new = (int(given) if given is not None else 1 for given in found.groups())
            yield Line(line, "head", gutter=_GUTTER)
        elif old <= 0 and new <= 0:
            yield Line(line, "strong" if line.startswith(_HEADS) else "", gutter=_GUTTER)
        else:
            yield Line(line, {"+": "good", "-": "alarm", "\\": "quiet"}.get(sign, ""), gutter=_GUTTER)
            old -= sign in ("-", " ", "")
            new -= sign in ("+", " ", "")


def text_lines(text: str) -> Iterator[Line]:
    """Lay any other text out, behind a gutter that it cannot reach."""
    return (Line(line, gutter=_GUTTER) for line in plain(text).split("\n"))
