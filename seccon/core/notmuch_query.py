"""What is wrong with a notmuch query as people write it into a configuration or a policy.

notmuch takes almost anything: an unknown prefix is two words to it, an open quotation ends with the query. Then no report comes
in, and nobody is told. Here it is read as a person meant it.
"""

import re
from collections.abc import Iterator

from seccon.core.problems import nearest

PREFIXES = (
    "attachment", "body", "date", "folder", "from", "id", "is", "lastmod", "mid", "mimetype", "path", "property", "query",
    "subject", "tag", "thread", "to",
)  # fmt: skip
"""man notmuch-search-terms. One that begins with a capital is the team's own (index.header.NAME)."""

_REGEX = re.compile(r"(?<=:)/(?:[^/\\]|\\.)*/(?=[\s)]|$)")
_QUOTED = re.compile(r'"[^"]*"')
_PREFIX = re.compile(r"(?:^|[\s(+-])([A-Za-z_][\w-]*):")
_EMPTY = re.compile(r"([A-Za-z_][\w-]*):(?=[\s)]|$)")


def faults_of(query: str) -> Iterator[str]:
    """Say what is wrong, each as what the query does: `has …`, `is …`."""
    if not query.strip():
        yield "is empty"
        return
    bare = _QUOTED.sub("x", _REGEX.sub("x", query))
    if '"' in bare:
        yield 'has a quotation that does not end (")'
    yield from _brackets(bare)
    for name in dict.fromkeys(_PREFIX.findall(bare)):
        if name not in PREFIXES and not name[0].isupper():
            yield f"has '{name}:', which notmuch does not know{nearest(name, PREFIXES)}"
    for name in dict.fromkeys(_EMPTY.findall(bare)):
        yield f"has nothing behind '{name}:'"


def _brackets(bare: str) -> Iterator[str]:
    depth = 0
    for letter in bare:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            break
    if depth:
        yield "has a bracket that does not close" if depth > 0 else "closes a bracket that is not open"
