"""What a commit or a patch tells too much of, while an embargo holds: words, ids, links, names (features, F3). Pure."""

import re
from collections.abc import Iterator

from seccon.core.case import Case
from seccon.core.credit import people
from seccon.core.ids import address_key
from seccon.core.repository import Message

_WORDS = (
    r"cve[-\w]*", r"secur\w*", r"insecur\w*", r"vulnerab\w*", r"exploit\w*", r"embargo\w*", r"attack\w*", r"malicious\w*",
    r"(?:heap|stack|buffer|integer)?[- ]?(?:overflow|overrun|underflow)\w*", r"use[- ]after[- ]free", r"uaf", r"double[- ]free",
    r"out[- ]of[- ]bounds?", r"oob", r"memory corruption", r"code execution", r"rce", r"privilege\w* escalat\w*",
    r"denial[- ]of[- ]service", r"dos", r"information (?:leak|disclosure)\w*",
    r"(?:guest|vm|sandbox)[- ](?:escape|to[- ]host)\w*",
    r"0-?day", r"zero[- ]day", r"malformed", r"crafted", r"untrusted", r"unprivileged", r"sanitiz\w* bypass", r"type confusion",
    r"race to (?:root|host)", r"injection",
)  # fmt: skip
"""Words by which people who watch repositories for silent fixes find them."""
_TELLING = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])", re.IGNORECASE)
_SIGNED = re.compile(r"^(?:Signed-off|Reviewed|Acked|Tested|Reported|Suggested)-by:.*$", re.IGNORECASE | re.MULTILINE)


def telling(case: Case, message: Message) -> Iterator[str]:
    """Give a sentence for each thing that tells: what it is, and that it must not stand there before the embargo ends."""
    text = f"{message.subject}\n{message.body}"
    words = (found[0].lower() for found in _TELLING.finditer(_SIGNED.sub("", text)))
    for word in dict.fromkeys(words):
        yield f"The word “{word}” tells what is mended."
    if case.id and re.search(rf"(?<!\w){re.escape(case.id)}(?!\w)", text, re.IGNORECASE):
        yield f"It names the case, {case.id}."
    if case.work.bug and not case.work.bug.public and case.work.bug.url in text:
        yield f"It links the private bug, {case.work.bug.url}."


def unwanted(case: Case, message: Message) -> Iterator[str]:
    """Give a sentence for each reporter who is named and wants no credit: an embargo's end does not change that."""
    text = f"{message.subject}\n{message.body}".casefold()
    for report in case.reports:
        if report.credit is None or any(not one.anonymous for one in people(report.credit)):
            continue
        name = report.reporter.name.casefold().strip()
        if (len(name) > 3 and name in text) or address_key(report.reporter.address) in text:
            yield "It names a reporter who wants no credit."
